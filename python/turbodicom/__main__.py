# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``python -m turbodicom``: the same as the command ``turbodicom``."""

import sys

from turbodicom.cli import main

sys.exit(main())
