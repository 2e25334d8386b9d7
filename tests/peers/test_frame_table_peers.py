# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Frame tables say what highdicom says: dimensions, and where the frames of a regular volume are."""

import io
import warnings

import numpy as np
import pydicom
import pytest
import turbodicom as td
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence

highdicom = pytest.importorskip("highdicom", reason="highdicom is not installed: pip install highdicom")

FILES = (
    "dicom/QIICR__dcmqi/seg.dcm",
    "dicom/QIICR__dcmqi/partial_overlaps.dcm",
    "dicom/pydicom__pydicom-data/liver.dcm",
    "dicom/pydicom__pydicom-data/liver_nonbyte_aligned.dcm",
    "dicom/pydicom__pydicom-data/eCT_Supplemental.dcm",
)


def opened(source):
    """Return highdicom's image."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return highdicom.imread(source)


def item(**elements):
    """Return a Dataset with these elements."""
    ds = Dataset()
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


def made(order):
    """Return the bytes of an enhanced CT file whose frames lie at the positions `order` of an oblique stack."""
    ds = item(
        SOPClassUID=uid.EnhancedCTImageStorage, SOPInstanceUID="1.2.3", StudyInstanceUID="1.2", SeriesInstanceUID="1.3",
        FrameOfReferenceUID="1.4", PatientID="1", PatientName="A", Modality="CT", ImageType=["ORIGINAL", "PRIMARY"],
        SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", NumberOfFrames=len(order), Rows=2, Columns=2,
        BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0, PixelData=bytes(4 * len(order)),
    )  # fmt: skip
    ds.DimensionOrganizationSequence = Sequence([item(DimensionOrganizationUID="1.5")])
    ds.DimensionIndexSequence = Sequence(
        [
            item(
                DimensionOrganizationUID="1.5",
                DimensionIndexPointer=0x00209057,
                FunctionalGroupPointer=0x00209111,
            )
        ]
    )
    ds.SharedFunctionalGroupsSequence = Sequence(
        [
            item(
                PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[0.8, 0.6, 0, 0, 0, -1])]),
                PixelMeasuresSequence=Sequence(
                    [item(PixelSpacing=[0.5, 0.75], SliceThickness=2, SpacingBetweenSlices=2.5)]
                ),
            )
        ]
    )
    normal = np.array([-0.6, 0.8, 0])
    ds.PerFrameFunctionalGroupsSequence = Sequence(
        [
            item(
                FrameContentSequence=Sequence(
                    [item(DimensionIndexValues=[place + 1], InStackPositionNumber=place + 1)]
                ),
                PlanePositionSequence=Sequence(
                    [item(ImagePositionPatient=[round(x, 6) for x in (10 + 2.5 * place * normal).tolist()])]
                ),
            )
            for place in order
        ]
    )
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def check_geometry(table, image):
    """Compare the distinct positions along the normal, orientation and spacing with those of highdicom's volume."""
    geometry = image.get_volume_geometry()
    assert geometry is not None, "highdicom sees no regular volume in this file"
    theirs = np.array([plane[0].ImagePositionPatient for plane in geometry.get_plane_positions()], float)
    ours = np.unique(np.round(table.position, 4), axis=0)
    theirs = np.unique(np.round(theirs, 4), axis=0)
    assert {tuple(row) for row in ours.tolist()} <= {tuple(row) for row in theirs.tolist()}
    assert len(ours) == len(theirs) or "SegmentSequence" in image  # which leave out empty frames
    np.testing.assert_allclose(
        table.orientation[0], geometry.get_plane_orientation()[0].ImageOrientationPatient, atol=1e-6
    )
    np.testing.assert_allclose(table.pixel_spacing[0], geometry.spacing[1:], atol=1e-6)


@pytest.mark.parametrize("file", FILES)
def test_real_files_have_highdicoms_dimensions_and_geometry(file, corpus):
    image, table = opened(corpus / file), td.read(str(corpus / file)).frame_table()
    assert len(table) == image.number_of_frames
    assert [d.pointer for d in table.dimensions] == [
        pydicom.datadict.keyword_for_tag(tag) for tag in image.dimension_index_pointers
    ]
    check_geometry(table, image)


@pytest.mark.parametrize("order", [range(12), [5, 3, 4, 0, 2, 1], [0]])
def test_made_stacks_have_highdicoms_geometry(order):
    data = made(list(order))
    image, table = opened(io.BytesIO(data)), td.read(data).frame_table()
    assert [d.pointer for d in table.dimensions] == ["InStackPositionNumber"]
    assert (table.dimension_index_values[:, 0] - 1).tolist() == list(order)
    check_geometry(table, image)
