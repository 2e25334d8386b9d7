# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.Loader: what it yields and in which order; leaving early, forks, the end of the interpreter, Ctrl-C."""

import pickle
import sys
import threading
import time
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

from batch_files import CT, write_bad, write_series
from values_reference import make

HU = {"values": "modality"}


@pytest.fixture
def files(tmp_path):
    return write_series(tmp_path, 10)


def loading_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("turbodicom-loader")]


@pytest.mark.parametrize("prefetch", [0, 1, 2, 7])
@pytest.mark.parametrize(
    ("batch_size", "drop_last", "sizes"),
    [(4, False, [4, 4, 2]), (4, True, [4, 4]), (5, True, [5, 5]), (99, False, [10])],
)
def test_yields_all_sources_in_order(files, prefetch, batch_size, drop_last, sizes):
    paths, _ = files
    loader = td.Loader(paths, batch_size, prefetch=prefetch, drop_last=drop_last, size=(11, 9), **HU)
    assert len(loader) == len(sizes)
    everything = td.batch(paths, size=(11, 9), **HU)
    for _ in range(2):  # anew each time
        batches = list(loader)
        assert [len(array) for array, _ in batches] == sizes
        indexes = np.concatenate([numbers for _, numbers in batches])
        assert indexes.dtype == np.int64
        assert indexes.tolist() == list(range(sum(sizes)))
        assert np.array_equal(np.concatenate([array for array, _ in batches]), everything[: sum(sizes)])
    assert loading_threads() == []


def test_a_sampler_is_any_iterable_of_indexes(files):
    paths, images = files
    sampler = [3, 0, 0, 9, -1]
    for given in (sampler, tuple(sampler), np.array(sampler)):
        loader = td.Loader(paths, 2, sampler=given)
        assert len(loader) == 3
        numbers = [n for _, indexes in loader for n in indexes.tolist()]
        assert numbers == sampler
        assert np.array_equal(np.concatenate([array[..., 0] for array, _ in loader]), images[sampler])


def test_a_sampler_without_end_or_length(files):
    paths, _ = files
    loader = td.Loader(paths, 3, sampler=(n % 10 for n in count()), workers=2)
    with pytest.raises(TypeError):
        len(loader)
    batches = iter(loader)
    assert [indexes.tolist() for _, indexes in islice(batches, 4)] == [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7, 8],
        [9, 0, 1],
    ]
    batches.close()
    assert loading_threads() == []


def test_resuming_is_a_sampler_that_begins_later(files):
    paths, _ = files
    order = np.random.default_rng(1).permutation(10)
    whole = [indexes.tolist() for _, indexes in td.Loader(paths, 3, sampler=order)]
    assert [indexes.tolist() for _, indexes in td.Loader(paths, 3, sampler=order[6:])] == whole[2:]


def test_samplers_of_torch(files):
    torch = pytest.importorskip("torch", exc_type=ImportError)
    paths, images = files
    from torch.utils.data import DistributedSampler, RandomSampler

    seen = []
    for rank in range(2):
        sampler = DistributedSampler(paths, num_replicas=2, rank=rank, shuffle=True, seed=4)
        sampler.set_epoch(3)
        loader = td.Loader(
            paths,
            2,
            sampler=sampler,
            allocate=lambda shape, dtype: torch.empty(shape, dtype=torch.int32),
            dtype="int32",
        )
        for tensor, indexes in loader:
            assert isinstance(tensor, torch.Tensor)
            assert np.array_equal(tensor[..., 0].numpy(), images[indexes])
            seen += indexes.tolist()
    assert sorted(seen) == list(range(10))
    generator = torch.Generator().manual_seed(7)
    shuffled = [
        n
        for _, indexes in td.Loader(paths, 4, sampler=RandomSampler(paths, generator=generator))
        for n in indexes
    ]
    assert sorted(shuffled) == list(range(10))


def test_sources_may_be_lazy_sequences_and_pairs(files):
    paths, images = files

    class Sources:
        asked = ()

        def __len__(self):
            return 10

        def __getitem__(self, index):
            self.asked = (*self.asked, threading.current_thread())
            return paths[index], 0

    sources = Sources()
    assert np.array_equal(np.concatenate([array[..., 0] for array, _ in td.Loader(sources, 4)]), images)
    assert set(sources.asked) == {threading.current_thread()}


def columns_of(paths):
    """The same paths as columns, labelled or not."""
    names = [str(path) for path in paths]
    yield np.array(names)
    yield np.array(paths, object)
    yield (path for path in paths)
    with suppress(ImportError):
        import pandas as pd

        yield pd.Series(names, index=range(len(names))[::-1])
        yield pd.Series(names, index=[f"row {i}" for i in range(len(names))])
        yield pd.Index(names)
    with suppress(ImportError):
        import polars as pl

        yield pl.Series(names)
    with suppress(ImportError):
        import pyarrow as pa

        yield pa.array(names)
        yield pa.chunked_array([names[:3], names[3:]])


def test_columns_are_taken_by_position(files):
    paths, images = files
    for column in columns_of(paths):
        for array, indexes in td.Loader(column, 3, sampler=[9, 0, 4, 4]):
            assert np.array_equal(array[..., 0], images[indexes]), type(column)
    for column in columns_of(paths):
        assert np.array_equal(td.batch(column)[..., 0], images), type(column)


def test_frames_of_one_file_are_read_with_one_header(files, tmp_path, monkeypatch):
    from test_batch import spied_headers

    _, images = files
    path = tmp_path / "frames.dcm"
    path.write_bytes(make(images, bits_stored=12, **CT))
    asked = spied_headers(monkeypatch)
    loader = td.Loader([(path, i) for i in range(10)], 2, sampler=[*range(10)] * 5, size=(24, 20))
    batches = list(loader)
    assert np.array_equal(np.concatenate([a[..., 0] for a, _ in batches]), np.concatenate([images] * 5))
    assert sum(asked) <= 2  # of 50; both threads may begin with it


def test_a_file_that_changes_while_loading_is_read_again(files, tmp_path):
    _, images = files
    path = tmp_path / "frames.dcm"
    path.write_bytes(make(images, bits_stored=12, **CT))
    batches = iter(td.Loader([(path, i) for i in range(10)], 1, prefetch=0))
    assert np.array_equal(next(batches)[0][0, ..., 0], images[0])
    path.write_bytes(make(images[::-1] + 1, bits_stored=16, Manufacturer="another"))
    assert np.array_equal(next(batches)[0][0, ..., 0], images[8] + 1)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        next(batches)


def test_headers_of_no_more_than_some_files_are_kept(files, tmp_path, monkeypatch):
    from turbodicom import _batch_headers

    paths, images = files
    monkeypatch.setattr(_batch_headers, "_KEPT", 3)
    kept = _batch_headers.Headers(None)
    for path in paths:
        kept.read_once([str(path)], 1)
    assert list(kept._kept) == [str(path) for path in paths[-3:]]
    loader = td.Loader([(path, 0) for path in paths], 5, sampler=[*range(10)] * 3)
    assert np.array_equal(np.concatenate([a[..., 0] for a, _ in loader]), np.concatenate([images] * 3))


def test_batches_are_of_one_type_where_files_are_not(tmp_path):
    paths = []
    for number, dtype in enumerate(["u2", "u4", "i2", "u1"]):
        paths.append(tmp_path / f"{number}.dcm")
        paths[-1].write_bytes(make(np.array([[1, 2], [3, 4]], dtype)))
    assert {a.dtype for a, _ in td.Loader(paths, 1, values="modality")} == {np.dtype("f4")}
    assert {a.dtype for a, _ in td.Loader(paths, 1, dtype="int64")} == {np.dtype("i8")}


def test_a_loader_can_be_pickled(files):
    paths, _ = files
    options = td.PixelOptions(values="voi", limits=td.Limits())
    loader = td.Loader(
        paths, 3, sampler=[4, 1, 1, 2], size=(5, 6), fit="pad", options=options, window=[(40, 400)] * 2
    )
    again = pickle.loads(pickle.dumps(loader))
    assert len(again) == len(loader) == 2
    for (a, i), (b, j) in zip(loader, again, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(i, j)


def test_allocate_gives_the_memory(files):
    paths, _ = files
    given = []

    def allocate(shape, dtype):
        given.append(np.zeros(shape, dtype))
        return given[-1]

    batches = [array for array, _ in td.Loader(paths, 4, allocate=allocate, layout="planar", **HU)]
    assert [array.shape for array in batches] == [(4, 1, 24, 20), (4, 1, 24, 20), (2, 1, 24, 20)]
    assert {id(array) for array in batches} == {id(array) for array in given}


# -- errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefetch", [0, 1, 4])
def test_errors_are_raised_at_their_batch(files, tmp_path, prefetch):
    paths, _ = files
    _, _, missing = write_bad(tmp_path)
    batches = iter(td.Loader([*paths[:5], missing, *paths[5:]], 2, prefetch=prefetch))
    assert [next(batches)[1].tolist() for _ in range(2)] == [[0, 1], [2, 3]]
    with pytest.raises(FileNotFoundError) as caught:
        next(batches)
    assert caught.value.source == 5
    assert list(batches) == []
    assert loading_threads() == []


def test_errors_name_their_source_among_all(files, tmp_path):
    paths, _ = files
    cut, _, missing = write_bad(tmp_path)
    with pytest.raises(td.TruncatedDataError) as caught:
        list(td.Loader([*paths, cut], 3, sampler=[1, 2, 3, 4, 10]))
    assert (caught.value.source, caught.value.where) == (10, "source 10, frame 0")
    assert str(caught.value).startswith(f"source 10, {cut}: ")
    with pytest.raises(FileNotFoundError, match=f"source 10: .*{missing.name}"):
        list(td.Loader([*paths, missing], 3, sampler=[1, 2, 3, 4, 10]))
    with pytest.raises(ValueError, match="source 7, .*007.dcm: frame 0: the value"):
        list(td.Loader(paths, 1, sampler=[7], values="modality", dtype="int8"))


@pytest.mark.parametrize("prefetch", [0, 2])
def test_mistakes_of_the_caller_are_no_black_batches(files, prefetch):
    options = {"values": "voi", "window": (1, 2), "dtype": "int64", "size": (8, 8)}
    with pytest.raises(ValueError, match="32 bits"):
        list(td.Loader(files[0], 2, prefetch=prefetch, on_error="report", **options))
    with pytest.raises(ValueError, match="uint8 cannot hold fill=300"):
        list(td.Loader(files[0], 2, prefetch=prefetch, on_error="report", values="voi", fill=300))


def test_unknown_keywords_are_those_of_a_loader(files):
    with pytest.raises(TypeError, match=r"Loader\(\) got an unexpected keyword argument 'foo'"):
        td.Loader(files[0], 2, foo=1)


def test_indexes_that_are_none_are_errors_of_their_batch(files):
    batches = iter(td.Loader(files[0], 2, sampler=[0, 1, 2, 10]))
    next(batches)
    with pytest.raises(IndexError):
        next(batches)


def test_errors_are_data_when_wanted(files, tmp_path):
    paths, images = files
    cut, text, missing = write_bad(tmp_path)
    loader = td.Loader([paths[0], text, text, missing, cut, paths[1]], 2, on_error="report", **HU)
    batches = list(loader)
    assert [array.shape for array, _, _ in batches] == [(2, 24, 20, 1)] * 3  # the second has nothing readable
    reasons = [report.reason is None for _, _, reports in batches for report in reports]
    assert reasons == [True, False, False, False, False, True]
    assert np.array_equal(batches[2][0][1, ..., 0], images[1] - 1024.0)
    assert (batches[1][0] == 0).all()


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (([], 0), {}), (([], 1.5), {}), (("path", 1), {}), (([], 1), {"prefetch": -1}), (([], 1), {"size": 5}), (([], 1), {"allocate": 1}), (({0: "path"}, 1), {}), ((Path("path"), 1), {}), ((b"path", 1), {}),
        (([], 1), {"nonsense": 1}), (([], 1), {"mask": True}), (([], 1), {"on_error": "ignore"}),
    ],
)  # fmt: skip
def test_misuse_is_refused_at_once(arguments, options):
    with pytest.raises((TypeError, ValueError)):
        td.Loader(*arguments, **options)


def test_no_sources_are_no_batches():
    assert list(td.Loader([], 4)) == []
    assert len(td.Loader([], 4)) == 0


# -- life and death ----------------------------------------------------------------------------------------


def test_batches_are_made_ahead_and_no_further(files):
    paths, _ = files
    made = []

    def allocate(shape, dtype):
        made.append(shape)
        return np.empty(shape, dtype)

    batches = iter(td.Loader(paths, 1, prefetch=3, allocate=allocate))
    next(batches)
    end = time.monotonic() + 10
    while len(made) < 4 and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    assert len(made) == 4  # the one that was taken, and three ahead
    batches.close()


def test_leaving_early_stops_what_is_under_way(files, tmp_path):
    large = tmp_path / "large"
    large.mkdir()
    ((path,), _) = write_series(large, 1, 3000, 3000)
    options = {"size": (8, 8), "workers": 1, "values": "voi", "window": (40, 400)}
    start = time.monotonic()
    td.batch([path] * 100, **options)
    whole = time.monotonic() - start
    for _ in td.Loader([*files[0][:1] * 100, *[path] * 100], 100, **options):
        start = time.monotonic()
        break
    assert time.monotonic() - start < whole / 2
    assert loading_threads() == []


def test_two_iterations_at_once(files):
    loader = td.Loader(files[0], 3, **HU)
    for (a, i), (b, j) in zip(loader, loader, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(i, j)


CHILD = """
import os, signal, sys, threading, time, warnings
import numpy as np
import turbodicom as td
warnings.simplefilter("ignore")
paths = sys.argv[1:]
"""


def test_the_interpreter_may_end_while_loading(run_child, files):
    source = (
        CHILD
        + """
batches = iter(td.Loader(paths * 3000, 10000, prefetch=2, workers=2, size=(64, 64), values="modality", sampler=range(20000)))
threading.Thread(target=next, args=(batches,), daemon=True).start()
time.sleep(0.3)
"""
    )
    for _ in range(3):
        start = time.monotonic()
        child = run_child(source, *files[0])
        assert child.returncode == 0, child.stderr
        assert "Fatal" not in child.stderr
        assert time.monotonic() - start < 10


def test_ctrl_c_ends_the_loop(run_child, files):
    source = (
        CHILD
        + """
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    for _ in td.Loader(paths * 100_000, 100_000, prefetch=1, size=(8, 8), values="modality"):
        pass
    sys.exit("not interrupted")
except KeyboardInterrupt:
    print(time.monotonic() - start)
"""
    )
    child = run_child(source, *files[0])
    assert child.returncode == 0, child.stderr
    assert float(child.stdout) < 5


def test_a_forked_child_loads_with_one_thread_unless_told(run_child, files):
    source = (
        CHILD
        + """
from turbodicom import _core, _loader
wanted = [a.copy() for a, _ in td.Loader(paths, 3, workers=2)]
asked, real = [], _core.read_jobs
def spy(*arguments):
    asked.append(arguments[8])  # workers
    return real(*arguments)
_core.read_jobs = spy
running = iter(td.Loader(paths, 3))
next(running)
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    asked.clear()
    same = all(np.array_equal(a, b) for (a, _), b in zip(td.Loader(paths, 3), wanted, strict=True))
    alone = set(asked) == {1}
    asked.clear()
    same &= all(np.array_equal(a, b) for (a, _), b in zip(td.Loader(paths, 3, workers=5), wanted, strict=True))
    told = set(asked) == {5}
    try:
        next(running)
        refused = False
    except RuntimeError:
        refused = True
    os._exit(0 if same and alone and told and refused else 1)
assert os.waitpid(pid, 0)[1] == 0
rest = [a for a, _ in running]
assert len(rest) == len(wanted) - 1
assert set(asked) == {_core.usable_cores()}
"""
    )
    child = run_child(source, *files[0])
    assert child.returncode == 0, child.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc, which only Linux has")
def test_a_forked_child_decodes_with_one_thread_unless_told(run_child, tmp_path):
    path = tmp_path / "frames.dcm"
    path.write_bytes(make(np.ones((8, 512, 512), "u2"), **CT))
    source = (
        CHILD
        + """
def more_threads(work):
    before = len(os.listdir("/proc/self/task"))
    work()
    return len(os.listdir("/proc/self/task")) - before
def read():
    td.pixels(paths[0])
    td.pixels(paths[0], values="modality")
    td.pixels(paths[0], values="voi", window=td.Window.minmax())
    td.volume(paths[0])
    td.volume(paths * 2, values="modality")
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    alone = more_threads(read)
    told = more_threads(lambda: td.pixels(paths[0], workers=3))
    os._exit(0 if alone <= 1 and told else 1)
assert os.waitpid(pid, 0)[1] == 0
"""
    )
    child = run_child(source, path)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_multiprocessing_load(run_child, files, method):
    source = (
        CHILD
        + """
import multiprocessing
from turbodicom._jobs import default_workers
def work(_):
    return default_workers(), sum(float(a.sum()) for a, _ in td.Loader(paths, 3, values="modality"))
if __name__ == "__main__":
    with multiprocessing.get_context("METHOD").Pool(2) as pool:
        results = pool.map(work, range(4))
    assert {threads for threads, _ in results} == {1}, results
    assert {total for _, total in results} == {work(0)[1]}
""".replace("METHOD", method)
    )
    child = run_child(source, *files[0])
    assert child.returncode == 0, child.stderr
