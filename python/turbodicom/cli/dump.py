# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom dump``: the text of DCMTK's dcmdump, with dcmdump's own options.

What is printed is in `_dump_writer`; here are the options, the search (+P) and the loop over files.
"""

import argparse
import re
import sys

import turbodicom as td
from turbodicom.cli import tool_parser
from turbodicom.cli._common import USAGE, Messages, for_each_file
from turbodicom.cli._dump_writer import Context, DumpStyle, DumpWriter

_EPILOG = """\
Options that exclude each other: the last one wins. Private names need DCMTK's private dictionary:
name it in DCMDICTPATH, or have DCMTK installed; else the built-in names stand in.

examples:
  turbodicom dump ct.dcm                    every element, long values shortened
  turbodicom dump +L ct.dcm                 every value whole
  turbodicom dump +P PatientID +P 0020,000d *.dcm
  turbodicom dump +p +P ReferencedSOPInstanceUID plan.dcm
  turbodicom dump -M +F series/*            no pixels, a heading for each file
"""

_WRITE_AT_BYTES = 4 << 20  # ours: text is handed on in pieces of this size


def arguments():
    """Make the parser."""
    parser = tool_parser("dump", _EPILOG, prefix_chars="-+")
    parser.add_argument("files", metavar="FILE", nargs="+")
    add = parser.add_argument
    add("-q", "--quiet", action="store_true", help="print no warnings and errors")
    add(
        "+M",
        "--load-all",
        dest="load_all",
        action="store_true",
        default=True,
        help="load long values (default)",
    )
    add("-M", "--load-short", dest="load_all", action="store_false", help="do not load long values")
    add(
        "+R",
        "--max-read-length",
        metavar="KB",
        type=_kilobytes,
        default=4,
        help="what is long, in KiB (default 4)",
    )
    add(
        "+L",
        "--print-all",
        dest="shorten",
        action="store_false",
        default=True,
        help="print long values whole",
    )
    add("-L", "--print-short", dest="shorten", action="store_true", help="shorten long values (default)")
    add("+T", "--print-tree", dest="tree", action="store_true", default=False, help="print a simple tree")
    add("-T", "--print-indented", dest="tree", action="store_false", help="print lines, indented (default)")
    add("+F", "--print-filename", dest="file_names", action="store_true", help="a heading for each file")
    add("+Fs", "--print-file-search", dest="found_names", action="store_true",
        help="a heading for each file that has a searched tag")  # fmt: skip
    add(
        "+Un",
        "--map-uid-names",
        dest="map_uids",
        action="store_true",
        default=True,
        help="name known UIDs (default)",
    )
    add("-Un", "--no-uid-names", dest="map_uids", action="store_false", help="print UIDs as they are")
    add("+P", "--search", metavar="TAG", dest="search", action="append", type=_tag, default=[],
        help="print only this tag, gggg,eeee or keyword; may be given several times")  # fmt: skip
    add(
        "+s",
        "--search-all",
        dest="first_only",
        action="store_false",
        default=False,
        help="every instance (default)",
    )
    add(
        "-s",
        "--search-first",
        dest="first_only",
        action="store_true",
        help="only the first instance of each tag",
    )
    add(
        "+p",
        "--prepend",
        dest="prepend",
        action="store_true",
        default=False,
        help="the path before a found tag",
    )
    add("-p", "--no-prepend", dest="prepend", action="store_false", help="no path before it (default)")
    return parser


def run(options):
    """Print the files; return the exit code."""
    messages = Messages("dump", options.quiet)
    if options.prepend and options.tree:
        messages.error("+p does not go together with +T")
        return USAGE
    return for_each_file(options.files, _Dump(options, messages).file, messages)


def _kilobytes(text):
    if not text.isdecimal() or not 4 <= int(text) <= 4194302:
        raise argparse.ArgumentTypeError(f"must be a number from 4 to 4194302, not {text!r}")
    return int(text)


def _tag(text):
    match = re.fullmatch("([0-9A-Fa-f]{1,4}),([0-9A-Fa-f]{1,4})", text)
    if match:
        return int(match[1], 16) << 16 | int(match[2], 16)
    try:
        return td.dictionary.find(text).tag
    except KeyError as error:
        raise argparse.ArgumentTypeError(error.args[0]) from None


class _Dump:
    """The loop over files: headings, and what is found in each."""

    def __init__(self, options, messages):
        self._options = options
        self._messages = messages
        self._style = DumpStyle(
            shorten=options.shorten,
            map_uids=options.map_uids,
            tree=options.tree,
            max_load_bytes=None if options.load_all else options.max_read_length << 10,
        )
        self._count = 0  # of the headings +F and +Fs

    def file(self, path):
        """Print one file."""
        if self._options.file_names:
            self._heading(f"({self._count + 1}/{len(self._options.files)})", path)
        data_set = td.read(path)
        output = _Output(sys.stdout.buffer)
        writer = DumpWriter(self._style, output.write)
        if self._options.search:
            self._search(path, data_set, writer, output)
        else:
            writer.file(data_set)
        output.flush()
        for issue in data_set.issues:
            self._messages.warning(f"{path}: {issue.message}")

    def _heading(self, number, path):
        blank = "\n" if self._count else ""
        self._count += 1
        sys.stdout.buffer.write(f"{blank}# dcmdump {number}: {path}\n".encode(errors="surrogateescape"))

    def _search(self, path, data_set, writer, output):
        found_any = False
        for tag in self._options.search:
            for parents, element, context in _matches(data_set, tag):
                if not found_any:
                    found_any = True
                    self._separate(path, output)
                if self._options.prepend:
                    output.write(
                        b"".join(b"(%04x,%04x)." % (parent >> 16, parent & 0xFFFF) for parent in parents)
                    )
                writer.element(element, 1, context)
                if self._options.first_only:
                    break

    def _separate(self, path, output):
        """An empty line between the findings of two files, and the heading of +Fs."""
        if not self._options.file_names:
            self._count += 1
            if self._count > 1:
                output.write(b"\n")
        if self._options.found_names:
            output.write(f"# dcmdump ({self._count}): {path}\n".encode(errors="surrogateescape"))


def _matches(data_set, tag):
    """Every element with this tag, in the order of the file: (tags above it, it, its context)."""
    yield from _matches_in(data_set.file_meta, tag, ())
    yield from _matches_in(data_set, tag, ())


def _matches_in(data_set, tag, parents):
    context = Context(data_set)
    for element in data_set:
        if element.tag == tag:
            yield parents, element, context
        context.creator_of(element)
        for item in element.items or ():
            yield from _matches_in(item.dataset, tag, (*parents, int(element.tag)))


class _Output:
    """Collects small pieces; a dump has a line for each of many elements."""

    def __init__(self, file):
        self._file = file
        self._pieces = []
        self._bytes = 0

    def write(self, piece):
        self._pieces.append(piece)
        self._bytes += len(piece)
        if self._bytes >= _WRITE_AT_BYTES:
            self.flush()

    def flush(self):
        self._file.write(b"".join(self._pieces))
        self._pieces.clear()
        self._bytes = 0
