# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Dataset: the elements of a DICOM file, converted when asked for.

Attributes and keys go straight to C (cpp/bindings/data_set_object.cpp, whose type is the base class
here); this module holds what is not worth C: elements as objects, iteration, text, pickling.
"""

from functools import cached_property

from turbodicom import _core
from turbodicom._paths import locate
from turbodicom._types import Issue, Tag

__all__ = ["Dataset", "Element", "Item"]


class Item:
    """An item of a sequence as it stands in the file (PS3.5 7.5).

    Attributes
    ----------
    dataset : Dataset
    offset : int
        Of the item tag.
    declared_length : int or None
        The length field; None when undefined.
    """

    __slots__ = ("dataset", "declared_length", "offset")

    def __init__(self, dataset):
        self.dataset = dataset
        self.offset = dataset._item_offset
        self.declared_length = dataset._item_declared_length

    def __repr__(self):
        return f"<Item at byte {self.offset}, {len(self.dataset)} elements>"


class Element:
    """An element of a data set: what is written in the file, and its value.

    Attributes
    ----------
    tag : Tag
    vr : str
        The VR the value is converted by: as written, or what the dictionary says for implicit VR and UN.
        ``"US or SS"`` where nothing settles it.
    written_vr : str or None
        The two letters in the file; None for implicit VR.
    offset : int
        Of the first value byte in the file (in a deflated file: in the inflated data set).
    length : int
        Bytes of value present, without a delimiter.
    declared_length : int or None
        The length field; None when undefined.
    header_bytes : int
        Tag, VR and length field: 8 or 12.
    is_encapsulated : bool
        Pixel Data in fragments.
    """

    __slots__ = (
        "_dataset",
        "declared_length",
        "header_bytes",
        "is_encapsulated",
        "length",
        "offset",
        "tag",
        "vr",
        "written_vr",
    )

    def __init__(self, dataset, tag, record):
        self._dataset = dataset
        self.tag = tag
        (
            self.vr,
            self.written_vr,
            self.offset,
            self.length,
            self.declared_length,
            self.header_bytes,
            self.is_encapsulated,
        ) = record

    @property
    def vr_is_written(self):
        """Whether the file says the VR (explicit VR)."""
        return self.written_vr is not None

    @property
    def keyword(self):
        """Keyword of the data dictionary, or an empty string."""
        return self.tag.keyword

    @property
    def name(self):
        """Name of the data dictionary; of private elements ``[name]`` if their creator is known."""
        name, creator = self._dataset._name_of(self.tag)
        if self.tag.is_private:
            return _private_name(self.tag, name, creator)
        return name or ("Group Length" if self.tag.element == 0 else "")

    @property
    def value(self):
        """The value as plain Python; see :class:`Dataset`."""
        return self._dataset._value(self.tag)

    @property
    def raw(self):
        """The value's bytes as they stand in the file."""
        return self._dataset._raw_value(self.tag)

    @property
    def items(self):
        """The items of a sequence, a list of :class:`Item`; empty for everything else."""
        if self.vr != "SQ" or self.length == 0:
            return []
        return [Item(dataset) for dataset in self._dataset._item_datasets(self.tag)]

    @property
    def fragments(self):
        """``(offset, length)`` of every item of encapsulated Pixel Data, the Basic Offset Table first."""
        return self._dataset._fragments(self.tag) if self.is_encapsulated else []

    def __repr__(self):
        from turbodicom._text import element_line

        return element_line(self)


def _private_name(tag, name, creator):
    if creator and name:
        return f"[{name}]"
    return "Private Creator" if not creator and tag.element < 0x100 else "Private tag data"


class Dataset(_core.DataSetBase):
    """The elements of a DICOM file, or of an item of a sequence. Made by :func:`turbodicom.read`.

    ``ds.PatientID``, ``ds["PatientID"]``, ``ds[0x0010, 0x0020]``, ``ds[0x00100020]`` and paths like
    ``ds["ReferencedImageSequence[0].ReferencedSOPInstanceUID"]`` or ``ds["(0008,1140)[0].(0008,1155)"]``
    give plain Python values: str, int, float, bytes, a list of them when there are several, PersonName (a
    str), Tag (an int), a list of Dataset for a sequence. Empty text is ``""``, empty everything else None.
    All compare equal to pydicom's. A value that contradicts its VR is given as text or bytes, and noted
    in `issues`.

    Nothing is converted before it is asked for, and no file stays open. A Dataset cannot be changed and may
    be shared between threads; ``to_pydicom()`` gives one that can. Two are equal only if they are the same
    object.
    """

    __slots__ = ()

    # -- looking up --------------------------------------------------------------------------------

    def element(self, key):
        """Return the element behind a key, as it stands in the file.

        Parameters
        ----------
        key : str, int, or (int, int)
            Keyword, tag, (group, element) or path.

        Returns
        -------
        Element

        Raises
        ------
        KeyError
            There is none.
        """
        dataset, tag, indexes = locate(self, key)
        record = dataset._element_record(tag)
        if record is None or indexes:
            raise KeyError(key)
        return Element(dataset, Tag(tag), record)

    def get(self, key, default=None):
        """Return the value behind a key, or `default`.

        Parameters
        ----------
        key : str, int, or (int, int)
            Keyword, tag, (group, element) or path.
        default : object, optional

        Returns
        -------
        object
        """
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            dataset, tag, indexes = locate(self, key)
        except KeyError:
            return False
        return dataset._has_tag(tag) and (not indexes or self.get(key) is not None)

    def keys(self):
        """Return the tags in order.

        Returns
        -------
        list of Tag
        """
        return self._tags()

    def values(self):
        """Iterate over the values in tag order.

        Returns
        -------
        iterator
        """
        return map(self._value, self._tags())

    def items(self):
        """Iterate over (tag, value) in tag order.

        Returns
        -------
        iterator of (Tag, object)
        """
        return ((tag, self._value(tag)) for tag in self._tags())

    def __iter__(self):
        for tag in self._tags():
            yield Element(self, tag, self._element_record(tag))

    def __dir__(self):
        keywords = [tag.keyword for tag in self._tags()]
        return sorted({*super().__dir__(), *filter(None, keywords)})

    # -- the file around it ------------------------------------------------------------------------

    @property
    def file_meta(self):
        """The file meta information (group 0002), a Dataset; empty when the file has none."""
        cache = self._cache
        if "file_meta" not in cache:
            meta = self._file_meta
            if meta is None:  # an item out of a pickle
                meta = _core.read_bare(type(self), b"", False, False, -1, None, "")
            return cache.setdefault("file_meta", meta)
        return cache["file_meta"]

    @property
    def transfer_syntax_uid(self):
        """The transfer syntax in force: the file's, or what was found when it has none. Items have their file's."""
        return self._transfer_syntax_uid

    @property
    def has_preamble(self):
        """Whether the file begins with 128 bytes and ``DICM`` (PS3.10 7.1)."""
        record = self._file_record
        return record is not None and record[0]

    @property
    def path(self):
        """The file it was read from, a str; None if that was no file, and for items."""
        return self._origin if isinstance(self._origin, str) else None

    @property
    def issues(self):
        """What was found wrong and forgiven so far, a list of Issue; empty for a flawless file."""
        found = [Issue(*issue) for issue in self._core_issues()]
        return list(dict.fromkeys(found + self._notes))

    def read_bytes(self, offset, length):
        """Return bytes of the file; of a deflated file, bytes of the inflated data set.

        Parameters
        ----------
        offset, length : int
            In bytes.

        Returns
        -------
        bytes

        Raises
        ------
        TruncatedDataError
            The file ends before them.
        ValueError
            One of them is negative.
        OSError
            The file cannot be read, or has changed since.
        """
        return self._read_bytes(offset, length)

    # -- pixels ------------------------------------------------------------------------------------

    @property
    def frames(self):
        """The frames of the pixel data: a sequence of Frame, see ``turbodicom.Frames``."""
        from turbodicom import _frames

        return _frames.frames_of(self)  # not kept: a cycle would outlive its last user where the collector is off

    def pixels(self, **options):
        """Return the pixel values; the same as :func:`turbodicom.pixels`, which has the description.

        Parameters
        ----------
        **options
            The keywords of :func:`turbodicom.pixels`.

        Returns
        -------
        ndarray

        Raises
        ------
        Error
            The pixel data cannot be decoded.
        """
        from turbodicom import _pixels

        return _pixels.pixels_of(self, **options)

    def overlays(self, **options):
        """Return the overlay planes, of groups 6000 to 601E, separate and embedded ones.

        Parameters
        ----------
        **options
            `on_error`: ``"raise"``, or ``"report"`` to leave out planes that cannot be read; `report`: a list that
            gets an Issue for each of these and for each rule that was needed.

        Returns
        -------
        list of Overlay
            In the order of their groups.

        Raises
        ------
        TruncatedDataError, ConformanceError
            A plane is too short, or its attributes say nothing that can be.

        Notes
        -----
        Source: PS3.3 C.9.2.
        """
        from turbodicom import _overlays

        return _overlays.overlays_of(self, **options)

    def frame_table(self, tags=None):
        """Return what the file says of each of its frames, as arrays: position, orientation, rescale, dimensions.

        Parameters
        ----------
        tags : iterable of str, int or (int, int), optional
            More columns: keywords or tags, ``"RotationDirection"``, which are taken from whichever functional group
            has them, or paths below the functional groups,
            ``"CTAcquisitionDetailsSequence[0].RotationDirection"`` (``[0]`` may be left out). Numbers become float64
            with NaN for what is missing, of shape (frames,) or (frames, values) as the dictionary's VM says;
            everything else becomes objects as ``ds[...]`` gives them, None for what is missing.

        Returns
        -------
        FrameTable
            A row for each of ``ds.frames``. A value that does not fit its column counts as missing; `issues` says
            so, as it does where there are more or fewer items of functional groups than frames.

        Raises
        ------
        ConformanceError
            Number of Frames is no number, or more than the bytes of the file can justify.
        LimitExceededError
            More frames or items than the limits of the data set allow.
        TruncatedDataError, OSError
            The functional groups cannot be read from the file.
        TypeError, ValueError
            `tags` holds something else.

        Notes
        -----
        Source: PS3.3 C.7.6.16, C.7.6.17.
        """
        from turbodicom._frame_table import frame_table_of

        return frame_table_of(self, tags)

    # -- into other forms --------------------------------------------------------------------------

    def to_json(self):
        """Return the DICOM JSON Model object (PS3.18 F) as text, bulk data inline.

        Returns
        -------
        str
        """
        from turbodicom._json import to_json

        return to_json(self)

    def to_json_dict(self):
        """Return the DICOM JSON Model object (PS3.18 F), bulk data inline.

        Returns
        -------
        dict
        """
        from turbodicom._json import to_json_dict

        return to_json_dict(self)

    def to_pydicom(self):
        """Return the same as a pydicom FileDataset; for an item, as a pydicom Dataset.

        That of a file is read anew and whole: `stop_before` and `charset` of :func:`turbodicom.read` do not
        carry over, and text is decoded by the character set the file itself names.

        Returns
        -------
        pydicom.FileDataset or pydicom.Dataset
        """
        from turbodicom._read import to_pydicom

        return to_pydicom(self)

    def __str__(self):
        from turbodicom._text import dataset_text

        return dataset_text(self)

    __repr__ = __str__

    # -- as an object ------------------------------------------------------------------------------

    def __setattr__(self, name, value=None):
        raise AttributeError("a Dataset cannot be changed; to_pydicom() gives one that can")

    __delattr__ = __setattr__

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        from turbodicom._read import reduce_dataset

        return reduce_dataset(self)


class UnknownKeywordError(AttributeError):
    """No such keyword. The suggestion is looked for when somebody reads it: hasattr() must stay cheap."""

    @cached_property
    def _suggestion(self):
        from turbodicom import dictionary

        close = dictionary.suggest(self.name, 1)
        return f"; did you mean {close[0]!r}?" if close else ""

    def __str__(self):
        return super().__str__() + self._suggestion


def missing_attribute(dataset, name):
    """Raise the AttributeError for `name`; called by cpp/bindings/data_set_object.cpp.

    Parameters
    ----------
    dataset : Dataset
    name : str

    Raises
    ------
    AttributeError
        Always.
    """
    kind = type(dataset).__name__
    if _core.find_keyword(name) is not None:
        raise AttributeError(f"{name} is absent from this {kind}", name=name, obj=dataset)
    raise UnknownKeywordError(
        f"{name!r} is neither a DICOM keyword nor an attribute of {kind}", name=name, obj=dataset
    )
