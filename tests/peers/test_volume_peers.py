# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Volumes against SimpleITK's series reader, nibabel's DICOM wrappers, highdicom and pydicom.

SimpleITK reads with ForceOrthogonalDirection off: on, which is its default, it turns the step of a tilted series into
the normal, so that voxels are not where they were measured. GDCM takes orientations for identity that are not
orthonormal; there are none here.
"""

import sys
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
import pydicom
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import volume_files as made

COUNT = 200
SHAPES = {
    "axial": {},
    "oblique": {"orientation": made.oblique()},
    "sagittal": {"orientation": (0, 1, 0, 0, 0, -1)},
    "tilted": {"shear": (0, 0.6, 0)},
    "oblique and tilted": {"orientation": made.oblique(-0.4, 0.2), "shear": (0.1, -0.3, 0.2)},
    "with gaps": {"leave_out": (5, 6, 100)},
    "downwards": {"step": -1.25},
}


def read_volume(files, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return td.volume(files, **options)


def sitk_read(files):
    """Return affine, array and the order of files GDCM finds (None: it has none)."""
    sitk = pytest.importorskip("SimpleITK")
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(files)
    reader.SetForceOrthogonalDirection(False)
    image = reader.Execute()
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return affine, sitk.GetArrayFromImage(image)


def as_itk_has_it(affine):
    """Return an affine with orthonormal rows and columns.

    ITK keeps the column direction, and turns that of rows by what DS lets it deviate from a right angle; nibabel and we
    take directions as they stand in the file.
    """
    row, column = (affine[:3, k] / np.linalg.norm(affine[:3, k]) for k in (0, 1))
    normal = np.cross(row, column)
    row = np.cross(column, normal / np.linalg.norm(normal))
    made = affine.copy()
    made[:3, 0], made[:3, 1] = row * np.linalg.norm(affine[:3, 0]), column * np.linalg.norm(affine[:3, 1])
    np.testing.assert_allclose(made, affine, rtol=0, atol=1e-4)
    return made


def shuffled(files):
    return [files[k] for k in np.random.default_rng(7).permutation(len(files))]


@pytest.fixture(scope="module", params=SHAPES)
def generated(request, tmp_path_factory):
    """Return paths of 200 slices in the order of their places, and how they were made."""
    about = SHAPES[request.param]
    folder = tmp_path_factory.mktemp("series")
    files = made.series(folder, made.positions(COUNT, **about), about.get("orientation", made.AXIAL))
    return (files[::-1] if request.param == "downwards" else files), about


def test_affine_and_values_of_generated_series_are_simpleitks(generated):
    files, _ = generated
    volume = read_volume(shuffled(files), values="modality")
    affine, array = sitk_read(files)
    assert volume.files == files
    np.testing.assert_allclose(volume.affine, affine, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(volume.array, array)


def test_the_order_is_gdcms(generated):
    sitk = pytest.importorskip("SimpleITK")
    files, _ = generated
    found = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(Path(files[0]).parent))
    assert read_volume(shuffled(files)).files == list(found)


def test_affine_of_duplicates_is_simpleitks(tmp_path):
    places = [place for place in made.positions(COUNT // 2) for _ in range(2)]
    files = made.series(tmp_path, places)
    volume = read_volume(shuffled(files))
    assert volume.files == files
    affine, array = sitk_read(files)
    np.testing.assert_allclose(volume.affine, affine, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(volume.array - 1024, array)


def test_the_image_made_for_simpleitk_is_the_one_it_reads(generated):
    sitk = pytest.importorskip("SimpleITK")
    files, _ = generated
    image = read_volume(files, values="modality").to_sitk()
    affine, array = sitk_read(files)
    for index in ((0, 0, 0), (5, 7, 0), (2, 3, image.GetSize()[2] - 1)):
        expected = affine[:3, :3] @ index + affine[:3, 3]
        np.testing.assert_allclose(image.TransformIndexToPhysicalPoint(index), expected, atol=1e-6)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), array)


# -- nibabel -----------------------------------------------------------------------------------------------


def wrappers():
    pytest.importorskip("nibabel")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nibabel.nicom import dicomwrappers

    return dicomwrappers


def nibabel_affine(files):
    """Return the affine of a stack as nibabel's wrappers of its first and last slice give it; LPS, (column, row, slice).

    Their own is that of one slice: its index is (row, column), and its third axis a thickness along the normal.
    """
    first, last = (wrappers().Wrapper(pydicom.dcmread(files[k])) for k in (0, -1))
    affine = first.affine[:, [1, 0, 2, 3]]
    affine[:3, 2] = (last.affine[:3, 3] - first.affine[:3, 3]) / (len(files) - 1)
    return affine


def test_affine_of_generated_series_is_nibabels(generated):
    files, _ = generated
    np.testing.assert_allclose(read_volume(files).affine, nibabel_affine(files), rtol=0, atol=1e-6)


def test_an_enhanced_image_is_nibabels(tmp_path):
    orientation = made.oblique()
    places = made.positions(30, 1.5, orientation)
    ds = made.enhanced(places, orientation)
    [file] = made.write(tmp_path, [ds])
    volume = td.volume(file)
    theirs = wrappers().MultiframeWrapper(pydicom.dcmread(file))
    downwards = np.diag([1.0, 1, -1, 1])  # nibabel takes the other normal: column direction x row direction
    downwards[2, 3] = len(places) - 1
    np.testing.assert_allclose(volume.affine @ downwards, theirs.affine[:, [1, 0, 2, 3]], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(volume.array[::-1].transpose(1, 2, 0), theirs.get_unscaled_data())


def test_an_enhanced_image_is_highdicoms(tmp_path):
    highdicom = pytest.importorskip("highdicom")
    orientation = made.oblique()
    places = made.positions(20, 1.5, orientation)
    order = np.random.default_rng(1).permutation(20)
    [file] = made.write(tmp_path, [made.enhanced([places[k] for k in order], orientation)])
    volume = td.volume(file, values="modality", dtype="float64", strict=True)
    theirs = highdicom.imread(file).get_volume()
    there = np.linalg.inv(theirs.affine) @ volume.affine  # index of ours to index of theirs
    corners = np.array([(0, 0, 0), (5, 7, 19), (5, 0, 0), (0, 0, 19), (2, 3, 4)])
    for column, row, k in corners:
        index = there @ (column, row, k, 1)
        rounded = np.rint(index).astype(int)
        np.testing.assert_allclose(index, rounded, atol=1e-6)
        assert volume.array[k, row, column] == theirs.array[tuple(rounded[:3])]


# -- the corpus --------------------------------------------------------------------------------------------


def corpus_series(corpus):
    """Yield lists of files of one series and size, with at least two different places."""
    groups = defaultdict(list)
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or "malformed" in path.parts:
            continue
        try:
            ds = td.read(path)
        except td.Error:
            continue
        has_place = all(map(ds.get, ("ImagePositionPatient", "ImageOrientationPatient", "Rows")))
        if has_place and (ds.get("NumberOfFrames") or 1) == 1:
            key = ds.get("SeriesInstanceUID"), ds.Rows, ds.Columns
            groups[key].append((str(path), tuple(ds.ImagePositionPatient)))
    for members in groups.values():
        if len({place for _, place in members}) > 1:
            yield [path for path, _ in members]


def test_affine_and_values_of_corpus_series_are_simpleitks_and_nibabels(corpus):
    seen = refused = 0
    for files in corpus_series(corpus):
        volume = read_volume(shuffled(files), values="modality", dtype="float64")
        assert sorted(volume.files) == sorted(files)
        stacked = []
        for path in volume.files:
            ds = pydicom.dcmread(path)
            stacked.append(pydicom.pixels.apply_modality_lut(ds.pixel_array, ds))
        np.testing.assert_array_equal(volume.array, np.stack(stacked), err_msg=files[0])
        try:
            theirs = nibabel_affine(volume.files)
        except wrappers().WrapperPrecisionError:  # it refuses direction cosines in five digits
            theirs = volume.affine
            refused += 1
        np.testing.assert_allclose(volume.affine, theirs, rtol=0, atol=1e-6, err_msg=files[0])
        affine, array = sitk_read(volume.files)
        np.testing.assert_allclose(as_itk_has_it(volume.affine), affine, rtol=0, atol=1e-6, err_msg=files[0])
        np.testing.assert_allclose(volume.array, array, rtol=0, atol=1e-3, err_msg=files[0])
        seen += 1
    assert seen >= 10 and refused <= 1


def test_stored_values_of_every_corpus_series_are_pydicoms(corpus):
    seen = 0
    for files in corpus_series(corpus):
        volume = read_volume(files)
        theirs = np.stack([pydicom.dcmread(path).pixel_array for path in volume.files])
        np.testing.assert_array_equal(volume.array, theirs, err_msg=files[0])
        seen += 1
    assert seen >= 10


def test_multi_frame_images_of_the_corpus_are_simpleitks(corpus):
    sitk = pytest.importorskip("SimpleITK")
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    seen = 0
    for path in sorted(corpus.glob("dicom/**/*")):
        if path.name in ("mf.dcm", "mf-2.dcm", "rtdose.dcm"):
            volume, image = td.volume(path, strict=True), sitk.ReadImage(str(path))
            affine = np.eye(4)
            affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
            affine[:3, 3] = image.GetOrigin()
            np.testing.assert_allclose(volume.affine, affine, rtol=0, atol=1e-6)
            seen += 1
    assert seen == 3


def test_multi_frame_images_of_the_corpus_are_pydicoms(corpus):
    seen = 0
    for path in sorted(corpus.glob("dicom/**/*")):
        if path.name not in ("mf.dcm", "mf-2.dcm", "rtdose.dcm", "emri_small.dcm"):
            continue
        ds = pydicom.dcmread(path)
        volume = read_volume(path)
        order = [each.frame for each in volume.slices]
        np.testing.assert_array_equal(volume.array, ds.pixel_array[order])
        seen += 1
    assert seen >= 3
