# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Overlay planes: reading, drawing, packing, moving. DCMTK is asked in tests/peers/test_geometry_peers.py."""

import io

import numpy as np
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from turbodicom._overlay_drawing import MODES, draw
from turbodicom._overlay_planes import OverlayPlanes
from turbodicom._overlays import Overlay, as_dcmtk_reads, overlays_of, packed

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def image(rows=4, columns=6, frames=None, samples=None, syntax=uid.ExplicitVRLittleEndian):
    """Return a pydicom data set of 16-bit pixels."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID, ds.SOPInstanceUID = uid.SecondaryCaptureImageStorage, "1.2.3"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit = rows, columns, 16, 12, 11
    ds.PixelRepresentation = 0
    if frames:
        ds.NumberOfFrames = frames
    samples = np.zeros(rows * columns * (frames or 1), np.uint16) if samples is None else samples
    ds.PixelData = samples.astype(">u2" if syntax == uid.ExplicitVRBigEndian else "<u2").tobytes()
    ds["PixelData"].VR = "OW"
    return ds


def with_overlay(ds, bits=CROSS, group=0x6000, *, drop=(), **elements):
    """Add an overlay; `elements` by number, as ``e0050=("SS", [2, 2])``."""
    bits = np.asarray(bits)
    data = packed(bits)
    if ds.file_meta.TransferSyntaxUID == uid.ExplicitVRBigEndian:
        data = np.frombuffer(data, "<u2").astype(">u2").tobytes()
    values = {
        "e0010": ("US", bits.shape[-2]), "e0011": ("US", bits.shape[-1]), "e0040": ("CS", "G"), "e0050": ("SS", [1, 1]),
        "e0100": ("US", 1), "e0102": ("US", 0), "e3000": ("OW", data),
    } | elements  # fmt: skip
    for name, (vr, value) in values.items():
        if name not in drop:
            ds.add_new(group << 16 | int(name[1:], 16), vr, value)
    return ds


def read(ds):
    """Write and read a data set."""
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return td.read(buffer.getvalue())


def only(ds, **options):
    """Return the only overlay of a data set."""
    (overlay,) = overlays_of(read(ds), **options)
    return overlay


# -- reading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "syntax", [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian, uid.ExplicitVRBigEndian]
)
def test_a_plane_is_read_with_what_the_file_says_of_it(syntax):
    about = {
        "e0022": ("LO", "a cross"), "e0040": ("CS", "R"), "e0045": ("LO", "USER"), "e0050": ("SS", [-1, 3]),
        "e1301": ("IS", "5"), "e1302": ("DS", "2.5"), "e1303": ("DS", "0.5"), "e1500": ("LO", "CROSS"),
    }  # fmt: skip
    overlay = only(with_overlay(image(syntax=syntax), group=0x6004, **about))
    assert overlay.planes.tolist() == [CROSS.tolist()]
    assert (overlay.group, overlay.origin, overlay.type, overlay.subtype) == (0x6004, (-1, 3), "R", "USER")
    assert (overlay.label, overlay.description, overlay.default_mode) == (
        "CROSS",
        "a cross",
        "region_of_interest",
    )
    assert (overlay.roi_area, overlay.roi_mean, overlay.roi_standard_deviation) == (5, 2.5, 0.5)
    assert (overlay.rows, overlay.columns, overlay.frames) == (3, 3, 1)
    assert not overlay.is_embedded and overlay.notes == ()


def test_bits_in_bytes_are_read_like_bits_in_words():
    assert only(with_overlay(image(), e3000=("OB", packed(CROSS)))).planes.tolist() == [CROSS.tolist()]


def test_overlays_come_in_the_order_of_their_groups():
    ds = image()
    for group in (0x601E, 0x6000, 0x6010):
        with_overlay(ds, group=group)
    assert [overlay.group for overlay in overlays_of(read(ds))] == [0x6000, 0x6010, 0x601E]


def test_a_data_set_without_overlays_has_none():
    assert overlays_of(read(image())) == []


def test_frames_of_an_overlay_lie_back_to_back_and_belong_to_frames_of_the_image():
    bits = np.stack([CROSS, 1 - CROSS])
    overlay = only(with_overlay(image(frames=4), bits, e0015=("IS", "2"), e0051=("US", 3)))
    assert overlay.planes.tolist() == bits.tolist()
    found = [overlay.plane_of(frame) for frame in range(5)]
    assert [plane is None for plane in found] == [True, True, False, False, True]
    assert found[3].tolist() == (1 - CROSS).tolist()


def test_an_overlay_without_frames_belongs_to_every_frame():
    overlay = only(with_overlay(image(frames=3)))
    assert [overlay.plane_of(frame).tolist() for frame in (0, 2)] == [CROSS.tolist()] * 2


@pytest.mark.parametrize("element", ["e0010", "e0011"])
@pytest.mark.parametrize("value", [None, 0])
def test_an_overlay_without_a_size_is_an_error(element, value):
    ds = (
        with_overlay(image(), drop=(element,))
        if value is None
        else with_overlay(image(), **{element: ("US", 0)})
    )
    with pytest.raises(td.ConformanceError, match="missing or not" if value is None else "is zero") as caught:
        overlays_of(read(ds))
    assert caught.value.where == f"(6000,{element[1:]})"


def test_overlay_data_that_ends_early_is_an_error_that_can_be_reported():
    ds = with_overlay(image(), e0010=("US", 6))
    with_overlay(ds, group=0x6002)
    with pytest.raises(td.TruncatedDataError) as caught:
        overlays_of(read(ds))
    assert caught.value.where == "(6000,3000)"
    report = []
    assert [overlay.group for overlay in overlays_of(read(ds), on_error="report", report=report)] == [0x6002]
    assert [(issue.code, issue.where) for issue in report] == [("overlay_left_out", "(6000,3000)")]


def test_a_size_the_data_cannot_justify_takes_no_memory():
    ds = with_overlay(image(), e0010=("US", 65535), e0011=("US", 65535), e0015=("IS", "2147483647"))
    with pytest.raises(td.TruncatedDataError):
        overlays_of(read(ds))


@pytest.mark.parametrize(
    ("drop", "elements", "notes", "origin"),
    [
        (("e0050",), {}, ("overlay_origin_missing",), (1, 1)),
        ((), {"e0050": ("SS", 3)}, ("overlay_origin",), (3, 1)),
        ((), {"e0100": ("US", 16)}, ("overlay_bits_allocated",), (1, 1)),
        (("e0100", "e0102"), {}, ("overlay_bits_allocated_missing", "overlay_bit_position_missing"), (1, 1)),
        ((), {"e0102": ("US", 5)}, ("overlay_bit_position",), (1, 1)),
    ],
)
def test_what_is_missing_or_wrong_has_a_rule_and_a_note(drop, elements, notes, origin):
    report = []
    overlay = only(with_overlay(image(), drop=drop, **elements), report=report)
    assert overlay.notes == notes and overlay.origin == origin and overlay.planes.tolist() == [CROSS.tolist()]
    assert [issue.code for issue in report] == list(notes)


def test_dcmtk_leaves_out_overlays_that_lack_an_attribute():
    ds = with_overlay(with_overlay(image(), drop=("e0050",)), group=0x6002)
    assert [overlay.group for overlay in as_dcmtk_reads(overlays_of(read(ds)))] == [0x6002]


def test_a_third_way_with_errors_is_refused():
    with pytest.raises(ValueError, match="'raise' or 'report'"):
        overlays_of(read(image()), on_error="ignore")


# -- embedded -------------------------------------------------------------------------------------------------


def embedded(bit=13, frames=2, syntax=uid.ExplicitVRLittleEndian, **elements):
    """Return a data set with planes in a bit of the pixels, and the planes."""
    planes = np.random.default_rng(2).integers(0, 2, (frames, 4, 6))
    ds = image(frames=frames, samples=(planes << bit).ravel() | 5, syntax=syntax)
    values = {"e0010": ("US", 4), "e0011": ("US", 6), "e0100": ("US", 16), "e0102": ("US", bit)} | elements
    return with_overlay(ds, drop=("e3000",), **values), planes


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_an_embedded_plane_has_a_frame_in_every_frame(syntax):
    ds, planes = embedded(syntax=syntax)
    overlay = only(ds)
    assert overlay.is_embedded and overlay.notes == ()
    assert overlay.planes.tolist() == planes.tolist()
    assert overlay.plane_of(1).tolist() == planes[1].tolist()
    assert only(ds, raw_stored=(planes << 13).astype(np.int16)).planes.tolist() == planes.tolist()


def test_dcmtk_takes_the_first_frame_of_an_embedded_plane_for_all():
    ds, planes = embedded()
    (overlay,) = as_dcmtk_reads(overlays_of(read(ds)))
    assert overlay.plane_of(1).tolist() == planes[0].tolist()


def test_an_embedded_bit_among_the_stored_ones_is_an_error():
    ds, _ = embedded(bit=11)
    with pytest.raises(td.ConformanceError, match="inside the stored bits 0 to 11"):
        overlays_of(read(ds))


def test_an_embedded_bit_beyond_the_sample_is_the_highest_one():
    ds, planes = embedded(bit=15, e0102=("US", 16))
    overlay = only(ds)
    assert overlay.notes == ("overlay_bit_position",) and overlay.planes.tolist() == planes.tolist()


def test_an_embedded_plane_of_another_size_is_an_error():
    ds, _ = embedded(e0010=("US", 3))
    with pytest.raises(td.ConformanceError, match="expected the same rows and columns"):
        overlays_of(read(ds))


@pytest.mark.parametrize("left", [0, 1, 47, 48, 95])
def test_an_embedded_plane_in_pixels_that_end_early_is_an_error(left):
    ds, _ = embedded()
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    data = buffer.getvalue()
    begin = data.rindex(b"OW") + 8
    with pytest.raises(td.TruncatedDataError):
        overlays_of(td.read(data[: begin + left]))


def test_an_overlay_without_data_and_without_pixels_is_an_error():
    ds, _ = embedded()
    del ds.PixelData
    with pytest.raises(td.ConformanceError, match="no Pixel Data"):
        overlays_of(read(ds))


def test_an_embedded_plane_in_compressed_pixels_is_unsupported():
    ds, _ = embedded(frames=1)
    ds = with_overlay(
        image(frames=1), drop=("e3000",), e0010=("US", 4), e0011=("US", 6), e0102=("US", 13), e0100=("US", 16)
    )
    ds.compress(uid.RLELossless)
    with pytest.raises(td.UnsupportedError, match="native"):
        overlays_of(read(ds))


# -- drawing --------------------------------------------------------------------------------------------------


def drawn(values, mode, bits=((1, 0),), **options):
    """Draw bits into one row of values."""
    picture = np.atleast_2d(values).copy()
    return draw(picture, Overlay(0x6000, np.array([bits], np.uint8)), 0, mode, **options).tolist()[0]


def test_modes_of_8_bits():
    eight = np.array([100, 100], np.uint8)
    assert drawn(eight, "replace", foreground=0.5) == [127, 100]
    assert drawn(eight, "threshold_replace", foreground=0.5, threshold=0.4) == [127, 100]  # 100 <= 102
    assert drawn(eight, "threshold_replace", foreground=0.5, threshold=0.3) == [1, 100]
    assert drawn(eight, "complement") == [0, 100]
    assert drawn(np.array([15, 16], np.uint8), "complement", [[1, 1]]) == [255, 0]
    assert drawn(eight, "invert_bitmap") == [100, 255]
    assert drawn(eight, "region_of_interest") == [100, 6]
    assert drawn(eight, "bitmap_shutter", value=9) == [9, 100]


def test_modes_of_16_bits_and_a_maximum_of_ones_own():
    sixteen = np.array([1000, 1000], np.uint16)
    assert drawn(sixteen, "replace") == [65535, 1000]
    assert drawn(sixteen, "replace", maximum=4095) == [4095, 1000]
    assert drawn(sixteen, "complement") == [0, 1000]
    assert drawn(np.array([255, 256], np.uint16), "complement", [[1, 1]]) == [65535, 0]
    assert drawn(sixteen, "region_of_interest") == [1000, 3]


def test_modes_of_floats():
    floats = np.array([0.25, 0.25], np.float32)
    assert drawn(floats, "replace") == [1, 0.25]
    assert drawn(floats, "threshold_replace", foreground=0.75, threshold=0.3) == [0.75, 0.25]
    assert drawn(floats, "complement") == [1, 0.25]
    assert drawn(floats, "region_of_interest") == [0.25, 0.25 / 16]


def test_the_default_mode_is_that_of_the_type():
    for kind, wanted in {"G": [255, 100], "R": [100, 6], "": [255, 100]}.items():
        picture = np.array([[100, 100]], np.uint8)
        draw(picture, Overlay(0x6000, np.array([[[1, 0]]], np.uint8), type=kind))
        assert picture.tolist()[0] == wanted


def test_colours_are_drawn_over_alike():
    picture = np.full((1, 2, 3), 100, np.uint8)
    draw(picture, Overlay(0x6000, np.array([[[1, 0]]], np.uint8)))
    assert picture.tolist() == [[[255] * 3, [100] * 3]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("origin", [(1, 1), (0, -1), (4, 6), (5, 7), (-2, -2), (-3, 1), (32767, -32768)])
def test_only_what_lies_in_the_picture_is_drawn(mode, origin):
    plane = np.ones((3, 3), np.uint8)
    whole, part = np.full((40, 40), 100, np.uint8), np.full((4, 6), 100, np.uint8)
    options = {"value": 7} if mode == "bitmap_shutter" else {}
    draw(part, Overlay(0x6000, plane[None], origin), 0, mode, **options)
    if max(map(abs, origin)) < 10:
        draw(whole, Overlay(0x6000, plane[None], (origin[0] + 10, origin[1] + 10)), 0, mode, **options)
    assert part.tolist() == whole[10:14, 10:16].tolist()


def test_a_frame_without_overlay_stays_as_it_is():
    overlay = Overlay(0x6000, np.ones((1, 1, 1), np.uint8), number_of_frames=1, first_frame=2)
    assert draw(np.array([[5]], np.uint8), overlay, 0).tolist() == [[5]]
    assert draw(np.array([[5]], np.uint8), overlay, 1).tolist() == [[255]]


def test_other_modes_and_pictures_are_refused():
    overlay = Overlay(0x6000, CROSS[None])
    with pytest.raises(ValueError, match="mode must be"):
        draw(np.zeros((3, 3), np.uint8), overlay, 0, "blend")
    with pytest.raises(ValueError, match="unsigned or float"):
        draw(np.zeros((3, 3), np.int16), overlay)


# -- packing --------------------------------------------------------------------------------------------------


def test_packed_planes_have_the_first_sample_in_the_lowest_bit_and_even_length():
    assert packed(np.array([[1, 0, 0], [1, 1, 0]])) == bytes([0b011001, 0])
    assert packed(np.ones((2, 3, 3))) == b"\xff\xff\x03\x00"
    assert len(packed(np.ones((4, 4)))) == 2


# -- a set of planes ------------------------------------------------------------------------------------------


def planes_of(*overlays, **options):
    """Return a set of planes."""
    return OverlayPlanes(overlays, **options)


def test_planes_are_named_by_place_or_group():
    shown = planes_of(Overlay(0x6000, CROSS[None]), Overlay(0x6010, CROSS[None], type="R"))
    assert len(shown) == 2 and 0x6010 in shown and 1 in shown and 2 not in shown and 0x6002 not in shown
    assert (shown.mode(0), shown.mode(0x6010), shown.overlay(1).group) == (
        "replace",
        "region_of_interest",
        0x6010,
    )
    with pytest.raises(ValueError, match="plane must be one of 2"):
        shown.mode(7)


def test_planes_are_shown_hidden_and_placed():
    shown = planes_of(Overlay(0x6000, np.ones((1, 1, 1), np.uint8)), is_visible=False)
    assert shown.draw(np.zeros((1, 2), np.uint8)).tolist() == [[0, 0]]
    shown.show(0, foreground=0.5)
    assert shown.is_visible(0) and shown.draw(np.zeros((1, 2), np.uint8)).tolist() == [[127, 0]]
    assert shown.place(0, 1, 0) and not shown.place(0, 1, 0)
    assert shown.draw(np.zeros((1, 2), np.uint8)).tolist() == [[0, 127]]
    shown.show(mode="invert_bitmap", foreground=9)
    shown.hide(0)
    shown.show()
    assert shown.draw(np.zeros((1, 2), np.uint8)).tolist() == [[0, 0]]  # its own pixel only, which is set
    with pytest.raises(ValueError, match="mode must be"):
        shown.show(0, mode="blend")


def test_added_planes_are_hidden_unless_they_are_shutters():
    shown = planes_of()
    shown.add(Overlay(0x6002, CROSS[None]))
    shown.add(Overlay(0x6000, CROSS[None]), "bitmap_shutter")
    assert [shown.overlay(n).group for n in (0, 1)] == [0x6000, 0x6002]
    assert shown.is_visible(0x6000) and not shown.is_visible(0x6002)
    shown.show(0x6000, p_value=32768)
    assert shown.draw(np.zeros((3, 3), np.uint8)).max() == 127
    assert shown.draw(np.zeros((3, 3), np.uint8), shutter_value=lambda p_value: p_value >> 12).max() == 8
    assert shown.remove(0x6000) and not shown.remove(0x6000) and len(shown) == 1


def test_data_of_a_plane_is_clipped_to_the_image_and_full_data_is_not():
    shown = planes_of(Overlay(0x6000, CROSS[None], origin=(0, 2)))
    data = shown.data(0, columns=3, rows=2, foreground=9, background=1)
    assert data.samples.tolist() == [[9, 9], [1, 9]] and data.samples.dtype == np.uint8
    assert (data.left, data.top, data.columns, data.rows, data.mode) == (1, 0, 2, 2, "replace")
    full = shown.full_data(0, bits=12, foreground=0xFFFF, background=2)
    assert full.samples.tolist() == np.where(CROSS, 4095, 2).tolist() and full.samples.dtype == np.uint16
    assert (full.left, full.top) == (1, -1)
    assert shown.data(0, columns=1, rows=1) is None


def test_data_of_one_bit_is_packed():
    shown = planes_of(Overlay(0x6000, CROSS[None]))
    assert shown.full_data(0, bits=1, foreground=1).samples.tolist() == [0b10111010, 0]
    assert shown.full_data(0, bits=1, foreground=0, background=1).samples.tolist() == [0b01000101, 1]
    assert shown.full_data(0, bits=1, foreground=2, background=4).samples.tolist() == [255, 255]
    later = planes_of(Overlay(0x6000, CROSS[None], number_of_frames=1))
    assert later.full_data(0, 1, bits=1, foreground=0, background=1).samples.tolist() == [0, 0]
    with pytest.raises(ValueError, match="bits must be"):
        shown.full_data(0, bits=17)


def test_frames_beyond_an_overlay_give_background():
    shown = planes_of(Overlay(0x6000, CROSS[None], number_of_frames=1, first_frame=3))
    assert shown.full_data(0, 0).samples.max() == 255 and shown.full_data(0, 1).samples.max() == 0


def test_an_image_that_begins_at_a_later_frame_shows_that_frames_plane():
    overlay = Overlay(0x6000, np.array([[[0]], [[1]]], np.uint8), number_of_frames=2)
    assert planes_of(overlay).draw(np.zeros((1, 1), np.uint8)).tolist() == [[0]]
    assert planes_of(overlay, first_frame=1).draw(np.zeros((1, 1), np.uint8)).tolist() == [[255]]


def corner(shown):
    """Return what a set draws on a small image, as text."""
    return [
        "".join(" x"[value] for value in row) for row in shown.draw(np.zeros((4, 6), np.uint8), maximum=1)
    ]


def test_planes_follow_a_flip_a_rotation_and_a_clip():
    shown = planes_of(Overlay(0x6000, np.array([[[1, 1], [1, 0]]], np.uint8), origin=(2, 1)))
    assert corner(shown) == ["      ", "xx    ", "x     ", "      "]
    assert corner(shown.flipped(True, False, 6, 4)) == ["      ", "    xx", "     x", "      "]
    assert corner(shown.flipped(False, True, 6, 4)) == ["      ", "x     ", "xx    ", "      "]
    assert corner(shown.rotated(180, 6, 4)) == ["      ", "     x", "    xx", "      "]
    turned = shown.rotated(90, 6, 4).draw(np.zeros((6, 4), np.uint8), maximum=1)
    assert turned[:2].tolist() == [[0, 1, 1, 0], [0, 0, 1, 0]] and turned.sum() == 3
    assert corner(shown.scaled(0, 1, 1.0, 1.0)) == ["xx    ", "x     ", "      ", "      "]
    assert corner(shown.scaled(0, 0, 2.0, 1.0)) == ["      ", "xxxx  ", "xx    ", "      "]
    assert len(shown.scaled(0, 0, 0.1, 1.0)) == 0


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_plane_turned_all_the_way_is_where_it_was(degrees):
    shown = planes_of(
        Overlay(0x6000, CROSS[None], origin=(2, 3)), Overlay(0x6002, np.ones((1, 4, 2), np.uint8))
    )
    columns, rows, turned = 6, 4, shown
    for _ in range(4):
        turned = turned.rotated(degrees, columns, rows)
        columns, rows = (columns, rows) if degrees == 180 else (rows, columns)
    assert corner(turned) == corner(shown)


def test_a_copy_is_shown_for_itself():
    shown = planes_of(Overlay(0x6000, CROSS[None]))
    shown.copy().hide()
    assert shown.is_visible(0)
