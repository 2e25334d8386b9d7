# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Run every benchmark and print one table: ``python benchmarks/run.py [--quick] [--only SUBJECT ...]``.

Writes the same rows as JSON (``--json``) and as Markdown (``--markdown``); ``--readme`` puts the rows that have a
bar into README.md, between its two marks, of the cells of a codec the one closest to its bar. ``--load`` takes the
rows of an earlier run. Exit code 1 when a bar does not hold.
"""

import argparse
import importlib
import json
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import harness

README = Path(__file__).parents[1] / "README.md"
SUBJECTS = (
    "header", "native", "codec", "jpeg_files", "transcode", "values", "scan", "volume", "loader", "frame_table",
    "colour", "threads", "gil", "import",
)  # fmt: skip
PARTS = ("jpeg",)  # of "codec", when asked for by name
TITLES = ("subject", "workload", "peer", "mode", "threads", "ours us", "peer us", "result", "95 %", "bar", "holds")


def main(arguments=None):
    """Measure, print, write."""
    options = parse(arguments)
    rows, about, failures = load(options.load) if options.load else run(options)
    print_text(rows, about)
    for path, text in ((options.json, as_json(rows, about)), (options.markdown, as_markdown(rows, about))):
        if path:
            Path(path).write_text(text)
    if options.readme:
        update_readme(rows, about)
    missed = [row for row in rows if row.holds is False]
    print(f"{len(rows)} rows, {sum(row.holds is True for row in rows)} bars hold, {len(missed)} do not")
    return 1 if missed or failures else 0


def run(options):
    """Measure. Return (rows, what they were measured on, failures)."""
    settings = harness.QUICK if options.quick else harness.Settings()
    harness.touch_memory(settings.warm_bytes)
    rows, failures = measure(options.only or SUBJECTS, settings)
    return rows, {"machine": harness.machine(), "versions": harness.versions(), "rounds": settings.rounds}, failures


def load(path):
    """Return the same of an earlier run."""
    about = json.loads(Path(path).read_text())
    rows = [{name: value for name, value in row.items() if name != "holds"} for row in about.pop("rows")]
    return [harness.Row(**row) for row in rows], about, 0


def parse(arguments):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Benchmarks of turbodicom against its peers.")
    parser.add_argument("--quick", action="store_true", help="three short rounds: a smoke test, not a measurement")
    parser.add_argument("--only", nargs="+", choices=SUBJECTS + PARTS, help="these subjects only")
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON")
    parser.add_argument("--markdown", metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--load", metavar="FILE", help="take the rows from the JSON of an earlier run")
    parser.add_argument("--readme", action="store_true", help="put the rows that have a bar into README.md")
    return parser.parse_args(arguments)


def measure(subjects, settings):
    """Return (rows, failures); a benchmark that fails is reported and the others go on."""
    rows, failures = [], 0
    for subject in subjects:
        with tempfile.TemporaryDirectory() as folder:
            try:
                for row in importlib.import_module(f"bench_{subject}").rows(Path(folder), settings):
                    rows.append(row)
                    print("  ".join(cells(row)), file=sys.stderr)
            except Exception as error:  # noqa: BLE001, one broken row must not hide the rest
                failures += 1
                print(f"bench_{subject} failed: {type(error).__name__}: {error}", file=sys.stderr)
    return rows, failures


def cells(row):
    """Return the row as strings, in the order of TITLES."""
    digits = 2 if row.ratio < 100 else 0
    number = lambda value: "-" if value is None else f"{value:.{digits}f}"
    bar = "-" if row.bar is None else f"{'>=' if row.unit == 'x' else '<='} {row.bar:.3g}"
    holds = {None: "-", True: "yes", False: "NO"}[row.holds]
    return (
        row.subject, row.workload, row.peer, row.mode, row.threads, *(microseconds(t) for t in (row.ours_us, row.peer_us)),
        f"{number(row.ratio)} {row.unit}", f"{number(row.low)}..{number(row.high)}", bar, holds,
    )  # fmt: skip


def microseconds(value):
    """Return a time with three significant digits at least."""
    return "-" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def heading(about):
    """Return one line on machine, versions and method."""
    listed = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    rounds = about["rounds"]
    return f"{about['machine']}; {listed}; median of {rounds} alternating rounds, for volumes of {3 * rounds}, for their threads of {9 * rounds}"


def print_text(rows, about):
    """Print the table in aligned columns."""
    table = [TITLES, *(cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(TITLES))]
    print(heading(about))
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def as_markdown(rows, about):
    """Return the table for the README."""
    lines = [heading(about), "", "| " + " | ".join(TITLES) + " |", "|" + "---|" * len(TITLES)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def update_readme(rows, about):
    """Replace what stands between the README's marks."""
    begin, end = "<!-- benchmarks: begin -->\n", "<!-- benchmarks: end -->"
    text = README.read_text()
    before, after = text.index(begin) + len(begin), text.index(end)
    table = as_markdown(condensed([row for row in rows if row.bar is not None]), about)
    README.write_text(text[:before] + table + text[after:])


def condensed(rows):
    """Of the many cells of a codec and task leave the one that is closest to its bar."""
    families = {}
    for row in rows:
        cell = re.match(r"(lossless|baseline|12-bit) .*?(decode|encode) ", row.workload) if row.unit == "x" else None
        families.setdefault((row.subject, *cell.groups()) if cell else (row.subject, row.workload, row.mode, row.peer), []).append(row)
    for (_, *name), cells_of in families.items():  # name: (process, task) or (workload, mode, peer)
        if len(cells_of) == 1:
            yield cells_of[0]
            continue
        lowest = min(cells_of, key=lambda row: row.low / row.bar)
        yield replace(lowest, workload=f"{' '.join(name[:2])}, lowest of {len(cells_of)}: {lowest.workload}")


def as_json(rows, about):
    """Return rows, machine and versions as JSON."""
    return json.dumps(about | {"rows": [row.as_dict() for row in rows]}, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
