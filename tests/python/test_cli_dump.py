# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom dump`` against DCMTK's dcmdump 3.6.7: whole corpus, every VR, every option.

Where dcmdump is not installed, what it printed once is written down here.
"""

import math
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from turbodicom import cli, dictionary
from turbodicom.cli import _dcmtk_dictionary, _dcmtk_names, _dcmtk_values, dump
from turbodicom.cli._dcmtk_floats import general

CORPUS = os.environ.get("TURBODICOM_CORPUS")
COMMAND = [sys.executable, "-m", "turbodicom"]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
needs_corpus = pytest.mark.skipif(not CORPUS, reason="no corpus: set TURBODICOM_CORPUS to its folder")


def _dcmdump_is_3_6_7():
    if not shutil.which("dcmdump"):
        return False
    return b"v3.6.7" in subprocess.run(["dcmdump", "--version"], capture_output=True, check=False).stdout


needs_dcmdump = pytest.mark.skipif(not _dcmdump_is_3_6_7(), reason="dcmdump 3.6.7 is not installed")

# Names newer than DCMTK 3.6.7, or changed since: where our line may differ from dcmdump's.
NEWER_UIDS = {
    b"1.2.840.10008.1.2.1.98": b"EncapsulatedUncompressedExplicitVRLittleEndian",
    b"1.2.840.10008.1.2.4.201": b"HTJ2KLossless",
    b"1.2.840.10008.1.2.4.202": b"HTJ2KLosslessRPCL",
    b"1.2.840.10008.1.2.4.203": b"HTJ2K",
}
RETIRED_SINCE = (
    b"ReferencedPatientAliasSequence|WeightingLookupTableDescriptor|WeightingLookupTableData|RTDoseROISequence|DoseValue|"
    b"ROIObservationLabel|ROIObservationDescription|TreatmentTerminationCode|RoboticBaseLocationIndicator"
)


def header(**elements):
    """A data set with the UIDs a file needs, and `elements`."""
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = CTImageStorage, "1.2.3.4"
    for keyword, value in elements.items():
        setattr(data_set, keyword, value)
    return data_set


def image(samples, **elements):
    """A data set with 16-bit pixels."""
    data_set = header(
        Modality="CT", SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", Rows=samples.shape[0],
        Columns=samples.shape[1], BitsAllocated=16, BitsStored=16, HighBit=15, PixelRepresentation=0, **elements,
    )  # fmt: skip
    data_set.PixelData = samples.tobytes()
    data_set["PixelData"].VR = "OW"
    return data_set


def save(data_set, path, transfer_syntax_uid=ExplicitVRLittleEndian):
    """Write a data set as a DICOM file."""
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = transfer_syntax_uid
    data_set.save_as(path, enforce_file_format=True)
    return path


def run_dump(*arguments, **settings):
    """Run the tool in a process of its own: DCMTK's private names, once loaded, stay."""
    return subprocess.run(
        [*COMMAND, "dump", *arguments], capture_output=True, check=False, env=ENVIRONMENT, **settings
    )


def _as_3_6_7(line):
    """Our line with the names of DCMTK 3.6.7."""
    for uid, name in NEWER_UIDS.items():
        line = re.sub(rb"=%s +# " % re.escape(name), b"%-40s # " % (b"[" + uid + b"]"), line)
    return re.sub(rb" RETIRED_(%s)$" % RETIRED_SINCE, rb" \1", line)


def _compare(options, files, cwd=None):
    """Differences between the two programs' stdout, as text; empty when there are none."""
    theirs = subprocess.run(
        ["dcmdump", "-q", *options, *files], capture_output=True, check=False, cwd=cwd
    ).stdout
    ours = run_dump("-q", *options, *files, cwd=cwd).stdout
    if ours == theirs:
        return []
    theirs, ours = theirs.split(b"\n"), ours.split(b"\n")
    if len(ours) != len(theirs):
        return [f"{len(ours)} lines, dcmdump prints {len(theirs)}"]
    pairs = [(_as_3_6_7(our), their) for our, their in zip(ours, theirs) if our != their]
    return [f"{our[:120]!r} != {their[:120]!r}" for our, their in pairs if our != their]


def _files_both_open():
    files = sorted(
        str(p.relative_to(CORPUS))
        for d in ("dicom", "derived")
        for p in Path(CORPUS, d).rglob("*")
        if p.is_file()
    )
    refused = ("SC_rgb_jpeg.dcm", "rtplan_truncated.dcm", "emri_small_jpeg_2k_lossless_too_short.dcm")
    return [file for file in files if not file.endswith(refused) or "dcmtk" in file]


@needs_corpus
@needs_dcmdump
@pytest.mark.parametrize("option", ["-L", "+L"])
def test_every_corpus_file_is_dumped_as_dcmdump_does(option):
    files = _files_both_open()
    assert len(files) > 400
    for first in range(0, len(files), 60):  # the whole text of some hundred files would be a heap
        assert _compare([option, "+F"], files[first : first + 60], cwd=CORPUS) == []


@needs_corpus
@needs_dcmdump
@pytest.mark.parametrize("options", [
    ["+P", "0008,1155"], ["+p", "+P", "0008,1155"], ["-s", "+P", "0008,1155", "+P", "PatientName"], ["+Fs", "+P", "0008,1155"],
    ["+F", "+P", "PatientName"], ["+P", "ContentSequence"], ["+p", "+P", "ContentSequence"], ["+P", "0002,0010"],
    ["+P", "0009,1001"], ["-M"], ["-M", "+R", "8"], ["-M", "+L"], ["-Un"], ["-Un", "+Un"], ["+T"], ["+T", "+L"], ["+L", "-L"], ["+F", "-M"],
], ids=" ".join)  # fmt: skip
def test_options_do_what_they_do_in_dcmdump(options):
    names = [
        "rtplan.dcm",
        "CT_small.dcm",
        "DICOMDIR",
        "test-SR.dcm",
        "SC_rgb_rle.dcm",
        "priv_SQ.dcm",
        "ExplVR_BigEnd.dcm",
    ]
    assert _compare(options, [f"dicom/pydicom__pydicom/{name}" for name in names], cwd=CORPUS) == []


@pytest.fixture(autouse=True)
def own_dictionary():
    """Forget DCMTK's private names after each test, for the sake of the tests of other files."""
    yield
    dictionary.unload()
    _dcmtk_dictionary.describe.cache_clear()
    _dcmtk_dictionary._load_private_dictionary.cache_clear()


@pytest.fixture
def every_vr(tmp_path):
    """A file with a value of every VR, and nested sequences."""
    data_set = header(
        RetrieveAETitle="SCANNER", PatientAge="042Y", FrameIncrementPointer=[0x00181063, 0x00200013], Modality="CT",
        StudyDate="20260101", SliceThickness="1.50", AcquisitionDateTime="20260101120000.5", TagAngleSecondAxis=-3,
        NumberOfFrames="12", PatientName="Phantom^Computed", PatientComments="two\\values", StudyTime="120000",
        EventElapsedTimes=[0.5, -0.0], RecommendedDisplayFrameRateInFloat=0.1, DoubleExposureFieldDelta=0.7,
        RationalNumeratorValue=[-5, 7], RationalDenominatorValue=[4000000000], RetrieveURL="http://example.org/a\\b",
        TextValue="a longer text than seventy characters, which is cut when it is printed short, but not otherwise",
        Rows=512, LongCodeValue="code", SelectorOVValue=b"\1\0\0\0\0\0\0\0", SelectorSVValue=[-2], SelectorUVValue=[2**63],
        TrackPointIndexList=struct.pack("<3I", 1, 2, 70000), FloatPixelData=struct.pack("<2f", 1e-5, 123456789),
        SelectorODValue=struct.pack("<d", 1e300), SelectorFDValue=[1 / 3] * 12, SelectorUSValue=list(range(65000, 65030)),
        PatientID="", StudyID=None, AccessionNumber=" 1 ", StudyInstanceUID="1.2.840.10008.1.2.1",
    )  # fmt: skip
    data_set.add_new(0x00091001, "UN", b"\1\2\3\4")
    data_set.add_new(0x00090010, "LO", "NOBODY KNOWS THIS CREATOR")
    inner = Dataset()
    inner.ReferencedSOPInstanceUID = "1.2.3"
    outer = Dataset()
    outer.ReferencedImageSequence = Sequence([inner, Dataset()])
    data_set.ReferencedStudySequence = Sequence([outer])
    data_set.ReferencedStudySequence.is_undefined_length = False
    return data_set


@needs_dcmdump
@pytest.mark.parametrize(
    "syntax", [None, ImplicitVRLittleEndian, ExplicitVRBigEndian], ids=["explicit", "implicit", "big"]
)
@pytest.mark.parametrize("option", ["-L", "+L", "+T"])
def test_every_vr_is_printed_as_dcmdump_does(every_vr, tmp_path, syntax, option):
    if syntax == ExplicitVRBigEndian:
        for keyword in ("TrackPointIndexList", "FloatPixelData", "SelectorODValue", "SelectorOVValue"):
            delattr(every_vr, keyword)  # pydicom writes these as they are
    path = save(every_vr, tmp_path / "every_vr.dcm", *([syntax] if syntax else []))
    assert _compare([option], [str(path)]) == []


@needs_dcmdump
def test_undefined_lengths_are_told_from_explicit_ones(every_vr, tmp_path):
    every_vr["ReferencedStudySequence"].is_undefined_length = True
    every_vr.ReferencedStudySequence[0].is_undefined_length_sequence_item = True
    path = save(every_vr, tmp_path / "undefined.dcm")
    assert _compare([], [str(path)]) == []


def test_dump_of_a_small_file_is_what_dcmdump_printed(tmp_path, capsysbinary):
    data_set = image(np.arange(64, dtype=np.uint16).reshape(8, 8), PatientID="DEMO", PixelSpacing=[0.5, 0.5])
    data_set.ReferencedImageSequence = Sequence([header()])
    path = save(data_set, tmp_path / "small.dcm")
    assert cli.main(["dump", str(path)]) == 0
    lines = capsysbinary.readouterr().out.split(b"\n")
    assert lines[:5] == [b"", b"# Dicom-File-Format", b"", b"# Dicom-Meta-Information-Header",
                         b"# Used TransferSyntax: Little Endian Explicit"]  # fmt: skip
    body = lines[lines.index(b"# Dicom-Data-Set") :]
    assert (
        body
        == b"""\
# Dicom-Data-Set
# Used TransferSyntax: Little Endian Explicit
(0008,0016) UI =CTImageStorage                          #  26, 1 SOPClassUID
(0008,0018) UI [1.2.3.4]                                #   8, 1 SOPInstanceUID
(0008,0060) CS [CT]                                     #   2, 1 Modality
(0008,1140) SQ (Sequence with explicit length #=1)      #  58, 1 ReferencedImageSequence
  (fffe,e000) na (Item with explicit length #=2)          #  50, 1 Item
    (0008,0016) UI =CTImageStorage                          #  26, 1 SOPClassUID
    (0008,0018) UI [1.2.3.4]                                #   8, 1 SOPInstanceUID
  (fffe,e00d) na (ItemDelimitationItem for re-encoding)   #   0, 0 ItemDelimitationItem
(fffe,e0dd) na (SequenceDelimitationItem for re-encod.) #   0, 0 SequenceDelimitationItem
(0010,0020) LO [DEMO]                                   #   4, 1 PatientID
(0028,0002) US 1                                        #   2, 1 SamplesPerPixel
(0028,0004) CS [MONOCHROME2]                            #  12, 1 PhotometricInterpretation
(0028,0010) US 8                                        #   2, 1 Rows
(0028,0011) US 8                                        #   2, 1 Columns
(0028,0030) DS [0.5\\0.5]                                #   8, 2 PixelSpacing
(0028,0100) US 16                                       #   2, 1 BitsAllocated
(0028,0101) US 16                                       #   2, 1 BitsStored
(0028,0102) US 15                                       #   2, 1 HighBit
(0028,0103) US 0                                        #   2, 1 PixelRepresentation
(7fe0,0010) OW 0000\\0001\\0002\\0003\\0004\\0005\\0006\\0007\\0008\\0009\\000a\\000b\\000c... # 128, 1 PixelData
""".split(b"\n")
    )


def test_search_prints_only_the_tag_with_its_path(every_vr, tmp_path, capsysbinary):
    path = save(every_vr, tmp_path / "a.dcm")
    assert cli.main(["dump", "+p", "+P", "ReferencedSOPInstanceUID", str(path)]) == 0
    line = (
        b"(0008,1110).(0008,1140).(0008,1155) UI [1.2.3]" + b" " * 34 + b"#   6, 1 ReferencedSOPInstanceUID\n"
    )
    assert capsysbinary.readouterr().out == line


def test_values_beyond_the_limit_are_not_loaded(tmp_path, capsysbinary):
    path = save(image(np.zeros((64, 64), np.uint16)), tmp_path / "a.dcm")
    assert cli.main(["dump", "-M", "+P", "PixelData", "-M", str(path)]) == 0
    assert b"OW (not loaded) " in capsysbinary.readouterr().out


def _private_file(path):
    data_set = header()
    block = data_set.private_block(0x0009, "GEMS_IDEN_01", create=True)
    block.add_new(0x01, "LO", "PIXELS")
    return save(data_set, path, ImplicitVRLittleEndian)


def test_private_names_come_from_the_dictionary_in_dcmdictpath(tmp_path):
    (tmp_path / "own.dic").write_text('(0009,"GEMS_IDEN_01",01)\tLO\tTheNameInTheFile\t1\tPrivateTag\n')
    path = _private_file(tmp_path / "a.dcm")
    environment = ENVIRONMENT | {"DCMDICTPATH": str(tmp_path / "own.dic")}
    out = subprocess.run([*COMMAND, "dump", path], capture_output=True, check=True, env=environment).stdout
    assert b"(0009,1001) LO [PIXELS]                                 #   6, 1 TheNameInTheFile\n" in out


def test_without_any_dictionary_of_dcmtk_the_built_in_private_names_stand_in(
    tmp_path, monkeypatch, capsysbinary
):
    monkeypatch.delenv("DCMDICTPATH", raising=False)
    monkeypatch.setattr(_dcmtk_dictionary, "_INSTALLED", ())
    assert cli.main(["dump", str(_private_file(tmp_path / "a.dcm"))]) == 0
    assert (
        b"(0009,1001) LO [PIXELS]                                 #   6, 1 FullFidelity\n"
        in capsysbinary.readouterr().out
    )


@pytest.mark.parametrize(
    ("tag", "name", "vr"),
    [
        (0x00080000, "GenericGroupLength", "UL"),
        (0x00090000, "PrivateGroupLength", "UL"),
        (0x00050000, "IllegalGroupLength", "UL"),
        (0x00090010, "PrivateCreator", "LO"),
        (0x00050010, "IllegalPrivateCreator", "LO"),
        (0x00020000, "FileMetaInformationGroupLength", "UL"),
        (0x60023000, "OverlayData", "OW"),
        (0x00041420, "OffsetOfReferencedLowerLevelDirectoryEntity", "up"),
        (0x00280106, "SmallestImagePixelValue", "xs"),
        (0x00283006, "LUTData", "lt"),
        (0x54001010, "WaveformData", "ox"),
        (0x00080001, "RETIRED_LengthToEnd", "UL"),
        (0x00091001, "Unknown Tag & Data", "??"),
        (0x00089999, "Unknown Tag & Data", "??"),
    ],
)
def test_tags_have_the_names_and_vrs_of_dcmtk(tag, name, vr):
    assert _dcmtk_dictionary.describe(tag, None) == (name, vr)


@pytest.mark.parametrize(("value", "precision", "text"), [
    (0.7, 17, "0.7"), (1450.00000001, 17, "1450.000000009999894245993"), (1 / 3, 17, "0.3333333333333333"), (0.0, 17, "0"),
    (-0.0, 17, "0"), (1e-5, 9, "1e-05"), (-1e22, 17, "-1e+22"), (123456789.5, 9, "123456790"), (math.inf, 9, "inf"),
    (-math.inf, 9, "-inf"), (math.nan, 9, "nan"), (5e-324, 17, "4.9406564584124659e-324"), (0.0001, 17, "0.0001"), (99999.5, 9, "99999.5"),
])  # fmt: skip
def test_floats_end_in_the_digits_dcmtk_gives_them(value, precision, text):
    assert general(value, precision) == text


@pytest.mark.parametrize(("uid", "name"), [
    ("1.2.840.10008.1.2.4.70", "JPEGLossless:Non-hierarchical-1stOrderPrediction"),
    ("1.2.840.10008.5.1.4.1.1.7.4", "MultiframeTrueColorSecondaryCaptureImageStorage"),
    ("1.2.840.10008.5.1.4.1.2.2.1", "FINDStudyRootQueryRetrieveInformationModel"), ("1.2.840.10008.1.1", "VerificationSOPClass"),
    ("1.2.840.10008.5.1.1.27", "RETIRED_StoredPrintStorage"), ("1.2.840.10008.1.4.1.1", "TalairachBrainAtlasFrameOfReference"),
    ("1.2.840.10008.1.20.1.1", "StorageCommitmentPushModelSOPInstance"), ("1.2.840.10008.15.0.3.13", "LDAP_dicomPort"),
    ("1.2.840.113619.5.2", "PrivateGELittleEndianImplicitWithBigEndianPixelData"), ("1.2.3", None), ("1.2.840.10008.99", None),
])  # fmt: skip
def test_uids_have_the_names_of_dcmtk(uid, name):
    assert _dcmtk_names.uid_name(uid) == name


def test_a_huge_value_in_pieces_reads_like_one_in_one_piece():
    data = bytes(range(256)) * 16384 + b"\7"
    length = len(data)
    for vr, big_endian in (("OB", False), ("OW", False), ("OW", True)):
        whole, _ = _dcmtk_values.value_text(vr, data, length, big_endian, False)
        pieces = _dcmtk_values.hex_pieces(
            vr, lambda offset, size: data[offset : offset + size], 0, length, big_endian
        )
        assert b"".join(pieces) == whole


def test_a_missing_file_is_told_and_the_others_are_printed(tmp_path, capsys):
    path = str(save(header(), tmp_path / "a.dcm"))
    assert cli.main(["dump", path, str(tmp_path / "missing.dcm"), path]) == 3
    out, err = capsys.readouterr()
    assert out.count("# Dicom-File-Format") == 2
    assert "missing.dcm" in err and "No such file" in err


def test_when_no_file_can_be_read_the_exit_code_is_1(tmp_path):
    (tmp_path / "text.dcm").write_bytes(b"no DICOM in here, only words and more words")
    assert (
        cli.main(["dump", "-q", str(tmp_path / "text.dcm"), str(tmp_path / "missing.dcm"), str(tmp_path)])
        == 1
    )


@pytest.mark.parametrize("arguments", [["dump"], ["dump", "--nonsense", "a"], ["dump", "+P", "NoSuchTag", "a"],
                                       ["dump", "+p", "+T", "a"], ["dump", "+R", "1", "a"], ["nonsense"], []])  # fmt: skip
def test_wrong_usage_gives_exit_code_2(arguments):
    assert cli.main(arguments) == 2


@pytest.mark.parametrize("tool", ["dump", "info", "show", "doctor", "demo"])
def test_help_has_examples(tool, capsys):
    assert cli.main([tool, "--help"]) == 0
    assert "examples:" in capsys.readouterr().out


def test_version_is_that_of_the_package(capsys):
    from turbodicom import __version__

    assert cli.main(["--version"]) == cli.main(["dump", "--version"]) == 0
    assert capsys.readouterr().out == f"turbodicom {__version__}\n" * 2


def test_an_interrupt_gives_exit_code_130(monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(dump, "run", interrupted)
    assert cli.main(["dump", "a"]) == 130


def test_a_reader_that_goes_away_is_not_an_error(tmp_path):
    path = save(image(np.zeros((1024, 1024), np.uint16)), tmp_path / "a.dcm")
    with subprocess.Popen(
        [*COMMAND, "dump", "+L", path], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
