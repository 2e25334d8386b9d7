# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Does the suite notice a bug? ``python tests/power_check.py [--build-dir DIR] [NAME ...]``.

The sources hold small planted bugs behind ``#if defined(TURBODICOM_PLANT_<name>)``. For each, the C++ suites
are built with that bug in and must fail (by a failing test, a crash, or a hang of more than two minutes). Without
any bug they must pass. Exit code 1 when a bug goes unnoticed. One build folder is used for all, and a compiler
cache when there is one, so only the files that know the bug are compiled again.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 120


def main(arguments=None):
    """Build and run without a bug, then with each one."""
    options = parse(arguments)
    folder = Path(options.build_dir or tempfile.mkdtemp(prefix="power-check-"))
    names = options.names or planted_bugs()
    if not suites_pass(folder, ""):
        print("the suites fail without any planted bug")
        return 1
    unnoticed = [name for name in names if not notices(folder, name)]
    print(f"{len(names) - len(unnoticed)} of {len(names)} planted bugs noticed")
    return 1 if unnoticed or not names else 0


def parse(arguments):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Build the C++ suites with each planted bug and expect failure.")
    parser.add_argument("names", nargs="*", help="planted bugs; all when none is given")
    parser.add_argument("--build-dir", help="keep the build here")
    return parser.parse_args(arguments)


def planted_bugs():
    """Return the names of all planted bugs in the sources."""
    texts = (path.read_text() for path in sorted((ROOT / "cpp").rglob("*")) if path.suffix in {".cpp", ".h"})
    return sorted({name for text in texts for name in re.findall(r"TURBODICOM_PLANT_(\w+)", text)})


def notices(folder, name):
    """Say whether the suites fail with this bug in."""
    noticed = not suites_pass(folder, name)
    print(f"{name}: {'noticed' if noticed else 'NOT NOTICED'}", flush=True)
    return noticed


def suites_pass(folder, plant):
    """Build the suites with a planted bug and return True when all of them pass."""
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    configure = ["cmake", "-S", str(ROOT), "-B", str(folder), "-DCMAKE_BUILD_TYPE=RelWithDebInfo", *launcher]
    configure += ["-DTURBODICOM_PYTHON=OFF", "-DTURBODICOM_TESTS=ON", f"-DTURBODICOM_PLANT={plant}"]
    configure += [f"-DPython_EXECUTABLE={sys.executable}"]
    run_or_stop(configure)
    run_or_stop(["cmake", "--build", str(folder), "--parallel", "2"])
    suites = subprocess.run(
        ["ctest", "--test-dir", str(folder), "--timeout", str(SECONDS)], capture_output=True, text=True, check=False
    )
    return suites.returncode == 0


def run_or_stop(command):
    """Run a build step; a broken build proves nothing, so it ends the check."""
    step = subprocess.run(command, capture_output=True, text=True, check=False)
    if step.returncode:
        sys.exit(f"{' '.join(command)}\n{step.stdout[-3000:]}{step.stderr[-3000:]}")


if __name__ == "__main__":
    sys.exit(main())
