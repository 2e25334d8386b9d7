# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Files that appear whole or not at all: every call of the operating system fails once, and kill -9 at any time."""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time

import pydicom
import pytest
import turbodicom as td
from turbodicom import _atomic_file
from turbodicom._atomic_file import AtomicFile

RLE = "1.2.840.10008.1.2.5"
CALLS = ("open", "fchmod", "writev", "pwrite", "lseek", "fsync", "close", "replace")


class Faulty:
    """The module os, whose n-th call among CALLS fails."""

    def __init__(self, fail_at, error):
        self.calls, self._fail_at, self._error = 0, fail_at, error

    def __getattr__(self, name):
        function = getattr(os, name)
        if name not in CALLS:
            return function

        def counted(*arguments, **keywords):
            self.calls += 1
            if self.calls == self._fail_at:
                if name == "close":
                    function(*arguments)
                raise self._error
            return function(*arguments, **keywords)

        return counted


@pytest.fixture
def source(small_folder):
    return small_folder / "RLE 16 bit, two frames.dcm"


def transcode_with(monkeypatch, source, target, fail_at, error):
    """Return whether the fault happened."""
    faulty = Faulty(fail_at, error)
    with monkeypatch.context() as patch:
        patch.setattr(_atomic_file, "os", faulty)
        try:
            td.transcode(source, target, "1.2.840.10008.1.2.1")
        except (OSError, KeyboardInterrupt) as raised:
            assert raised is error
            return True
    assert faulty.calls < fail_at
    return False


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "no room"), OSError(errno.EIO, "broken"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("is_there", [False, True])
def test_a_fault_at_any_call_leaves_the_old_file_or_the_new_one(tmp_path, monkeypatch, source, error, is_there):
    target = tmp_path / "out.dcm"
    for fail_at in range(1, 100):
        target.unlink(missing_ok=True)
        if is_there:
            target.write_bytes(b"old")
        happened = transcode_with(monkeypatch, source, target, fail_at, error)
        assert [name for name in os.listdir(tmp_path) if name != "out.dcm"] == []
        if target.exists() and target.read_bytes() != b"old":
            pydicom.dcmread(target)  # the new one, whole: only its folder could not be synchronised
        else:
            assert target.exists() == is_there
        if isinstance(error, OSError) and happened:
            assert error.filename == str(target)
        if not happened:
            break
    assert fail_at > 8


def test_short_writes_are_continued(tmp_path, monkeypatch):
    data = os.urandom(1000)
    monkeypatch.setattr(_atomic_file.os, "writev", lambda fd, views: os.write(fd, views[0][:7]))
    real = os.pwrite
    monkeypatch.setattr(_atomic_file.os, "pwrite", lambda fd, view, at: real(fd, view[:11], at))
    with AtomicFile(tmp_path / "x") as file:
        file.write(data[:300], b"", data[300:])
        file.write_at(100, data[100:400])
    assert (tmp_path / "x").read_bytes() == data


def test_what_was_written_can_be_moved_to_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(_atomic_file, "_SHIFT_BYTES", 7)
    with AtomicFile(tmp_path / "x") as file:
        file.write(b"head", b"the frames of a file")
        file.shift(4, 3)
        file.write(b"!")
        file.write_at(4, b"...")
    assert (tmp_path / "x").read_bytes() == b"head...the frames of a file!"


def test_permissions_of_a_replaced_file_are_kept_and_links_followed(tmp_path):
    real = tmp_path / "real"
    real.write_bytes(b"old")
    real.chmod(0o640)
    (tmp_path / "link").symlink_to(real)
    with AtomicFile(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_directory_is_not_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError), AtomicFile(tmp_path / "folder"):
        pass
    assert os.listdir(tmp_path) == ["folder"]


KILLED = """
import sys, turbodicom as td
print("ready", flush=True)
while True:
    td.transcode(sys.argv[1], sys.argv[2], sys.argv[3])
    td.transcode(sys.argv[1], sys.argv[2], "1.2.840.10008.1.2")
"""


def test_kill_9_at_any_time_leaves_a_whole_file(tmp_path, source):
    target = tmp_path / "out.dcm"
    td.transcode(source, target, RLE)
    expected = td.pixels(source).tobytes()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pause = random.Random(1)
    for _ in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(source), str(target), RLE], env=environment, stdout=subprocess.PIPE
        )
        assert child.stdout.readline() == b"ready\n"
        time.sleep(pause.uniform(0.0, 0.05))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert td.pixels(target).tobytes() == expected
