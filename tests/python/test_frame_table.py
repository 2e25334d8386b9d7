# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frame tables: what nested access to the functional groups gives (PS3.3 C.7.6.16), as arrays."""

import io
import math
import random
import struct
import threading
import warnings

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence

PLANE, MEASURES = "PlanePositionSequence", "PixelMeasuresSequence"
CONTENT, VOI = "FrameContentSequence", "FrameVOILUTSequence"
# column: functional group, keyword, values a frame (0: a scalar, None: any number)
COLUMNS = {
    "position": (PLANE, "ImagePositionPatient", 3),
    "orientation": ("PlaneOrientationSequence", "ImageOrientationPatient", 6),
    "pixel_spacing": (MEASURES, "PixelSpacing", 2),
    "slice_thickness": (MEASURES, "SliceThickness", 0),
    "spacing_between_slices": (MEASURES, "SpacingBetweenSlices", 0),
    "rescale_slope": ("PixelValueTransformationSequence", "RescaleSlope", 0),
    "rescale_intercept": ("PixelValueTransformationSequence", "RescaleIntercept", 0),
    "rescale_type": ("PixelValueTransformationSequence", "RescaleType", 0),
    "window_center": (VOI, "WindowCenter", None),
    "window_width": (VOI, "WindowWidth", None),
    "dimension_index_values": (CONTENT, "DimensionIndexValues", None),
    "stack_id": (CONTENT, "StackID", 0),
    "in_stack_position_number": (CONTENT, "InStackPositionNumber", 0),
    "temporal_position_index": (CONTENT, "TemporalPositionIndex", 0),
    "frame_acquisition_number": (CONTENT, "FrameAcquisitionNumber", 0),
    "frame_acquisition_datetime": (CONTENT, "FrameAcquisitionDateTime", 0),
    "frame_reference_datetime": (CONTENT, "FrameReferenceDateTime", 0),
    "frame_acquisition_duration": (CONTENT, "FrameAcquisitionDuration", 0),
    "segment_number": ("SegmentIdentificationSequence", "ReferencedSegmentNumber", 0),
}
FORMS = {
    "explicit": uid.ExplicitVRLittleEndian,
    "implicit": uid.ImplicitVRLittleEndian,
    "big_endian": uid.ExplicitVRBigEndian,
    "deflated": uid.DeflatedExplicitVRLittleEndian,
}


# -- the slow way --------------------------------------------------------------------------------------


def items(ds, keyword):
    """Return the items of a sequence; none when it is absent or no sequence."""
    found = ds.get(keyword)
    return (
        found if isinstance(found, (list, Sequence)) and all(hasattr(item, "get") for item in found) else []
    )


def nested(ds, group, keyword, frames):
    """Return the value of each frame by the rule of FrameTable; of pydicom's data sets and of ours."""
    per_frame, shared = (
        items(ds, "PerFrameFunctionalGroupsSequence"),
        items(ds, "SharedFunctionalGroupsSequence"),
    )
    holders = []
    for index in range(frames):
        own = items(per_frame[index], group) if index < len(per_frame) else []
        holders.append((own or (items(shared[0], group) if shared else []) or [None])[0])
    if all(holder is None for holder in holders):
        first_only = keyword == "ImagePositionPatient" and frames > 1
        return [ds.get(keyword)] + [None if first_only else ds.get(keyword)] * (frames - 1)
    return [None if holder is None else holder.get(keyword) for holder in holders]


def as_row(value, width, missing):
    """Return a value as numbers; a wrong number of them (`width` None: any) counts as missing."""
    values = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
    values = [] if value is None or value == "" else values
    try:
        row = [missing if member in ("", None) else float(member) for member in values]
    except (TypeError, ValueError):
        row = []
    return row if width in (None, len(row)) else [missing] * width


def check(table, ds, frames):
    """Compare every column with nested access."""
    assert len(table) == frames
    for name, (group, keyword, width) in COLUMNS.items():
        array, values = getattr(table, name), nested(ds, group, keyword, frames)
        if array.dtype == object:
            assert array.tolist() == [None if value is None else str(value) for value in values], name
            continue
        missing = -1 if array.dtype == np.int64 else math.nan
        columns = array.shape[1] if width is None else max(width, 1)
        rows = [as_row(value, None if width is None else columns, missing) for value in values]
        rows = [row + [missing] * (columns - len(row)) for row in rows]
        expected = np.array(rows, array.dtype).reshape(frames, columns)
        np.testing.assert_array_equal(array.reshape(frames, columns), expected, err_msg=name)


# -- files ---------------------------------------------------------------------------------------------


def group(**elements):
    """Return a sequence of one item."""
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return Sequence([item])


def frame_groups(index, draw):
    """Return the functional groups of a frame, some of them missing."""
    item = Dataset()
    item.FrameContentSequence = group(
        DimensionIndexValues=[1, index + 1],
        StackID=str(index // 3),
        InStackPositionNumber=index % 3 + 1,
        FrameAcquisitionDateTime=f"2026010112{index % 60:02}00.5",
        FrameAcquisitionDuration=12.5 + index,
    )
    if draw.random() < 0.9:
        item.PlanePositionSequence = group(ImagePositionPatient=[index, -0.5 * index, 1e-3])
    if index == 0 or (index != 1 and draw.random() < 0.5):
        item.PixelMeasuresSequence = group(PixelSpacing=[0.5, 0.25], SliceThickness=index / 4)
    if draw.random() < 0.5:
        count = draw.randrange(1, 4)
        item.FrameVOILUTSequence = group(WindowCenter=[1.5] * count, WindowWidth=[2.5] * count)
    if draw.random() < 0.5:
        item.SegmentIdentificationSequence = group(ReferencedSegmentNumber=index + 1)
    if draw.random() < 0.2:
        item.PixelValueTransformationSequence = Sequence([])
    if draw.random() < 0.5:
        block = item.private_block(0x0019, "CREATOR", create=True)
        block.add_new(1, "SQ", Sequence([Dataset()]))
        block[1].value[0].PlanePositionSequence = group(ImagePositionPatient=[9, 9, 9])
    item.DerivationImageSequence = Sequence([Dataset(), Dataset()])
    item.DerivationImageSequence[1].SourceImageSequence = group(ReferencedSOPInstanceUID=f"1.2.{index}")
    return item


def enhanced(frames=7, seed=0):
    """Return an enhanced multi-frame Dataset with 1x1 pixels."""
    draw, ds = random.Random(seed), Dataset()
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.NumberOfFrames = 1, "MONOCHROME2", frames
    ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = (
        1,
        1,
        8,
        8,
        7,
        0,
    )
    ds.DimensionIndexSequence = Sequence([
        group(DimensionIndexPointer=0x00209056, FunctionalGroupPointer=0x00209111)[0],
        group(DimensionIndexPointer=0x00200032, FunctionalGroupPointer=0x00209113, DimensionDescriptionLabel="place")[0],
    ])  # fmt: skip
    shared = Dataset()
    shared.PlaneOrientationSequence = group(ImageOrientationPatient=[1, 0, 0, 0, 0.6, 0.8])
    shared.PixelMeasuresSequence = group(PixelSpacing=[2, 3], SliceThickness=4, SpacingBetweenSlices=5)
    shared.PixelValueTransformationSequence = group(RescaleSlope=2, RescaleIntercept=-1024, RescaleType="HU")
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence([frame_groups(index, draw) for index in range(frames)])
    ds.PixelData = bytes(frames + frames % 2)
    return ds


def without_lengths(ds):
    """Let all sequences and items be written with undefined lengths."""
    for element in ds:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
                without_lengths(item)
    return ds


def as_file(ds, syntax=uid.ExplicitVRLittleEndian):
    """Return the bytes of a file."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID, ds.SOPInstanceUID = uid.EnhancedCTImageStorage, "1.2.3"
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def explicit(tag, vr, value):
    """Return one explicit VR element."""
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr in ("SQ", "OB", "UN", "UC", "UT", "SV", "UV"):
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def bare_item(value):
    """Return an item."""
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(value)) + value


def one_value(group_tag, tag, vr, value, frames=b"1 "):
    """Return a file of one frame with one value in one functional group."""
    meta = explicit(0x00020010, "UI", b"1.2.840.10008.1.2.1\0")
    inner = explicit(group_tag, "SQ", bare_item(explicit(tag, vr, value)))
    return b"".join((
        bytes(128), b"DICM", explicit(0x00020000, "UL", struct.pack("<I", len(meta))), meta,
        explicit(0x00280008, "IS", frames), explicit(0x52009230, "SQ", bare_item(inner)),
    ))  # fmt: skip


# -- equal to nested access ----------------------------------------------------------------------------


@pytest.mark.manifest(kind="dicom")
def test_tables_of_real_files_equal_pydicoms_nested_access(row, corpus):
    ds = td.read(str(corpus / row["file"]))
    frames = int(ds.get("NumberOfFrames") or 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = pydicom.dcmread(corpus / row["file"], stop_before_pixels=True, force=True)
        check(ds.frame_table(), peer, frames)
    check(ds.frame_table(), ds, frames)


@pytest.mark.parametrize("undefined", [False, True], ids=["lengths", "no_lengths"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(4))
def test_tables_of_made_files_equal_pydicoms_nested_access(form, undefined, seed):
    made = enhanced(9, seed)
    data = as_file(without_lengths(made) if undefined else made, FORMS[form])
    table = td.read(data).frame_table()
    check(table, pydicom.dcmread(io.BytesIO(data)), 9)
    assert np.isfinite(table.rescale_slope).all()
    assert len({tuple(row) for row in table.pixel_spacing.tolist()}) == 2  # own ones and the shared one


def test_a_file_larger_than_what_a_data_set_keeps_is_read_again(tmp_path):
    made = enhanced(400)
    path = tmp_path / "large.dcm"
    for ds in (made, without_lengths(made)):
        path.write_bytes(as_file(ds))
        opened = td.read(str(path))
        assert opened.element("PerFrameFunctionalGroupsSequence").length > 1 << 16
        check(opened.frame_table(), made, 400)
    with open(path, "rb") as file:
        check(td.read(file).frame_table(), made, 400)


def test_a_file_that_has_changed_since_is_an_os_error(tmp_path):
    path = tmp_path / "large.dcm"
    path.write_bytes(as_file(enhanced(400)))
    ds = td.read(str(path))
    path.write_bytes(as_file(enhanced(401)))
    with pytest.raises(OSError, match="changed"):
        ds.frame_table()


def test_many_threads_get_the_same_table():
    data = as_file(enhanced(50))
    ds, made, tables = td.read(data), pydicom.dcmread(io.BytesIO(data)), []
    threads = [threading.Thread(target=lambda: tables.append(ds.frame_table())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tables) == 8
    for table in tables:
        check(table, made, 50)


# -- which value counts --------------------------------------------------------------------------------


def test_a_group_of_the_frame_replaces_the_shared_one_whole():
    ds = enhanced(2)
    ds.PerFrameFunctionalGroupsSequence[0].PixelMeasuresSequence = group(SliceThickness=7)
    ds.PerFrameFunctionalGroupsSequence[1].PixelMeasuresSequence = Sequence([])
    table = td.read(as_file(ds)).frame_table()
    assert table.slice_thickness.tolist() == [7, 4]
    assert np.isnan(table.pixel_spacing[0]).all()
    assert table.pixel_spacing[1].tolist() == [2, 3]


def test_the_data_set_itself_counts_where_no_functional_group_says_anything():
    ds = enhanced(3)
    ds.RescaleSlope, ds.TemporalPositionIndex = 99, 5
    table = td.read(as_file(ds)).frame_table()
    assert table.rescale_slope.tolist() == [2, 2, 2]
    assert table.temporal_position_index.tolist() == [-1, -1, -1]  # its group is there
    del ds.SharedFunctionalGroupsSequence
    table = td.read(as_file(ds)).frame_table()
    assert table.rescale_slope.tolist() == [99, 99, 99]


def test_a_single_frame_file_gives_one_row():
    ds = Dataset()
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [1, 2, 3], [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.RescaleSlope, ds.WindowCenter, ds.WindowWidth = [0.5, 0.5], 2, [1, 2], [3, 4]
    table = td.read(as_file(ds)).frame_table()
    assert len(table) == 1
    assert table.position.tolist() == [[1, 2, 3]]
    assert table.window_width.tolist() == [[3, 4]]
    assert table.rescale_type.tolist() == [None]
    assert table.dimension_index_values.shape == (1, 0)


def test_a_classic_multi_frame_file_has_the_position_of_its_first_frame_only():
    ds = Dataset()
    ds.NumberOfFrames, ds.ImagePositionPatient, ds.PixelSpacing = 3, [1, 2, 3], [0.5, 0.25]
    table = td.read(as_file(ds)).frame_table()
    assert table.position[0].tolist() == [1, 2, 3]
    assert np.isnan(table.position[1:]).all()
    assert table.pixel_spacing.tolist() == [[0.5, 0.25]] * 3


def test_dimensions_are_named():
    table = td.read(as_file(enhanced(2))).frame_table()
    assert table.dimensions == (
        ("StackID", "FrameContentSequence", ""),
        ("ImagePositionPatient", "PlanePositionSequence", "place"),
    )
    assert table.dimensions[1].pointer == "ImagePositionPatient"


def test_dimensions_without_any_index_have_columns_all_the_same():
    ds = enhanced(2)
    for item in ds.PerFrameFunctionalGroupsSequence:
        del item.FrameContentSequence
    assert td.read(as_file(ds)).frame_table().dimension_index_values.tolist() == [[-1, -1]] * 2


def test_a_private_dimension_is_named_by_its_tag():
    ds = enhanced(2)
    ds.DimensionIndexSequence[0].DimensionIndexPointer = 0x00191001
    assert td.read(as_file(ds)).frame_table().dimensions[0].pointer == "(0019,1001)"


# -- tags ----------------------------------------------------------------------------------------------


def test_a_keyword_is_found_in_whichever_group_has_it():
    ds = enhanced(3)
    for index, item in enumerate(ds.PerFrameFunctionalGroupsSequence):
        item.CTAcquisitionDetailsSequence = group(RotationDirection="CW", TableHeight=index)
        item.CTImageFrameTypeSequence = group(FrameType=["ORIGINAL", "PRIMARY", "AXIAL", "NONE"])
    ds.SharedFunctionalGroupsSequence[0].CTExposureSequence = group(ExposureTimeInms=12.5)
    table = td.read(as_file(ds)).frame_table(
        ["RotationDirection", "TableHeight", (0x0018, 0x9328), 0x00089007, "SliceThickness", "KVP"]
    )
    assert table.more["RotationDirection"].tolist() == ["CW"] * 3
    assert table.more["TableHeight"].tolist() == [0, 1, 2]
    assert table.more[0x0018, 0x9328].tolist() == [12.5] * 3
    assert table.more[0x00089007].tolist() == [["ORIGINAL", "PRIMARY", "AXIAL", "NONE"]] * 3
    np.testing.assert_array_equal(table.more["SliceThickness"], table.slice_thickness)
    assert np.isnan(table.more["KVP"]).all()


def test_a_path_leads_below_the_functional_groups():
    ds = enhanced(3)
    path = "DerivationImageSequence[1].SourceImageSequence.ReferencedSOPInstanceUID"
    wrong = "DerivationImageSequence[0].SourceImageSequence.ReferencedSOPInstanceUID"
    tags = "(0008,9124)[1].(0008,2112)[0].(0008,1155)"
    table = td.read(as_file(ds)).frame_table(tags=[path, wrong, tags])
    assert table.more[path].tolist() == ["1.2.0", "1.2.1", "1.2.2"]
    assert table.more[wrong].tolist() == [None] * 3
    assert table.more[tags].tolist() == table.more[path].tolist()


def test_a_path_of_a_classic_file_is_one_of_the_data_set():
    ds = Dataset()
    ds.NumberOfFrames, ds.DetectorInformationSequence = (
        2,
        group(ImagePositionPatient=[1, 2, 3], FocalDistance=4),
    )
    tags = ["DetectorInformationSequence.FocalDistance", "DetectorInformationSequence[1].FocalDistance"]
    table = td.read(as_file(ds)).frame_table(tags)
    assert table.more[tags[0]].tolist() == [[4], [4]]
    assert np.isnan(table.more[tags[1]]).all()


def test_columns_have_the_shape_of_the_value_multiplicity():
    ds = enhanced(3)
    for index, item in enumerate(ds.PerFrameFunctionalGroupsSequence):
        item.MRDiffusionSequence = group(DiffusionBValue=100.0 * index)
        item.PixelMeasuresSequence = group(PixelSpacing=[1, 2])
        item.RealWorldValueMappingSequence = group(RealWorldValueLUTData=[1.0] * (index + 1))
    table = td.read(as_file(ds)).frame_table(["DiffusionBValue", "PixelSpacing", "RealWorldValueLUTData"])
    assert table.more["DiffusionBValue"].tolist() == [0, 100, 200]
    assert table.more["PixelSpacing"].shape == (3, 2)
    assert table.more["RealWorldValueLUTData"].shape == (3, 3)
    assert np.isnan(table.more["RealWorldValueLUTData"]).sum() == 3


def test_us_or_ss_is_what_pixel_representation_says():
    for representation, expected in ((0, 65535), (1, -1)):
        ds = enhanced(1)
        ds.PixelRepresentation = representation
        item = group(RealWorldValueFirstValueMapped=expected)
        ds.PerFrameFunctionalGroupsSequence[0].RealWorldValueMappingSequence = item
        data = as_file(ds, uid.ImplicitVRLittleEndian)
        table = td.read(data).frame_table(["RealWorldValueFirstValueMapped"])
        assert table.more["RealWorldValueFirstValueMapped"].tolist() == [expected]


@pytest.mark.parametrize("tags", ["PatientID", 0x00100020])
def test_tags_that_are_no_list_are_a_type_error(tags):
    with pytest.raises(TypeError, match="tags must be a list"):
        td.read(as_file(enhanced(1))).frame_table(tags)


@pytest.mark.parametrize(
    "key",
    [
        "Nonsense",
        "PlanePositionSequence[0]",
        "PlanePositionSequence",
        "A.B",
        "",
        ".",
        "PixelMeasuresSequence[x].Rows",
    ],
)
def test_what_is_no_tag_is_a_value_error(key):
    with pytest.raises(ValueError, match="tags must"):
        td.read(as_file(enhanced(1))).frame_table([key])


def test_a_key_that_is_none_of_these_is_a_type_error():
    with pytest.raises(TypeError):
        td.read(as_file(enhanced(1))).frame_table([1.5])


# -- odd values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [
        ("DS", b"1.5 ", 1.5),
        ("DS", b" +1.50E+01", 15.0),
        ("DS", b"0.1234567890123456789012", 0.1234567890123456789012),
        ("DS", b"1e-300", 1e-300),
        ("LO", b"2.5 ", 2.5),
        ("IS", b"3 ", 3.0),
        ("FD", struct.pack("<d", 0.1), 0.1),
        ("FL", struct.pack("<f", 0.5), 0.5),
        ("US", b"\7\0", 7.0),
        ("SS", b"\xff\xff", -1.0),
        ("UN", b"4.5 ", 4.5),
        ("UV", struct.pack("<Q", 1 << 40), float(1 << 40)),
    ],
)
def test_a_number_is_read_by_the_vr_it_is_written_with(vr, value, expected):
    ds = td.read(one_value(0x00289110, 0x00180050, vr, value))
    assert ds.frame_table().slice_thickness.tolist() == [expected]
    assert ds.issues == []


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"abc "),
        ("DS", b"1\\2 "),
        ("FD", b"1234567\0\0\0"),
        ("OB", b"1.5 "),
        ("DS", b"1,5 "),
        ("LO", b"\xb2 "),
    ],
)
def test_a_value_that_does_not_fit_counts_as_missing_and_is_an_issue(vr, value):
    data = one_value(0x00289110, 0x00180050, vr, value)
    ds = td.read(data)
    assert np.isnan(ds.frame_table().slice_thickness).all()
    (issue,) = ds.issues
    assert issue.code == "frame_value"
    assert issue.offset == data.index(value)
    with pytest.raises(td.ConformanceError):
        td.read(data, strict=True).frame_table()


def test_an_integer_that_is_none_counts_as_missing():
    ds = td.read(one_value(0x0062000A, 0x0062000B, "DS", b"1.5 "))
    assert ds.frame_table().segment_number.tolist() == [-1]
    assert [issue.code for issue in ds.issues] == ["frame_value"]


def test_empty_values_are_missing_numbers_and_empty_text():
    for vr, value in (("DS", b""), ("DS", b"  "), ("FD", b"")):
        ds = td.read(one_value(0x00289110, 0x00180050, vr, value))
        assert np.isnan(ds.frame_table().slice_thickness).all()
        assert ds.issues == []
    assert td.read(one_value(0x00209111, 0x00209056, "SH", b"")).frame_table().stack_id.tolist() == [""]


def test_text_is_decoded_by_the_character_set():
    ds = enhanced(3)
    ds.SpecificCharacterSet = "ISO_IR 192"
    for index, item in enumerate(ds.PerFrameFunctionalGroupsSequence):
        item.FrameContentSequence[0].StackID = ["\u00e4", "\u65e5\u672c", "plain"][index]
    assert td.read(as_file(ds)).frame_table().stack_id.tolist() == ["\u00e4", "\u65e5\u672c", "plain"]
    assert td.read(as_file(ds), charset="ISO_IR 100").frame_table().stack_id[0] == "\u00c3\u00a4"


def test_a_row_wide_beyond_proportion_does_not_make_the_others_wide():
    ds = enhanced(200)
    for item in ds.PerFrameFunctionalGroupsSequence:
        item.FrameVOILUTSequence = group(WindowCenter=1, WindowWidth=2)
    ds.PerFrameFunctionalGroupsSequence[7].FrameVOILUTSequence = group(
        WindowCenter=[1] * 5000, WindowWidth=[2]
    )
    read = td.read(as_file(ds))
    table = read.frame_table()
    assert table.window_center.shape[1] < 500
    assert np.isnan(table.window_center[7]).all()
    assert table.window_center[:, 0].tolist().count(1) == 199
    assert [issue.code for issue in read.issues] == ["frame_value"]


# -- how many rows -------------------------------------------------------------------------------------


def test_items_beyond_the_frames_are_left_out_and_reported():
    ds = enhanced(5)
    ds.NumberOfFrames = 3
    read = td.read(as_file(ds))
    table = read.frame_table()
    check(table, ds, 3)
    assert [issue.code for issue in read.issues] == ["functional_group_items"]


def test_frames_without_an_item_have_the_shared_values_only_and_are_reported():
    ds = enhanced(3)
    ds.NumberOfFrames = 5
    read = td.read(as_file(ds))
    table = read.frame_table()
    check(table, ds, 5)
    assert np.isnan(table.position[3:]).all()
    assert table.rescale_slope.tolist() == [2] * 5
    assert [issue.code for issue in read.issues] == ["functional_group_items"]


@pytest.mark.parametrize("text", [b"2147483647", b"-1", b"1.5 ", b"1A", b"99999999999999999999999 "])
def test_a_number_of_frames_that_cannot_be_is_a_conformance_error(text):
    limits = td.Limits(elements=1 << 40)
    with pytest.raises(td.ConformanceError):
        td.read(
            one_value(0x00289110, 0x00180050, "DS", b"1 ", frames=text + b" " * (len(text) % 2)),
            limits=limits,
        ).frame_table()


@pytest.mark.parametrize("text", [b"", b"0 ", b"1\\2 "])
def test_no_number_of_frames_means_one(text):
    assert len(td.read(one_value(0x00289110, 0x00180050, "DS", b"1 ", frames=text)).frame_table()) == 1


def test_more_frames_or_items_than_the_limits_allow_are_refused():
    data = as_file(enhanced(20))
    for elements in (19, 15):
        with pytest.raises(td.LimitExceededError):
            td.read(data, limits=td.Limits(elements=elements)).frame_table()
    assert len(td.read(data, limits=td.Limits(elements=40)).frame_table()) == 20


# -- hostile -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("undefined", [False, True], ids=["lengths", "no_lengths"])
@pytest.mark.parametrize("form", ["explicit", "implicit", "big_endian"])
def test_every_prefix_gives_what_the_data_set_gives(form, undefined):
    made = enhanced(2, seed=3)
    whole = as_file(without_lengths(made) if undefined else made, FORMS[form])
    tables = 0
    for length in range(len(whole)):
        try:
            ds = td.read(whole[:length])
            table = ds.frame_table(["ReferencedSOPInstanceUID"])
        except td.Error:
            continue
        check(table, ds, len(table))
        tables += 1
    assert tables > len(whole) // 2


@pytest.mark.parametrize("form", ["explicit", "implicit", "big_endian"])
def test_changed_bytes_raise_the_library_s_errors_only(form):
    draw = random.Random(5)
    whole = as_file(without_lengths(enhanced(3, seed=4)), FORMS[form])
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(draw.randrange(1, 6)):
            data[draw.randrange(132, len(data))] = draw.choice(
                (0, 1, 0x20, 0x5C, 0x7F, 0xFE, 0xFF, draw.randrange(256))
            )
        try:
            td.read(bytes(data)).frame_table(
                ["RotationDirection", "DerivationImageSequence[1].RotationDirection"]
            )
        except td.Error:
            pass


# -- the result ----------------------------------------------------------------------------------------


def test_the_arrays_are_read_only_and_the_table_is_frozen():
    table = td.read(as_file(enhanced(3))).frame_table(["KVP"])
    for array in table.to_dict().values():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        table.position = None


def test_to_dict_has_every_column_and_the_asked_for():
    table = td.read(as_file(enhanced(3))).frame_table(["KVP"])
    assert set(table.to_dict()) == {*COLUMNS, "KVP"}
    assert all(len(array) == 3 for array in table.to_dict().values())
    assert repr(table) == "<FrameTable of 3 frames, 2 dimensions>"


def test_what_all_frames_share_takes_the_memory_of_one_row():
    table = td.read(as_file(enhanced(50))).frame_table()
    assert table.orientation.strides[0] == 0
    assert table.position.strides[0] == 24
