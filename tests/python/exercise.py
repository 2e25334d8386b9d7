# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Ask everything of hostile inputs, in a process of its own: ``python exercise.py {files,prefixes,mutations} ...``.

Prints one JSON object: how often each outcome occurred, and every *finding*: an exception that is neither a
turbodicom Error nor an OSError, or an input that took longer than 5 s. The name of the input at
work is kept in a file, so that the parent can name it after a crash. ``python exercise.py show FOLDER - SEED NUMBER``
writes one mutated input to standard output.
"""

import collections
import json
import random
import struct
import sys
import time
import warnings
from pathlib import Path

import turbodicom as td

SECONDS = 5.0  # the most that one input may take, fallback included
INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF)
LENGTHS = (0, 1, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def questions(source):
    """Yield one callable for each thing a caller may ask of a file."""
    ds = td.read(source)
    yield lambda: [(element.tag, element.vr, element.value, element.raw) for element in ds]
    yield lambda: str(ds)
    yield ds.to_json
    yield lambda: list(ds.issues)
    yield lambda: [(frame.spans, frame.read()) for frame, _ in zip(ds.frames, range(4), strict=False)]
    yield ds.pixels
    yield lambda: ds.pixels(on_error="report", report=[], color="coded")
    yield lambda: ds.pixels(values="presentation", on_error="report", report=[])
    yield lambda: ds.overlays(on_error="report", report=[])
    for mode in ("standard", "dcmtk"):
        yield lambda mode=mode: shown(td.DicomImage(ds, mode=mode))
    yield lambda: td.read(source, strict=True)


def shown(image):
    """Render a frame, with a window of the file or of the pixels."""
    if image.is_monochrome:
        image.set_window(0) if image.window_count else image.set_min_max_window()
    return image.output_data(8)


def exercise(source):
    """Return the set of outcomes: "ok" or names of exception classes; anything unexpected comes out."""
    outcomes = set()
    pending = questions(source)
    while True:
        try:
            question = next(pending, None)
            if question is None:
                return outcomes
            question()
            outcomes.add("ok")
        except (td.Error, OSError) as error:
            outcomes.add(type(error).__name__)


def run(inputs, progress, with_memory):
    """Exercise every (name, bytes) and return the summary; `largest` is the most that one input grew this process."""
    counts, findings, slowest, largest = collections.Counter(), [], (0.0, ""), (0, "")
    for name, data in inputs:
        progress.seek(0)
        progress.write(f"{name:<200}")
        progress.flush()
        before = start_of_peak() if with_memory else 0
        start = time.perf_counter()
        try:
            counts.update(exercise(data))
        except Exception as error:  # noqa: BLE001, any other type is the finding
            findings.append([name, f"{type(error).__name__}: {str(error)[:200]}"])
        seconds = time.perf_counter() - start
        slowest = max(slowest, (seconds, name))
        if seconds > SECONDS:
            findings.append([name, f"took {seconds:.1f} s"])
        if with_memory:
            largest = max(largest, (status("VmHWM:") - before, name))
    return {"counts": counts, "findings": findings, "slowest": slowest, "largest": largest}


def start_of_peak():
    """Forget the high-water mark of the resident set (proc(5): clear_refs 5) and return the present size."""
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS:")


def status(name):
    """Return one line of /proc/self/status in bytes."""
    with open("/proc/self/status") as text:
        return next(int(line.split()[1]) * 1024 for line in text if line.startswith(name))


def prefixes(files):
    """Yield every proper prefix of every file."""
    for name, data in files.items():
        for length in range(len(data)):
            yield f"{name}[:{length}]", data[:length]


def mutations(files, seed, count):
    """Yield `count` mutated files; number i depends on (seed, i) only."""
    for number in range(count):
        yield f"mutation {seed} {number}", mutate(files, seed, number)


def mutate(files, seed, number):
    """Return one mutated file: one to four changes of a file chosen by chance."""
    chance = random.Random(seed * 1_000_003 + number)
    data = bytearray(files[chance.choice(sorted(files))])
    for _ in range(chance.randint(1, 4)):
        chance.choice(CHANGES)(data, chance, files)
    return bytes(data)


def place(data, chance):
    return chance.randrange(len(data)) if data else 0


def flip_bit(data, chance, _files):
    if data:
        data[place(data, chance)] ^= 1 << chance.randrange(8)


def set_byte(data, chance, _files):
    if data:
        data[place(data, chance)] = chance.choice(INTERESTING)


def set_length(data, chance, _files):
    width = chance.choice(["<H", "<I", ">H", ">I"])
    at = place(data, chance)
    data[at : at + struct.calcsize(width)] = struct.pack(width, chance.choice(LENGTHS) & (0xFFFF if "H" in width else ~0))


def delete(data, chance, _files):
    at = place(data, chance)
    del data[at : at + chance.randint(1, 16)]


def repeat(data, chance, _files):
    at = place(data, chance)
    data[at:at] = data[at : at + chance.randint(1, 64)]


def cut(data, chance, _files):
    del data[place(data, chance) :]


def splice(data, chance, files):
    other = files[chance.choice(sorted(files))]
    at, start = place(data, chance), chance.randrange(len(other))
    data[at : at + 32] = other[start : start + 32]


CHANGES = (flip_bit, flip_bit, set_byte, set_byte, set_length, set_length, delete, repeat, cut, splice)


def load(folder):
    """Return every file below a folder as name -> bytes."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def main():
    task, folder, progress_path, *rest = sys.argv[1:]
    if task == "show":
        seed, number = map(int, rest)
        return sys.stdout.buffer.write(mutate(load(folder), seed, number))
    warnings.simplefilter("ignore")
    files = load(folder)
    makers = {"files": lambda: files.items(), "prefixes": lambda: prefixes(files)}
    makers["mutations"] = lambda: mutations(files, int(rest[0]), int(rest[1]))
    with open(progress_path, "w") as progress:
        print(json.dumps(run(makers[task](), progress, task == "files" and sys.platform == "linux")))
    return 0


if __name__ == "__main__":
    main()
