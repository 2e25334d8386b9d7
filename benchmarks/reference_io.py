# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""reference_io.c for Python: compiled with the machine's C compiler, called through ctypes."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

HEAD_BYTES = 8192


class Reference:
    """The functions of reference_io.c; ``Reference.build(folder)`` compiles them.

    The paths are handed over once, when the object is made, not in each call.
    """

    def __init__(self, library, paths=(), offsets=()):
        self._library = library
        self._paths = (ctypes.c_char_p * len(paths))(*(os.fsencode(path) for path in paths))
        self._offsets = (ctypes.c_int64 * len(offsets))(*offsets)
        self._head = ctypes.create_string_buffer(HEAD_BYTES)

    @classmethod
    def build(cls, folder):
        """Compile into `folder`; None, with a message, on a machine without a C compiler."""
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is None:
            print("no C compiler (cc): the rows against C are skipped", file=sys.stderr)
            return None
        path, source = folder / "reference_io.so", Path(__file__).with_name("reference_io.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", path, source], check=True)
        library = ctypes.CDLL(str(path), use_errno=True)
        for function in (library.read_heads, library.read_pixels, library.walk_and_stat):
            function.restype = ctypes.c_int64
        return cls(library)

    def on(self, paths, offsets=()):
        """Return the same for these paths, and for pixels at these offsets."""
        return type(self)(self._library, paths, offsets)

    def read_heads(self):
        """Open, read 8 KiB, close: each path."""
        count, size = ctypes.c_int64(len(self._paths)), ctypes.c_int64(HEAD_BYTES)
        return checked(self._library.read_heads(self._paths, count, self._head, size))

    def read_pixels(self, out):
        """Open, read one slice of `out` at the offset, close: each path."""
        bytes_each = ctypes.c_int64(out.nbytes // len(self._paths))
        address = out.ctypes.data_as(ctypes.c_void_p)
        count = ctypes.c_int64(len(self._paths))
        return checked(self._library.read_pixels(self._paths, count, self._offsets, address, bytes_each))

    def walk_and_stat(self, root):
        """Return the number of regular files below `root`, each of which had its status taken."""
        return checked(self._library.walk_and_stat(os.fsencode(root)))


def checked(result):
    """Return what a function counted, or raise what stopped it."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
