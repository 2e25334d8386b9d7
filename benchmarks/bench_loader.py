# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.Loader: 2 000 JPEG lossless CT images to float32, windowed, 224x224, in batches of 32, against torch's DataLoader
with pydicom in two worker processes; both have two cores.

The peer has every fourth file. Its workers live on from turn to turn, so their start is not counted. It windows with
numpy, not with pydicom's slower functions. Both go through every batch and drop it.
"""

import sys

import numpy as np
import pydicom
import turbodicom as td
from bulk_data import ct_images, encapsulated, write_series
from harness import Row, alternate, bootstrap
from pydicom import uid

FILES, DISTINCT, SIZE, BATCH, WORKERS = 2000, 50, (224, 224), 32, 2
CENTER, WIDTH = 40, 400
BAR, ALLOWED = 8, 1e-3  # of the window, which is spread over 0..1


def rows(folder, settings):
    """Yield the row; nothing without torch."""
    try:
        import torch
    except ImportError:
        print("torch is not installed: the row on the loader is skipped", file=sys.stderr)
        return
    images, name = ct_images(DISTINCT)
    coded = [encapsulated(td.codecs.jpeg.encode(image)) for image in images]
    paths = write_series(folder / "series", coded, uid.JPEGLosslessSV1, 200 if settings.rounds < 5 else FILES)
    ours, theirs = our_loader(paths), their_loader(torch, paths[::4])
    check(our_loader(paths[::4]), theirs)
    our_times, peer_times = alternate(lambda: go_through(ours), lambda: go_through(theirs), settings)
    our_times, peer_times = our_times / len(paths), peer_times / len(paths[::4])
    ratios = peer_times / our_times
    low, high = bootstrap(ratios)
    yield Row(
        "loader", f"{len(paths)} JPEG lossless of {name} -> float32 224x224",
        f"torch {torch.__version__} DataLoader, pydicom", mode="us an image", threads=str(WORKERS),
        ours_us=float(np.median(our_times) * 1e6),
        peer_us=float(np.median(peer_times) * 1e6), ratio=float(np.median(ratios)), low=low, high=high, bar=BAR,
        samples=ratios.round(4).tolist(), note=f"peer: {len(paths[::4])} of the files",
    )  # fmt: skip


def our_loader(paths):
    """Return our iterable of batches of shape (32, 1, 224, 224)."""
    return td.Loader(
        paths, BATCH, values="voi", window=(CENTER, WIDTH), dtype="float32", size=SIZE, layout="planar", workers=WORKERS
    )  # fmt: skip


def their_loader(torch, paths):
    """Return torch's, of the same."""
    return torch.utils.data.DataLoader(
        Images(torch, paths), batch_size=BATCH, num_workers=WORKERS, persistent_workers=True,
        multiprocessing_context="fork",
    )  # fmt: skip


class Images:
    """A map-style data set of torch."""

    def __init__(self, torch, paths):
        self.torch, self.paths = torch, paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        """Return one image: read, rescaled, windowed (PS3.3 C.11.2.1.2.1), resized."""
        ds = pydicom.dcmread(self.paths[index])
        values = ds.pixel_array * np.float32(ds.RescaleSlope) + np.float32(ds.RescaleIntercept)
        shown = ((values - (CENTER - 0.5)) / (WIDTH - 1) + 0.5).clip(0, 1)
        tensor = self.torch.from_numpy(shown)[None, None]
        return self.torch.nn.functional.interpolate(tensor, size=SIZE, mode="bilinear", antialias=True)[0]


def go_through(batches):
    """Take every batch."""
    for _ in batches:
        pass


def check(ours, theirs):
    """Stop where the images differ: speed of something else is not wanted."""
    for (mine, _), other in zip(ours, theirs, strict=True):
        difference = float(np.abs(mine - other.numpy()).max())
        if mine.shape != tuple(other.shape) or mine.dtype != np.float32 or not difference <= ALLOWED:
            raise AssertionError(f"images differ by {difference} of the window")
