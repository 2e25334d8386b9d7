# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Volume.to_nibabel, to_sitk, to_xarray; what they say when the library is missing; and docs/howto/volume.md runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made

ORIENTATION = made.oblique()
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def volume(tmp_path):
    """Return an oblique volume of 5 slices."""
    return td.volume(made.series(tmp_path, made.positions(5, 2.5, ORIENTATION), ORIENTATION), strict=True)


@pytest.fixture
def sheared(tmp_path):
    """Return a tilted volume of 5 slices."""
    with pytest.warns(UserWarning, match="tilt"):
        return td.volume(made.series(tmp_path, made.positions(5, shear=(0, 0.5, 0))))


def colour(tmp_path, **options):
    pixels = [np.random.default_rng(k).integers(0, 256, (8, 6, 3), np.uint8) for k in range(3)]
    places = made.positions(3)
    slices = [made.slice_of(k + 1, places[k], pixels=pixels[k]) for k in range(3)]
    return td.volume(made.write(tmp_path / "colour", slices), **options), np.stack(pixels)


def test_nibabel_has_the_same_voxels_in_the_same_places(volume):
    pytest.importorskip("nibabel")
    image = volume.to_nibabel()
    assert image.shape == (6, 8, 5) and image.get_data_dtype() == np.int16
    assert np.shares_memory(image.dataobj, volume.array)
    assert image.dataobj[4, 7, 2] == volume.array[2, 7, 4]
    np.testing.assert_array_equal(image.affine, volume.affine_ras)
    np.testing.assert_allclose(image.get_qform(), volume.affine_ras, atol=1e-4)
    assert (int(image.header["sform_code"]), int(image.header["qform_code"])) == (1, 1)
    assert image.header.get_zooms() == pytest.approx((0.5, 0.75, 2.5))
    assert image.header.get_xyzt_units()[0] == "mm"


def test_a_nifti_file_of_it_is_read_back(volume, tmp_path):
    nibabel = pytest.importorskip("nibabel")
    nibabel.save(volume.to_nibabel(), tmp_path / "volume.nii")
    back = nibabel.load(tmp_path / "volume.nii")
    np.testing.assert_array_equal(np.asarray(back.dataobj).T, volume.array)
    np.testing.assert_allclose(back.affine, volume.affine_ras, atol=1e-4)


def test_a_sheared_grid_is_in_the_sform_alone(sheared):
    pytest.importorskip("nibabel")
    image = sheared.to_nibabel()
    np.testing.assert_array_equal(image.affine, sheared.affine_ras)
    assert (int(image.header["sform_code"]), int(image.header["qform_code"])) == (1, 0)


def test_nibabel_gets_colours_as_nifti_has_them(tmp_path):
    pytest.importorskip("nibabel")
    for layout in ("interleaved", "planar"):
        volume, pixels = colour(tmp_path, layout=layout)
        data = np.asarray(volume.to_nibabel().dataobj)
        assert data.shape == (6, 8, 3) and data.dtype.names == ("R", "G", "B")
        assert data[4, 7, 2].tolist() == tuple(pixels[2, 7, 4].tolist())
    floats, pixels = colour(tmp_path, values="modality")
    assert floats.to_nibabel().shape == (6, 8, 3, 1, 3)


def test_simpleitk_has_the_same_voxels_in_the_same_places(volume, sheared):
    pytest.importorskip("SimpleITK")
    for each in (volume, sheared):
        image = each.to_sitk()
        assert image.GetSize() == (6, 8, 5)
        for index in ((0, 0, 0), (4, 7, 2), (5, 0, 4)):
            place = image.TransformIndexToPhysicalPoint(index)
            np.testing.assert_allclose(place, (each.affine @ (*index, 1))[:3], atol=1e-9)
            assert image[index] == each.array[index[::-1]]


def test_simpleitk_gets_colours_as_vectors(tmp_path):
    sitk = pytest.importorskip("SimpleITK")
    for layout in ("interleaved", "planar"):
        volume, pixels = colour(tmp_path, layout=layout)
        image = volume.to_sitk()
        assert image.GetNumberOfComponentsPerPixel() == 3
        np.testing.assert_array_equal(sitk.GetArrayFromImage(image), pixels)


def test_xarray_has_coordinates_in_mm(volume, tmp_path):
    pytest.importorskip("xarray")
    array = volume.to_xarray()
    assert array.dims == ("slice", "row", "column") and np.shares_memory(array.values, volume.array)
    for name, step in zip(array.dims, (2.5, 0.75, 0.5), strict=True):
        np.testing.assert_allclose(array.coords[name].values, np.arange(array.sizes[name]) * step, atol=1e-9)
    assert float(array.sel(slice=5.1, row=1.5, column=0, method="nearest")) == volume.array[2, 2, 0]
    np.testing.assert_array_equal(array.attrs["affine_lps"], volume.affine)
    assert colour(tmp_path)[0].to_xarray().dims == ("slice", "row", "column", "sample")


def test_half_floats_become_what_the_libraries_have(tmp_path):
    files = made.series(tmp_path / "half", made.positions(3))
    volume = td.volume(files, values="voi", window=(0, 1000), dtype="float16")
    if pytest.importorskip("nibabel") and pytest.importorskip("SimpleITK"):
        assert volume.to_nibabel().get_data_dtype() == np.float32
        assert volume.to_sitk().GetPixelIDTypeAsString() == "32-bit float"


@pytest.mark.parametrize(
    ("method", "package"), [("to_nibabel", "nibabel"), ("to_sitk", "SimpleITK"), ("to_xarray", "xarray")]
)
def test_a_missing_library_is_named(volume, monkeypatch, method, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(td.UnsupportedError, match=f"pip install {package}"):
        getattr(volume, method)()


def test_the_samples_of_the_howto_run(tmp_path):
    for package in ("nibabel", "SimpleITK", "xarray"):
        pytest.importorskip(package)
    places = made.positions(6)
    made.series(tmp_path / "series", places)
    text = (Path(__file__).parents[2] / "docs" / "howto" / "volume.md").read_text()
    samples = BLOCK.findall(text)
    assert len(samples) >= 6
    script = tmp_path / "samples.py"
    script.write_text("\n".join(samples))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", str(script)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr


def test_the_howto_names_every_finding():
    text = (Path(__file__).parents[2] / "docs" / "howto" / "volume.md").read_text()
    source = "".join(path.read_text() for path in Path(td.__file__).parent.glob("_volume*.py"))
    found = set(re.findall(r'(?:VolumeFinding|_behind)\("(\w+)"', source)) | set(
        re.findall(r'^            \("(\w+)", "', source, re.MULTILINE)
    )
    assert len(found) >= 18
    assert {code for code in found if f"`{code}`" not in text} == set()
