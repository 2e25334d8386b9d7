# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom.interop.dask``: tables and volumes by Dask are those of one process. And docs/howto/beyond_one_machine.md."""

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import turbodicom as td

sys.path.insert(0, str(Path(__file__).parent))

import volume_files as made
from scan_files import ct, tree

pytest.importorskip("dask.dataframe")
pytest.importorskip("pyarrow")
pandas = pytest.importorskip("pandas")

from turbodicom.interop import dask as td_dask

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "beyond_one_machine.md"
TAGS = ["PatientID", "InstanceNumber", "Rows", "ImageType", "StudyDate", (0x0028, 0x0011)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Start two worker processes."""
    distributed = pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with (
        distributed.LocalCluster(**settings, local_directory=str(folder)) as workers,
        distributed.Client(workers) as client,
    ):
        yield client


def expected(sources, **keywords):
    return td.scan(sources, **keywords).to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)


def computed(frame, **keywords):
    return frame.compute(**keywords).reset_index(drop=True)


def test_a_cluster_of_two_processes_gives_the_table_of_one_process(cluster, tmp_path):
    tree(tmp_path, 50)
    (tmp_path / "d000" / "notes.txt").write_text("no DICOM")
    (tmp_path / "d001" / "empty").touch()
    os.symlink("nowhere", tmp_path / "d002" / "dangling")
    frame = td_dask.scan(tmp_path, partition_files=7)
    assert frame.npartitions == 8
    pandas.testing.assert_frame_equal(computed(frame), expected(tmp_path))
    seen = cluster.gather(cluster.map(lambda _: os.getpid(), range(20), pure=False))
    assert len(set(seen)) == 2
    assert os.getpid() not in seen


def test_the_corpus_by_a_cluster_is_the_corpus_by_one_process(cluster, corpus):
    frame = td_dask.scan(corpus, partition_files=100)
    pandas.testing.assert_frame_equal(computed(frame), expected(corpus))


def test_volumes_of_a_cluster_are_those_of_one_process(cluster, tmp_path):
    made.series(tmp_path / "a", made.positions(4))
    made.series(tmp_path / "b", made.positions(3), SeriesInstanceUID="1.2.3.2")
    table = td.scan(tmp_path)
    arrays = td_dask.volumes(table, values="modality")
    assert list(arrays) == ["1.2.3.1", "1.2.3.2"]
    for series in table.series():
        whole = td.volume(series, values="modality").array
        array = arrays[series.uid]
        assert (array.shape, array.dtype) == (whole.shape, whole.dtype)
        assert np.array_equal(array.compute(), whole)


def test_types_are_known_before_and_true_afterwards(tmp_path):
    tree(tmp_path, 5)
    frame = td_dask.scan(tmp_path, TAGS, pixel_offset=True)
    promised = dict(frame.dtypes)
    assert promised == dict(frame.compute(scheduler="sync").dtypes)
    assert promised == dict(expected(tmp_path, tags=TAGS, pixel_offset=True).dtypes)


def test_files_are_not_read_before_they_are_computed(tmp_path):
    paths = tree(tmp_path, 2)
    frame = td_dask.scan(tmp_path, ["PatientID"])
    Path(paths[0]).write_bytes(ct(1, PatientID="changed"))
    assert computed(frame, scheduler="sync")["PatientID"].tolist() == ["changed", "P1"]


def test_files_with_odd_names_are_the_files_of_the_walk(tmp_path):
    for name in ("[a-c]*.dcm", "ADCM", os.fsdecode(b"\xff.dcm"), "new\nline"):
        (tmp_path / name).write_bytes(ct())
    directory = ct(DirectoryRecordSequence=[made.item(ReferencedFileID="ADCM")])
    (tmp_path / "DICOMDIR").write_bytes(directory)  # stands for others only as a source by its name
    frame = td_dask.scan(tmp_path, partition_files=2)
    pandas.testing.assert_frame_equal(computed(frame, scheduler="sync"), expected(tmp_path))
    assert len(frame) == 5
    assert len(td_dask.scan(tmp_path / "DICOMDIR")) == 1


def test_no_files_are_an_empty_table(tmp_path):
    frame = td_dask.scan(tmp_path)
    assert len(frame) == 0
    assert list(frame.columns) == list(td.scan(tmp_path).columns)


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"partition_files": 0}, ValueError),
        ({"partition_files": 1.5}, TypeError),
        ({"tags": ["Rwos"]}, ValueError),
    ],
)
def test_scans_that_cannot_be_meant_are_refused_at_once(tmp_path, keywords, error):
    with pytest.raises(error):
        td_dask.scan(tmp_path, **keywords)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"values": "modality", "dtype": "float64"},
        {"values": "voi", "window": (40, 400)},
        {"values": "voi", "window": [(40, 400), (0, 100)], "layout": "planar"},
        {"values": "voi", "window": td.Window.minmax()},
        {"roi": (1, 2, 3, 4)},
    ],
    ids=str,
)
def test_shape_and_type_are_known_before_for_all_options(tmp_path, options):
    paths = made.series(tmp_path, made.positions(3))
    series = td.scan(paths).series()[0]
    array = td_dask.volumes(series, **options)[series.uid]
    whole = td.volume(series, **options).array
    assert (array.shape, array.dtype) == (whole.shape, whole.dtype)
    assert np.array_equal(array.compute(scheduler="sync"), whole)


def test_a_multi_frame_file_is_a_volume(tmp_path):
    made.write(tmp_path, [made.enhanced(made.positions(4))])
    ((_, array),) = td_dask.volumes(td.scan(tmp_path)).items()
    assert array.shape == (4, 8, 6)
    assert np.array_equal(array.compute(scheduler="sync")[3], made.pixels_of(4))


def test_slices_of_several_sizes_are_refused_at_once(tmp_path):
    made.write(tmp_path, [made.slice_of(1, (0, 0, 0)), made.slice_of(2, (0, 0, 1), shape=(4, 4))])
    with pytest.raises(td.ConformanceError, match=r"several sizes.*0001\.dcm"):
        td_dask.volumes(td.scan(tmp_path))


def test_an_irregular_grid_is_refused_when_it_is_computed(tmp_path):
    made.series(tmp_path, made.positions(6, leave_out=(3,)))
    ((_, array),) = td_dask.volumes(td.scan(tmp_path), strict=True).items()
    with pytest.raises(td.ConformanceError, match="no regular grid"):
        array.compute(scheduler="sync")


def test_a_volume_that_has_become_another_is_an_error(tmp_path):
    paths = made.series(tmp_path, made.positions(3))
    ((_, array),) = td_dask.volumes(td.scan(tmp_path), on_error="report").items()
    os.unlink(paths[1])
    with pytest.raises(ValueError, match="shape"):
        array.compute(scheduler="sync")


def test_a_mask_is_refused(tmp_path):
    with pytest.raises(ValueError, match="mask"):
        td_dask.volumes([], mask=True)


def test_without_dask_the_error_says_what_to_install(run_child, tmp_path):
    source = "import sys\nsys.modules['dask'] = None\nimport turbodicom as td\nfrom turbodicom.interop import dask\n"
    source += "try:\n    dask.scan(sys.argv[1])\nexcept td.UnsupportedError as error:\n    print(error)"
    child = run_child(source, tmp_path)
    assert "pip install 'turbodicom[dask]'" in child.stdout, child.stderr


# -- the documentation -------------------------------------------------------------------------------------


def samples(heading):
    section = HOWTO.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, heading
    return "\n".join(found)


def run_samples(heading, run_child, tmp_path):
    made.series(tmp_path / "archive/a", made.positions(4))
    made.series(tmp_path / "archive/b", made.positions(3), SeriesInstanceUID="1.2.3.2")
    (tmp_path / "archive/notes.txt").write_text("no DICOM")
    body = "\n".join("    " + line for line in samples(heading).splitlines())
    source = f"import os, sys\nif __name__ == '__main__':\n    os.chdir(sys.argv[1])\n{body}\n"
    child = run_child(source, tmp_path, timeout=180)
    assert child.returncode == 0, child.stderr
    return child.stdout


def test_the_samples_for_dask_run(run_child, tmp_path):
    pytest.importorskip("distributed")
    said = run_samples("Dask", run_child, tmp_path)
    assert "archive/notes.txt" in said
    assert "(4, 8, 6)" in said
    assert len(pandas.read_parquet(tmp_path / "index", dtype_backend="pyarrow")) == 8


def test_the_samples_for_ray_run(run_child, tmp_path):
    pytest.importorskip("ray")
    said = run_samples("Ray Data", run_child, tmp_path)
    assert "8 files" in said
    assert "(4, 8, 6)" in said
