# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom demo``: the whole way once, with nothing but what is installed.

Computes a small study, writes real DICOM files, imports them, prints their headers, decodes them with a
clock beside it, compares every sample with what was computed, and leaves a contact sheet to look at.
"""

import os
import statistics
import time

import numpy as np

import turbodicom as td
from turbodicom.cli import _syntaxes, tool_parser
from turbodicom.cli._common import FAILED, OK, Messages, describe_error, print_table, whole_file
from turbodicom.cli._demo_files import write_study
from turbodicom.cli._display import contact_sheet, frame_for_display
from turbodicom.pictures import png_bytes

_EPILOG = """\
The directory is made if need be. One that holds anything but an earlier demo is left alone.

examples:
  turbodicom demo
  turbodicom demo --out /tmp/study
"""

_MARK = "made-by-turbodicom-demo.txt"
_MARK_TEXT = "A synthetic study, computed by `turbodicom demo`. No patient's data. May be deleted.\n"
_SHEET = "contact-sheet.png"
_ROUNDS = 5  # timed, after one that is not; the median is told
_COLUMNS = 6  # pictures in a row of the sheet


def arguments():
    """Make the parser."""
    parser = tool_parser("demo", _EPILOG)
    parser.add_argument(
        "--out", metavar="DIR", default="turbodicom-demo", help="where to write (default %(default)s)"
    )
    return parser


def run(options):
    """Run the demo; return the exit code."""
    messages = Messages("demo")
    directory = options.out
    try:
        if not _prepare(directory):
            messages.error(
                f"{directory} holds files that are not the demo's; name another directory with --out"
            )
            return FAILED
        print("Computing a chest CT and a colour cine, writing them as DICOM ...", flush=True)
        start = time.perf_counter()
        series = write_study(directory)
        print(f"{_total_files(series)} files in {directory}, {time.perf_counter() - start:.1f} s\n")
        _print_headers(series)
        all_equal = _print_speeds(series)
        _write_sheet(os.path.join(directory, _SHEET), series)
    except (OSError, td.Error) as error:
        messages.error(describe_error(directory, error))
        return FAILED
    print(f"Contact sheet: {os.path.join(directory, _SHEET)}")
    print(f"Next: turbodicom info {series[1].paths[0]}")
    return OK if all_equal else FAILED


def _prepare(directory):
    """Make the directory and mark it; False when it is somebody else's."""
    os.makedirs(directory, exist_ok=True)
    if os.listdir(directory) and not os.path.exists(os.path.join(directory, _MARK)):
        return False
    with whole_file(os.path.join(directory, _MARK)) as file:
        file.write(_MARK_TEXT.encode())
    return True


def _total_files(series):
    return sum(len(one.paths) for one in series)


def _print_headers(series):
    rows = []
    for one in series:
        data_set = td.read(one.paths[0])
        rows.append((
            one.title,
            _files_text(one.paths),
            data_set.Modality,
            len(one.paths) * len(data_set.frames),
            f"{data_set.Rows} x {data_set.Columns}",
            f"{data_set.BitsStored} of {data_set.BitsAllocated}",
            data_set.PhotometricInterpretation,
            _rescale_text(data_set),
            _syntaxes.name(str(data_set.transfer_syntax_uid)),
        ))  # fmt: skip
    headings = (
        "series",
        "files",
        "modality",
        "frames",
        "rows x columns",
        "bits",
        "photometric",
        "rescale",
        "written as",
    )
    print_table(headings, rows)
    print()


def _files_text(paths):
    first, last = os.path.basename(paths[0]), os.path.basename(paths[-1])
    return first if len(paths) == 1 else f"{first} ... {last}"


def _rescale_text(data_set):
    slope, intercept = data_set.get("RescaleSlope"), data_set.get("RescaleIntercept")
    return (
        "-" if slope is None else f"{slope:g} * x {intercept:+g} {data_set.get('RescaleType') or ''}".rstrip()
    )


def _print_speeds(series):
    """Decode everything; True when every sample is as computed."""
    print("Open, parse and decode all frames into new arrays; files in the page cache,")
    print(f"median of {_ROUNDS} rounds after a first one, threads as by default:")
    rows, all_equal = [], True
    for one in series:
        seconds, arrays = _timed(one.paths)
        equal = _is_as_computed(arrays, one.samples)
        all_equal &= equal
        megabytes = one.samples.nbytes / 1e6
        rows.append((
            f"{one.title}, {_files_text(one.paths)}",
            f"{megabytes:.1f} MB",
            f"{seconds * 1e3:.1f} ms",
            f"{megabytes / seconds:,.0f} MB/s",
            f"{len(one.samples) / seconds:,.0f}",
            "equal" if equal else "NOT EQUAL",
        ))  # fmt: skip
    print_table(("what", "samples", "time", "speed", "frames/s", "samples as computed"), rows)
    print()
    return all_equal


def _timed(paths):
    durations = []
    for _ in range(_ROUNDS + 1):
        start = time.perf_counter()
        arrays = [td.pixels(path) for path in paths]
        durations.append(time.perf_counter() - start)
    return statistics.median(durations[1:]), arrays


def _is_as_computed(arrays, samples):
    decoded = np.stack(arrays) if len(arrays) > 1 else arrays[0]
    return decoded.dtype == samples.dtype and np.array_equal(decoded, samples)


def _write_sheet(path, series):
    ct, _, cine, _ = series
    pictures = [frame_for_display(td.read(name), 0) for name in ct.paths]
    data_set = td.read(cine.paths[0])
    step = len(cine.samples) // _COLUMNS
    pictures += [frame_for_display(data_set, step * index) for index in range(_COLUMNS)]
    with whole_file(path) as file:
        file.write(png_bytes(contact_sheet(pictures, _COLUMNS)))
