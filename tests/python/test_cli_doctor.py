# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``turbodicom doctor``: what decodes and encodes here."""

import json

from turbodicom import cli, codecs
from turbodicom.interop import fallback


def _findings(capsys):
    assert cli.main(["doctor", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_has_versions_machine_and_every_transfer_syntax(capsys):
    found = _findings(capsys)
    assert found["packages"]["numpy"] and found["packages"]["pydicom"]
    assert found["machine"]["instruction_set"] in ("scalar", "neon", "avx2", "avx512")
    assert found["machine"]["usable_cores"] >= 1
    rows = {row["uid"]: row for row in found["transfer_syntaxes"]}
    assert len(rows) >= 60
    assert rows["1.2.840.10008.1.2.1"]["decoder"] == "turbodicom"
    assert rows["1.2.840.10008.1.2.4.107"]["decoder"] is None  # video


def test_own_codecs_and_fallback_decoders_are_named(capsys):
    rows = {row["uid"]: row for row in _findings(capsys)["transfer_syntaxes"]}
    assert "rle" in codecs.names()
    assert (
        rows["1.2.840.10008.1.2.5"]["decoder"] == rows["1.2.840.10008.1.2.5"]["encoder"] == "turbodicom rle"
    )
    for suffix in ("50", "51", "53", "55", "57", "70"):
        assert rows["1.2.840.10008.1.2.4." + suffix]["decoder"] == "turbodicom jpeg"
        assert (rows["1.2.840.10008.1.2.4." + suffix]["encoder"] is None) == (suffix == "53")
    for uid, decoder in fallback.decoders().items():
        assert rows[uid]["decoder"] == decoder


def test_a_missing_extra_is_told_with_the_command_that_brings_it(capsys, monkeypatch):
    monkeypatch.setattr(fallback, "decoders", lambda: {"1.2.840.10008.1.2.4.90": None})
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    line = next(line for line in out.splitlines() if line.startswith("1.2.840.10008.1.2.4.90 "))
    assert "pip install 'turbodicom[codecs]'" in line
    assert "1 more with pip install" in out


def test_the_table_leaves_out_what_nothing_decodes_unless_asked(capsys):
    cli.main(["doctor"])
    short = capsys.readouterr().out
    cli.main(["doctor", "--all"])
    assert "1.2.840.10008.1.2.4.107" not in short
    assert "1.2.840.10008.1.2.4.107" in capsys.readouterr().out
