# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom import``: an archive as an index of its headers and one array file for each series.

Begin at :func:`run`: the headers are read (td.scan), arrays planned (`_import_plan`), and what is not there yet is
read (td.volume) straight into a mapped file (`_import_output`) and recorded (`_import_record`).
"""

import importlib.util
import math
import os
import re
import time
import warnings

import numpy as np

import turbodicom as td
from turbodicom.cli import _scan_output, tool_parser
from turbodicom.cli._common import FAILED, OK, PARTIAL, USAGE, Messages, describe_error, print_table
from turbodicom.cli._import_output import OutputError, array_file, locked, output_errors, whole_file
from turbodicom.cli._import_plan import NEEDED, layout_of, planned
from turbodicom.cli._import_progress import shown
from turbodicom.cli._import_record import Record
from turbodicom.cli._scan_progress import shown as scan_shown
from turbodicom.cli.scan import split_tags

_EPILOG = """\
OUT/index.parquet   the headers, a row a file (index.csv without pyarrow)
OUT/series.json     a record for each array: array, shape, dtype, affine, spacing, findings, files, ...
OUT/NAME.npy        the arrays; for numpy.load(..., mmap_mode="r")

Images of one series become one array [slice, row, column], in the order of the patient; those of another size or
orientation, and every multi-frame file, become arrays of their own. Run again, and only what has changed or is
missing is made; so an import that was stopped, or killed, continues. Files appear whole or not at all.

exit code: 0 ok, 3 some files or series have errors, 1 nothing could be imported or OUT cannot be written

examples:
  turbodicom import archive/ -o imported/
  turbodicom import archive/ -o imported/ --values modality --dtype float32
  turbodicom import a/ b/ -o imported/ --tags PatientID,StudyDate --strict
"""

_MOST_GROUPS = 10  # of errors


def arguments():
    """Make the parser."""
    parser = tool_parser("import", _EPILOG)
    parser.add_argument("sources", metavar="DIR", nargs="+", help="folders, files, globs, DICOMDIR files")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="a folder; made if need be")
    parser.add_argument(
        "--values", choices=("stored", "modality"), default="stored", help="which values (default stored)"
    )
    parser.add_argument("--dtype", metavar="TYPE", help="of the arrays (default: what holds the values)")
    parser.add_argument("--format", choices=("npy",), default="npy", help="of the arrays (default npy)")
    parser.add_argument("-t", "--tags", metavar="TAGS", help="columns of the index, as of turbodicom scan")
    parser.add_argument("--strict", action="store_true", help="no array of slices that make no regular grid")
    parser.add_argument(
        "--on-error",
        choices=("raise", "report"),
        default="raise",
        help="of a damaged slice: no array (raise, default), or what can be had of it, and a finding (report)",
    )
    parser.add_argument("--no-recursive", action="store_true", help="do not go into the folders of folders")
    parser.add_argument("--follow-links", action="store_true", help="go into folders that links lead to")
    parser.add_argument("-j", "--workers", metavar="N", type=int, help="threads (default all cores)")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors of the tool")
    return parser


def run(options):
    """Import; return the exit code."""
    messages = Messages("import")
    try:
        _check(options)
        scan_settings = _scan_settings(options)
        td.scan([], **scan_settings)
    except (ValueError, TypeError) as error:
        messages.error(str(error))
        return USAGE
    try:
        with locked(options.output):
            return _run(options, scan_settings, messages)
    except OutputError as error:
        messages.error(f"{error}; what is there is whole, and the same command continues")
    except (td.Error, ValueError) as error:
        messages.error(str(error))
    return FAILED


def _check(options):
    """Refuse what cannot be meant, before anything is read."""
    if options.dtype is not None:
        dtype = np.dtype(options.dtype)
        if dtype.kind not in "iuf":
            raise ValueError(f"--dtype must be an integer or floating-point type, not {dtype}")
        options.dtype = dtype.str
    output = os.path.realpath(options.output)
    for source in options.sources:
        folder = os.path.realpath(source)
        if os.path.isdir(source) and os.path.commonpath([folder, output]) == folder:
            raise ValueError(f"OUT must not lie in what is imported: {options.output} is in {source}")
    if os.path.exists(output) and not os.path.isdir(output):
        raise ValueError(f"OUT must be a folder: {options.output}")


def _scan_settings(options):
    tags = list(td.DEFAULT_TAGS) if options.tags is None else split_tags(options.tags)
    return {
        "tags": [*tags, *(tag for tag in NEEDED if tag not in tags)],
        "recursive": not options.no_recursive,
        "follow_links": options.follow_links,
        "workers": options.workers,
    }


def _run(options, scan_settings, messages):
    start, tally = time.monotonic(), Tally()
    table = _index(options, scan_settings)
    arrays, homeless, tally.without_pixels = planned(table, _pixel_settings(options))
    tally.add_files(table, homeless)
    with Record(options.output) as record:
        _import_all(arrays, record, tally, options)
    tally.unlisted = record.unlisted()
    if not options.quiet:
        tally.say(time.monotonic() - start)
    if not len(table) or (tally.errors and not tally.made + tally.kept):
        messages.error("nothing could be imported" if len(table) else "there is no file")
        return FAILED
    return PARTIAL if tally.errors else OK


def _pixel_settings(options):
    return {name: getattr(options, name) for name in ("values", "dtype", "strict", "on_error")}


# -- the index ---------------------------------------------------------------------------------------------


def _index(options, settings):
    """Read the headers and write the index; return the table."""
    with scan_shown(options.quiet) as progress:
        settings = {**settings, "progress": progress}
        if importlib.util.find_spec("pyarrow") is not None:
            path = os.path.join(options.output, "index.parquet")
            with output_errors(path):
                return td.scan(options.sources, **settings, cache=path)
        table = td.scan(options.sources, **settings)
    path = os.path.join(options.output, "index.csv")
    with output_errors(path), whole_file(options.output, "index.csv") as file:
        _scan_output.write_csv(file, table.columns, table)
    return table


# -- arrays ------------------------------------------------------------------------------------------------


def _import_all(arrays, record, tally, options):
    missing = []
    for array in arrays:
        entry = record.kept(array)
        if entry is None:
            missing.append(array)
        else:
            tally.kept += 1
            tally.add_findings(array, entry)
    files, size = sum(len(array.files) for array in missing), sum(array.bytes for array in missing)
    with shown(files, size, options.quiet) as done:
        for array in missing:
            _import_one(array, record, tally, options)
            done(len(array.files), array.bytes)


def _import_one(array, record, tally, options):
    """Make one array; a series that cannot be one does not keep the others back."""
    record.forget(array)
    try:
        entry = _write(array, options)
    except (td.Error, ValueError, OSError) as error:
        path = _path_of(error, array)
        is_named = not isinstance(error, OSError) and path in str(error)
        text = str(error) if is_named else describe_error(path, error)
        record.add_failure(array, text)
        tally.add_error(text, path)
        return
    record.add(array, entry)
    tally.add_array(array, entry)


def _path_of(error, array):
    """The file an error is about."""
    text = str(error)
    named = (file for file in array.files if file in text)
    return getattr(error, "filename", None) or next(named, array.files[0])


def _write(array, options):
    """Read an array straight into its file; return what is to be recorded of it."""
    pixel_options = {"values": options.values}
    if options.dtype is not None:
        pixel_options["dtype"] = options.dtype
    left_out = [] if options.on_error == "report" else None
    datasets, shape, dtype = layout_of(array, pixel_options, left_out)
    with array_file(options.output, f"{array.name}.npy", shape, dtype) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are findings
        volume = td.volume(
            datasets,
            out=out,
            values=options.values,
            dtype=dtype,
            strict=options.strict,
            on_error=options.on_error,
            workers=options.workers,
        )
        return _entry(volume, left_out or ())


def _entry(volume, left_out):
    slices = volume.slices
    rescales = {(piece.rescale_slope, piece.rescale_intercept) for piece in slices}
    frames = [piece.frame for piece in slices]
    findings = [_finding(finding.code, finding.message, finding.slices) for finding in volume.report]
    return {
        "shape": list(volume.shape),
        "dtype": volume.dtype.str,
        "affine": [_finite(row) for row in volume.affine.tolist()],
        "spacing": _finite(volume.spacing),
        "rescale": _finite(rescales.pop()) if len(rescales) == 1 else None,
        "findings": findings + [_finding("not_read", str(error), ()) for error in left_out],
        "files": [piece.path for piece in slices],
        "frames": frames if any(frames) else None,
    }


def _finding(code, message, slices):
    return {"code": code, "message": message, "slices": list(slices)}


def _finite(numbers):
    """Numbers as JSON has them."""
    return [number if number is not None and math.isfinite(number) else None for number in numbers]


# -- what there was ----------------------------------------------------------------------------------------


class Tally:
    """Counts what was imported."""

    def __init__(self):
        self.files = self.kept = self.made = self.made_files = self.made_bytes = 0
        self.errors = self.without_pixels = 0
        self.unlisted = ()
        self._groups = {}  # error without its numbers and file -> [count, message, first path]
        self._findings = {}  # code -> arrays

    def add_files(self, table, homeless):
        """Count the files of the index, and those of them that cannot be used."""
        self.files = len(table)
        for row in table.errors:
            self.add_error(row["error"], row["path"])
        for path in homeless:
            self.add_error("an image without Series Instance UID", path)

    def add_error(self, text, path):
        """Count what could not be imported."""
        self.errors += 1
        kind = re.sub(r"\d+", "0", text.replace(path, ""))
        self._groups.setdefault(kind, [0, text, path])[0] += 1

    def add_array(self, array, entry):
        """Count an array that was made."""
        self.made += 1
        self.made_files += len(array.files)
        self.made_bytes += array.bytes
        self.add_findings(array, entry)

    def add_findings(self, array, entry):
        """Count what is to be known of an array, made now or before."""
        codes = {finding["code"] for finding in entry["findings"]}
        for code in codes:
            self._findings[code] = self._findings.get(code, 0) + 1
        if codes & {"damaged", "not_read"}:
            self.add_error("an array with damaged or missing slices", array.files[0])

    def say(self, seconds):
        """Print what there was."""
        seconds = max(seconds, 1e-9)
        speed = f"{self.made_files / seconds:.0f} files/s, {self.made_bytes / 1e6 / seconds:.0f} MB/s"
        print(
            f"{self.files} files: {self.made} arrays of {self.made_files} files, {self.made_bytes / 1e6:.1f} MB, "
            f"made in {seconds:.2f} s ({speed}), {self.kept} kept"
        )
        if self.without_pixels:
            print(f"{self.without_pixels} files have no pixels")
        if self._findings:
            rows = [(count, code) for code, count in sorted(self._findings.items())]
            print_table(("arrays", "finding"), rows)
        if self.unlisted:
            names = ", ".join(self.unlisted[:_MOST_GROUPS])
            print(f"{len(self.unlisted)} arrays in the folder belong to no series any more: {names}")
        if self.errors:
            self._say_errors()

    def _say_errors(self):
        groups = sorted(self._groups.values(), key=lambda group: -group[0])
        print_table(("count", "error", "first"), groups[:_MOST_GROUPS], title=f"{self.errors} errors")
        if len(groups) > _MOST_GROUPS:
            print(f"and {len(groups) - _MOST_GROUPS} other kinds of error")
