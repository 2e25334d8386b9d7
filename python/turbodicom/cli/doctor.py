# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom doctor``: what works on this machine, and with what.

Versions, processor, and one row per transfer syntax of PS3.6: who decodes its frames, who encodes them.
"""

import importlib.metadata
import json
import platform
import sys

import turbodicom as td
from turbodicom.cli import _syntaxes, tool_parser
from turbodicom.cli._common import OK, print_table

_EPILOG = """\
examples:
  turbodicom doctor
  turbodicom doctor --json
"""

_PACKAGES = ("numpy", "pydicom", "pylibjpeg", "imagecodecs", "rich")
_TO_INSTALL = "pip install 'turbodicom[codecs]'"


def arguments():
    """Make the parser."""
    parser = tool_parser("doctor", _EPILOG)
    parser.add_argument(
        "--all", action="store_true", help="also list the transfer syntaxes that nothing here decodes"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with all of them")
    return parser


def run(options):
    """Print the findings; return the exit code."""
    found = findings()
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        _print(found, options.all)
    return OK


def findings():
    """Collect what `doctor` says.

    Returns
    -------
    dict
        Versions, machine, and a list of transfer syntaxes with their decoder and encoder (None: nobody).
    """
    decoders, encoders = _syntaxes.decoders(), _syntaxes.encoders()
    rows = [
        {
            "uid": uid,
            "name": name,
            "decoder": decoders.get(uid),
            "encoder": encoders.get(uid),
            "to_install": _TO_INSTALL if uid in decoders and decoders[uid] is None else None,
        }
        for uid, name in _syntaxes.names().items()
    ]
    return {
        "turbodicom": td.__version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "instruction_set": td.machine()["isa"],
            "usable_cores": td.machine()["usable_cores"],
            "gil": "enabled" if getattr(sys, "_is_gil_enabled", lambda: True)() else "disabled",
        },
        "transfer_syntaxes": rows,
    }


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _print(found, everything):
    machine = found["machine"]
    print(f"turbodicom {found['turbodicom']}, Python {found['python']}, GIL {machine['gil']}")
    print(", ".join(f"{name} {version or 'not installed'}" for name, version in found["packages"].items()))
    print(
        f"{machine['system']} {machine['processor']}, {machine['instruction_set']}, "
        f"{machine['usable_cores']} usable cores\n"
    )
    rows = found["transfer_syntaxes"]
    able = [row for row in rows if row["decoder"]]
    missing = [row for row in rows if row["to_install"]]
    shown = rows if everything else [row for row in rows if row["decoder"] or row["to_install"]]
    print_table(
        ("transfer syntax", "decodes with", "encodes with", "name"),
        [
            (row["uid"], row["decoder"] or row["to_install"] or "-", row["encoder"] or "-", row["name"])
            for row in shown
        ],
    )
    print(f"\n{len(able)} of {len(rows)} transfer syntaxes decode here", end="")
    print(f"; {len(missing)} more with {_TO_INSTALL}" if missing else "", end="")
    print("" if everything else f"; --all lists the other {len(rows) - len(shown)}")
