# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""td.batch: equal to ds.pixels of each source, whatever else is asked for; errors as data; the caller's memory."""

import sys
import warnings
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

from batch_files import CT, stored_values, write_bad, write_series
from values_reference import make

OPTIONS = [
    {},
    {"dtype": "float32"},
    {"values": "modality"},
    {"values": "modality", "dtype": "int16"},
    {"values": "modality", "dtype": "int64"},
    {"values": "modality", "dtype": ">f4"},
    {"values": "voi"},
    {"values": "voi", "window": (40, 400), "dtype": "float16"},
    {"values": "voi", "window": [(40, 400), td.Window(-600, 1500, function="sigmoid"), td.Window.index(0)]},
    {"values": "voi", "window": [td.Window.minmax(), (40, 400)]},
    {"values": "voi", "window": td.Window.percentiles(1, 99)},
    {"values": "presentation", "dtype": "uint16"},
    {"values": "modality", "roi": (3, 4, 10, 9)},
    {"values": "modality", "fill": 5},
]


@pytest.fixture
def files(tmp_path):
    return write_series(tmp_path)


def expected(source, **options):
    """ds.pixels with an axis of samples."""
    array = td.pixels(source, frames=0, **options)
    if array.ndim == 3:
        return array
    return array[None] if options.get("layout") == "planar" else array[..., None]


@pytest.mark.parametrize("layout", ["interleaved", "planar"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_equals_the_pixels_of_each_source(files, options, layout):
    paths, _ = files
    batch = td.batch(paths, layout=layout, **options)
    wanted = [expected(path, layout=layout, **options) for path in paths]
    assert batch.dtype == wanted[0].dtype
    assert np.array_equal(batch, wanted)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_does_not_depend_on_workers(files, options):
    paths, _ = files
    size = None if "roi" in options else (13, 17)
    one = td.batch(paths, size=size, workers=1, **options)
    for workers in (2, 7):
        assert np.array_equal(td.batch(paths, size=size, workers=workers, **options), one)


@pytest.mark.manifest(kind="dicom")
def test_equals_the_pixels_of_real_files(row, corpus):
    path = corpus / row["file"]
    try:
        wanted = expected(path, values="presentation")
    except (td.Error, ValueError, OSError) as error:
        with pytest.raises(type(error)):
            td.batch([(path, 0)], values="presentation")
        return
    if wanted.size <= 5_000_000:
        assert np.array_equal(td.batch([(path, 0)], values="presentation")[0], wanted)
    small = td.batch([(path, 0), (td.read(path), -1)], values="presentation", size=(30, 31), dtype="float32")
    assert small.shape == (2, 30, 31, wanted.shape[-1])


def test_sources_are_paths_datasets_and_pairs(files, tmp_path):
    paths, images = files
    frames = tmp_path / "frames.dcm"
    frames.write_bytes(make(images[:4], bits_stored=12, **CT))
    sources = [
        paths[0],
        str(paths[1]),
        td.read(paths[2]),
        (paths[3], 0),
        (frames, 2),
        (td.read(frames), np.int64(-1)),
    ]
    assert np.array_equal(td.batch(iter(sources))[..., 0], images[[0, 1, 2, 3, 2, 3]])
    with open(paths[1], "rb") as file:
        in_memory = [td.read(paths[0].read_bytes()), td.read(file)]
        assert np.array_equal(td.batch(in_memory, workers=2)[..., 0], images[:2])
    with pytest.raises(ValueError, match="source 1, .*frames.dcm: the file has 4 frames: give"):
        td.batch([paths[0], frames])
    with pytest.raises(IndexError, match="source 0"):
        td.batch([(frames, 4)])


def test_colour_and_palettes(small_folder):
    paths = [
        path
        for path in small_folder.iterdir()
        if "colour" in path.name.lower() or "palette" in path.name.lower()
    ]
    assert len(paths) >= 2
    for path in paths:
        for layout in ("interleaved", "planar"):
            options = {"values": "presentation", "layout": layout}
            assert np.array_equal(td.batch([(path, 0)], **options)[0], expected(path, **options))


def test_stored_values_of_several_dtypes_get_one_that_holds_all(tmp_path):
    arrays = [np.array([[0, 65535]], "u2"), np.array([[-5, 7]], "i2"), np.array([[1, 255]], "u1")]
    paths = [tmp_path / f"{i}.dcm" for i in range(3)]
    for path, array in zip(paths, arrays, strict=True):
        path.write_bytes(make(array))
    batch = td.batch(paths)
    assert batch.dtype == np.int32
    assert batch[..., 0].tolist() == [array.tolist() for array in arrays]


def test_stored_values_get_the_dtype_that_a_volume_of_them_has(tmp_path):
    """Of 12 bits each: int16 holds them, whatever the dtypes of 16 bits could have."""
    paths = [tmp_path / "unsigned.dcm", tmp_path / "signed.dcm"]
    paths[0].write_bytes(make(np.array([[0, 4095]], "u2"), bits_stored=12))
    paths[1].write_bytes(make(np.array([[-5, 7]], "i2"), bits_stored=12))
    batch = td.batch(paths, fill=-3)
    assert batch.dtype == np.int16
    assert batch[..., 0].tolist() == [[[0, 4095]], [[-5, 7]]]


def test_modality_values_are_float32_whatever_the_files(tmp_path):
    paths = [tmp_path / "narrow.dcm", tmp_path / "wide.dcm"]
    paths[0].write_bytes(make(np.array([[1, 2]], "u2"), **CT))
    paths[1].write_bytes(make(np.array([[1, 1 << 30]], "u4"), **CT))
    assert td.pixels(paths[1], values="modality").dtype == np.float64
    for sources in (paths, paths[:1], paths[1:]):
        assert td.batch(sources, values="modality").dtype == np.float32
        assert td.batch(sources, values="modality", size=(5, 5)).dtype == np.float32


def spied_headers(monkeypatch):
    """The number of paths of each reading of headers."""
    from turbodicom import _batch_headers

    asked, real = [], _batch_headers.read_many

    def spy(paths, *rest):
        asked.append(len(paths))
        return real(paths, *rest)

    monkeypatch.setattr(_batch_headers, "read_many", spy)
    return asked


def test_a_file_is_opened_once_for_all_its_frames(files, tmp_path, monkeypatch):
    paths, images = files
    frames = tmp_path / "frames.dcm"
    frames.write_bytes(make(images, bits_stored=12, **CT))
    asked = spied_headers(monkeypatch)
    sources = [(frames, 2), (str(frames), 0), paths[0], (frames, -1), (paths[1], 0)]
    assert np.array_equal(td.batch(sources)[..., 0], images[[2, 0, 0, 6, 1]])
    assert sum(asked) == 3


@pytest.mark.parametrize(
    ("make_sources", "message"),
    [
        (
            lambda paths, other: [paths[0], other],
            "differ in rows and columns: source 0 has 24 x 20, source 1 has 9 x 9; give size",
        ),
        (lambda paths, other: [], "at least one source"),
        (lambda paths, other: str(paths[0]), "not one str"),
        (lambda paths, other: [b"bytes"], "a source must be"),
        (lambda paths, other: [(paths[0], 0, 1)], "tuple of 3"),
    ],
)
def test_misuse_is_refused(files, tmp_path, make_sources, message):
    other = tmp_path / "other.dcm"
    other.write_bytes(make(stored_values(1, 9, 9), bits_stored=12))
    with pytest.raises((ValueError, TypeError), match=message):
        td.batch(make_sources(files[0], other))


def test_sources_in_no_order_are_refused(files):
    paths, _ = files
    for sources in ({0: paths[0]}, td.read(paths[0]), paths[0], b"path"):
        with pytest.raises(TypeError, match="sources must be"):
            td.batch(sources)


def test_unknown_keywords_are_those_of_batch(files):
    with pytest.raises(TypeError, match=r"batch\(\) got an unexpected keyword argument 'foo'"):
        td.batch(files[0], foo=1)


def test_options_that_a_batch_has_not_are_refused(files):
    paths, _ = files
    for options in (
        {"mask": True},
        {"nonsense": 1},
        {"report": ()},
        {"out": 5},
        {"reduce": 1},
        {"window": (1, 2)},
    ):
        with pytest.raises((ValueError, TypeError, td.UnsupportedError)):
            td.batch(paths, **options)


# -- errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, (11, 9)])
@pytest.mark.parametrize("workers", [1, 3])
def test_errors_are_data_when_wanted(files, tmp_path, size, workers):
    paths, _ = files
    cut, text, missing = write_bad(tmp_path)
    report = []
    options = {"values": "modality", "size": size}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        batch = td.batch(
            [paths[0], text, cut, missing, paths[1]],
            on_error="report",
            report=report,
            workers=workers,
            **options,
        )
    assert len(caught) == 1
    assert "3 of 5 sources are not whole" in str(caught[0].message)
    assert [r.reason is None for r in report] == [True, False, False, False, True]
    assert np.array_equal(batch[[0, 4]], td.batch(paths[:2], **options))
    assert (batch[[1, 3]] == 0).all()
    assert abs(batch[2, -1] + 1024).max() < 1e-3  # stored value 0
    assert "No such file" in report[3].reason
    assert report[2].offset is not None


def test_errors_name_their_source(files, tmp_path):
    paths, _ = files
    cut, text, missing = write_bad(tmp_path)
    for bad, error in ((cut, td.TruncatedDataError), (text, td.Error), (missing, FileNotFoundError)):
        with pytest.raises(error) as caught:
            td.batch([paths[0], paths[1], bad, bad])
        assert caught.value.source == 2
        assert "source 2" in str(caught.value)
        assert str(bad) in str(caught.value)
        if bad is cut:
            assert caught.value.where == "source 2, frame 0"
            assert str(caught.value).startswith(f"source 2, {bad}: ")
    with pytest.raises(td.TruncatedDataError, match="^source 1: "):
        td.batch([paths[0], td.read(cut.read_bytes())])
    with pytest.raises(td.TruncatedDataError, match=f"^source 1, {cut}: "):
        td.batch([paths[0], (td.read(cut), 0)], reduce=0, roi=(0, 0, 24, 20))  # not by read_jobs
    with pytest.warns(UserWarning, match=f"1 of 2 sources are not whole; first: source 1, {cut}: "):
        td.batch([paths[0], cut], on_error="report")


def test_values_that_do_not_fit_name_their_source(files):
    with pytest.raises(ValueError, match="source 0, .*000.dcm: .*does not fit"):
        td.batch(files[0], values="modality", dtype="int8")
    with pytest.raises(ValueError, match="source 0, .*000.dcm: .*does not fit"):
        td.batch(files[0], values="modality", dtype="int8", on_error="report")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"values": "voi", "window": (1, 2), "dtype": "int64"}, "32 bits"),
        ({"fill": -1}, "uint16 cannot hold fill=-1"),
        ({"fill": float("nan"), "dtype": "int16"}, "int16 cannot hold fill=nan"),
        ({"fill": 300, "values": "voi"}, "uint8 cannot hold fill=300"),
        ({"fill": 0.5}, "uint16 cannot hold fill=0.5"),
        ({"roi": (1, 1, 200, 200)}, "source 0, .*000.dcm: roi"),
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [None, (8, 8)])
def test_mistakes_of_the_caller_are_never_data(files, options, message, size):
    with pytest.raises(ValueError, match=message):
        td.batch(files[0], size=size, on_error="report", **options)


@pytest.mark.parametrize("fill", [-1, 300, float("nan")])
def test_a_fill_that_the_dtype_cannot_hold_is_refused_where_nothing_can_be_read(files, tmp_path, fill):
    _, text, missing = write_bad(tmp_path)
    for sources in ([missing], [missing, text]):
        with pytest.raises(ValueError, match="uint8 cannot hold fill"):
            td.batch(sources, size=(8, 8), on_error="report", fill=fill)


def test_frames_and_windows_that_a_file_has_not_are_data_when_wanted(files):
    paths, images = files
    report = []
    with pytest.warns(UserWarning, match="1 of 2 .* source 1, .*001.dcm: frame 1 of 1"):
        batch = td.batch([paths[0], (paths[1], 1)], on_error="report", report=report)
    assert np.array_equal(batch[0, ..., 0], images[0])
    assert [r.reason is None for r in report] == [True, False]
    with pytest.warns(UserWarning, match="7 of 7"):
        td.batch(paths, values="voi", window=td.Window.index(3), on_error="report", size=(4, 4))


def test_a_batch_of_which_nothing_can_be_read(tmp_path):
    _, text, missing = write_bad(tmp_path)
    options = {"on_error": "report", "values": "voi", "window": [(1, 2), (3, 4)], "fill": 3}
    with pytest.warns(UserWarning, match="2 of 2"):
        batch = td.batch([text, missing], size=(5, 6), **options)
    assert batch.shape == (2, 5, 6, 2)
    assert (batch == 3).all()
    with pytest.raises(ValueError, match="no source can be read"):
        td.batch([text], **options)


def test_hostile_sizes_cost_nothing(tmp_path):
    bomb = tmp_path / "bomb.dcm"
    bomb.write_bytes(make(stored_values(1, 4, 4), bits_stored=12, Rows=60000, Columns=60000))
    with pytest.raises(td.Error):
        td.batch([bomb])
    with pytest.raises(td.Error):
        td.batch([bomb], size=(4, 4))


# -- the caller's memory -----------------------------------------------------------------------------------


def test_out_of_any_strides_is_filled_and_returned(files):
    paths, _ = files
    options = {"values": "modality", "size": (11, 9)}
    wanted = td.batch(paths, **options)
    out = np.zeros((11, 9, 3, 14), "f4").transpose(3, 0, 1, 2)[::2, ::-1, :, 1:2]
    assert td.batch(paths, out=out, **options) is out
    assert np.array_equal(out, wanted)
    for bad in (
        np.zeros((7, 11, 9, 1), "f8")[..., :0],
        np.zeros((7, 11, 9), "f4"),
        np.zeros((7, 1, 11, 9), "f4"),
    ):
        with pytest.raises(ValueError, match="out must have shape"):
            td.batch(paths, out=bad, **options)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        td.batch(paths, out=out, **options)


def test_the_dtype_of_out_is_the_default(files):
    out = np.zeros((7, 24, 20, 1), "f8")
    td.batch(files[0], values="voi", out=out)
    assert np.array_equal(out, td.batch(files[0], values="voi", dtype="f8"))


def test_bytes_of_others_are_filled(files):
    paths, _ = files
    wanted = td.batch(paths, values="modality")
    room = bytearray(wanted.nbytes)
    assert td.batch(paths, values="modality", out=room) is room
    assert room == wanted.tobytes()
    with pytest.raises(ValueError, match="must have 13440 bytes, not 13439"):
        td.batch(paths, values="modality", out=bytearray(wanted.nbytes - 1))
    with pytest.raises(ValueError, match="writeable"):
        td.batch(paths, values="modality", out=bytes(wanted.nbytes))
    block = shared_memory.SharedMemory(create=True, size=wanted.nbytes)
    try:
        td.batch(paths, values="modality", out=block.buf[: wanted.nbytes])
        assert bytes(block.buf[: wanted.nbytes]) == wanted.tobytes()
    finally:
        block.close()
        block.unlink()


def test_tensors_are_filled_in_place(files):
    torch = pytest.importorskip("torch", exc_type=ImportError)
    paths, _ = files
    wanted = td.batch(paths, values="modality", layout="planar", size=(11, 9))
    tensor = torch.zeros(7, 1, 11, 9)
    assert td.batch(paths, values="modality", layout="planar", size=(11, 9), out=tensor) is tensor
    assert np.array_equal(tensor.numpy(), wanted)
    channels_last = torch.zeros(7, 1, 11, 9).to(memory_format=torch.channels_last)
    td.batch(paths, values="modality", layout="planar", size=(11, 9), out=channels_last)
    assert np.array_equal(channels_last.numpy(), wanted)
    half = torch.zeros(7, 11, 9, 1, dtype=torch.float16)
    td.batch(paths, values="modality", size=(11, 9), out=half)
    assert np.array_equal(half.numpy()[..., 0], wanted[:, 0].astype("f2"))
    with pytest.raises(TypeError, match="out"):
        td.batch(paths, values="modality", size=(11, 9), out=torch.zeros(7, 11, 9, 1, dtype=torch.bfloat16))
    with pytest.raises(TypeError, match="out"):
        td.batch(paths, values="modality", size=(11, 9), out=torch.zeros(7, 11, 9, 1, requires_grad=True))


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc, which only Linux has")
def test_nothing_else_of_the_size_of_the_result_is_allocated(run_child, tmp_path):
    ((path,), _) = write_series(tmp_path, 1, 512, 512)
    source = """
import sys
import numpy as np
import turbodicom as td
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
out = np.ones((200, 512, 512, 1), "f4")
options = dict(values="modality", workers=2)
td.batch([sys.argv[1]] * 4, out=out[:4], **options)
before = peak()
td.batch([sys.argv[1]] * 200, out=out, **options)
td.batch([sys.argv[1]] * 200, out=out[:, ::-1, ::-1], size=(512, 512), **options)
print(peak() - before)
"""
    child = run_child(source, path)
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) <= 12 << 10  # KiB, of 200 MiB
