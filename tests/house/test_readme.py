# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The README's Python samples run, in their order, in one folder that holds a file named ct.dcm.

A fenced block opened by ```python is a sample; a block that needs more than a newcomer has (a network, an
archive) is opened by ```py and is not run.
"""

import os
import re
import subprocess
import sys

import pytest

pytest.importorskip("turbodicom")

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PREPARE = """
import numpy as np, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
ds = Dataset()
ds.file_meta = FileMetaDataset()
ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
ds.SOPClassUID, ds.SOPInstanceUID = pydicom.uid.CTImageStorage, "1.2.3.4"
ds.PatientID, ds.PatientName, ds.Modality = "1", "Doe^Jane", "CT"
ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.1"
ds.PixelSpacing, ds.RescaleSlope, ds.RescaleIntercept = [0.5, 0.5], 1, -1024
ds.Rows = ds.Columns = 64
ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
ds.PixelData = np.arange(4096, dtype="<u2").tobytes()
ds["PixelData"].VR = "OW"
ds.save_as("ct.dcm", enforce_file_format=True)
"""


def test_python_samples_run(root, tmp_path):
    samples = BLOCK.findall((root / "README.md").read_text())
    assert samples
    script = tmp_path / "samples.py"
    script.write_text(PREPARE + "\n".join(samples))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr


def test_the_two_commands_are_there(root):
    text = (root / "README.md").read_text()
    assert "pip install . && turbodicom demo" in text
    assert re.search(r"pip install '?\.\[test\]'? && python -m pytest", text)
