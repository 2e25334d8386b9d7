# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""``td.dcmread``: pydicom's dcmread, several times faster.

The file is scanned in C++ and pydicom's own objects are filled there (cpp/bindings/bind_dcmread.cpp).
Equality with pydicom is the contract: whatever is not plain sailing is read by pydicom itself.
"""

import io
import os
import threading
from functools import lru_cache

from turbodicom import _core

__all__ = ["dcmread"]

_STANDARD_SETTINGS = {
    "debugging": False,
    "assume_implicit_vr_switch": True,
    "replace_un_with_known_vr": True,
    "use_none_as_empty_text_VR_value": False,
}


def dcmread(fp, defer_size=None, stop_before_pixels=False, force=False, specific_tags=None):
    """Read a DICOM file into a pydicom ``FileDataset``; a drop-in for ``pydicom.dcmread``.

    The result is a real ``FileDataset`` whose elements, file meta information and attributes equal
    those that pydicom's function makes; code that uses pydicom needs no other change. Values are
    decoded when they are first asked for, by pydicom. Files that are not well-formed, or are deflated,
    and sources that are neither paths nor ``io.BytesIO`` nor files opened with ``open(path, "rb")``
    are read by ``pydicom.dcmread`` itself, with its warnings and errors.

    Parameters
    ----------
    fp : str, PathLike or binary file object
        As pydicom accepts it. File objects are left at the position where pydicom leaves them.
    defer_size : int, float or str, optional
        Values of more bytes (``"512 KB"``) are read when they are first asked for.
    stop_before_pixels : bool, optional
        Stop before *Pixel Data*, *Float Pixel Data* or *Double Float Pixel Data*.
    force : bool, optional
        Read files without preamble or file meta information too.
    specific_tags : list of (int, str or (int, int)), optional
        Only these elements, and *Specific Character Set*.

    Returns
    -------
    pydicom.dataset.FileDataset

    Raises
    ------
    pydicom.errors.InvalidDicomError
        `force` is False and the file is not in the DICOM File Format.
    TypeError
        `fp` is of an unsupported type.
    OSError
        The file cannot be opened or read.

    Notes
    -----
    Source: pydicom 3.0 ``filereader.dcmread``; PS3.10 7.1 for the file, PS3.5 7 for the data set.
    """
    pydicom = _pydicom()
    specific_tags = [pydicom.tag(tag) for tag in specific_tags] if specific_tags else None
    if pydicom.has_standard_settings():
        found = _read(pydicom, fp, defer_size, stop_before_pixels, specific_tags)
        if found is not None:
            return found
    return pydicom.dcmread(fp, defer_size, stop_before_pixels, force, specific_tags)


def _fast_source(fp):
    """What the core reads from: a path, or the bytes of a file object at its beginning; else None."""
    if isinstance(fp, os.PathLike):
        fp = os.fspath(fp)
    if isinstance(fp, str):
        return None if "\0" in fp else fp
    if type(fp) is io.BytesIO:
        return fp.getbuffer() if not fp.closed and fp.tell() == 0 else None
    if type(fp) is io.BufferedReader and not fp.closed and isinstance(fp.name, str) and fp.seekable():
        return fp.name if fp.tell() == 0 and _is_same_file(fp) else None
    return None


def _is_same_file(fp):
    """Does the path of an open file still lead to it?"""
    try:
        return os.path.samestat(os.fstat(fp.fileno()), os.stat(fp.name))
    except OSError:
        return False


def _read(pydicom, fp, defer_size, stop_before_pixels, specific_tags):
    """The FileDataset, or None where pydicom has to read it."""
    defer = _whole_bytes(pydicom.size_in_bytes(defer_size))
    if defer is not None and defer < 0:
        return None
    source = _fast_source(fp)
    if source is None:
        return None
    try:
        parts = pydicom.reader.read(source, defer, bool(stop_before_pixels), specific_tags or [])
    finally:
        if isinstance(source, memoryview):
            source.release()
    if parts is None:
        return None
    if not isinstance(fp, (str, os.PathLike)):
        fp.seek(parts[-1])
    return pydicom.file_dataset(fp, parts)


def _whole_bytes(size):
    """A defer size as the core takes it; negative where pydicom's comparisons with it are their own."""
    if size is None:
        return None
    return min(int(size), 1 << 62) if size == size // 1 else -1


class _Pydicom:
    """What of pydicom is used here, looked up once; pydicom is imported at the first `dcmread`."""

    def __init__(self):
        from pydicom import config, dataelem, dataset, filereader, misc, sequence, tag, uid, valuerep
        from pydicom.charset import default_encoding

        self.dcmread = filereader.dcmread
        self.size_in_bytes = misc.size_in_bytes
        self.tag = tag.Tag
        self._config = config
        self._default_encoding = default_encoding
        self._private_transfer_syntaxes = uid.PrivateTransferSyntaxes
        self._file_dataset = dataset.FileDataset
        self._file_meta = dataset.FileMetaDataset
        self._file_attributes = _Attributes(dataset.FileDataset(io.BytesIO(), {}, None, None))
        self._meta_attributes = _Attributes(dataset.FileMetaDataset())
        standard_vrs = [vr.value for vr in valuerep.STANDARD_VR]
        self._validation_mode = config.settings.reading_validation_mode
        self.reader = _core.PydicomReader(
            {
                "BaseTag": tag.BaseTag,
                "RawDataElement": dataelem.RawDataElement,
                "data_element": dataelem.DataElement(
                    tag.BaseTag(0x00081140), "SQ", sequence.Sequence(), 0, is_undefined_length=True
                ),
                "sequence": sequence.Sequence(),
                "dataset": dataset.Dataset(),
                "inferred_sequence_vr": valuerep.VR.SQ,
                "empty_values": {vr: dataelem.empty_value_for_VR(vr, raw=True) for vr in standard_vrs},
                "charset_of": _charset_of,
                "default_encoding": default_encoding,
            }
        )

    def has_standard_settings(self):
        """Settings that change how files are read are left to pydicom."""
        config = self._config
        return (
            all(getattr(config, name) is value for name, value in _STANDARD_SETTINGS.items())
            and config.settings.infer_sq_for_un_vr
            and config.settings.reading_validation_mode == self._validation_mode
            and not self._private_transfer_syntaxes
        )

    def file_dataset(self, fp, parts):
        """A FileDataset with the attributes that pydicom's constructor gives it."""
        meta, elements, implicit_vr, little_endian, charset, preamble, _ = parts
        made = self._file_dataset.__new__(self._file_dataset)
        attributes = vars(made)
        self._file_attributes.copy_into(attributes)
        attributes["_dict"] = elements
        attributes["preamble"] = preamble
        attributes["file_meta"] = self._file_meta_dataset(meta)
        attributes["_read_implicit"] = implicit_vr
        attributes["_read_little"] = little_endian
        attributes["_read_charset"] = charset
        if "_is_implicit_VR" in attributes:  # gone in pydicom 4
            attributes["_is_implicit_VR"] = implicit_vr
            attributes["_is_little_endian"] = little_endian
        _set_origin(attributes, fp)
        return made

    def _file_meta_dataset(self, elements):
        made = self._file_meta.__new__(self._file_meta)
        attributes = vars(made)
        self._meta_attributes.copy_into(attributes)
        attributes["_dict"] = elements
        attributes["_read_implicit"] = False
        attributes["_read_little"] = True
        attributes["_read_charset"] = self._default_encoding
        return made


class _Attributes:
    """The attributes of a fresh instance; dicts among them are copied each time."""

    def __init__(self, instance):
        self._all = dict(vars(instance))
        self._dicts = [name for name, value in self._all.items() if type(value) is dict and name != "_dict"]

    def copy_into(self, attributes):
        attributes.update(self._all)
        for name in self._dicts:
            attributes[name] = self._all[name].copy()


def _set_origin(attributes, fp):
    """Where the data set comes from, by the rules of FileDataset.__init__."""
    if isinstance(fp, io.BytesIO):
        name = getattr(fp, "name", None) or getattr(fp, "filename", None)
        attributes["buffer"] = fp
        attributes["fileobj_type"] = type(fp)
    else:
        attributes["buffer"] = None
        name = fp.name if isinstance(fp, io.BufferedReader) else os.fspath(fp)
        attributes["fileobj_type"] = open
    attributes["filename"] = name
    try:
        attributes["timestamp"] = os.stat(name).st_mtime if name else None
    except OSError:
        attributes["timestamp"] = None


def _charset_of(raw):
    """Python encodings for a Specific Character Set; None if pydicom would warn about it."""
    encodings = _known_charset(raw)
    return None if encodings is None else list(encodings)


@lru_cache(maxsize=256)
def _known_charset(raw):
    from pydicom import charset
    from pydicom.values import convert_string

    terms = convert_string(raw, True)
    listed = [terms] if isinstance(terms, str) else list(terms)
    if any(term not in charset.python_encoding for term in listed):
        return None
    if len(listed) > 1 and any(term in charset.STAND_ALONE_ENCODINGS for term in listed):
        return None
    return tuple(charset.convert_encodings(terms))


_pydicom_lock = threading.Lock()
_pydicom_parts = None


def _pydicom():
    global _pydicom_parts
    if _pydicom_parts is None:
        with _pydicom_lock:
            _pydicom_parts = _pydicom_parts or _Pydicom()
    return _pydicom_parts
