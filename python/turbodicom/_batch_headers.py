# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Headers of the files of a batch, and of the batches after it: :class:`Headers`."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

from turbodicom._read import read_many

__all__ = ["Headers"]

_KEPT = 16  # our choice: files, the one used longest ago goes first


class Headers:
    """Reads headers, many at once. Those of files that frames are chosen of are kept: the next frame may be of the same file.

    Threads may share it.

    Parameters
    ----------
    limits : Limits or None
    """

    def __init__(self, limits):
        self._limits = limits
        self._kept, self._lock = OrderedDict(), threading.Lock()

    def read(self, paths, workers):
        """Read the header of each path.

        Parameters
        ----------
        paths : list of (str or os.PathLike)
        workers : int
            Threads.

        Returns
        -------
        list of (Dataset or Exception)
        """
        return read_many(paths, self._limits, workers)

    def read_once(self, paths, workers):
        """Read the headers of paths that may be the same, unless they are kept and the files have not changed.

        Parameters
        ----------
        paths : list of str
        workers : int

        Returns
        -------
        dict of str to (Dataset or Exception)
        """
        stamps = {path: _stamp(path) for path in paths}  # before it is read: a change from then on shows
        found = {path: self._look_up(path, stamp) for path, stamp in stamps.items()}
        missing = [path for path, dataset in found.items() if dataset is None]
        found.update(zip(missing, self.read(missing, workers), strict=True))
        for path in missing:
            self._keep(path, stamps[path], found[path])
        return found

    def _look_up(self, path, stamp):
        with self._lock:
            kept_stamp, dataset = self._kept.pop(path, (None, None))
            if stamp is None or kept_stamp != stamp:
                return None
            self._kept[path] = stamp, dataset
            return dataset

    def _keep(self, path, stamp, dataset):
        if stamp is None or isinstance(dataset, Exception):
            return
        with self._lock:
            self._kept[path] = stamp, dataset
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def _stamp(path):
    """What tells that a file has changed or been replaced; None where nothing does, and reading says why."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino
