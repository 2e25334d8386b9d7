# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.transcode``: samples and elements afterwards, offset tables, attributes kept true, options.

What happens to the target when writing fails is in test_atomic_file.py.
"""

import errno
import io
import os
import shutil
import struct
import subprocess
import threading
import warnings

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, parse_basic_offsets
from turbodicom import _atomic_file, _transcode_frames, _transcode_writer

ROOT = "1.2.840.10008.1.2"
IMPLICIT, EXPLICIT, DEFLATED, RLE = ROOT, f"{ROOT}.1", f"{ROOT}.1.99", f"{ROOT}.5"
BASELINE, EXTENDED, SPECTRAL, PROGRESSIVE, LOSSLESS, SV1 = (f"{ROOT}.4.{n}" for n in (50, 51, 53, 55, 57, 70))
SYNTAXES = [
    pytest.param(syntax, id=name)
    for syntax, name in (
        (IMPLICIT, "implicit"), (EXPLICIT, "explicit"), (DEFLATED, "deflated"), (RLE, "RLE"), (LOSSLESS, ".57"), (SV1, ".70"),
    )
]  # fmt: skip
# Those an image's samples are described by, and group 7FE0.
DESCRIBING = {
    "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "BitsAllocated", "BitsStored", "HighBit",
    "LossyImageCompression", "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelData",
}  # fmt: skip


def image(samples, syntax=uid.ExplicitVRLittleEndian, frames=None, **elements):
    """Return a file, as bytes, of samples (frames, rows, columns[, 3]); other elements win."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = uid.SecondaryCaptureImageStorage, "1.2.3.4"
    ds.PatientID, ds.ImageType = "1", ["ORIGINAL", "PRIMARY"]
    is_color = samples.ndim == 4
    ds.SamplesPerPixel, ds.PhotometricInterpretation = (3, "RGB") if is_color else (1, "MONOCHROME2")
    if is_color:
        ds.PlanarConfiguration = 0
    ds.NumberOfFrames = len(samples)
    ds.Rows, ds.Columns = samples.shape[1:3]
    ds.BitsAllocated = ds.BitsStored = 8 * samples.itemsize
    ds.PixelRepresentation = int(samples.dtype.kind == "i")
    stored = samples.astype(samples.dtype.newbyteorder(">" if syntax == uid.ExplicitVRBigEndian else "<")).tobytes()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    ds.HighBit = elements.get("HighBit", ds.BitsStored - 1)
    ds.PixelData = stored + bytes(len(stored) % 2) if frames is None else encapsulate(frames)
    ds["PixelData"].VR = "OB" if samples.itemsize == 1 or frames else "OW"
    ds["PixelData"].is_undefined_length = frames is not None
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def ramp(*shape, dtype=np.uint16, top=None, seed=1):
    """Return smooth samples with some noise."""
    noise = np.random.default_rng(seed).integers(0, 7, shape)
    top = top or np.iinfo(dtype).max + 1
    values = (np.arange(np.prod(shape)).reshape(shape) * 3 + noise) % top
    return (values - (top // 2 if np.dtype(dtype).kind == "i" else 0)).astype(dtype)


@pytest.fixture
def made(tmp_path):
    """Return a function: transcode bytes, return the target's path."""

    def make(source, syntax, name="out.dcm", **options):
        target = tmp_path / name
        td.transcode(source, target, syntax, **options)
        return target

    return make


def parts_left(folder):
    return [name for name in os.listdir(folder) if name.endswith(".part")]


# -- samples -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16])
def test_stored_values_survive_every_lossless_syntax_and_the_way_back(made, syntax, dtype):
    samples = ramp(3, 7, 5, dtype=dtype)
    there = made(image(samples), syntax)
    back = made(there, EXPLICIT, "back.dcm")
    for path in (there, back):
        ds = td.read(path)
        assert np.array_equal(ds.pixels(), samples)
        assert not ds.issues
    assert pydicom.dcmread(back).PixelData[: samples.nbytes] == samples.tobytes()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_small_files_of_every_kind_keep_their_values(made, small_files, syntax):
    for name, data in small_files.items():
        before = td.read(data)
        expected = before.pixels(color="rgb" if name == "JPEG" else "coded")
        if name == "one bit, two frames" and syntax in (LOSSLESS, SV1):
            with pytest.raises(td.ConformanceError, match="1 bit"):
                made(data, syntax)
            continue
        after = td.read(made(data, syntax))
        assert after.transfer_syntax_uid == syntax
        assert np.array_equal(after.pixels(color="coded"), expected), name


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("signed", [False, True])
def test_bits_above_bits_stored_come_back(made, syntax, signed):
    cells = ramp(2, 6, 6) | np.uint16(0xA000)
    source = image(cells, BitsStored=12, PixelRepresentation=int(signed))
    back = made(made(source, syntax), EXPLICIT, "back.dcm")
    assert pydicom.dcmread(back).PixelData == cells.tobytes()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_samples_below_the_top_of_their_cell_come_back(made, syntax):
    cells = ramp(1, 6, 6) << np.uint16(4)
    source = image(cells, BitsStored=12, HighBit=15)
    back = made(made(source, syntax), EXPLICIT, "back.dcm")
    assert pydicom.dcmread(back).PixelData == cells.tobytes()
    assert pydicom.dcmread(back).HighBit == 15


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("planar", [0, 1])
def test_colour_comes_back_from_both_planar_configurations(made, syntax, planar):
    samples = ramp(2, 5, 7, 3, dtype=np.uint8)
    stored = np.moveaxis(samples, -1, 1).copy().reshape(samples.shape) if planar else samples
    target = made(image(stored, PlanarConfiguration=planar), syntax)
    assert np.array_equal(td.pixels(target), samples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the fixture's odd number of bytes
        assert pydicom.dcmread(target).PlanarConfiguration == (1 if syntax == RLE else 0 if "4." in syntax else planar)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED, RLE])
@pytest.mark.parametrize("bits", [32, 64])
def test_wide_integers_come_back(made, syntax, bits):
    samples = ramp(2, 3, 4, dtype=np.dtype(f"u{bits // 8}"), top=1 << 31)
    assert np.array_equal(td.pixels(made(image(samples), syntax)), samples)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_big_endian_sources_become_little_endian(made, syntax):
    samples = ramp(2, 4, 4)
    source = image(samples, uid.ExplicitVRBigEndian, SmallestImagePixelValue=3, RescaleSlope="1")
    target = made(source, syntax)
    assert np.array_equal(td.pixels(target), samples)
    assert pydicom.dcmread(target).SmallestImagePixelValue == 3


def test_floating_point_pixels_pass_between_native_syntaxes_only(made):
    ds = pydicom.dcmread(io.BytesIO(image(ramp(1, 4, 4, dtype=np.uint32))))
    del ds.PixelData, ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    values = np.linspace(-1, 1, 16, dtype=np.float32)
    ds.FloatPixelData = values.tobytes()
    buffer = io.BytesIO()
    ds.save_as(buffer)
    target = made(buffer.getvalue(), IMPLICIT)
    assert np.array_equal(td.pixels(target).ravel(), values)
    with pytest.raises(td.ConformanceError, match="floating-point"):
        made(buffer.getvalue(), RLE)


def test_jpeg_refuses_32_bits_and_says_what_is_possible(made):
    with pytest.raises(td.ConformanceError, match="32 bits.*possible: native syntaxes and RLE Lossless"):
        made(image(ramp(1, 4, 4, dtype=np.uint32, top=9)), SV1)


def test_results_do_not_depend_on_workers(made):
    source = image(ramp(40, 32, 33))
    one, three = (made(source, RLE, f"{n}.dcm", workers=n).read_bytes() for n in (1, 3))
    assert one == three


def test_a_truncated_source_gives_no_target(tmp_path, made):
    with pytest.raises(td.TruncatedDataError):
        made(image(ramp(3, 8, 8))[:-80], RLE)
    assert os.listdir(tmp_path) == []


def test_a_frame_that_does_not_decode_to_what_it_was_gives_no_target(tmp_path, made, monkeypatch):
    encode = td.codecs.rle.encode
    monkeypatch.setattr(_transcode_frames.codecs.rle, "encode", lambda cells: encode(cells ^ np.uint16(1)))
    with pytest.raises(td.CorruptDataError, match="does not decode to the samples") as caught:
        made(image(ramp(3, 8, 8)), RLE)
    assert caught.value.where == "frame 0"
    assert os.listdir(tmp_path) == []


# -- the file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_other_elements_keep_their_bytes(made, small_files, syntax):
    before = td.read(small_files["nested sequences"])
    after = td.read(made(small_files["nested sequences"], syntax))
    for element in before:
        if element.keyword not in DESCRIBING and element.tag & 0xFFFF:
            if syntax == IMPLICIT and element.vr == "SQ":
                assert after.to_pydicom()[element.tag] == before.to_pydicom()[element.tag]
            else:
                assert after.element(element.tag).raw == element.raw, element
                assert after.element(element.tag).declared_length == element.declared_length
    assert after.element((0x0011, 0x1001)).raw == b"text"


def test_undecodable_text_keeps_its_bytes_when_vrs_get_written(made, small_files):
    ds = pydicom.dcmread(io.BytesIO(small_files["implicit little endian"]))
    ds.SpecificCharacterSet, ds.PatientName = "ISO_IR 192", b"\xff\xfeDoe^J\xe9ane"
    buffer = io.BytesIO()
    ds.save_as(buffer)
    after = td.read(made(buffer.getvalue(), RLE))
    assert after.element("PatientName").raw.startswith(b"\xff\xfeDoe^J\xe9ane")
    assert after.element("PatientName").written_vr == "PN"


def test_elements_behind_pixel_data_stay_there(made):
    ds = pydicom.dcmread(io.BytesIO(image(ramp(1, 4, 4))))
    ds.add_new(0xFFFCFFFC, "OB", bytes(10))
    buffer = io.BytesIO()
    ds.save_as(buffer)
    for syntax in (RLE, IMPLICIT, DEFLATED):
        after = td.read(made(buffer.getvalue(), syntax))
        assert after.element(0xFFFCFFFC).raw == bytes(10)
        assert list(after.keys())[-1] == 0xFFFCFFFC


def test_file_meta_names_the_target_and_us(made):
    meta = pydicom.dcmread(made(image(ramp(1, 4, 4)), RLE)).file_meta
    assert meta.TransferSyntaxUID == RLE
    assert meta.MediaStorageSOPInstanceUID == "1.2.3.4"
    assert meta.MediaStorageSOPClassUID == uid.SecondaryCaptureImageStorage
    assert meta.ImplementationClassUID.startswith("2.25.")
    assert meta.ImplementationVersionName == f"TURBODICOM {td.__version__}"
    assert meta.FileMetaInformationGroupLength == sum(8 + 4 * (e.VR == "OB") + len(e.value) + len(e.value) % 2
                                                      for e in meta if e.tag != 0x00020000)  # fmt: skip


def test_other_file_meta_is_kept(made):
    ds = pydicom.dcmread(io.BytesIO(image(ramp(1, 4, 4))))
    ds.file_meta.SourceApplicationEntityTitle = "SCANNER"
    buffer = io.BytesIO()
    ds.save_as(buffer)
    assert pydicom.dcmread(made(buffer.getvalue(), RLE)).file_meta.SourceApplicationEntityTitle == "SCANNER"


def test_the_preamble_is_zeros_unless_it_is_to_be_kept(made):
    source = b"MZ" + image(ramp(1, 4, 4))[2:]
    assert made(source, RLE).read_bytes()[:128] == bytes(128)
    assert made(source, RLE, keep_preamble=True).read_bytes()[:3] == b"MZ\0"


def test_the_source_may_be_the_target(tmp_path):
    path = tmp_path / "a.dcm"
    samples = ramp(5, 8, 8)
    path.write_bytes(image(samples))
    td.transcode(path, path, RLE)
    assert td.read(path).transfer_syntax_uid == RLE
    assert np.array_equal(td.pixels(path), samples)
    assert os.listdir(tmp_path) == ["a.dcm"]


# -- frames in fragments -------------------------------------------------------------------------------


def test_each_frame_is_one_even_fragment_and_the_basic_offset_table_is_true(made):
    source = image(ramp(4, 9, 9, dtype=np.uint8))
    ds = pydicom.dcmread(made(source, RLE))
    ds_fragments = td.read(made(source, RLE)).element("PixelData").fragments
    offsets = parse_basic_offsets(ds.PixelData)
    assert len(offsets) == 4
    assert len(ds_fragments) == 5
    first = ds_fragments[1][0] - 8
    assert [offset - 8 - first for offset, _ in ds_fragments[1:]] == offsets
    assert all(length % 2 == 0 for _, length in ds_fragments)


def test_the_extended_offset_table_is_written_when_asked_for(made):
    samples = ramp(3, 9, 9)
    path = made(image(samples), RLE, offset_table="extended")
    ds = pydicom.dcmread(path)
    assert parse_basic_offsets(ds.PixelData) == []
    offsets, lengths = (np.frombuffer(table, "<u8") for table in (ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths))
    fragments = td.read(path).element("PixelData").fragments[1:]
    assert lengths.tolist() == [length for _, length in fragments]
    assert offsets.tolist() == [offset - fragments[0][0] for offset, _ in fragments]
    assert np.array_equal(td.pixels(path), samples)
    back = made(path, EXPLICIT, "back.dcm")
    assert "ExtendedOffsetTable" not in pydicom.dcmread(back)


def test_offsets_beyond_32_bits_go_into_the_extended_offset_table(made, monkeypatch):
    samples = ramp(6, 9, 9)
    expected = made(image(samples), RLE, "asked.dcm", offset_table="extended").read_bytes()
    monkeypatch.setattr(_transcode_writer, "MOST_BASIC_OFFSET", 300)
    assert made(image(samples), RLE).read_bytes() == expected


def test_codestreams_are_copied_where_the_syntax_stays(made):
    samples = ramp(3, 8, 8)
    source = made(image(samples), RLE)
    split = pydicom.dcmread(source)
    streams = list(pydicom.encaps.generate_frames(split.PixelData, number_of_frames=3))
    split.PixelData = encapsulate(streams, fragments_per_frame=2)
    split.save_as(source)
    done = td.transcode(source, source, RLE)
    assert not done.is_reencoded
    after = td.read(source)
    assert [frame.read() for frame in after.frames] == streams
    assert all(len(frame.spans) == 1 for frame in after.frames)
    assert td.transcode(source, source, RLE, reencode=True).is_reencoded


# -- lossy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [BASELINE, EXTENDED, SPECTRAL, PROGRESSIVE])
def test_a_lossy_target_says_so(made, syntax):
    samples = ramp(2, 32, 32, dtype=np.uint8, top=200)
    source = image(samples, SmallestImagePixelValue=0)
    path = made(source, syntax)
    ds = pydicom.dcmread(path)
    assert ds.LossyImageCompression == "01"
    assert ds.LossyImageCompressionMethod == "ISO_10918_1"
    fragments = td.read(path).element("PixelData").fragments[1:]
    assert ds.LossyImageCompressionRatio == pytest.approx(samples.nbytes / sum(length for _, length in fragments), rel=1e-5)
    assert ds.ImageType == ["DERIVED", "PRIMARY"]
    assert "Lossy" in ds.DerivationDescription
    assert ds.DerivationCodeSequence[0].CodeValue == "113040"
    assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID != "1.2.3.4"
    assert ds.SourceImageSequence[0].ReferencedSOPInstanceUID == "1.2.3.4"
    assert ds.SourceImageSequence[0].PurposeOfReferenceCodeSequence[0].CodeValue == "121320"
    assert "SmallestImagePixelValue" not in ds
    assert np.abs(td.pixels(path).astype(int) - samples).max() < 64


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_a_lossy_target_derives_the_frames_of_its_functional_groups_too(made, syntax):
    shared, *groups = (Dataset() for _ in range(3))
    for item, frame_type in zip(groups, (["ORIGINAL", "PRIMARY", "AXIAL"], ["DERIVED", "SECONDARY"]), strict=True):
        frame = Dataset()
        frame.FrameType, frame.PixelPresentation = frame_type, "MONOCHROME"
        item.CTImageFrameTypeSequence = [frame]
    shared.PixelMeasuresSequence = [Dataset()]
    shared.PixelMeasuresSequence[0].SliceThickness = "2"
    source = image(
        ramp(2, 32, 32, dtype=np.uint8), syntax, SharedFunctionalGroupsSequence=[shared], PerFrameFunctionalGroupsSequence=groups
    )
    lossless, lossy = (pydicom.dcmread(made(source, target)) for target in (SV1, BASELINE))
    assert lossless.PerFrameFunctionalGroupsSequence == groups
    assert lossy.SharedFunctionalGroupsSequence == lossless.SharedFunctionalGroupsSequence == [shared]
    frames = [item.CTImageFrameTypeSequence[0] for item in lossy.PerFrameFunctionalGroupsSequence]
    assert [list(frame.FrameType) for frame in frames] == [["DERIVED", "PRIMARY", "AXIAL"], ["DERIVED", "SECONDARY"]]
    assert [frame.PixelPresentation for frame in frames] == ["MONOCHROME"] * 2


def test_a_second_loss_is_appended_and_what_was_lossy_stays_so(made):
    source = image(ramp(1, 32, 32, dtype=np.uint8, top=200))
    once = made(source, BASELINE)
    twice = made(once, BASELINE, "twice.dcm", reencode=True, quality=50)
    ds = pydicom.dcmread(twice)
    assert list(ds.LossyImageCompressionMethod) == ["ISO_10918_1"] * 2
    assert len(ds.LossyImageCompressionRatio) == 2
    assert len(ds.SourceImageSequence) == 2
    native = pydicom.dcmread(made(once, EXPLICIT, "native.dcm"))
    assert native.LossyImageCompression == "01"
    assert native.SOPInstanceUID == pydicom.dcmread(once).SOPInstanceUID


@pytest.mark.parametrize(("subsampling", "expected"), [(None, "YBR_FULL_422"), ("4:4:4", "YBR_FULL"), ("4:2:0", "YBR_FULL_422")])
def test_lossy_colour_is_ycc_and_comes_back_as_rgb(made, subsampling, expected):
    y, x = np.mgrid[:32, :40]
    samples = np.stack([y * 4, x * 4, (x + y) * 2], -1).astype(np.uint8)[None]
    path = made(image(samples), BASELINE, subsampling=subsampling)
    assert td.read(path).PhotometricInterpretation == expected
    assert np.abs(td.pixels(path).astype(int) - samples[0]).mean() < 4
    back = td.read(made(path, EXPLICIT, "back.dcm"))
    assert back.PhotometricInterpretation == "RGB"
    assert np.array_equal(back.pixels(), td.pixels(path))


def test_twelve_bits_go_into_extended_and_not_into_baseline(made):
    source = image(ramp(1, 16, 16, top=4096), BitsStored=12)
    ds = pydicom.dcmread(made(source, EXTENDED))
    assert (ds.BitsAllocated, ds.BitsStored, ds.HighBit) == (16, 12, 11)
    with pytest.raises(td.ConformanceError, match="12 bits"):
        made(source, BASELINE)


def test_ten_bits_become_twelve_since_decoders_may_exceed_them(made):
    ds = pydicom.dcmread(made(image(ramp(1, 16, 16, top=1024), BitsStored=10), EXTENDED))
    assert (ds.BitsAllocated, ds.BitsStored, ds.HighBit) == (16, 12, 11)


def test_signed_samples_are_refused_by_lossy_jpeg(made):
    with pytest.raises(td.ConformanceError, match="signed samples.*possible: JPEG Lossless"):
        made(image(ramp(1, 16, 16, dtype=np.int16, top=4096), BitsStored=12), EXTENDED)


def test_palette_indexes_are_lossless_only(made, small_files):
    with pytest.raises(td.ConformanceError, match="PALETTE COLOR"):
        made(small_files["palette"], BASELINE)
    assert np.array_equal(td.pixels(made(small_files["palette"], SV1)), td.pixels(small_files["palette"]))


def test_unsigned_samples_are_coded_with_bits_stored_unless_they_use_more(made):
    for top, expected in ((4096, 12), (65536, 16)):
        path = made(image(np.linspace(0, top - 1, 64).astype(np.uint16).reshape(1, 8, 8), BitsStored=12), SV1)
        assert td.codecs.jpeg.read_info(td.read(path).frames[0].read()).precision == expected


# -- options -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "is_new"), [("auto", False), ("keep", False), ("new", True)])
def test_lossless_targets_get_a_new_uid_only_when_asked(made, policy, is_new):
    ds = pydicom.dcmread(made(image(ramp(1, 4, 4)), RLE, uid=policy))
    assert (ds.SOPInstanceUID != "1.2.3.4") == is_new
    assert ds.SOPInstanceUID == ds.file_meta.MediaStorageSOPInstanceUID
    assert uid.UID(ds.SOPInstanceUID).is_valid


def test_progress_is_told_after_each_frame(made):
    told = []
    made(image(ramp(3, 4, 4)), RLE, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_an_interrupt_from_progress_leaves_nothing(tmp_path, made):
    def interrupt(done, total):
        if done == 2:
            raise KeyboardInterrupt

    for syntax in (RLE, EXPLICIT):
        source = made(image(ramp(64, 128, 128)), RLE, "source.dcm") if syntax == EXPLICIT else image(ramp(64, 128, 128))
        with pytest.raises(KeyboardInterrupt) as caught:
            made(source, syntax, progress=interrupt, workers=2)
        assert caught.traceback  # its frames are alive; the threads are not
        assert not [thread for thread in threading.enumerate() if "transcode" in thread.name]
        assert not (tmp_path / "out.dcm").exists()
        assert parts_left(tmp_path) == []


def test_a_full_disk_leaves_no_thread_at_work(tmp_path, made, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no room")

    there = made(image(ramp(64, 128, 128)), RLE, "there.dcm")
    for source, syntax, call in ((image(ramp(64, 128, 128)), RLE, "writev"), (there, EXPLICIT, "pwrite")):
        with monkeypatch.context() as patch:
            patch.setattr(_atomic_file.os, call, full)
            with pytest.raises(OSError, match="no room") as caught:
                made(source, syntax, workers=3)
            assert caught.traceback
            assert not [thread for thread in threading.enumerate() if "transcode" in thread.name]
        assert sorted(os.listdir(tmp_path)) == ["there.dcm"]


@pytest.mark.parametrize(
    ("syntax", "options", "error"),
    [
        (RLE, {"quality": 80}, ValueError),
        (EXPLICIT, {"predictor": 1}, ValueError),
        (SV1, {"predictor": 2}, ValueError),
        (RLE, {"uid": "maybe"}, ValueError),
        (RLE, {"offset_table": "none"}, ValueError),
        (RLE, {"workers": 0}, ValueError),
        (70, {}, TypeError),
        ("1.2.3", {}, td.UnsupportedError),
        (uid.ExplicitVRBigEndian, {}, td.UnsupportedError),
    ],
)
def test_options_that_cannot_be_meant_are_refused_before_anything_is_written(tmp_path, made, syntax, options, error):
    with pytest.raises(error):
        made(image(ramp(1, 4, 4)), syntax, **options)
    assert os.listdir(tmp_path) == []


def test_limits_hold(made):
    with pytest.raises(td.LimitExceededError):
        made(image(ramp(1, 64, 64)), RLE, limits=td.Limits(pixels_per_frame=100))


def test_native_pixel_data_beyond_32_bits_is_refused():
    with pytest.raises(td.ConformanceError, match="encapsulated"):
        _transcode_writer.native_header(0x7FE00010, "OW", 1 << 32, False)
    header = _transcode_writer.native_header(0x7FE00010, "OW", 0xFFFFFFFE, False)
    assert header == struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, 0xFFFFFFFE)


def test_memory_does_not_grow_with_the_file(tmp_path, run_child):
    (tmp_path / "in.dcm").write_bytes(image(ramp(96, 512, 512)))
    child = run_child(
        """
import resource, sys, turbodicom as td
def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small, large, there, back = sys.argv[1:5]
td.transcode(small, there, "1.2.840.10008.1.2.5")
before = most()
for syntax in sys.argv[5:]:
    td.transcode(large, there, syntax, workers=2)
    td.transcode(there, back, "1.2.840.10008.1.2")
print((most() - before) >> 10)
""",
        small_path(tmp_path), tmp_path / "in.dcm", tmp_path / "there.dcm", tmp_path / "back.dcm",
        *([RLE, SV1] if "jpeg" in td.codecs.names() else [RLE]),
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < 24  # MiB, of a file of 48


def small_path(folder):
    (folder / "small.dcm").write_bytes(image(ramp(1, 4, 4)))
    return folder / "small.dcm"


# -- others read it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("kind", ["gray", "signed", "colour"])
def test_pydicom_and_dcmtk_read_what_was_written(made, tmp_path, syntax, kind):
    samples = ramp(3, 16, 18, 3, dtype=np.uint8) if kind == "colour" else ramp(3, 16, 18, dtype=np.int16 if kind == "signed" else np.uint16)
    path = made(image(samples), syntax)
    assert np.array_equal(pydicom.dcmread(path).pixel_array, samples)
    tool = {RLE: "dcmdrle", LOSSLESS: "dcmdjpeg", SV1: "dcmdjpeg"}.get(syntax, "dcmconv")
    if shutil.which(tool):
        subprocess.run([tool, str(path), str(tmp_path / "plain.dcm")], check=True, timeout=60)
        assert np.array_equal(td.pixels(tmp_path / "plain.dcm"), samples)


def test_an_encapsulated_icon_becomes_native_where_the_syntax_changes(made):
    icon_samples = ramp(1, 6, 6, dtype=np.uint8, seed=2)
    icon = pydicom.dcmread(made(image(icon_samples), RLE))
    main = pydicom.dcmread(made(image(ramp(1, 8, 8, dtype=np.uint8)), RLE))
    item = Dataset()
    item.update({element.tag: element for element in icon if element.tag.group in (0x0028, 0x7FE0)})
    item["PixelData"].is_undefined_length = True
    main.IconImageSequence = [item]
    buffer = io.BytesIO()
    main.save_as(buffer)
    for syntax in (EXPLICIT, IMPLICIT, RLE):
        after = td.read(made(buffer.getvalue(), syntax))["IconImageSequence"][0]
        assert after.element("PixelData").is_encapsulated == (syntax == RLE)
        assert np.array_equal(after.pixels(), icon_samples[0])


# -- the corpus ----------------------------------------------------------------------------------------


@pytest.mark.manifest(kind="dicom")
@pytest.mark.parametrize("syntax", [RLE, SV1], ids=["RLE", ".70"])
def test_real_files_survive_the_way_there_and_back(corpus, made, row, syntax):
    try:
        ds = td.read(corpus / row["file"])
        stored = ds.pixels(color="coded")
    except td.Error:
        assert row["expect"] == "parse"  # the manifest has no pixels of these either
        pytest.skip("a file without pixels that anybody reads")
    try:
        there = made(corpus / row["file"], syntax)
    except td.ConformanceError as error:
        assert "cannot hold" in str(error)
        return
    comes_as_rgb = ds.transfer_syntax_uid in (BASELINE, EXTENDED, SPECTRAL, PROGRESSIVE) or "YBR_PARTIAL" in (
        ds.PhotometricInterpretation
    )
    expected = ds.pixels() if comes_as_rgb else stored
    for path in (there, made(there, EXPLICIT, "back.dcm")):
        got = td.read(path).pixels(color="coded")
        assert got.dtype == expected.dtype
        assert np.array_equal(got, expected)


def test_broken_files_raise_errors_of_ours_or_give_a_whole_target(corpus, made):
    outcomes = set()
    for path in sorted((corpus / "malformed").rglob("*")):
        if path.is_file():
            for syntax in (RLE, IMPLICIT):
                try:
                    td.read(made(path, syntax)).pixels()
                    outcomes.add("whole")
                except (td.Error, OSError) as error:
                    outcomes.add(type(error).__name__)
    assert outcomes > {"whole", "ConformanceError", "TruncatedDataError"}
