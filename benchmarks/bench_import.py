# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What `import turbodicom` costs on top of numpy, and how large the package is."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import turbodicom as td
from harness import Row, alternate, bootstrap

BAR_MS = 30.0


def rows(_folder, settings):
    """Yield import time above numpy's and installed size."""
    ours, numpy_only = alternate(lambda: run("import numpy, turbodicom"), lambda: run("import numpy"), settings)
    above = 1e3 * (ours - numpy_only)
    low, high = bootstrap(above)
    yield Row(
        "import", "import turbodicom", "import numpy", mode="new process", ratio=float(np.median(above)), low=low,
        high=high, bar=BAR_MS, unit="ms above numpy", samples=above.round(3).tolist(),
    )  # fmt: skip
    size = installed_bytes() / 2**20
    yield Row(
        "import", "installed size", "-", mode="files", threads="-", ratio=size, low=size, high=size, unit="MiB",
        note="without byte-compiled files",
    )  # fmt: skip


def run(statement):
    """Run one statement in a new interpreter, byte-compiled files in place as after an installation."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)


def installed_bytes():
    """Return the bytes of the package's files."""
    files = (path for path in Path(td.__file__).parent.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc")
