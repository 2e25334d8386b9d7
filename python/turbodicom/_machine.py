# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What this machine offers the core."""

from turbodicom import _core

__all__ = ["machine"]


def machine():
    """Return the instruction set in use and the cores that `workers=None` means.

    Returns
    -------
    dict
        ``isa``: "scalar", "neon", "avx2" or "avx512", lowered by the environment variable TURBODICOM_ISA;
        ``runnable_isas``: list of all that run here; ``usable_cores``: int.
    """
    return {
        "isa": _core.active_isa(),
        "runnable_isas": list(_core.runnable_isas()),
        "usable_cores": _core.usable_cores(),
    }
