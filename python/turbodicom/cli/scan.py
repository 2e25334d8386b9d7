# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom scan``: the headers of an archive as a Parquet, CSV or JSON file; without one, a summary.

`_scan_*` read and write, each hands every batch or table to a `Tally`; at the end the tally says what there was.
"""

import contextlib
import os
import re
import time

import turbodicom as td
from turbodicom.cli import _scan_output, tool_parser
from turbodicom.cli._common import (
    FAILED,
    OK,
    PARTIAL,
    USAGE,
    Messages,
    describe_error,
    print_table,
    whole_file,
)
from turbodicom.cli._scan_progress import shown

_EPILOG = """\
Without -o: how many studies, series and files of which modality there are.
Without --tags: what the index of an archive needs (td.DEFAULT_TAGS).

exit code: 0 ok, 3 some files have errors (they are rows with an error), 1 nothing could be read

examples:
  turbodicom scan archive/
  turbodicom scan archive/ -o index.parquet
  turbodicom scan archive/ -o index.parquet --cache        again later: only what has changed is read
  turbodicom scan a/ b/ -o index.csv --tags PatientID,Modality,"(0028,0010)"
"""

_SUMMARY_TAGS = ("StudyInstanceUID", "SeriesInstanceUID", "Modality")
_MOST_GROUPS = 10  # of errors
_SUFFIXES = (".parquet", ".csv", ".json")
# Between two tags: a comma or blank that is neither in parentheses nor in quotes.
_TAG = re.compile(r"""(?: "[^"]*" | \( (?: "[^"]*" | [^()"] )* \) | [^\s,()"] )+""", re.VERBOSE)


def arguments():
    """Make the parser."""
    parser = tool_parser("scan", _EPILOG)
    parser.add_argument(
        "sources", metavar="DIR", nargs="+", help="folders, files, globs, or one DICOMDIR file"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="ends in .parquet, .csv or .json; is replaced")
    parser.add_argument("-t", "--tags", metavar="TAGS", help="keywords, tags or paths, separated by commas")
    parser.add_argument(
        "--cache", action="store_true", help="read only what has changed since FILE was written"
    )
    parser.add_argument(
        "--pixel-offset", action="store_true", help="a column more: where the pixel data begin"
    )
    parser.add_argument("--no-recursive", action="store_true", help="do not go into the folders of folders")
    parser.add_argument("--follow-links", action="store_true", help="go into folders that links lead to")
    parser.add_argument("-j", "--workers", metavar="N", type=int, help="threads (default all cores)")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors of the tool")
    return parser


def run(options):
    """Scan; return the exit code."""
    messages = Messages("scan")
    try:
        _check(options)
        settings = _settings(options)
    except ValueError as error:
        messages.error(str(error))
        return USAGE
    try:
        return _run(options, settings, messages)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        messages.error(describe_error(options.output or _first(options.sources), error))
    except (td.Error, ValueError) as error:
        messages.error(str(error))
    return FAILED


def _first(sources):
    return sources if isinstance(sources, str) else sources[0]


def _check(options):
    """Refuse what does not go together, before anything is read."""
    suffix = os.path.splitext(options.output or "")[1].lower()
    if options.output is not None and suffix not in _SUFFIXES:
        raise ValueError(f"-o must end in {', '.join(_SUFFIXES)}, not {suffix!r}")
    if options.cache and suffix != ".parquet":
        raise ValueError("--cache needs -o with a .parquet file")
    if options.output is None and (options.tags or options.pixel_offset):
        raise ValueError("--tags and --pixel-offset need -o")
    options.suffix = suffix
    if len(options.sources) == 1:  # a DICOMDIR alone stands for what it refers to
        options.sources = options.sources[0]


def _settings(options):
    """Return keywords for td.scan; a ValueError names a bad tag or number."""
    settings = {
        "recursive": not options.no_recursive,
        "follow_links": options.follow_links,
        "workers": options.workers,
        "tags": split_tags(options.tags) if options.tags is not None else None,
        "pixel_offset": options.pixel_offset,
    }
    if options.output is None:
        settings["tags"] = _SUMMARY_TAGS
    td.scan([], **settings)
    return settings


def split_tags(text):
    """Return the tags that the option --tags lists; ValueError where it is no list of them."""
    if _TAG.sub("", text).strip(", "):
        raise ValueError(f"--tags: {text!r} is no list of keywords, tags or paths")
    return _TAG.findall(text)


def _run(options, settings, messages):
    tally, start = Tally(options.output), time.monotonic()
    with shown(options.quiet) as progress:
        settings["progress"] = progress
        if options.output is None:
            for batch in td.scan_batches(options.sources, **settings):
                tally.add(batch)
        elif options.suffix == ".parquet":
            _scan_parquet(options, settings, tally)
        else:
            _scan_text(options, settings, tally)
    if not options.quiet:
        tally.say(time.monotonic() - start)
    if tally.files == tally.broken:
        messages.error("nothing could be read" if tally.files else "there is no file")
        return FAILED
    return PARTIAL if tally.broken else OK


def _scan_parquet(options, settings, tally):
    cache = {"cache": options.output} if options.cache else {}
    table = td.scan(options.sources, **settings, **cache)
    tally.add(table)
    if not options.cache:
        table.to_parquet(options.output)


def _scan_text(options, settings, tally):
    writer = _scan_output.write_csv if options.suffix == ".csv" else _scan_output.write_json
    with whole_file(options.output) as file:
        tally.leave_out(os.fstat(file.fileno()))
        columns = td.scan([], **settings).columns
        batches = td.scan_batches(options.sources, **settings)
        writer(file, columns, (row for batch in batches for row in tally.rows(batch)))


class Tally:
    """Counts what was scanned. The output file is none of it, should it lie among the files.

    Parameters
    ----------
    output : str or None
    """

    def __init__(self, output):
        self.files = self.broken = self.bytes = 0
        self._groups = {}  # error without its numbers -> [count, message, first path]
        self._studies, self._series = set(), set()  # UIDs; series with their modality
        self._files = {}  # by modality
        self._own = set()  # (device, inode) of the output, as it was and as it is being written
        if output is not None:
            with contextlib.suppress(OSError):
                self.leave_out(os.stat(output))

    def leave_out(self, status):
        """Do not count a file."""
        self._own.add((status.st_dev, status.st_ino))

    def add(self, table):
        """Count the rows of a table or batch, and return the paths that are our own files."""
        own = set()
        for error in table.errors:
            if self._is_own(error["path"]):
                own.add(error["path"])
            else:
                self._count_error(error)
        self.files += len(table) - len(own)
        sizes = table["size"]
        self.bytes += int(sizes[sizes > 0].sum())
        columns = [
            table[name] if name in table else [None] * len(table) for name in (*_SUMMARY_TAGS, "error")
        ]
        for study, series, modality, error in zip(*columns):
            if error is None:
                modality = modality or "none"
                if study:
                    self._studies.add(study)
                if series:
                    self._series.add((series, modality))
                self._files[modality] = self._files.get(modality, 0) + 1
        return own

    def rows(self, table):
        """Count the rows of a table or batch, and yield those that are none of our own files."""
        own = self.add(table)
        for row in table:
            if row["path"] not in own:
                yield row

    def _is_own(self, path):
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return False
        return (status.st_dev, status.st_ino) in self._own

    def _count_error(self, error):
        self.broken += 1
        group = self._groups.setdefault(
            re.sub(r"\d+", "0", error["error"]), [0, error["error"], error["path"]]
        )
        group[0] += 1

    def say(self, seconds):
        """Print what there was."""
        print(
            f"{self.files} files, {self.bytes / 1e6:.1f} MB in {seconds:.2f} s: "
            f"{self.files / max(seconds, 1e-9):.0f} files/s, {self.bytes / 1e6 / max(seconds, 1e-9):.0f} MB/s"
        )
        if self._series:
            print(f"{len(self._studies)} studies, {len({series for series, _ in self._series})} series")
            print_table(("modality", "series", "files"), self._by_modality())
        if self.broken:
            self._say_errors()

    def _by_modality(self):
        series = {}
        for _, modality in self._series:
            series[modality] = series.get(modality, 0) + 1
        most_first = sorted(self._files.items(), key=lambda item: -item[1])
        return [(modality, series.get(modality, 0), files) for modality, files in most_first]

    def _say_errors(self):
        groups = sorted(self._groups.values(), key=lambda group: -group[0])
        rows = [(count, message, path) for count, message, path in groups[:_MOST_GROUPS]]
        print_table(("files", "error", "first"), rows, title=f"{self.broken} files with errors")
        if len(groups) > _MOST_GROUPS:
            print(f"and {len(groups) - _MOST_GROUPS} other kinds of error")
