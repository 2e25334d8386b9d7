# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Write the seeds of fuzz_frame_groups: files of two frames, in every encoding, with and without lengths.

Run it from anywhere: ``python tests/fuzz/dicom/make_frame_groups_seeds.py``. Source: PS3.5 7.5, PS3.3 C.7.6.16.
"""

import struct

from make_seeds import SEEDS, UNDEFINED, element, file, item

FORMS = {
    "implicit": ("1.2.840.10008.1.2", {"implicit": True}),
    "explicit": ("1.2.840.10008.1.2.1", {}),
    "big_endian": ("1.2.840.10008.1.2.2", {"order": ">"}),
}


def sequence(tag, items, undefined, form):
    """Return a sequence, all lengths defined or none."""
    order = form.get("order", "<")
    if not undefined:
        return element(tag, "SQ", b"".join(item(content, order=order) for content in items), **form)
    end = item(tag=0xFFFEE00D, order=order)
    body = b"".join(item(content + end, length=UNDEFINED, order=order) for content in items)
    return element(tag, "SQ", body + item(tag=0xFFFEE0DD, order=order), length=UNDEFINED, **form)


def frame(undefined, form):
    """Return the functional groups of a frame."""
    indexes = struct.pack(form.get("order", "<") + "2L", 1, 2)
    position = element(0x00200032, "DS", b"1\\2\\3 ", **form)
    content = element(0x00209056, "SH", b"A ", **form) + element(0x00209157, "UL", indexes, **form)
    measures = [element(0x00280030, "DS", b"1\\1 ", **form), element(0x00280030, "DS", b"2\\2 ", **form)]
    private = element(0x00191001, "SQ", item(position, order=form.get("order", "<")), **form)
    return (
        element(0x00190010, "LO", b"CREATOR ", **form)
        + private
        + sequence(0x00209111, [content + sequence(0x00209113, [position], undefined, form)], undefined, form)
        + sequence(0x00209113, [position], undefined, form)
        + sequence(0x00289110, measures, undefined, form)
    )


def main():
    """Write all seeds."""
    folder = SEEDS / "frame_groups"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (uid, form) in FORMS.items():
        for undefined in (False, True):
            groups = sequence(
                0x52009230, [frame(undefined, form), frame(not undefined, form)], undefined, form
            )
            (folder / f"{name}{'_undefined' if undefined else ''}").write_bytes(file(uid, groups))


if __name__ == "__main__":
    main()
