# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.read``: from a path, bytes or a file object to a Dataset, and the way back out (pickle, pydicom)."""

import io
import os
import threading

from turbodicom import _core
from turbodicom._dataset import Dataset
from turbodicom._inflate import inflate
from turbodicom._values import is_character_set

__all__ = ["BlockReader", "absolute_paths", "read", "read_many", "reduce_dataset", "settings_of", "to_pydicom"]

_read_path = _core.read_path


def read(source, *, strict=False, limits=None, stop_before=None, charset=None):
    """Read the header of a DICOM file; pixel data and other large values stay where they are.

    Parameters
    ----------
    source : str, os.PathLike, bytes-like, or binary file object
        A path; the bytes of a file (bytes, bytearray, memoryview, mmap: kept alive, not copied, and not to be
        changed); or an object with ``seek`` and ``read`` (also fsspec's), which is read from its beginning in
        blocks, when values are asked for as well, so it has to stay open.
    strict : bool, optional
        Raise at the first violation of the standard instead of listing it in ``Dataset.issues``.
    limits : Limits, optional
        What the file may cost; the default suits files from anywhere.
    stop_before : str, int or (int, int), optional
        Keyword, tag or (group, element) at which reading stops, on the top level.
    charset : str or list of str, optional
        Defined terms that replace a wrong Specific Character Set (0008,0005): ``"ISO_IR 100"``.

    Returns
    -------
    Dataset

    Raises
    ------
    ConformanceError
        Not a DICOM file; or, in strict mode, any violation. ``.offset`` is the byte, ``.where`` the tag path.
    TruncatedDataError, CorruptDataError
        A deflated data set that cannot be inflated; or, in strict mode, a file that ends too early.
    LimitExceededError
        More than `limits` allow.
    OSError
        The file cannot be opened or read.
    TypeError, ValueError
        `source` or an option is not one of the above.

    Notes
    -----
    Source: PS3.10 7 and PS3.5 7.
    """
    if strict or limits is not None or stop_before is not None or charset is not None:
        settings = (bool(strict), limits, _tag(stop_before), _terms(charset))
    else:
        settings = None
    if type(source) is str:
        dataset = _read_named(source, settings)
    else:
        dataset = _read_other(source, settings)
    if not dataset._is_read:
        inflate(dataset)
    return dataset


def read_many(sources, limits, workers):
    """Read many headers at once; the frames of files are found as well, for :func:`turbodicom._frames.frame_reader`.

    Parameters
    ----------
    sources : list
        Whatever :func:`read` takes.
    limits : Limits or None
    workers : int
        Threads.

    Returns
    -------
    list of (Dataset or Exception)
        For each source what `read` returns or raises.
    """
    settings = settings_of(limits)
    named = [k for k, source in enumerate(sources) if isinstance(source, (str, os.PathLike))]
    paths = dict(zip(named, absolute_paths([sources[k] for k in named]), strict=True))
    found = list(sources)
    made = _core.read_paths(Dataset, list(paths.values()), settings, workers)
    for k, path, dataset in zip(paths, paths.values(), made, strict=True):
        found[k] = dataset if type(dataset) is Dataset and dataset._is_read else _finished(dataset, path)
    if len(paths) < len(sources):
        for k in set(range(len(sources))) - paths.keys():
            found[k] = _outcome(_read_other, found[k], settings)
    return found


def _outcome(work, *arguments):
    """What it returns or raises."""
    try:
        return work(*arguments)
    except Exception as error:  # noqa: BLE001  whoever asks for it raises it
        return error


def _finished(found, path):
    """What is left to do for a few: a deflated data set, an error of the operating system."""
    if isinstance(found, Dataset):
        error = _outcome(inflate, found)
        return found if error is None else error
    if isinstance(found, OSError):
        found.filename = found.filename or path
    return found


def settings_of(limits):
    """Return the settings of a data set that is read with all defaults but limits, as the core wants them."""
    return None if limits is None else (False, limits, None, None)


def absolute_paths(sources):
    """Return the paths as they will be opened; an empty list where a source is no path.

    Parameters
    ----------
    sources : list

    Returns
    -------
    list of str
    """
    try:
        paths = list(map(os.fspath, sources))
    except TypeError:
        if _are_paths(sources):
            raise
        return []
    if set(map(type, paths)) != {str}:  # nearly never
        if not _are_paths(sources):
            return []
        paths = map(os.fsdecode, paths)
    return list(map(_absolute, paths))


def _are_paths(sources):
    """Bytes are the content of a file."""
    return all(isinstance(source, (str, os.PathLike)) for source in sources)


def _absolute(path):
    """A path is opened again later, wherever the process has gone by then."""
    return os.path.abspath(path) if path and path[0] != "/" else path


def _read_named(path, settings):
    path = _absolute(path)
    try:
        return _read_path(Dataset, path, settings)
    except OSError as error:
        error.filename = error.filename or path
        raise


def _read_other(source, settings):
    if isinstance(source, (str, os.PathLike)):
        return _read_named(os.fsdecode(source), settings)
    if hasattr(source, "read") and hasattr(source, "seek") and not _is_mapped(source):
        return _core.read_blocks(Dataset, BlockReader(source), settings)
    try:
        return _core.read_buffer(Dataset, source, settings)
    except BufferError as error:
        raise ValueError(f"source must be contiguous: {error}") from None
    except TypeError:
        if _has_buffer(source):
            raise
        raise TypeError(
            f"source must be a path, bytes-like or a binary file object, not {type(source).__name__}"
        ) from None


def _is_mapped(source):
    """Tell whether a file object is memory all the same (mmap)."""
    return _has_buffer(source)


def _has_buffer(source):
    try:
        memoryview(source).release()
    except TypeError:
        return False
    return True


def _tag(key):
    """Return the tag behind a keyword, tag or pair; None stays None."""
    from turbodicom import dictionary

    if key is None:
        return None
    tag = dictionary.parse_tag(key)
    if tag is not None:
        return tag
    entry = _core.find_keyword(key)
    if entry is None:
        raise ValueError(f"stop_before must be a keyword or a tag, not {key!r}")
    return entry[0]


def _terms(charset):
    if charset is None:
        return None
    terms = charset.split("\\") if isinstance(charset, str) else charset
    if not isinstance(terms, (list, tuple)) or not terms or not all(isinstance(term, str) for term in terms):
        raise TypeError(f"charset must be a str or a list of str, not {charset!r}")
    for term in terms:
        if not is_character_set(term):
            raise ValueError(f"charset must hold defined terms of PS3.3 C.12.1.1.2, not {term!r}")
    return list(terms)


class BlockReader:
    """A binary file object read in blocks, by one thread at a time.

    Parameters
    ----------
    file : binary file object
        With ``seek`` and ``read``; its position is moved.
    """

    block_bytes = 1 << 16  # our choice: a header is one or two reads, which counts on remote files

    def __init__(self, file):
        self._file = file
        self._lock = threading.Lock()
        self._block, self._block_offset = b"", 0
        self.size = file.seek(0, os.SEEK_END)
        if self.size is None:
            self.size = file.tell()
        if self.size and not isinstance(self.read_at(0, 1), (bytes, memoryview)):
            raise TypeError("source must be a binary file object, not a text one")

    def read_at(self, offset, size):
        """Return exactly `size` bytes from `offset`.

        Parameters
        ----------
        offset, size : int

        Returns
        -------
        bytes-like

        Raises
        ------
        OSError
            The file object gave fewer.
        """
        with self._lock:
            begin = offset - self._block_offset
            if begin < 0 or begin + size > len(self._block):
                if size >= self.block_bytes:
                    return self._read(offset, size)
                self._block = self._read(offset, min(self.block_bytes, self.size - offset))
                self._block_offset, begin = offset, 0
            return memoryview(self._block)[begin : begin + size]

    def _read(self, offset, size):
        self._file.seek(offset)
        pieces, missing = [], size
        while missing:
            piece = self._file.read(missing)
            if isinstance(piece, str):
                raise TypeError("source must be a binary file object, not a text one")
            if not piece:
                raise OSError(f"the file object ended {missing} bytes before its size")
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


# -- out again -----------------------------------------------------------------------------------------


def to_pydicom(dataset):
    """Return the pydicom counterpart of a Dataset; see ``Dataset.to_pydicom``.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    pydicom.FileDataset or pydicom.Dataset
    """
    if dataset._origin is None or dataset._file_record is None:
        return _bare_to_pydicom(dataset)
    from turbodicom._dcmread import dcmread

    if dataset.path is not None:
        _core.check_unchanged(dataset._core)
        return dcmread(dataset.path, force=True)
    return dcmread(io.BytesIO(_whole(dataset)), force=True)


def _bare_to_pydicom(dataset):
    from pydicom.filereader import read_dataset

    from turbodicom._values import python_encodings

    terms = dataset._charset or dataset._specific_character_set().decode("latin-1").rstrip(" \0").split("\\")
    encodings = python_encodings(tuple(terms))[0]
    file = io.BytesIO(_own_bytes(dataset))
    return read_dataset(file, dataset.is_implicit_vr, not dataset.is_big_endian, parent_encoding=encodings)


def _own_bytes(dataset):
    """Return the bytes of an item or of the file meta information, without item tag and delimiter."""
    elements = list(dataset)
    if not elements:
        return b""
    begin = min(element.offset - element.header_bytes for element in elements)
    return dataset.read_bytes(begin, dataset._end_offset() - begin)


def _whole(dataset):
    """Return all bytes of what a file was read from, not from a path."""
    if isinstance(dataset._origin, BlockReader):
        return bytes(dataset._origin.read_at(0, dataset._origin.size))
    return bytes(dataset._origin)


def reduce_dataset(dataset):
    """Pickle: a file as its path, everything else as bytes.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    tuple
        For ``object.__reduce__``.
    """
    settings = dataset._settings
    if dataset.path is not None:
        _core.check_unchanged(dataset._core)
        path = os.path.abspath(dataset.path)
        return _read_again, (path, _file_stamp(path), settings)
    if dataset._origin is not None and dataset._file_record is not None:
        return _from_bytes, (_whole(dataset), settings)
    return _read_item, (
        _own_bytes(dataset),
        dataset.is_implicit_vr,
        dataset.is_big_endian,
        dataset._pixel_representation,
        _item_settings(dataset),
        dataset._transfer_syntax_uid or "",
    )


def _item_settings(dataset):
    """Carry the inherited character set along: an item on its own has nobody to inherit it from."""
    terms = dataset._charset
    if terms is None:
        inherited = dataset._specific_character_set().decode("latin-1").rstrip(" \0")
        terms = inherited.split("\\") if inherited else None
    return (dataset._is_strict, None, None, terms)


def _file_stamp(path):
    """Return what tells that a file has changed or been replaced: size in bytes, modification time in ns, inode."""
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino


def _read_again(path, stamp, settings):
    if _file_stamp(path) != stamp:
        raise OSError(f"{path} has changed since the Dataset was pickled")
    return _with_settings(path, settings)


def _from_bytes(data, settings):
    return _with_settings(data, settings)


def _with_settings(source, settings):
    strict, limits, stop_before, charset = settings or (False, None, None, None)
    return read(source, strict=strict, limits=limits, stop_before=stop_before, charset=charset)


def _read_item(*parts):
    return _core.read_bare(Dataset, *parts)
