# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The core's readers of lookup tables, palettes and overlay planes, against pydicom on corpus and made files.

Source: PS3.3 C.7.6.3.1.5, C.7.9.2, C.9.2, C.11.1.1, C.11.2.1.1.
"""

import struct
import warnings

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom.data import get_palette_files
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels.processing import _expand_segmented_lut, apply_color_lut, apply_modality_lut, apply_voi
from pydicom.uid import ExplicitVRLittleEndian

_core = pytest.importorskip("turbodicom._core")

COLORS = ("Red", "Green", "Blue")
PALETTE_FILES = [
    "dicom/pydicom__pydicom-data/OBXXXX1A.dcm",
    "dicom/pydicom__pydicom-data/OBXXXX1A_2frame.dcm",
    "dicom/pydicom__pydicom-data/gdcm-US-ALOKA-16.dcm",
    "dicom/pydicom__pydicom/examples_palette.dcm",
]
WELL_KNOWN = (
    "hotiron",
    "pet",
    "hotmetalblue",
    "pet20step",
    "spring",
    "summer",
    "fall",
    "winter",
)  # PS3.6 Table A-2


def rng():
    """Return the same numbers in every test."""
    return np.random.default_rng(4)


def tables_of(ds):
    """Return first, (3, n) entries of a data set's palette as pydicom has read it, and all notes."""
    is_big = not ds.original_encoding[1]
    firsts, entries, notes = [], [], []
    for color in COLORS:
        descriptor = ds[f"{color}PaletteColorLookupTableDescriptor"].value
        keyword = f"{color}PaletteColorLookupTableData"
        if keyword in ds:
            first, _, table, found = _core.read_lookup_table(descriptor, ds[keyword].value, False, is_big)
            notes += found
        else:
            first, table = (
                descriptor[1],
                _core.expand_segments(descriptor, ds["Segmented" + keyword].value, is_big),
            )
        firsts.append(first)
        entries.append(table)
    assert len(set(firsts)) == 1
    return firsts[0], np.stack(entries), notes


def colored(indexes, first, tables, **keywords):
    """Return new interleaved pixels and how many indexes were outside."""
    out = np.full((*indexes.shape, 3), 9, tables.dtype)
    return out, _core.apply_palette(indexes, first, tables, out, **keywords)


def slowly_colored(indexes, first, tables):
    """Return planes of pixels by NumPy."""
    offsets = np.clip(indexes.astype(np.int64) - first, 0, tables.shape[1] - 1)
    return tables[:, offsets]


def with_palette(entries, first, bits, data, pixel_representation=0):
    """Return a data set whose three tables are these bytes."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.PixelRepresentation = pixel_representation
    for color in COLORS:
        ds.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [entries % 65536, first % 65536, bits])
        ds.add_new(f"{color}PaletteColorLookupTableData", "OW", data)
    return ds


# -- lookup tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits, cell", [(8, "<u1"), (8, "<u2"), (16, "<u2"), (16, "<u1")])
@pytest.mark.parametrize("entries", [2, 255, 256, 4096])
def test_tables_in_cells_of_either_size_are_pydicoms(bits, cell, entries):
    values = rng().integers(0, 1 << (8 if cell == "<u1" else bits), entries).astype(cell)
    data = values.tobytes() + b"\0" * (values.nbytes % 2)
    most = (
        entries + 20 if cell == "<u2" else min(entries + 20, 7 + 256)
    )  # pydicom has offsets in the entries' dtype
    indexes = rng().integers(0, most, (20, 30)).astype(np.uint16)
    first, effective, table, notes = _core.read_lookup_table((entries, 7, bits), data, False, False)
    assert (first, effective) == (7, 8 if cell == "<u1" else bits)
    assert [code for code, _ in notes] == {
        (8, "<u2"): ["lut_16_bit_cells"],
        (16, "<u1"): ["lut_8_bit_cells"],
    }.get((bits, cell), [])
    if entries % 2 == 0 or cell == "<u2":  # pydicom refuses tables with a byte of padding
        expected = apply_color_lut(indexes, with_palette(entries, 7, bits, data))
        found, _ = colored(indexes, first, np.stack([table] * 3).astype(expected.dtype))
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(table, values)


def test_the_first_input_of_signed_pixels_is_signed_though_its_vr_is_not():
    data = bytes(range(16))
    indexes = np.arange(-20, 20, dtype=np.int16)
    first, _, table, _ = _core.read_lookup_table((16, 65536 - 8, 8), data, True, False)
    assert first == -8
    expected = with_palette(16, 0, 8, data)
    for color in COLORS:
        expected[f"{color}PaletteColorLookupTableDescriptor"].value = [16, -8, 8]
    found, outside = colored(indexes, first, np.stack([table] * 3).astype(np.uint8))
    np.testing.assert_array_equal(
        found[8:], apply_color_lut(indexes[8:], expected)
    )  # below -8 - 8, pydicom wraps around
    assert (found[:13] == 0).all()
    assert outside == 40 - 16


@pytest.mark.parametrize("is_big_endian", [False, True])
def test_a_modality_table_of_words_is_pydicoms(is_big_endian):
    values = rng().integers(0, 65536, 300)
    item = Dataset()
    item.add_new("LUTDescriptor", "SS", [300, -100, 16])
    item.add_new("LUTData", "US", values.tolist())
    ds = Dataset()
    ds.ModalityLUTSequence = [item]
    stored = np.arange(-200, 300, dtype=np.int16)
    first, bits, table, notes = _core.read_lookup_table(
        item.LUTDescriptor, values.astype(">u2" if is_big_endian else "<u2").tobytes(), True, is_big_endian
    )
    assert (first, bits, notes) == (-100, 16, [])
    np.testing.assert_array_equal(table[np.clip(stored - first, 0, 299)], apply_modality_lut(stored, ds))


@pytest.mark.parametrize("bits", range(10, 17))
def test_a_voi_table_of_10_to_16_bits_is_pydicoms(bits):
    values = rng().integers(0, 1 << bits, 256)
    values[7] = (1 << bits) - 1
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [256, 20, bits])
    item.add_new("LUTData", "US", values.tolist())
    ds = Dataset()
    ds.VOILUTSequence = [item]
    stored = np.arange(400, dtype=np.uint16)
    first, found_bits, table, notes = _core.read_lookup_table(
        (256, 20, bits), values.astype("<u2").tobytes(), False, False
    )
    assert (first, found_bits, notes) == (20, bits, [])
    np.testing.assert_array_equal(table[np.clip(stored.astype(int) - first, 0, 255)], apply_voi(stored, ds))


def test_notes_have_a_code_and_a_message_without_values():
    _, bits, table, notes = _core.read_lookup_table(
        (4, 0, 10), struct.pack("<3H", 1, 2, 0x7A31), False, False
    )
    assert [code for code, _ in notes] == ["lut_too_short", "lut_bits_too_small"]
    assert bits == 15
    assert table.tolist() == [1, 2, 0x7A31, 0x7A31]
    for _, message in notes:
        assert message.startswith("lut: ")
        assert "PS3.3" in message
        assert str(0x7A31) not in message


@pytest.mark.parametrize("descriptor", [(256, 0), (256, 0, 7), (256, 0, 17), (1 << 20, 0, 8)])
def test_descriptors_that_are_none_raise_conformance_errors(descriptor):
    with pytest.raises(td.errors.ConformanceError, match=r"PS3\.3 C\.11"):
        _core.read_lookup_table(descriptor, bytes(512), False, False)


def test_a_table_without_data_raises_a_truncated_error():
    with pytest.raises(td.errors.TruncatedDataError) as caught:
        _core.read_lookup_table((256, 0, 16), b"", False, False)
    assert caught.value.offset == 0


# -- segmented palettes ----------------------------------------------------------------------------------


def made_segments(bits, seed):
    """Return (entries, cells) of random discrete and linear segments, and for 8 bits an indirect one at the end."""
    numbers, top = np.random.default_rng(seed), 1 << bits
    cells, count = [], 0
    for _ in range(numbers.integers(1, 12)):
        length = int(numbers.integers(1, 200))
        if cells and numbers.random() < 0.6:
            cells += [1, length, int(numbers.integers(0, top))]
        else:
            cells += [0, length, *numbers.integers(0, top, length).tolist()]
        count += length
    if bits == 8:
        again = cells[1]
        cells += [2, 1, 0, 0, 0, 0]
        count += again
    return count, cells


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("seed", range(60))
def test_segments_expand_as_pydicoms(bits, seed):
    count, cells = made_segments(bits, seed)
    expected = _expand_segmented_lut(tuple(cells), "<B" if bits == 8 else "<H")
    data = np.array(cells, "<u1" if bits == 8 else "<u2").tobytes()
    np.testing.assert_array_equal(_core.expand_segments((count % 65536, 0, bits), data, False), expected)


@pytest.mark.parametrize("bits", [8, 16])
def test_segments_of_big_endian_words_expand_alike(bits):
    for seed in range(20):
        count, cells = made_segments(bits, seed)
        data = np.array(cells, "<u1" if bits == 8 else "<u2").tobytes()
        data += b"\0" * (len(data) % 2)
        swapped = np.frombuffer(data, "<u2").byteswap().tobytes()
        found = _core.expand_segments((count, 0, bits), swapped, True)
        np.testing.assert_array_equal(found, _core.expand_segments((count, 0, bits), data, False))


@pytest.mark.parametrize("data, error, offset", [
    (bytes([0, 1, 7, 2, 1, 3, 0, 0, 0]), td.errors.CorruptDataError, 3),
    (bytes([0, 1, 7, 2, 200, 0, 0, 0, 0]), td.errors.CorruptDataError, 3),
    (bytes([0, 4, 7, 7]), td.errors.TruncatedDataError, 4),
    (bytes([9, 4, 7, 7]), td.errors.CorruptDataError, 0),
    (b"", td.errors.TruncatedDataError, 0),
])  # fmt: skip
def test_segments_that_are_none_raise_typed_errors_with_an_offset(data, error, offset):
    with pytest.raises(error) as caught:
        _core.expand_segments((200, 0, 8), data, False)
    assert caught.value.offset == offset


# -- palettes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number, name", enumerate(WELL_KNOWN, 1))
def test_well_known_palettes_are_pydicoms(number, name):
    indexes = np.arange(256, dtype=np.uint8)
    expected = apply_color_lut(indexes, palette=f"1.2.840.10008.1.5.{number}")
    first, tables, notes = tables_of(pydicom.dcmread(get_palette_files(f"{name}.dcm")[0]))
    assert notes == []
    np.testing.assert_array_equal(colored(indexes, first, tables.astype(np.uint8))[0], expected)


@pytest.mark.parametrize("name", PALETTE_FILES)
def test_palettes_of_corpus_files_are_pydicoms(corpus, name):
    ds = pydicom.dcmread(corpus / name)
    first, tables, notes = tables_of(ds)
    expected = apply_color_lut(ds.pixel_array, ds)
    assert notes == []
    found, outside = colored(ds.pixel_array, first, tables.astype(expected.dtype))
    np.testing.assert_array_equal(found, expected)
    assert outside == 0


@pytest.mark.parametrize("name", ["OBXXXX1A", "gdcm-US-ALOKA-16"])
def test_palettes_of_big_endian_corpus_files_are_those_of_their_little_endian_twins(corpus, name):
    folder = corpus / "dicom/pydicom__pydicom-data"
    little = tables_of(pydicom.dcmread(folder / f"{name}.dcm"))
    big = tables_of(
        pydicom.dcmread(folder / (f"{name}_expb.dcm" if name.startswith("OB") else f"{name}_big.dcm"))
    )
    assert little[0] == big[0]
    np.testing.assert_array_equal(little[1], big[1])


@pytest.mark.parametrize("index_dtype", ["u1", "i1", "u2", "i2", "u4", "i4"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8", "i4"])
@pytest.mark.parametrize("shape", [(), (5,), (33, 65), (3, 40, 50)])
def test_palettes_of_every_dtype_shape_and_layout_are_numpys(index_dtype, dtype, shape):
    indexes = rng().integers(-100 if index_dtype[0] == "i" else 0, 120, shape).astype(index_dtype)
    tables = rng().integers(0, 256, (3, 90)).astype(dtype)
    expected = slowly_colored(indexes, 5, tables)
    wanted = int(((indexes.astype(int) < 5) | (indexes.astype(int) > 94)).sum())
    found, outside = colored(indexes, 5, tables)
    np.testing.assert_array_equal(found, np.moveaxis(expected, 0, -1))
    assert outside == wanted
    axis = max(indexes.ndim - 2, 0)
    planes = np.full((*shape[:axis], 3, *shape[axis:]), 9, dtype)
    assert _core.apply_palette(indexes, 5, tables, planes, planar=True) == wanted
    np.testing.assert_array_equal(planes, np.moveaxis(expected, 0, axis))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_palettes_take_any_strides_and_workers(workers):
    indexes = rng().integers(0, 300, (4, 200, 300)).astype(np.uint16)
    tables = rng().integers(0, 65536, (3, 256)).astype(np.uint16)
    expected = np.moveaxis(slowly_colored(indexes, 0, tables), 0, -1)
    room = np.full((4, 400, 310, 5), 7, np.uint16)
    outs = [
        np.empty((4, 200, 300, 3), np.uint16),
        np.asfortranarray(np.empty((4, 200, 300, 3), np.uint16)),
        room[:, ::-2, 5:305, 1:4],
        np.empty((3, 4, 200, 300), np.uint16).transpose(1, 2, 3, 0),
        np.empty((4, 200, 300, 3), np.uint16)[..., ::-1],
    ]
    for source in (indexes, np.asfortranarray(indexes), np.repeat(indexes, 2, axis=2)[:, :, ::2]):
        for out in outs:
            assert _core.apply_palette(source, 0, tables, out, workers=workers) == int((indexes > 255).sum())
            np.testing.assert_array_equal(out, expected)
    assert (room[:, ::2] == 7).all()
    assert (room[..., 0] == 7).all()
    assert (room[:, :, 305:] == 7).all()


@pytest.mark.parametrize("change, error", [
    ({"indexes": np.zeros((2, 2), np.float32)}, TypeError),
    ({"indexes": np.zeros((2, 2), ">u2")}, TypeError),
    ({"indexes": np.zeros((2, 2), np.int64)}, TypeError),
    ({"tables": np.zeros((3, 4), np.uint16)}, TypeError),
    ({"tables": np.zeros((4, 4), np.uint8)}, ValueError),
    ({"tables": np.zeros((3, 0), np.uint8)}, ValueError),
    ({"tables": np.zeros((3, 65537), np.uint8)}, ValueError),
    ({"out": np.zeros((2, 3, 3), np.uint8)}, ValueError),
    ({"out": np.zeros((2, 2), np.uint8)}, ValueError),
    ({"out": np.zeros((2, 2, 4), np.uint8)}, ValueError),
    ({"out": np.broadcast_to(np.zeros(3, np.uint8), (2, 2, 3))}, ValueError),
])  # fmt: skip
def test_palettes_refuse_what_does_not_fit(change, error):
    given = {
        "indexes": np.zeros((2, 2), np.uint8),
        "tables": np.zeros((3, 4), np.uint8),
        "out": np.zeros((2, 2, 3), np.uint8),
    }
    with pytest.raises(error):
        _core.apply_palette(**(given | change), first=0)


# -- overlay planes --------------------------------------------------------------------------------------


def overlay_groups(ds):
    """Return the groups of a data set that hold Overlay Data and its size, none of them empty."""
    groups, needed = range(0x6000, 0x6020, 2), (0x10, 0x11, 0x3000)
    return [group for group in groups if all((group, e) in ds and ds[group, e].value for e in needed)]


def test_overlays_of_corpus_files_are_pydicoms(corpus, manifest):
    seen = 0
    for row in manifest:
        if row["kind"] != "dicom":
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ds = pydicom.dcmread(corpus / row["file"], force=True, specific_tags=[
                (group, element) for group in range(0x6000, 0x6020, 2) for element in (0x10, 0x11, 0x15, 0x100, 0x3000)
            ])  # fmt: skip
            for group in overlay_groups(ds):
                expected = ds.overlay_array(group)
                frames = int(ds[group, 0x15].value) if (group, 0x15) in ds else 1
                found = _core.unpack_overlay(
                    ds[group, 0x3000].value, ds[group, 0x10].value, ds[group, 0x11].value, frames
                )
                np.testing.assert_array_equal(found.reshape(expected.shape), expected)
                seen += 1
    assert seen >= 3


@pytest.mark.parametrize(
    "rows, columns, frames", [(1, 1, 1), (3, 3, 5), (10, 10, 3), (7, 13, 2), (64, 65, 4)]
)
def test_overlay_frames_lie_back_to_back_amid_bytes(rows, columns, frames):
    planes = rng().integers(0, 2, (frames, rows, columns)).astype(np.uint8)
    data = np.packbits(planes.ravel(), bitorder="little").tobytes()
    data += b"\0" * (len(data) % 2)
    ds = Dataset()
    for element, vr, value in (
        (0x10, "US", rows),
        (0x11, "US", columns),
        (0x15, "IS", frames),
        (0x100, "US", 1),
        (0x3000, "OW", data),
    ):
        ds.add_new((0x6000, element), vr, value)
    found = _core.unpack_overlay(data, rows, columns, frames)
    np.testing.assert_array_equal(found, planes)
    np.testing.assert_array_equal(found.reshape(ds.overlay_array(0x6000).shape), ds.overlay_array(0x6000))
    one = _core.unpack_overlay(data, rows, columns, 1, first_bit=(frames - 1) * rows * columns)
    np.testing.assert_array_equal(one[0], planes[-1])
    swapped = np.frombuffer(data, "<u2").byteswap().tobytes()
    np.testing.assert_array_equal(
        _core.unpack_overlay(swapped, rows, columns, frames, is_big_endian=True), planes
    )


def test_an_overlay_short_of_a_bit_raises_a_truncated_error():
    assert _core.unpack_overlay(bytes(2), 4, 4, 1).shape == (1, 4, 4)
    with pytest.raises(td.errors.TruncatedDataError) as caught:
        _core.unpack_overlay(bytes(2), 17, 1, 1)
    assert caught.value.offset == 2
    with pytest.raises(td.errors.TruncatedDataError):
        _core.unpack_overlay(bytes(2), 65535, 65535, 1 << 30)


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"])
def test_an_embedded_overlay_is_its_bit_of_every_sample(dtype):
    stored = np.frombuffer(rng().bytes(40 * 60 * np.dtype(dtype).itemsize), dtype).reshape(40, 60)
    for bit in range(8 * stored.itemsize):
        expected = (stored >> np.array(bit, dtype)) & np.array(1, dtype)
        np.testing.assert_array_equal(_core.embedded_overlay(stored, bit), expected)
        np.testing.assert_array_equal(_core.embedded_overlay(stored[::2, ::-1], bit), expected[::2, ::-1])
    with pytest.raises(ValueError, match="bit must be below"):
        _core.embedded_overlay(stored, 8 * stored.itemsize)
