# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Damaged files: every malformed file of the corpus, and damage to one frame among several."""

import warnings

import numpy as np
import pytest
import turbodicom as td

PEAK_BYTES = 1 << 30  # the most that any of them may cost, through the fallback too


def test_every_malformed_file_gives_a_result_or_one_of_our_errors(exercise, corpus):
    summary = exercise("files", corpus / "malformed")
    assert summary["counts"]["ok"] > 0
    assert summary["largest"][0] <= PEAK_BYTES, summary["largest"]


def test_bare_jpeg_streams_in_a_dicom_envelope_give_a_result_or_one_of_our_errors(exercise, corpus, tmp_path, small_files):
    pytest.importorskip("imagecodecs")
    template = small_files["JPEG"]
    start = template.index(b"\xff\xd8")
    for path in (corpus / "malformed" / "jpeg").rglob("*.*"):
        if path.is_file():
            (tmp_path / path.name).write_bytes(envelope(template, start, path.read_bytes()))
    summary = exercise("files", tmp_path)
    assert sum(summary["counts"].values()) > summary["counts"].get("ok", 0) > 0
    assert summary["largest"][0] <= PEAK_BYTES, summary["largest"]


def envelope(template, start, codestream):
    """Put a codestream into the place of the template's own, with the size its first frame header tells."""
    rows, columns = declared_size(codestream)
    header = bytearray(template[: start - 4])
    for tag, value in ((b"\x28\x00\x10\x00US\x02\x00", rows), (b"\x28\x00\x11\x00US\x02\x00", columns)):
        at = header.index(tag) + len(tag)
        header[at : at + 2] = value.to_bytes(2, "little")
    codestream += bytes(len(codestream) % 2)
    delimiter = b"\xfe\xff\xdd\xe0\0\0\0\0"
    return bytes(header) + len(codestream).to_bytes(4, "little") + codestream + delimiter


def declared_size(codestream):
    """Return (rows, columns) of the first SOFn marker segment (T.81 B.2.2), or (1, 1)."""
    for at in range(len(codestream) - 9):
        if codestream[at] == 0xFF and codestream[at + 1] in range(0xC0, 0xC4):
            return int.from_bytes(codestream[at + 5 : at + 7], "big"), int.from_bytes(codestream[at + 7 : at + 9], "big")
    return 1, 1


def break_second_frame(data):
    """Make the second RLE frame claim seven segments instead of two (PS3.5 G.5)."""
    header = b"\x02\0\0\0\x40\0\0\0"
    second = data.index(header, data.index(header) + 1)
    return data[:second] + b"\x07" + data[second + 1 :]


def test_one_bad_frame_raises_and_names_its_frame(small_files):
    ds = td.read(break_second_frame(small_files["RLE 16 bit, two frames"]))
    with pytest.raises(td.Error) as caught:
        ds.pixels()
    assert caught.value.codec == "rle"
    assert "frame 1" in caught.value.where


def test_one_bad_frame_does_not_lose_the_others(small_files):
    data = small_files["RLE 16 bit, two frames"]
    good, report = td.read(data).pixels(), []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        array = td.read(break_second_frame(data)).pixels(on_error="report", report=report)
    assert np.array_equal(array[0], good[0])
    assert not array[1].any()
    assert len(report) == 2
    assert len(caught) == 1


def test_what_was_not_decoded_is_filled_and_never_left_as_it_was(small_files):
    data = small_files["RLE 16 bit, two frames"]
    results = []
    for fill in (0x0000, 0xFFFF):
        out = np.full((2, 8, 8), fill, np.uint16)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            td.read(data[:-40]).pixels(out=out, on_error="report", report=[])
        results.append(out)
    assert np.array_equal(*results)
    assert results[0][0].any()


def test_a_truncated_file_never_passes_silently(small_files):
    for name in ("explicit little endian", "RLE 16 bit, two frames", "YBR_FULL_422", "palette"):
        with pytest.raises(td.Error):
            td.read(small_files[name][:-24]).pixels()


def test_errors_carry_no_value_of_the_data_set(small_files):
    for data in (break_second_frame(small_files["RLE 16 bit, two frames"]), small_files["palette"][:-8]):
        with pytest.raises(td.Error) as caught:
            td.read(data).pixels()
        assert "Doe" not in str(caught.value)
