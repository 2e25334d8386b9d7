# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Rows of a scan as CSV and JSON, one after the other.

Dates and times are ISO 8601, bytes base64. JSON has null for what is missing, and "NaN", "Infinity" and "-Infinity"
as text (RFC 8259 knows no such numbers); CSV has an empty field, and backslashes between several values.
"""

import base64
import csv
import datetime
import io
import json
import math

__all__ = ["write_csv", "write_json"]


def write_csv(file, columns, rows):
    """Write a heading and a line for each row.

    Parameters
    ----------
    file : binary file object
    columns : sequence of str
    rows : iterable of dict
    """
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_field(value) for value in row.values()])
    text.flush()
    text.detach()


def write_json(file, columns, rows):
    """Write an array with an object for each row.

    Parameters
    ----------
    file : binary file object
    columns : sequence of str
        Not needed: every object has its names.
    rows : iterable of dict
    """
    before = b"[\n"
    for row in rows:
        values = {name: _plain(value) for name, value in row.items()}
        file.write(before + json.dumps(values, ensure_ascii=False, allow_nan=False).encode())
        before = b",\n"
    file.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _plain(value):
    """Return a value in the types of JSON."""
    if value is None or type(value) is str or type(value) is int:  # nearly all of them
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _field(value):
    """Return a value as the field of a CSV file."""
    if value is None or type(value) is str or type(value) is int:
        return value
    value = _plain(value)
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return json.dumps(value, ensure_ascii=False)
        return "\\".join("" if item is None else str(item) for item in value)
    return value
