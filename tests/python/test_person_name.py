# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Person names (PS3.5 6.2.1): a str with its parts as attributes, the same parts as pydicom's."""

import copy
import pickle

import pytest
import turbodicom as td
from pydicom.valuerep import PersonName as TheirName

PARTS = [
    "family_name",
    "given_name",
    "middle_name",
    "name_prefix",
    "name_suffix",
    "alphabetic",
    "ideographic",
    "phonetic",
]
NAMES = [
    "", "Doe", "Doe^Jane", "Adams^John Robert Quincy^^Rev.^B.A. M.Div.", "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046",
    "=\u5c71\u7530", "^Jane", "A^B^C^D^E^F", "A=B=C=D", "Doe^Jane==x",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_parts_equal_pydicoms(text):
    ours, theirs = td.PersonName(text), TheirName(text)
    assert ours == theirs and theirs == ours
    assert [getattr(ours, part) for part in PARTS] == [getattr(theirs, part) for part in PARTS]
    assert ours.components == theirs.components
    assert bool(ours) == bool(theirs)


def test_it_is_a_str_in_every_respect():
    name = td.PersonName("Doe^Jane")
    assert isinstance(name, str)
    assert name.upper() == "DOE^JANE" and name + "!" == "Doe^Jane!" and {name: 1}["Doe^Jane"] == 1
    assert repr(name) == "'Doe^Jane'"
    assert name.family_comma_given() == "Doe, Jane"
    assert name.formatted("%(given_name)s %(family_name)s") == "Jane Doe"


def test_it_survives_pickle_and_copy():
    name = td.PersonName("Doe^Jane")
    for copied in (pickle.loads(pickle.dumps(name)), copy.copy(name), copy.deepcopy(name)):
        assert copied == name and type(copied) is td.PersonName
