# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files of an import: they get their names when all of them is on the disk.

A file is written as ``.NAME.part``, synchronised, and renamed. Whoever writes holds the lock of the folder, so that a
part found there is one that a killed process has left. Names last once the folder is synchronised; should the machine
stop before, an array has its old file or none, which its record tells by size and time.
"""

import contextlib
import errno
import fcntl
import os
import re

import numpy as np

__all__ = ["OutputError", "array_file", "locked", "output_errors", "synchronise", "whole_file"]

_PART = re.compile(r"\.([0-9a-f]{24}(-\d+)?\.npy|series\.json|index\.csv|index\.parquet\.[0-9a-f]+)\.part")
_LOCK = ".lock"
_BLOCK_BYTES = 1 << 20


class OutputError(Exception):
    """A file of the output cannot be written: there is no point in going on.

    Parameters
    ----------
    path : str
    error : OSError
    """

    def __init__(self, path, error):
        super().__init__(f"{path}: {error.strerror or error}")


@contextlib.contextmanager
def output_errors(path):
    """Turn errors of the operating system into OutputError.

    Parameters
    ----------
    path : str
        What is being written.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(path, error) from error


@contextlib.contextmanager
def locked(folder):
    """Hold the folder of an import, made if need be; remove the parts that a killed process has left.

    Parameters
    ----------
    folder : str

    Raises
    ------
    OutputError
        It cannot be made.
    ValueError
        Another process holds it.
    """
    with output_errors(folder):
        os.makedirs(folder, exist_ok=True)
        descriptor = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with output_errors(folder):
            _take(descriptor, folder)
            for name in os.listdir(folder):
                if _PART.fullmatch(name):
                    os.unlink(os.path.join(folder, name))
        yield
    finally:
        os.close(descriptor)


def _take(descriptor, folder):
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ValueError(f"another import is writing into {folder}") from None


@contextlib.contextmanager
def whole_file(folder, name):
    """Open a binary file for reading and writing that gets its name at the end, unless an exception passes.

    Parameters
    ----------
    folder, name : str

    Yields
    ------
    binary file object
        Its errors when written to are the caller's, to be turned by :func:`output_errors`.
    """
    path, part = os.path.join(folder, name), os.path.join(folder, f".{name}.part")
    with output_errors(path):
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        file = os.fdopen(descriptor, "w+b")
        try:
            yield file
            with output_errors(path):
                file.flush()
                os.fsync(descriptor)
        finally:
            _close(file)
        with output_errors(path):
            os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def _close(file):
    """Close; what could not be written has been told by then."""
    with contextlib.suppress(OSError):
        file.close()


def synchronise(folder):
    """Make the names of files last: for all of them at once, since it costs as much as an array.

    Parameters
    ----------
    folder : str
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # of file systems that cannot synchronise a folder
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def array_file(folder, name, shape, dtype):
    """Make a ``.npy`` file and map it into memory; it gets its name at the end, unless an exception passes.

    The room is reserved on the disk first: a disk that is full is an error here, and not a signal (SIGBUS) when the
    mapping is written to.

    Parameters
    ----------
    folder, name : str
    shape : tuple of int
    dtype : dtype

    Yields
    ------
    ndarray
        Zeros, to be filled.
    """
    path = os.path.join(folder, name)
    with whole_file(folder, name) as file:
        with output_errors(path):
            header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            file.flush()
            size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
            _reserve(file.fileno(), file.tell(), size)
            array = np.lib.format.open_memmap(os.path.join(folder, f".{name}.part"), mode="r+")
        yield array
        with output_errors(path):
            array.flush()


def _reserve(descriptor, begin, size):
    """Give a file so many bytes more, and room for them on the disk."""
    try:
        os.posix_fallocate(descriptor, begin, size)
        return
    except AttributeError:  # macOS
        pass
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            raise
    zeros, position, end = memoryview(bytes(_BLOCK_BYTES)), begin, begin + size
    while position < end:
        position += os.pwrite(descriptor, zeros[: min(_BLOCK_BYTES, end - position)], position)
