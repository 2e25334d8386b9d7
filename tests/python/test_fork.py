# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""fork: no threads at import, and a child of a process with a warm pool decodes like its parent.

TURBODICOM_FORKS sets the rounds of eight children (default 12).
"""

import os
import sys

import pytest

ROUNDS = int(os.environ.get("TURBODICOM_FORKS", "12"))

WARM = """
import os, signal, sys, warnings
import numpy as np
import turbodicom as td
warnings.simplefilter("ignore")  # Python 3.12 warns of fork beside threads, which is the point here
ds = td.read(sys.argv[1])
expected = ds.pixels(workers=2)
"""

EIGHT_CHILDREN = WARM + """
def child():
    signal.alarm(5)
    same = np.array_equal(ds.pixels(workers=2), expected)
    os._exit(0 if same else 1)

for _ in range(int(sys.argv[2])):
    children = []
    for _ in range(8):
        pid = os.fork()
        if pid == 0:
            child()
        children.append(pid)
    for pid in children:
        status = os.waitpid(pid, 0)[1]
        assert status == 0, f"child ended with status {status}"
assert np.array_equal(ds.pixels(workers=2), expected)
"""

GRANDCHILD = WARM + """
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    assert np.array_equal(ds.pixels(workers=2), expected)
    inner = os.fork()
    if inner == 0:
        signal.alarm(5)
        os._exit(0 if np.array_equal(ds.pixels(workers=2), expected) else 1)
    os._exit(os.waitpid(inner, 0)[1] != 0)
assert os.waitpid(pid, 0)[1] == 0
"""

POOL = WARM + """
import multiprocessing
if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[2]).Pool(2) as pool:
        for array in pool.map(td.pixels, [sys.argv[1]] * 6):
            assert np.array_equal(array, expected)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory, small_files):
    path = tmp_path_factory.mktemp("fork") / "rle.dcm"
    path.write_bytes(small_files["RLE 16 bit, two frames"])
    return path


def test_forked_children_of_a_warm_pool_decode(run_child, file):
    child = run_child(EIGHT_CHILDREN, file, ROUNDS, timeout=60 + ROUNDS)
    assert child.returncode == 0, child.stderr


def test_a_grandchild_decodes(run_child, file):
    child = run_child(GRANDCHILD, file)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing_pools_decode(run_child, file, method):
    child = run_child(POOL, file, method)
    assert child.returncode == 0, child.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc/self/task")
def test_import_starts_no_thread(run_child):
    source = "import os, numpy\nbefore = len(os.listdir('/proc/self/task'))\nimport turbodicom\n"
    child = run_child(source + "assert len(os.listdir('/proc/self/task')) == before")
    assert child.returncode == 0, child.stderr
