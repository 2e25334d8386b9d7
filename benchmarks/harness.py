# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How everything here is measured; begin with `compare`.

Two contenders take turns in the same process (the order flips every round), so drift of the machine meets
both. A round repeats the call until it is long enough to time; the first round is discarded; the result is
the median of the per-round ratios with its 95 % bootstrap interval. Memory is touched beforehand, because
the first use of a page costs more than most of the work measured here.
"""

import gc
import importlib.metadata
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass, field

import numpy as np

TOLERANCE = 0.97  # a bar holds when the interval's lower end is at least this part of it
RESAMPLES = 2000  # bootstrap; the interval's ends move by less than 1 % beyond this


@dataclass(frozen=True)
class Settings:
    """How long to measure.

    Parameters
    ----------
    rounds : int
        Rounds that count; one more is run first and discarded.
    round_seconds : float
        Least time of one contender's turn.
    warm_bytes : int
        Memory touched before anything is timed.
    """

    rounds: int = 15
    round_seconds: float = 0.03
    warm_bytes: int = 2 << 30


QUICK = Settings(rounds=3, round_seconds=0.002, warm_bytes=64 << 20)


@dataclass(frozen=True)
class Row:
    """One line of the table: `ratio` is how many times faster than the peer."""

    subject: str
    workload: str
    peer: str
    mode: str = "fresh array"
    threads: str = "1"
    ours_us: float | None = None
    peer_us: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    bar: float | None = None
    unit: str = "x"
    note: str = ""
    samples: list = field(default_factory=list, repr=False)

    @property
    def holds(self):
        """True, False, or None for a row without a bar."""
        if self.bar is None:
            return None
        if self.unit == "x":
            return self.low >= TOLERANCE * self.bar
        return self.high <= self.bar / TOLERANCE  # milliseconds and the like: the less the better

    def as_dict(self):
        """Return the row as plain values for JSON."""
        return asdict(self) | {"holds": self.holds}


def touch_memory(count_bytes):
    """Write to `count_bytes` of memory once and give it back."""
    for _ in range(0, count_bytes, 64 << 20):
        np.empty(64 << 20, dtype=np.uint8).fill(1)


def calls_per_round(call, seconds):
    """Return how often `call` must run to last `seconds`."""
    call()
    calls = 1
    while (elapsed := time_calls(call, calls)) < seconds:
        calls = max(calls * 2, int(calls * seconds / max(elapsed, 1e-9)))
    return calls


def time_calls(call, calls):
    """Return the seconds that `calls` calls take; each result is dropped before the next."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start


def bootstrap(values, statistic=np.median):
    """Return (lower, upper) of the 95 % interval of a statistic of `values`."""
    values = np.asarray(values, dtype=float)
    draws = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    lower, upper = np.percentile(statistic(values[draws], axis=1), [2.5, 97.5])
    return float(lower), float(upper)


def alternate(ours, peer, settings, settle=None):
    """Return the seconds per call of both contenders, one entry a round; `settle` is called before each, untimed."""
    repeats = calls_per_round(ours, settings.round_seconds), calls_per_round(peer, settings.round_seconds)
    times = [], []
    gc.collect()
    for turn in range(settings.rounds + 1):
        for which in ((0, 1), (1, 0))[turn % 2]:
            if settle:
                settle()
            times[which].append(time_calls((ours, peer)[which], repeats[which]) / repeats[which])
    return np.array(times[0][1:]), np.array(times[1][1:])


def compare(subject, workload, ours, peer, settings, *, peer_name, bar=None, settle=None, **about):
    """Measure `ours` against `peer`, two callables without arguments.

    Parameters
    ----------
    subject, workload : str
        Where the row stands in the table.
    ours, peer : callable
        The work; results are dropped at once.
    settings : Settings
        Rounds and their length.
    peer_name : str
        What the table calls the peer.
    bar : float, optional
        How many times faster it must be.
    settle : callable, optional
        Called before each contender's turn, untimed: what the other left behind is not this one's to pay for.
    **about
        ``mode``, ``threads`` and ``note`` of the row.

    Returns
    -------
    Row
    """
    our_times, peer_times = alternate(ours, peer, settings, settle)
    ratios = peer_times / our_times
    low, high = bootstrap(ratios)
    return Row(
        subject, workload, peer_name, bar=bar, ratio=float(np.median(ratios)), low=low, high=high,
        ours_us=float(np.median(our_times) * 1e6), peer_us=float(np.median(peer_times) * 1e6),
        samples=[round(float(r), 4) for r in ratios], **about,
    )  # fmt: skip


def geometric_mean(subject, workload, rows, *, bar=None, **about):
    """Fold the rows of one syntax into their geometric mean; the interval is over rounds, image by image."""
    logs = np.log([row.samples for row in rows])
    per_round = np.exp(logs.mean(axis=0))
    low, high = bootstrap(per_round)
    return Row(
        subject, f"{workload}, geometric mean of {len(rows)}", rows[0].peer, bar=bar,
        ratio=float(np.median(per_round)), low=low, high=high, samples=per_round.tolist(), **about,
    )  # fmt: skip


def versions():
    """Return the versions that a result depends on, by name."""
    names = ["turbodicom", "numpy", "pydicom", "pylibjpeg-rle", "dicomsdl", "imagecodecs", "simplejpeg"]
    names += ["pylibjpeg-libjpeg", "python-gdcm", "pillow", "pyarrow", "SimpleITK", "torch"]
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = getattr(sys.modules.get(name), "__version__", "not installed")
    return found


def machine():
    """Return what this machine is, without its name."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as text:
            model = next((line.split(":")[1].strip() for line in text if line.startswith("model name")), model)
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.machine()}"
