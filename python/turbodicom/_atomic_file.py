# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files that appear under their name whole or not at all.

Begin at :class:`AtomicFile`: a new file beside the target, written, synchronised with the disk and renamed; killed
at any moment it leaves the old target or the new one. A process that dies leaves the hidden ``.part`` file.
"""

import contextlib
import errno
import os
import secrets
import stat

__all__ = ["AtomicFile"]

_NAME_CHARACTERS = 32  # of the target's name in that of the part: a name has room for 255
_SHIFT_BYTES = 1 << 23  # moved at a time
_FLUSH_BYTES = 1 << 23  # the disk begins with when so many are there
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)


class AtomicFile:
    """A file for writing that gets its name at the end of a ``with`` block, unless an exception passes.

    Parameters
    ----------
    path : str or path-like
        May exist: it is replaced, its permissions are kept; a symbolic link is followed.

    Attributes
    ----------
    path : str
        Where the file will be.
    position : int
        Bytes written so far by :meth:`write`.
    """

    def __init__(self, path):
        self.path = os.path.realpath(os.fsdecode(path))
        self.position = 0
        self._flushed = 0
        self._descriptor = self._part = None

    def __enter__(self):
        with self._named_errors():
            self._create()
        return self

    def _create(self):
        mode = self._mode_of_target()
        directory, name = os.path.split(self.path)
        part = os.path.join(directory, f".{name[:_NAME_CHARACTERS]}.{secrets.token_hex(8)}.part")
        self._part = part
        try:
            self._descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CLOSE_ON_EXEC, 0o666)
            if mode is not None:
                os.fchmod(self._descriptor, mode)
        except FileExistsError:  # somebody else's
            self._part = None
            raise
        except BaseException:
            self._discard()
            raise

    def _mode_of_target(self):
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), self.path)
        return stat.S_IMODE(status.st_mode)

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self._discard()
            return
        try:
            with self._named_errors():
                self._commit()
        except BaseException:
            self._discard()
            raise

    def _commit(self):
        os.fsync(self._descriptor)
        descriptor, self._descriptor = self._descriptor, None
        os.close(descriptor)
        os.replace(self._part, self.path)
        self._part = None
        _synchronise_directory(os.path.dirname(self.path))

    def _discard(self):
        """Leave nothing behind; what went wrong before is what gets told."""
        with contextlib.suppress(OSError):
            if self._descriptor is not None:
                descriptor, self._descriptor = self._descriptor, None
                os.close(descriptor)
        with contextlib.suppress(OSError):
            if self._part is not None:
                os.unlink(self._part)

    @contextlib.contextmanager
    def _named_errors(self):
        """Errors of the operating system name the file the caller knows."""
        try:
            yield
        except OSError as error:
            error.filename, error.filename2 = self.path, None
            raise

    def write(self, *pieces):
        """Append bytes.

        Parameters
        ----------
        *pieces : bytes-like
        """
        with self._named_errors():
            views = [memoryview(piece).cast("B") for piece in pieces if len(piece)]
            while views:
                written = os.writev(self._descriptor, views)
                self.position += written
                while views and written >= len(views[0]):
                    written -= len(views.pop(0))
                if written:
                    views[0] = views[0][written:]
        self.begin_flush(self.position)

    def write_at(self, offset, data):
        """Write bytes at an offset; threads may do so at the same time.

        Parameters
        ----------
        offset : int
        data : bytes-like, contiguous
        """
        with self._named_errors():
            view = memoryview(data).cast("B")
            while view:
                written = os.pwrite(self._descriptor, view, offset)
                view, offset = view[written:], offset + written

    def begin_flush(self, end):
        """Let the disk begin with what is written up to `end`, so that little is left to wait for in the last step.

        Linux begins to write dirty pages that are not needed any more, and keeps them as long as they are dirty.
        """
        if end - self._flushed >= _FLUSH_BYTES and hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(self._descriptor, self._flushed, end - self._flushed, os.POSIX_FADV_DONTNEED)
            self._flushed = end

    def skip(self, size):
        """Leave room for `size` bytes, to be written by :meth:`write_at`."""
        with self._named_errors():
            self.position += size
            os.lseek(self._descriptor, self.position, os.SEEK_SET)

    def shift(self, begin, size):
        """Move what was written from `begin` on `size` bytes towards the end."""
        with self._named_errors():
            end = self.position
            while end > begin:
                step = min(_SHIFT_BYTES, end - begin)
                self.write_at(end - step + size, _read_exactly(self._descriptor, step, end - step))
                end -= step
            self.skip(size)


def _read_exactly(descriptor, size, offset):
    data = os.pread(descriptor, size, offset)
    while len(data) < size:
        more = os.pread(descriptor, size - len(data), offset + len(data))
        if not more:
            raise OSError(errno.EIO, "the file being written has become shorter")
        data += more
    return data


def _synchronise_directory(path):
    """Make the new name last. File systems that cannot synchronise a directory say so with EINVAL."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
