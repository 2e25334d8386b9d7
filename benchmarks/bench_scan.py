# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.scan of 20 000 CT files in 200 folders, 8 tags, hot cache, against other libraries and against reading alone.

Times are per file. pydicom has every tenth file, and everybody's checks are made before anything is timed. Then: the
peak memory of td.scan_batches over a million paths, and a scan with a cache when nothing has changed.
"""

import os
import subprocess
import sys

import numpy as np
import pydicom
import turbodicom as td
from bulk_data import write_archive
from harness import Row, alternate, bootstrap, compare
from reference_io import Reference

TAGS = (
    "PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID",
    "SOPInstanceUID", "Modality", "Rows", "RescaleSlope",
)  # fmt: skip
LAST_TAG = 0x00281053  # of them
PYDICOM = "pydicom dcmread(specific_tags, stop_before_pixels)"
PYDICOM_BAR, DICOMSDL_BAR, GDCM_BAR, THREADS_BAR = 50, 5, 8, 1.7
ABOVE_READING_US = 3.0
RESCAN_BAR = 1 / 3  # at most three times the time of walking
MEMORY_MIB, MILLION = 600, 1_000_000


def rows(folder, settings):
    """Yield the rows of scanning."""
    is_short = settings.rounds < 5
    paths = write_archive(archive := folder / "archive", folders=20 if is_short else 200)
    label = f"8 tags of {len(paths)} CT files"
    check(paths)
    yield from library_rows(paths, label, settings)
    reference = Reference.build(folder)
    if reference:
        yield from reading_rows(paths, label, reference.on(paths), settings)
    yield from thread_rows(paths, label, settings)
    yield from memory_rows(folder, paths, MILLION // 50 if is_short else MILLION)
    if reference:
        yield from cache_rows(folder, archive, reference, settings)


def scan(paths, workers=1):
    """Return our table."""
    return td.scan(paths, TAGS, workers=workers)


def check(paths):
    """Stop where a value differs from pydicom's: speed of something else is not wanted."""
    table = scan(paths)
    if len(table) != len(paths) or any(table["error"]):
        raise AssertionError("not a row without an error for each file")
    columns = [list(table[tag]) for tag in TAGS]
    for row in range(0, len(paths), 97):
        ours, theirs = [column[row] for column in columns], values(pydicom_header(paths[row]))
        if ours != theirs:
            raise AssertionError(f"{paths[row]}: {ours} is not {theirs}")


# -- other libraries -----------------------------------------------------------------------------------


def pydicom_header(path):
    """Return pydicom's Dataset of the wanted tags."""
    return pydicom.dcmread(path, stop_before_pixels=True, specific_tags=list(TAGS))


def values(ds):
    """Return the eight values."""
    return [getattr(ds, keyword) for keyword in TAGS]


def library_rows(paths, label, settings):
    """Yield the rows against pydicom, dicomsdl and GDCM; those that are not installed are left out."""
    subset = paths[::10]
    theirs = lambda: [values(pydicom_header(path)) for path in subset]
    yield per_file(PYDICOM, PYDICOM_BAR, label, paths, theirs, len(subset), settings)
    try:
        import dicomsdl
    except ImportError:
        pass
    else:
        theirs = lambda: [values(dicomsdl.open(path, LAST_TAG + 1)) for path in paths]
        yield per_file("dicomsdl open(load_until)", DICOMSDL_BAR, label, paths, theirs, len(paths), settings)
    try:
        import gdcm
    except ImportError:
        return
    theirs = lambda: gdcm_scan(gdcm, paths)
    yield per_file("gdcm.Scanner", GDCM_BAR, label, paths, theirs, len(paths), settings)


def gdcm_scan(gdcm, paths):
    """Return a scanner that has all values; they are not taken out of it."""
    scanner = gdcm.Scanner()
    for keyword in TAGS:
        tag = pydicom.tag.Tag(keyword)
        scanner.AddTag(gdcm.Tag(tag.group, tag.element))
    if not scanner.Scan(paths):
        raise AssertionError("gdcm.Scanner failed")
    return scanner


def per_file(peer_name, bar, label, paths, theirs, their_files, settings):
    """Return the row of our scan of all files against a peer that may have had fewer; times are per file."""
    our_times, peer_times = alternate(lambda: scan(paths), theirs, settings)
    ours, peer = our_times / len(paths), peer_times / their_files
    low, high = bootstrap(peer / ours)
    return Row(
        "scan", label, peer_name, mode="table, us a file", ratio=float(np.median(peer / ours)), low=low, high=high,
        ours_us=float(np.median(ours) * 1e6), peer_us=float(np.median(peer) * 1e6), bar=bar,
        samples=(peer / ours).round(4).tolist(), note=f"peer: {their_files} of the files",
    )  # fmt: skip


# -- reading alone, threads ----------------------------------------------------------------------------


def reading_rows(paths, label, reference, settings):
    """Yield how much longer than opening, reading 8 KiB and closing it takes."""
    ours, peer = alternate(lambda: scan(paths), reference.read_heads, settings)
    above = 1e6 * (ours - peer) / len(paths)
    low, high = bootstrap(above)
    yield Row(
        "scan", label, "C: open, read 8 KiB, close", mode="table, us a file above", unit="us a file above",
        ratio=float(np.median(above)), low=low, high=high, ours_us=per_file_us(ours, paths),
        peer_us=per_file_us(peer, paths), bar=ABOVE_READING_US, samples=above.round(4).tolist(),
    )  # fmt: skip


def per_file_us(times, paths):
    """Return the median in microseconds a file."""
    return float(np.median(times) / len(paths) * 1e6)


def thread_rows(paths, label, settings):
    """Yield two threads against one; nothing on a machine with one core."""
    if len(os.sched_getaffinity(0)) < 2:
        return
    yield compare(
        "scan", label, lambda: scan(paths, 2), lambda: scan(paths, 1), settings, peer_name="one thread", mode="table",
        threads="2", bar=THREADS_BAR,
    )  # fmt: skip


# -- memory --------------------------------------------------------------------------------------------

PROGRAM = """
import sys
import turbodicom as td

lines = open(sys.argv[2]).readlines()
count, tags = int(sys.argv[3]), sys.argv[4:]
paths = (line[:-1] for _ in range(count) for line in lines)  # a string of its own each
if sys.argv[1] == "list":
    paths = list(paths)
rows = 0
for batch in td.scan_batches(paths, tags):
    rows += len(batch)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:")).split()[1]
print(rows, peak)
"""


def memory_rows(folder, paths, wanted):
    """Yield the peak memory of a new process that goes through so many paths, the files over and over."""
    if not os.path.exists("/proc/self/status"):
        return
    (listing := folder / "paths.txt").write_text("".join(f"{path}\n" for path in paths))
    for kind in ("generator", "list"):
        command = [sys.executable, "-c", PROGRAM, kind, listing, str(wanted // len(paths)), *TAGS]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        count, kibibytes = map(int, done.stdout.split())
        if count != wanted // len(paths) * len(paths):
            raise AssertionError(f"{count} rows of {wanted} paths")
        peak = kibibytes / 1024
        yield Row(
            "scan", f"peak memory of {count} paths, a {kind}", "-", mode="scan_batches", threads="all",
            ratio=peak, low=peak, high=peak, bar=MEMORY_MIB, unit="MiB",
            note="the interpreter and, of a list, the paths included",
        )  # fmt: skip


# -- with a cache --------------------------------------------------------------------------------------


def cache_rows(folder, archive, reference, settings):
    """Yield a scan with a cache, nothing changed, against walking the tree and taking the status of every file."""
    try:
        import pyarrow  # noqa: F401, td needs it for the cache
    except ImportError:
        print("pyarrow is not installed: the row on the cache is skipped", file=sys.stderr)
        return
    index = folder / "index.parquet"
    again = lambda: td.scan(archive, TAGS, cache=index, workers=1)
    files, written = len(again()), os.stat(index)
    if not len(again()) == files == reference.walk_and_stat(archive):
        raise AssertionError("the walks differ")
    yield compare(
        "scan", f"{files} files as they were in the cache", again, lambda: reference.walk_and_stat(archive), settings,
        peer_name="C: walk and stat", mode="cache loaded, table", bar=RESCAN_BAR,
    )  # fmt: skip
    if os.stat(index).st_ino != written.st_ino:
        raise AssertionError("the cache was written again: something had changed")
