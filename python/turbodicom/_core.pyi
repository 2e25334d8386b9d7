# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The C++ core (cpp/bindings), for readers and type checkers of this package. Private: use the public names.

Arguments are checked by the Python modules beside this one. A buffer (`Buffer`) is bytes, bytearray,
memoryview or mmap. Errors are those of turbodicom.errors; all offsets and lengths are bytes.
tests/house/test_core_stub.py compares this file with the compiled module.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from turbodicom._dataset import Dataset
from turbodicom._options import Limits
from turbodicom._read import BlockReader
from turbodicom._types import Tag

__version__: str

Buffer: TypeAlias = Any  # collections.abc.Buffer, from Python 3.12 on
Key: TypeAlias = str | int | tuple[int, int]
# strict, limits, tag to stop before, defined terms in place of Specific Character Set; None: the defaults
Settings: TypeAlias = tuple[bool, Limits | None, int | None, list[str] | None] | None
# tag, mask, vr, vm, keyword, name, retired
Entry: TypeAlias = tuple[int, int, str, str, str, str, bool]
# creator, group, element, any_block, vr, vm, name
PrivateEntry: TypeAlias = tuple[str, int, int, bool, str, str, str]
# code, message, offset, where
IssueRow: TypeAlias = tuple[str, str, int, str]
# frame, reason, offset, valid_rows, quirks
ReportRow: TypeAlias = tuple[int, str | None, int | None, int, Sequence[str]]
# rows, columns, components, precision, is_signed, lossless, is_subsampled, colour, colour_source, process
StreamRow: TypeAlias = tuple[int, int, int, int, bool, bool, bool, str | None, str | None, str | None]
# offset, length
Span: TypeAlias = tuple[int, int]
# name, steps (tag, creator, item), tag, creator, type, is_list
ScanColumn: TypeAlias = tuple[str, Sequence[tuple[int, str, int]], int, str, str, bool]
_D = TypeVar("_D", bound=DataSetBase)

# -- this machine (cpp/bindings/types.cpp) -------------------------------------------------------------

def active_isa() -> str:
    """Return the instruction set in use: "scalar", "avx2", "avx512" or "neon"."""

def runnable_isas() -> list[str]:
    """Return the instruction sets this processor can run."""

def usable_cores() -> int:
    """Return how many cores this process may use."""

# -- dictionary (cpp/bindings/bind_dictionary.cpp) -----------------------------------------------------

def find_entry(tag: int, /) -> Entry | None:
    """Return the dictionary's entry for a tag, repeating groups included."""

def find_keyword(keyword: str, /) -> Entry | None:
    """Return the dictionary's entry for a keyword."""

def find_private_entry(tag: int, creator: str, /) -> PrivateEntry | None:
    """Return a private creator's entry for a tag."""

def dictionary_entries() -> list[Entry]:
    """Return all standard elements but those of repeating groups."""

def repeating_group_entries() -> list[Entry]:
    """Return the elements of repeating groups; the mask says which bits of the tag count."""

def private_dictionary_entries() -> list[PrivateEntry]:
    """Return all private elements."""

# -- data sets (cpp/bindings/bind_dataset.cpp, data_set_*.cpp) -----------------------------------------

class CoreDataSet:
    """What a Dataset holds of the core; taken by `open_frames` and `check_unchanged`."""

class DataSetBase:
    """The C half of Dataset: attributes and keys give values, everything else serves turbodicom/_dataset.py."""

    @property
    def is_implicit_vr(self) -> bool:
        """Whether VRs are absent from the encoding (PS3.5 7.1.3)."""
    @property
    def is_big_endian(self) -> bool:
        """Whether numbers are big endian (PS3.5 7.3)."""
    @property
    def _core(self) -> CoreDataSet:
        """The data set and the file around it."""
    @property
    def _origin(self) -> str | BlockReader | Buffer | None:
        """What it was read from; None for items."""
    @property
    def _settings(self) -> Settings:
        """How it was read."""
    @property
    def _charset(self) -> list[str] | None:
        """Defined terms that replace Specific Character Set."""
    @property
    def _notes(self) -> list[Any]:
        """Issues found while values were converted, shared with the items."""
    @property
    def _cache(self) -> dict[Any, Any]:
        """Items by sequence tag, and what _dataset.py and _pixels.py keep."""
    @property
    def _found_frames(self) -> FrameReader | None:
        """Of a file that was one of many (:func:`read_paths`)."""
    @property
    def _is_read(self) -> bool:
        """False while a deflated file waits to be inflated."""
    @property
    def _is_strict(self) -> bool:
        """Whether violations are raised."""
    @property
    def _pixel_representation(self) -> int:
        """Pixel Representation in force, of this data set or those around it; -1 when none says."""
    @property
    def _item_offset(self) -> int:
        """Of the item tag; items only."""
    @property
    def _item_declared_length(self) -> int | None:
        """The item's length field; None when undefined."""
    @property
    def _source_size_bytes(self) -> int:
        """Size of the file, or of the inflated data set."""
    @property
    def _transfer_syntax_uid(self) -> str | None:
        """The transfer syntax in force; None when a bare data set does not know."""
    @property
    def _file_record(self) -> tuple[bool, str, str, int, bool] | None:
        """Has a preamble, transfer syntax as written, in force, offset of the data set, is deflated."""
    @property
    def _file_meta(self) -> Dataset | None:
        """The file meta information; None without a file."""
    def __getitem__(self, key: Key, /) -> Any:
        """Return the value behind a keyword, tag, pair or path."""
    def __len__(self) -> int:
        """Return the number of elements of this level."""
    def _tag_of(self, key: Key, /) -> int | None:
        """Return the tag behind a key; None for what can only be a path."""
    def _tags(self) -> list[Tag]:
        """Return the tags in order."""
    def _has_tag(self, tag: int, /) -> bool:
        """Tell whether an element is there."""
    def _value(self, tag: int, /) -> Any:
        """Return an element's value as plain Python; KeyError when absent."""
    def _element_record(self, tag: int, /) -> tuple[str, str | None, int, int, int | None, int, bool] | None:
        """Return vr, written_vr, offset, length, declared_length, header_bytes, is_encapsulated."""
    def _raw_value(self, tag: int, /) -> bytes:
        """Return an element's bytes as they stand in the file; KeyError when absent."""
    def _item_datasets(self, tag: int, /) -> tuple[Dataset, ...]:
        """Return the items of a sequence, the same objects every time."""
    def _fragments(self, tag: int, /) -> list[Span]:
        """Return every item of encapsulated Pixel Data, the Basic Offset Table first."""
    def _name_of(self, tag: int, /) -> tuple[str, bytes | str]:
        """Return the name in the dictionary or in the private dictionary, and the private creator."""
    def _read_bytes(self, offset: int, length: int, /) -> bytes:
        """Return bytes of the file, or of the inflated data set."""
    def _core_issues(self) -> list[IssueRow]:
        """Return what the parser found and forgave so far."""
    def _specific_character_set(self) -> bytes:
        """Return Specific Character Set in force, raw."""
    def _end_offset(self) -> int:
        """Return the offset of the first byte behind the last element."""
    def _attach(self, other: DataSetBase, /) -> None:
        """Take over the data set of `other`, which is the inflated one."""

def read_path(type: type[_D], path: str, settings: Settings, /) -> _D:
    """Read a file; the result is an object of `type`."""

def read_paths(type: type[_D], paths: list[str], settings: Settings, workers: int, /) -> list[_D | Exception]:
    """Read many files in parallel; for each the object, or what :func:`read_path` raises.

    What can be had of the frames without questions is ``_found_frames`` of the object.
    """

def read_buffer(type: type[_D], buffer: Buffer, settings: Settings, /) -> _D:
    """Read the bytes of a file, which are kept and not copied."""

def read_blocks(type: type[_D], reader: BlockReader, settings: Settings, /) -> _D:
    """Read a file object."""

def read_bare(
    type: type[_D],
    buffer: Buffer,
    implicit_vr: bool,
    big_endian: bool,
    pixel_representation: int,
    settings: Settings,
    transfer_syntax_uid: str,
    /,
) -> _D:
    """Read a data set of known encoding without a file around it: an inflated one, or an item."""

def check_unchanged(core: CoreDataSet, /) -> None:
    """Raise OSError when the file behind a data set is no longer the one that was read."""

class PydicomReader:
    """Makes pydicom's elements without pydicom's constructors (cpp/bindings/bind_dcmread.cpp)."""

    def __init__(self, names: dict[str, Any], /) -> None:
        """Take pydicom's classes and patterns from turbodicom._dcmread."""
    def read(
        self,
        source: str | Buffer,
        defer_size: int | None,
        stop_before_pixels: bool,
        specific_tags: Sequence[int],
        /,
    ) -> tuple[dict[Any, Any], dict[Any, Any], bool, bool, Any, bytes, int] | None:
        """Return what a FileDataset is made of; None for what pydicom has to read itself."""

# -- codecs (cpp/bindings/bind_codec.cpp) --------------------------------------------------------------

def codec_names() -> list[str]:
    """Return the names of the codecs of our own."""

def max_ratio(codec: str, /) -> int:
    """Return how many decoded bytes one byte of a codestream can stand for, at most."""

def read_info(codec: str, source: Buffer, /) -> StreamRow:
    """Return what a codestream says of itself; 0 and None for what the coding does not carry."""

def decode_codestream(
    codec: str,
    source: Buffer,
    out: npt.NDArray[Any],
    report_errors: bool,
    limits: Limits | None,
    settings: dict[str, Any] | None,
    /,
) -> tuple[str | None, int | None, int, list[str]]:
    """Fill `out`, any strides; return reason, offset, valid_rows, quirks. Settings: cpp/bindings/codec_options.h."""

def decode_plain(codec: str, source: Buffer, shape: Any, dtype: npt.DTypeLike, /) -> npt.NDArray[Any] | None:
    """Decode into a new array with all defaults; None where an argument is out of the ordinary."""

def encode_codestream(codec: str, array: npt.NDArray[Any], settings: dict[str, Any] | None, /) -> bytes:
    """Encode native integers of shape (rows, columns[, samples]), any strides."""

# -- frames (cpp/bindings/bind_pixels.cpp) -------------------------------------------------------------

class FrameReader:
    """The frames of a data set; immutable, may be shared between threads."""

    @property
    def rows(self) -> int:
        """Rows (0028,0010)."""
    @property
    def columns(self) -> int:
        """Columns (0028,0011)."""
    @property
    def samples_per_pixel(self) -> int:
        """Samples per Pixel (0028,0002)."""
    @property
    def bits_allocated(self) -> int:
        """Bits Allocated (0028,0100)."""
    @property
    def bits_stored(self) -> int:
        """Bits Stored (0028,0101)."""
    @property
    def high_bit(self) -> int:
        """High Bit (0028,0102), that of Bits Stored where it cannot be."""
    @property
    def is_signed(self) -> bool:
        """Whether Pixel Representation (0028,0103) is 1."""
    @property
    def photometric_interpretation(self) -> str:
        """Photometric Interpretation (0028,0004)."""
    @property
    def frame_bytes(self) -> int:
        """Bytes of one decoded frame."""
    @property
    def stored_frame_bits(self) -> int:
        """Bits of one frame as native Pixel Data stores it."""
    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the stored values."""
    @property
    def number_of_frames(self) -> int:
        """Frames that can be asked for."""
    @property
    def frames_present(self) -> int:
        """Frames of which the file has all bytes, or a codestream."""
    @property
    def pixel_data_tag(self) -> int:
        """Tag of the element the frames are in."""
    @property
    def road(self) -> str:
        """How frames become samples: "native", "codec", "raw_fragments" or "foreign"."""
    @property
    def can_window(self) -> bool:
        """Whether read() takes a roi."""
    @property
    def can_reduce(self) -> bool:
        """Whether read() takes a reduction."""
    @property
    def codec(self) -> str:
        """Name of the transfer syntax's coding; empty for native."""
    @property
    def transfer_syntax_uid(self) -> str:
        """UID of the transfer syntax in force."""
    @property
    def transfer_syntax_name(self) -> str:
        """Name of the transfer syntax in force (PS3.6 A)."""
    @property
    def issues(self) -> list[IssueRow]:
        """What was found and forgiven while the frames were looked for."""
    def is_verbatim(self, rgb: bool, /) -> bool:
        """Tell whether the stored bytes already are the values."""
    def spans(self, frame: int, /) -> list[Span]:
        """Return where the pieces of a frame are."""
    def codestream(self, frame: int, /) -> bytes:
        """Return a frame's codestream, or the bytes that hold a native frame."""
    def check_frames(self, frames: Sequence[int], report_errors: bool, /) -> None:
        """Raise unless the bytes present justify room for these frames."""
    def read(
        self,
        frames: int | Sequence[int] | None,
        out: npt.NDArray[Any] | None,
        planar: bool,
        color: str,
        report_errors: bool,
        workers: int,
        special: tuple[int, tuple[int, int, int, int] | None, Sequence[str]] | None,
        transforms: ValueTransform | Sequence[ValueTransform] | None = None,
        mask: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[npt.NDArray[Any], list[ReportRow]]:
        """Decode frames into `out` or a new array. `special`: reduce, roi and workarounds, where the codec can.

        `transforms`: one for all frames, or one for each of `frames`, from the stored dtype to the result's; then `out`
        has their dtype_out, and no array of stored values is made. A value that does not fit is a ValueError that
        names the frame. `mask`: of the result's shape, set where padded. Not for road "foreign".
        """
    def finish_decoded(
        self,
        array: npt.NDArray[Any],
        photometric_interpretation: str,
        rgb: bool,
        planar: bool,
        out: npt.NDArray[Any],
        /,
    ) -> None:
        """Take one frame somebody else has decoded, interleaved and of the stored dtype, to `out`."""
    def finish_native(self, stored: Buffer, rgb: bool, planar: bool, out: npt.NDArray[Any], /) -> None:
        """Take the native bytes of one frame to `out`."""

def open_frames(core: CoreDataSet, limits: Limits | None, /) -> FrameReader:
    """Find the frames of a data set."""

# -- many files (cpp/bindings/bind_many.cpp) -----------------------------------------------------------

def value_columns(datasets: list[Any], tags: list[int], /) -> tuple[list[list[Any]], dict[int, Exception]]:
    """Return a list of values for each tag, an entry a Dataset: None for what is absent, True for a sequence.

    Also, by index, the exceptions that getting a value raises. These, and what is no Dataset, have None from there on.
    Neighbours with the same bytes have the same object, lists too.
    """

class FrameReaders:
    """Readers of many slices, without a Python object for each. Immutable."""
    def __init__(self, readers: list[FrameReader]) -> None:
        """Take the readers of a list."""
    def __len__(self) -> int:
        """Return how many there are."""
    def __getitem__(self, index: int, /) -> FrameReader:
        """Return one, by an index from 0; IndexError behind the last."""
    def picked(self, indexes: list[int], /) -> FrameReaders:
        """Return those of some indexes."""
    def kinds(self) -> list[int]:
        """Return for each reader the index of the first one with the same size, type, bits and coding of pixels."""
    def unjustified(self, frames: list[int], tolerant: bool, /) -> list[int]:
        """Return the indexes of the readers that raise when a frame of each is given to ``check_frames``."""

# -- headers of a series (cpp/bindings/bind_slices.cpp) -------------------------------------------------

_Doubles: TypeAlias = npt.NDArray[np.float64]
_Slices: TypeAlias = tuple[
    list[Any], FrameReaders, _Doubles, _Doubles, _Doubles, list[int | None], list[str | None], list[str | None],
    list[float | None], list[float | None], list[str | None], list[str | None], float | None,
]  # fmt: skip

def read_slices(type: type[_D], paths: list[str], settings: Settings, workers: int, keeps_headers: bool, /) -> _Slices | None:
    """Read the headers of single-frame images; None where one is anything else, or not quite regular.

    Returns columns of one entry a path: object of `type` (None unless `keeps_headers`), reader, *Image Position
    (Patient)*, *Image Orientation (Patient)* and *Pixel Spacing* (else *Imager Pixel Spacing*) as arrays, *Instance
    Number*, *Series Instance UID*, *Frame of Reference UID*, *Rescale Slope*, *Rescale Intercept*, *Rescale Type*,
    *Units*; and the first *Spacing Between Slices*, else *Slice Thickness*, that is a length.
    """

# -- many frames (cpp/bindings/bind_jobs.cpp) ----------------------------------------------------------

def read_jobs(
    readers: FrameReaders,
    frames: list[int],
    planes: list[int],
    transforms: list[Any] | None,
    resizes: list[Any] | None,
    out: npt.NDArray[Any],
    color: str,
    tolerant: bool,
    workers: int,
    poll: Callable[[], Any] | None = None,
) -> list[ReportRow]:
    """Decode frames of any number of files in one parallel piece of work, each into a plane of `out`.

    `out`: (planes, rows, columns[, samples]), any strides, of the dtype the transforms give, or without one of the stored dtype.
    A job is an entry of each column. `readers`: of no foreign syntax. `transforms`: a ValueTransform, None, or a list of
    them: the frame is decoded once, and each gives one sample. `resizes`: None, or (rows, columns, row, column, fill), as
    of :func:`resize`; then transforms give float32, and `out` has any dtype but integers of 64 bits. None instead of a
    column: None for each.

    `poll` is called every now and then by the calling thread, and may raise.

    Returns a row for each job: frame, reason, offset, valid_rows, quirks. Not `tolerant`: the error of the first job that
    has one is raised, with the job's index as its attribute ``job``. `tolerant`: it is the reason in that row, whatever
    cannot be had is what stored value 0 becomes; also where the file cannot be opened (then offset is None).
    """

def resize(
    array: npt.NDArray[Any], out: npt.NDArray[Any], placement: tuple[int, int, int, int, float | None]
) -> None:
    """Fill `out` (rows, columns[, samples]) with a part of an image made `rows` x `columns` in size.

    `placement`: (rows, columns, row, column, fill): the whole image as scaled, where in it `out` begins (negative: `fill`
    before the image), and the value of where no image is. Bilinear, with antialias: cpp/turbodicom/pixel/antialias.h.
    """

# -- tables and overlay planes (cpp/bindings/bind_tables.cpp) ------------------------------------------

def read_lookup_table(
    descriptor: Sequence[int], data: Buffer, is_signed: bool, is_big_endian: bool, /
) -> tuple[int, int, npt.NDArray[np.uint16], list[tuple[str, str]]]:
    """Return first input, bits of an entry, entries, and notes (code, message): cpp/turbodicom/pixel/lookup_table.h.

    `descriptor`: three values as stored, whatever their VR; the second is taken as signed when `is_signed`.
    `is_big_endian`: of OW and US data; entries of 8 bits in OB data lie in their order, so False there.
    """

def expand_segments(
    descriptor: Sequence[int], data: Buffer, is_big_endian: bool, /
) -> npt.NDArray[np.uint16]:
    """Return the entries of a segmented palette (PS3.3 C.7.9.2): exactly as many as the descriptor says."""

def apply_palette(
    indexes: npt.NDArray[Any],
    first: int,
    tables: npt.NDArray[Any],
    out: npt.NDArray[Any],
    planar: bool = False,
    workers: int = 1,
) -> int:
    """Fill `out` with pixels of three samples, any strides; return how many indexes were outside of the tables.

    `tables`: shape (3, n), n up to 65536, of the dtype of `out`, 1 to 8 bytes. `out`: the shape of `indexes`, and 3
    samples last, or before rows and columns when planar.
    """

def unpack_overlay(
    data: Buffer, rows: int, columns: int, frames: int, first_bit: int = 0, is_big_endian: bool = False
) -> npt.NDArray[np.uint8]:
    """Return 0 and 1 of shape (frames, rows, columns). `is_big_endian`: of OW data."""

def embedded_overlay(stored: npt.NDArray[Any], bit: int, /) -> npt.NDArray[np.uint8]:
    """Return one bit of every stored integer as 0 or 1, in the shape of `stored`."""

# -- scaling (cpp/bindings/bind_resample.cpp) ----------------------------------------------------------

def resample(algorithm: str, planes: npt.NDArray[Any], out: npt.NDArray[Any], bits: int) -> None:
    """Scale dense planes (planes, rows, columns) into `out`, of the same dtype: cpp/turbodicom/pixel/resample.h.

    `algorithm`: "mean", "enlarge", "reduce", "bilinear" or "bicubic". Not for f2 and integers of 8 bytes.
    """

# -- values (cpp/bindings/bind_values.cpp) -------------------------------------------------------------

class ValueTransform:
    """From stored values to what is asked for (PS3.3 C.11); immutable, may be shared between threads."""

    def __init__(
        self,
        dtype_in: npt.DTypeLike,
        low: int,
        high: int,
        dtype_out: npt.DTypeLike,
        *,
        modality: tuple[Any, ...] | None = None,
        voi: tuple[Any, ...] | None = None,
        presentation: tuple[npt.NDArray[Any], int] | None = None,
        inverse: bool = False,
        output: tuple[float, float] | None = None,
        padding: tuple[Any, Any] | None = None,
        fill: float = 0,
    ) -> None:
        """Compile the stages, in double arithmetic and in this order.

        modality: ("linear", slope, intercept) or ("table", first, entries).
        voi: ("linear" | "linear_exact" | "sigmoid", center, width), ("range", low, high) or
        ("table", first, entries, bits); the result is 0..1.
        presentation: (entries, bits), the entry nearest to v * (n - 1).  inverse: 1 - v after that.
        output: None, the value itself and integers checked; (lo, hi), lo + v * (hi - lo) and integers clamped.
        padding: (first, last) of stored values that become `fill`.
        Integers are the nearest, ties to even. NaN stays NaN; as a clamped integer it is the type's lowest.
        """
    @property
    def dtype_in(self) -> np.dtype[Any]:
        """Of the stored values."""
    @property
    def dtype_out(self) -> np.dtype[Any]:
        """Of the results."""
    def apply(
        self,
        array: npt.NDArray[Any],
        out: npt.NDArray[Any],
        mask: npt.NDArray[np.bool_] | None = None,
        workers: int = 1,
    ) -> int | None:
        """Fill `out`, and `mask` with True where padded; same shape, any strides. Return the flat index of the first
        sample that does not fit, or None."""

def apply_table(
    array: npt.NDArray[Any], first: int, table: npt.NDArray[Any], out: npt.NDArray[Any], workers: int = 1
) -> None:
    """Fill `out`, of the table's dtype, with ``table[clip(array - first, 0, n - 1)]``."""

def value_range(
    array: npt.NDArray[Any], padding: tuple[Any, Any] | None = None, workers: int = 1
) -> tuple[Any, Any] | None:
    """Return the least and the greatest value, NaN and padding left out; None when nothing is left."""

def histogram(
    array: npt.NDArray[Any], low: int, high: int, padding: tuple[Any, Any] | None = None, workers: int = 1
) -> npt.NDArray[np.uint64]:
    """Count how often each integer from `low` to `high` occurs."""

# -- frame tables (cpp/bindings/bind_frame_table.cpp) --------------------------------------------------

class FrameColumns:
    """Fields of the functional groups of a multi-frame data set, to be had as columns; immutable."""

    def __init__(
        self, dataset: Dataset, fields: Sequence[tuple[Sequence[tuple[int, int]], int, str]], frames: int, /
    ) -> None:
        """Walk through the functional groups once.

        fields: (steps, tag, VR). Steps are (sequence, item) below an item of the functional groups; none: whichever
        functional group has the tag. The VR counts where none is written, or UN.
        """
    @property
    def items(self) -> int | None:
        """Items of the Per-Frame Functional Groups Sequence; None without it."""
    @property
    def shared_items(self) -> int | None:
        """Items of the Shared Functional Groups Sequence; None without it."""
    def numbers(
        self, field: int, width: int, is_integer: bool, /
    ) -> tuple[npt.NDArray[Any] | None, int, int]:
        """Return (array, misfits, offset of the first of them); None: in no functional group.

        The array is of shape (frames, width), or (1, width) when no frame has its own; width -1: as many as the
        widest. float64 with NaN, int64 with -1, for what is missing.
        """
    def objects(self, dataset: Dataset, field: int, /) -> npt.NDArray[Any] | None:
        """Return the values as the Dataset gives them, shape (frames,) or (1,); None: in no functional group."""

# -- bulk scan (cpp/bindings/bind_scan.cpp) ------------------------------------------------------------

class Scan:
    """Files and folders to batches of rows, one row a file; used by one thread at a time."""

    def __init__(
        self,
        columns: Sequence[ScanColumn],
        pixel_offset: bool,
        follow_links: bool,
        recursive: bool,
        limits: Limits | None,
        decode: Callable[[bytes, bytes, str], str] | None,
        inflate: Callable[[bytes, int], bytes] | None,
    ) -> None:
        """Plan a scan.

        columns: (name, steps, tag, creator, type, is_list). Steps are (tag, creator, item) down into sequences; with
        a creator only the low byte of the tag's element number counts. type: "text", "int", "float", "date", "time",
        "timestamp" or "binary". decode(value, Specific Character Set, VR) and inflate(path, offset) are called by
        threads of the pool; their exceptions are errors of the row.
        """
    def feed(self, sources: Sequence[bytes | str], /) -> None:
        """Append sources, files or folders, behind those fed before."""
    def next(self, rows: int, workers: int, report: Callable[[int, int], object] | None = None) -> Batch | None:
        """Return at most `rows` rows; None when everything fed is read. workers 0: all usable cores.

        report(files, bytes) is called every 20 ms while this reads: how much of the batch is read by now.
        """
    def empty(self) -> Batch:
        """Return a batch without rows."""

class Batch:
    """Rows of a scan, in Arrow's memory layout; immutable.

    Columns: path, size, mtime, inode, transfer_syntax, those of the plan, pixel_offset when asked for, error,
    error_offset (None for errors of the operating system), unparsed.
    """

    @property
    def rows(self) -> int:
        """Number of rows."""
    @property
    def nbytes(self) -> int:
        """Of all columns."""
    @property
    def names(self) -> list[str]:
        """Of all columns, in order."""
    @property
    def types(self) -> list[str]:
        """As in the plan, "list<int>" for lists; "timestamp_ns" for mtime, "unparsed" for the last."""
    def values(self, column: int, begin: int, end: int, /) -> list[Any]:
        """Return Python values: None, str, int, float, date, time, datetime, bytes or a list of them.

        Of `unparsed`: lists of {"column": str, "text": str, or None for a sequence}. mtime: microseconds, UTC.
        """
    def numpy(self, column: int, /) -> npt.NDArray[Any]:
        """Return a column of single "int" or "float": a read-only view, or float64 with NaN where values are missing."""
    def __arrow_c_schema__(self) -> Any:
        """Return a capsule "arrow_schema"."""
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """Return capsules "arrow_schema" and "arrow_array"."""

class Listing:
    """The files a scan of the same sources would read, in its order, each with its status."""

    @property
    def count(self) -> int:
        """Number of files."""
    def paths(self, indexes: Sequence[int] | None = None) -> list[bytes]:
        """Return all paths, or those at the indexes."""
    def match(
        self,
        offsets: Buffer,
        paths: Buffer,
        size: npt.NDArray[np.int64],
        mtime: npt.NDArray[np.int64],
        inode: npt.NDArray[np.int64],
        /,
    ) -> npt.NDArray[np.int64]:
        """Return for each file the row of these columns that has its path, size, mtime (ns) and inode, or -1.

        offsets: int32 or int64, one more than rows; paths: their bytes, UTF-8 end to end.
        """

def record_batch_stream(schema_of: Batch, batches: list[Batch], /) -> Any:
    """Return a capsule "arrow_array_stream" of the batches; `schema_of` may be empty."""

def count_plain(sources: list, begin: int, /) -> int:
    """Count the entries from `begin` on that are str of ASCII without a character of patterns."""

def list_files(sources: Sequence[bytes | str], follow_links: bool, recursive: bool, workers: int, /) -> Listing:
    """Walk the sources as a scan does, without opening any file. workers 0: all usable cores."""
