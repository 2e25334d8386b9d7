# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""A data set as the text DCMTK's dcmdump writes.

One line an element: tag, VR, value (see `_dcmtk_values`), length, Value Multiplicity, name; two spaces
a nesting level, sequences and items with opening and closing lines. Begin with `DumpWriter.file`.
Source: the output of DCMTK 3.6.7; PS3.5 7.5 (items), PS3.3 F.3 (directory records).
"""

from dataclasses import dataclass

from turbodicom.cli import _dcmtk_values as values
from turbodicom.cli._dcmtk_dictionary import OFFSETS, UNKNOWN, describe
from turbodicom.cli._dcmtk_names import transfer_syntax_name, uid_name

_ITEM = 0xFFFEE000
_ITEM_END = 0xFFFEE00D
_SEQUENCE_END = 0xFFFEE0DD
_DIRECTORY_RECORDS = 0x00041220
_DIRECTORY_RECORD_TYPE = 0x00041430
_REFERENCED_FILE_ID = 0x00041500
_PIXEL_REPRESENTATION = 0x00280103
_WAVEFORM_BITS_ALLOCATED = 0x54001004
_PIXEL_DATA = 0x7FE00010
# US or SS by Pixel Representation, OB or OW by Waveform Bits Allocated (PS3.5 Annex A); DCMTK's choice.
_SIGNED_LIKE_PIXELS = frozenset((
    0x00189810, 0x00280106, 0x00280107, 0x00280108, 0x00280109, 0x00280120, 0x00280121, 0x00283002,
    0x00409211, 0x00409216, 0x00603004, 0x00603006,
))  # fmt: skip
_LIKE_WAVEFORM = frozenset((0x54000110, 0x54000112, 0x5400100A, 0x54001010))
_GE_PRIVATE = "1.2.840.113619.5.2"  # little endian, but for its pixels

_NAME_COLUMNS = 35  # in a tree

# PS3.3 F.5; any other record type is printed as PRIVATE.
_RECORD_TYPES = frozenset(
    b"CURVE|FILM BOX|FILM SESSION|IMAGE|IMAGE BOX|INTERPRETATION|MODALITY LUT|MRDR|OVERLAY|PATIENT|"
    b"PRINT QUEUE|PRIVATE|RESULTS|SERIES|STUDY|STUDY COMPONENT|TOPIC|VISIT|VOI LUT|SR DOCUMENT|"
    b"PRESENTATION|WAVEFORM|RT DOSE|RT STRUCTURE SET|RT PLAN|RT TREAT RECORD|STORED PRINT|"
    b"KEY OBJECT DOC|REGISTRATION|FIDUCIAL|RAW DATA|SPECTROSCOPY|ENCAP DOC|VALUE MAP|"
    b"HANGING PROTOCOL|STEREOMETRIC|HL7 STRUC DOC|PALETTE|SURFACE|MEASUREMENT|IMPLANT|"
    b"IMPLANT GROUP|IMPLANT ASSY|PLAN|SURFACE SCAN|TRACT|ASSESSMENT|RADIOTHERAPY|ANNOTATION".split(b"|")
)


@dataclass(frozen=True)
class DumpStyle:
    """How to print: the output options of dcmdump."""

    shorten: bool = True  # -L
    map_uids: bool = True  # +Un
    tree: bool = False  # +T
    max_load_bytes: int | None = None  # -M: longer values are "(not loaded)"


class Context:
    """What the elements of one level say about those behind them. Ask in the order of the file."""

    def __init__(self, data_set):
        self.data_set = data_set
        self._creators = {}

    def creator_of(self, element):
        """Private creator that reserved the block of an element (PS3.5 7.8.1), or None."""
        tag = int(element.tag)
        group, number = tag >> 16, tag & 0xFFFF
        if not group & 1:
            return None
        if 0x10 <= number <= 0xFF:
            self._creators.setdefault((group, number), _decoded(values.string_value("LO", element.raw)))
            return None
        return self._creators.get((group, number >> 8))

    def resolved_vr(self, tag, vr):
        """Decide xs and ox where dcmdump does: by elements of the same level that come before."""
        if vr == "xs" and tag in _SIGNED_LIKE_PIXELS:
            representation = self._number_before(_PIXEL_REPRESENTATION, tag)
            return vr if representation is None else "SS" if representation == 1 else "US"
        if vr == "ox" and tag in _LIKE_WAVEFORM:
            bits = self._number_before(_WAVEFORM_BITS_ALLOCATED, tag)
            return vr if bits is None else "OB" if bits == 8 else "OW"
        if vr == "ox" and tag & 0xFF00FFFF == 0x50003000:  # Curve Data
            return "OB"
        return vr

    def _number_before(self, key, tag):
        if tag < key or key not in self.data_set:
            return None
        raw = self.data_set.element(key).raw
        return int.from_bytes(raw[:2], "big" if self.data_set.is_big_endian else "little") if raw else None


class DumpWriter:
    """Writes lines of one file to `write`, a function that takes bytes."""

    def __init__(self, style, write):
        self._style = style
        self._write = write
        self._big_endian_pixels = False

    def file(self, data_set):
        """The whole file: both headings, file meta information, data set."""
        meta = data_set.file_meta
        uid = data_set.transfer_syntax_uid or ""
        meta_name = "Little Endian Explicit" if len(meta) else "Unknown Transfer Syntax"
        name = transfer_syntax_name(uid, data_set.is_implicit_vr, data_set.is_big_endian)
        self._write(b"\n# Dicom-File-Format\n\n# Dicom-Meta-Information-Header\n")
        self._write(b"# Used TransferSyntax: %s\n" % meta_name.encode())
        self.elements(meta, 1)
        self._write(b"\n# Dicom-Data-Set\n# Used TransferSyntax: %s\n" % name.encode())
        self._big_endian_pixels = uid == _GE_PRIVATE
        self.elements(data_set, 1)

    def elements(self, data_set, level):
        """Every element of one level, and what is below."""
        context = Context(data_set)
        for element in data_set:
            self.element(element, level, context)

    def element(self, element, level, context):
        """One element with everything in it; `context` has seen those before it."""
        data_set = context.data_set
        tag = int(element.tag)
        name, dictionary_vr = describe(tag, context.creator_of(element))
        vr = _printed_vr(element, tag, context.resolved_vr(tag, dictionary_vr))
        if element.is_encapsulated:
            self._pixel_sequence(data_set, element, level, name)
        elif vr == "SQ" and element.vr == "SQ":
            self._sequence(element, level, name)
        else:
            self._value(data_set, element, level, tag, vr, name)

    def _value(self, data_set, element, level, tag, vr, name):
        length = values.padded_length(vr, element.length)
        if self._is_too_long_to_load(element.length):
            text, vm = values.NOT_LOADED, values.multiplicity(vr, element.length, lambda: element.raw)
            return self._line(level, tag, vr, name, text, length, vm)
        big_endian = data_set.is_big_endian or (self._big_endian_pixels and tag == _PIXEL_DATA)
        if self._is_huge(vr, element.length):
            pieces = values.hex_pieces(vr, data_set.read_bytes, element.offset, element.length, big_endian)
            return self._huge_line(level, tag, vr, name, pieces, length)
        text, vm = self._text(data_set, element, vr, big_endian)
        self._line(level, tag, vr, name, text, length, vm)

    def _is_too_long_to_load(self, length):
        limit = self._style.max_load_bytes
        return limit is not None and length > limit

    def _is_huge(self, vr, length):
        return not self._style.shorten and length > values.PIECE_BYTES and values.is_hex(vr)

    def _text(self, data_set, element, vr, big_endian):
        shorten = self._style.shorten
        needed = values.bytes_needed(vr, element.length, shorten)
        data = element.raw if needed == element.length else data_set.read_bytes(element.offset, needed)
        text, vm = values.value_text(vr, data, element.length, big_endian, shorten)
        if vr == "UI" and self._style.map_uids and vm == 1:
            text = self._named_uid(data, text)
        return text, vm

    def _named_uid(self, data, text):
        uid = values.string_value("UI", data).split(b"\0")[0]
        name = uid_name(uid.decode("latin-1"))
        if not name:
            return text
        text = b"=" + name.encode()
        if self._style.shorten and len(text) > values.LINE:
            return text[: values.LINE - 3] + b"..."
        return text

    def _sequence(self, element, level, name):
        items = element.items
        kind = _length_kind(element.declared_length)
        self._line(level, int(element.tag), "SQ", name, b"(Sequence with %s length #=%d)" % (kind, len(items)),
                   element.declared_length, 1)  # fmt: skip
        for item in items:
            if int(element.tag) == _DIRECTORY_RECORDS:
                self._directory_record(item, level + 1)
            else:
                self._item(item, level + 1)
        self._sequence_end(level, element.declared_length)

    def _item(self, item, level):
        opening = b"(Item with %s length #=%d)" % (_length_kind(item.declared_length), len(item.dataset))
        self._line(level, _ITEM, "na", "Item", opening, item.declared_length, 1)
        self.elements(item.dataset, level + 1)
        self._item_end(level, item.declared_length, b"()")

    def _directory_record(self, item, level):
        record_type = _string(item.dataset, _DIRECTORY_RECORD_TYPE)
        if record_type == b"STRUCT REPORT":
            record_type = b"SR DOCUMENT"
        elif record_type not in _RECORD_TYPES:
            record_type = b"PRIVATE"
        if self._style.tree:
            opening = b'"Directory Record" (offset=$%d)' % item.offset
        else:
            opening = b'"Directory Record" %s #=%d' % (record_type, len(item.dataset))
        self._line(level, _ITEM, "na", "Item", opening, item.declared_length, 1, in_tree=opening)
        if not self._style.tree:
            self._write(_record_comment(item, record_type, level))
        self.elements(item.dataset, level + 1)
        self._item_end(level, item.declared_length, b'""')

    def _pixel_sequence(self, data_set, element, level, name):
        fragments = element.fragments
        self._line(level, int(element.tag), "OB", name, b"(PixelSequence #=%d)" % len(fragments), None, 1)
        for offset, length in fragments:
            self._fragment(data_set, offset, length, level + 1)
        self._sequence_end(level, None)

    def _fragment(self, data_set, offset, length, level):
        padded = values.padded_length("pi", length)
        if self._is_too_long_to_load(length):
            text = values.NOT_LOADED
        elif self._is_huge("pi", length):
            pieces = values.hex_pieces("pi", data_set.read_bytes, offset, length, False)
            return self._huge_line(level, _ITEM, "pi", "Item", pieces, padded)
        else:
            data = data_set.read_bytes(offset, values.bytes_needed("pi", length, self._style.shorten))
            text, _ = values.value_text("pi", data, length, False, self._style.shorten)
        self._line(level, _ITEM, "pi", "Item", text, padded, 1)

    def _item_end(self, level, declared_length, marks):
        for_encoding = b"" if declared_length is None else b" for re-encoding"
        text = marks[:1] + b"ItemDelimitationItem" + for_encoding + marks[1:]
        self._closing_line(level, _ITEM_END, "ItemDelimitationItem", text)

    def _sequence_end(self, level, declared_length):
        for_encoding = b"" if declared_length is None else b" for re-encod."
        text = b"(SequenceDelimitationItem" + for_encoding + b")"
        self._closing_line(level, _SEQUENCE_END, "SequenceDelimitationItem", text)

    def _closing_line(self, level, tag, name, text):
        if not self._style.tree:
            self._line(level, tag, "na", name, text, 0, 0)

    def _line(self, level, tag, vr, name, text, length, vm, *, in_tree=None):
        if self._style.tree:
            is_nested = length is None or vr in ("SQ", "na")
            text = in_tree or (b"" if is_nested else text)
            return self._write(self._tree_line_start(level, name) + text + b"\n")
        self._write(b"%s%-40s%s" % (_line_start(level, tag, vr), text, _line_end(length, vm, name)))

    def _huge_line(self, level, tag, vr, name, pieces, length):
        tree = self._style.tree
        self._write(self._tree_line_start(level, name) if tree else _line_start(level, tag, vr))
        for piece in pieces:
            self._write(piece)
        self._write(b"\n" if tree else _line_end(length, 1, name))

    def _tree_line_start(self, level, name):
        padding = b" " * (_NAME_COLUMNS - len(name) - 2 * level)
        return b"| " * (level - 1) + name.encode() + b" " + padding


def _line_start(level, tag, vr):
    return b"%s(%04x,%04x) %s " % (b"  " * (level - 1), tag >> 16, tag & 0xFFFF, vr.encode())


def _line_end(length, vm, name):
    return b" # %s,%2d %s\n" % (b"u/l" if length is None else b"%3d" % length, vm, name.encode())


def _decoded(text):
    return text.split(b"\0")[0].decode("latin-1").strip()


def _printed_vr(element, tag, dictionary_vr):
    if element.declared_length is None and not element.is_encapsulated:
        return "SQ"  # also UN of undefined length (PS3.5 6.2.2)
    written = element.written_vr
    if written is None:
        return dictionary_vr
    if written == "UL" and tag in OFFSETS:
        return "up"
    return written if values.is_known_vr(written) else UNKNOWN[1]


def _length_kind(declared_length):
    return b"undefined" if declared_length is None else b"explicit"


def _string(data_set, tag):
    """A code string of a directory record, b"" when absent."""
    if tag not in data_set:
        return b""
    element = data_set.element(tag)
    return values.string_value("CS", element.raw) if element.vr == "CS" else b""


def _record_comment(item, record_type, level):
    comment = b"#  offset=$%d" % item.offset
    if record_type == b"MRDR":
        comment += b"  refCount=0"
    file_id = _string(item.dataset, _REFERENCED_FILE_ID)
    if file_id:
        comment += b'  refFileID="%s"' % file_id
    return b"  " * (level - 1) + comment + b"\n"
