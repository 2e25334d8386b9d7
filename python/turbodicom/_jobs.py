# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""How many threads work on many files when nobody says."""

from __future__ import annotations

import os
import sys

from turbodicom import _core

__all__ = ["default_workers"]

_PROCESS = os.getpid()


def default_workers():
    """Return all usable cores, but 1 in a worker process: there are as many of these as there are cores.

    Returns
    -------
    int
    """
    processes = sys.modules.get("multiprocessing.process")
    is_child = processes is not None and processes.parent_process() is not None
    return 1 if is_child or os.getpid() != _PROCESS else _core.usable_cores()
