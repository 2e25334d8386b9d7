# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Paths: ``"ReferencedImageSequence[0].(0008,1155)"``; plain keys are resolved in C."""

import re

from turbodicom import _core

__all__ = ["locate", "path_value"]

_STEP = re.compile(r"(\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)|[0-9A-Fa-f]{4},[0-9A-Fa-f]{4}|\w+)((?:\[\d{1,9}\])*)\Z", re.ASCII)
_HEX_TAG = re.compile(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?\Z")


def path_value(dataset, path):
    """Return the value behind a path; called by cpp/bindings/data_set_object.cpp.

    Parameters
    ----------
    dataset : Dataset
    path : str
        Steps separated by dots: keyword or tag, with an index in brackets where the value is a list.

    Returns
    -------
    object

    Raises
    ------
    KeyError
        There is none.
    """
    dataset, tag, indexes = locate(dataset, path)
    try:
        value = dataset._value(tag)
    except KeyError:
        raise KeyError(path) from None
    return _indexed(value, indexes, path)


def locate(dataset, key):
    """Go down to where a key leads.

    Parameters
    ----------
    dataset : Dataset
    key : str, int, or (int, int)
        Keyword, tag, (group, element) or path.

    Returns
    -------
    dataset : Dataset
        The one that holds the element, if there is one.
    tag : int
    indexes : list of int
        Those in brackets behind the last step.

    Raises
    ------
    KeyError
        A step leads nowhere.
    """
    tag = dataset._tag_of(key)
    if tag is not None:
        return dataset, tag, []
    *steps, last = [_parse_step(step, key) for step in key.split(".")]
    for tag, indexes in steps:
        if not dataset._has_tag(tag):
            raise KeyError(key)
        dataset = _indexed(dataset._value(tag), indexes, key)
        if not isinstance(dataset, _core.DataSetBase):
            raise KeyError(key)
    return dataset, *last


def _parse_step(step, path):
    matched = _STEP.match(step)
    if matched is None:
        raise KeyError(path)
    indexes = [int(index) for index in re.findall(r"\d+", matched[2])]
    return _parse_name(matched[1], path), indexes


def _parse_name(name, path):
    entry = _core.find_keyword(name)
    if entry is not None:
        return entry[0]
    hexadecimal = _HEX_TAG.match(name)
    if hexadecimal is None:
        raise KeyError(path)
    return int(hexadecimal[1] + hexadecimal[2], 16)


def _indexed(value, indexes, path):
    for index in indexes:
        if not isinstance(value, list) or index >= len(value):
            raise KeyError(path)
        value = value[index]
    return value
