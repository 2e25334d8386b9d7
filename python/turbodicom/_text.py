# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""str() of a Dataset: line by line what pydicom prints."""

from turbodicom._types import PersonName

__all__ = ["dataset_text", "element_line"]

_NAME_WIDTH = 35
_MOST_SHOWN = 16  # bytes, or values
_LONG_VRS = {
    "LT",
    "UC",
    "UT",
    "OB",
    "OD",
    "OF",
    "OL",
    "OV",
    "OW",
    "UN",
    "US or SS or OW",
    "US or SS",
    "US or OW",
    "OB or OW",
}
_INDENT = "   "


def dataset_text(dataset):
    """Return the lines of a data set, those of its sequences indented.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
    """
    lines = []
    if dataset._origin is not None and dataset._file_record is not None and dataset.file_meta:
        lines.append(f"{'Dataset.file_meta ':-<49}")
        lines += map(element_line, dataset.file_meta)
        lines.append(f"{'':-<49}")
    _append_lines(dataset, lines)
    return "\n".join(lines)


def _append_lines(dataset, lines):
    """Walk down the sequences with a stack of our own: their depth is the file's choice."""
    levels = [(iter(dataset), iter(()), "")]
    while levels:
        elements, items, indent = levels[-1]
        item = next(items, None)
        if item is not None:
            levels.append((iter(item), iter(()), indent + _INDENT))
            if not len(item):
                lines.append("")
            continue
        element = next(elements, None)
        if element is None:
            levels.pop()
            if levels:
                lines.append(indent + "---------")
        elif element.vr == "SQ":
            value = element.value
            lines.append(f"{indent}{element.tag}  {element.name}  {len(value)} item(s) ---- ")
            levels[-1] = (elements, iter(value), indent)
        else:
            lines.append(indent + element_line(element))


def element_line(element):
    """Return one line: tag, name, VR and value, long values by their size only.

    Parameters
    ----------
    element : Element

    Returns
    -------
    str
    """
    name = f"{element.name[:_NAME_WIDTH]:<{_NAME_WIDTH}}"
    return f"{element.tag} {name} {element.vr}: {_value_text(element)}"


def _value_text(element):
    if element.vr == "SQ":
        return f"<Sequence, length {len(element.value)}>"
    if element.vr in _LONG_VRS and element.length > _MOST_SHOWN:
        value = element.value if element.vr in ("LT", "UC", "UT") else None
        length = element.length if value is None else len(value)
        if length > _MOST_SHOWN:
            return f"Array of {length} elements"
    value = element.value
    if isinstance(value, list) and len(value) > _MOST_SHOWN:
        return f"Array of {len(value)} elements"
    return _repr(value, element)


def _repr(value, element):
    if isinstance(value, list):
        return _list_text(value, element) if value else ""
    if element.vr in ("DS", "IS") and isinstance(value, (int, float)):
        return _number_text(value, element.vr, element.raw.decode("latin-1").strip(" \0"))
    if element.vr == "UI" and isinstance(value, str) and value:
        return _uid_name(value)
    return repr(value)


def _number_text(value, vr, text):
    """DS shows the text of the file, IS the number it stands for."""
    if vr == "DS":
        return f"'{text.strip()}'"
    return f"'{value}'" if isinstance(value, int) else repr(value)


def _list_text(values, element):
    if element.vr in ("DS", "IS"):
        texts = element.raw.decode("latin-1").strip(" \0").split("\\")
        return f"[{', '.join(repr(v) if isinstance(v, str) else t.strip() for v, t in zip(values, texts))}]"
    shown = (
        str(v) if isinstance(v, PersonName) or not isinstance(v, (str, bytes)) else repr(v) for v in values
    )
    return f"[{', '.join(shown)}]"


def _uid_name(uid):
    from pydicom.uid import UID_dictionary

    return UID_dictionary[uid][0] if uid in UID_dictionary else uid
