// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bare codestreams for python/turbodicom/codecs/, generic over the codec registry. Arguments are
// checked there; here buffers become views, the GIL is released, and errors get the codec's name.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "bindings.h"
#include "codec_options.h"
#include "turbodicom/codec/codec.h"
#include "watched_work.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using codec::Codec;

// Below this many bytes a call is shorter than handing the GIL over and back.
constexpr std::size_t kWorthReleasing = 65536;
// Work on more bytes than this can be interrupted by Ctrl-C: from some tens of milliseconds on, of which starting a
// thread is a thousandth.
constexpr std::size_t kWorthWatching = std::size_t{64} << 20;
// So many bytes of samples take as long as one of a codestream, roughly.
constexpr std::size_t kSampleBytesPerCoded = 8;
// So many bytes of a codestream are looked through, for a DNL marker say, while one byte of samples is made.
constexpr std::size_t kSkippedPerSample = 64;
// decode_plain's: well within the default Limits.
constexpr std::uint64_t kPlainBytes = std::uint64_t{1} << 28;

const Codec& codec_named(std::string_view name) {
  if (const Codec* codec = codec::find_codec(name)) return *codec;
  throw py::key_error(std::string(name));
}

// Runs `work`, without the GIL if it is long; its errors say which codec complained.
template <class Work>
auto run(const Codec& codec, std::size_t bytes, Work work) {
  std::optional<GilRelease> release;
  if (bytes >= kWorthReleasing) release.emplace();
  try {
    return work();
  } catch (Error& error) {
    error.codec = codec.name;
    throw;
  }
}

// A contiguous buffer of somebody's, held while the view is used.
class Source {
 public:
  explicit Source(const py::buffer& buffer) {
    if (PyObject_GetBuffer(buffer.ptr(), &buffer_, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  }
  ~Source() { PyBuffer_Release(&buffer_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ByteView bytes() const {
    return {static_cast<const std::uint8_t*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
  }

 private:
  Py_buffer buffer_{};
};

SampleType sample_type(const py::dtype& dtype) {
  const char kind = dtype.kind();
  const bool is_integer = kind == 'u' || kind == 'i';
  switch (is_integer && dtype.byteorder() != '>' ? dtype.itemsize() : 0) {
    case 1: return kind == 'u' ? SampleType::u8 : SampleType::i8;
    case 2: return kind == 'u' ? SampleType::u16 : SampleType::i16;
    case 4: return kind == 'u' ? SampleType::u32 : SampleType::i32;
    case 8: return kind == 'u' ? SampleType::u64 : SampleType::i64;
    default: throw py::type_error("samples must be native integers, not " + std::string(py::str(dtype)));
  }
}

std::uint32_t extent(const py::array& array, int axis) {
  const py::ssize_t length = array.shape(axis);
  if (length > std::numeric_limits<std::uint32_t>::max())
    throw py::value_error("axis " + std::to_string(axis) + " has " + std::to_string(length) + " entries");
  return static_cast<std::uint32_t>(length);
}

// Any strides; axes are (rows, columns) or (rows, columns, samples).
template <typename Byte>
BasicImageView<Byte> view_of(const py::array& array, Byte* data) {
  const bool has_samples = array.ndim() == 3;
  BasicImageView<Byte> view;
  view.data = data;
  view.type = sample_type(array.dtype());
  view.rows = extent(array, 0);
  view.columns = extent(array, 1);
  view.samples = has_samples ? extent(array, 2) : 1;
  view.row_stride = array.strides(0);
  view.column_stride = array.strides(1);
  view.sample_stride = has_samples ? array.strides(2) : static_cast<std::ptrdiff_t>(view.sample_bytes());
  return view;
}

py::object name_or_none(std::string_view name) {
  return name.empty() ? py::object(py::none()) : py::object(py::str(name.data(), name.size()));
}

py::tuple read_info(std::string_view name, const py::buffer& buffer) {
  const Codec& codec = codec_named(name);
  const Source source(buffer);
  const codec::StreamInfo info = run(codec, source.bytes().size() / kSkippedPerSample, [&] { return codec.read_info(source.bytes()); });
  return py::make_tuple(info.rows, info.columns, info.components, info.precision, info.is_signed, info.lossless,
                        info.is_subsampled, name_or_none(name_of(info.colour)), name_or_none(name_of(info.colour_source)),
                        name_or_none(info.process));
}

// Decodes, and lets Ctrl-C in where that takes long.
codec::DecodeReport decode(const Codec& codec, ByteView source, const ImageView& view, std::size_t view_bytes,
                           codec::DecodeOptions options) {
  const std::size_t work = std::max(view_bytes, source.size() * kSampleBytesPerCoded);
  return run(codec, work, [&] {
    if (work < kWorthWatching) return codec.decode(source, view, options);
    CancelToken cancel;
    options.cancel = &cancel;
    codec::DecodeReport report;
    run_watched(cancel, [&] { report = codec.decode(source, view, options); });
    return report;
  });
}

// (reason, offset, valid_rows, quirks)
py::tuple decode_codestream(std::string_view name, const py::buffer& buffer, py::array& out, bool report_errors,
                            py::handle limits, py::handle settings) {
  const Codec& codec = codec_named(name);
  const Source source(buffer);
  const ImageView view = view_of(out, static_cast<std::uint8_t*>(out.mutable_data()));
  codec::DecodeOptions options = decode_options_from(settings);
  options.on_error = report_errors ? codec::OnError::report : codec::OnError::raise;
  options.limits = limits_from(limits);
  const codec::DecodeReport report = decode(codec, source.bytes(), view, static_cast<std::size_t>(out.nbytes()), options);
  if (!report.error) return py::make_tuple(py::none(), py::none(), report.valid_rows, py::cast(report.quirks));
  return py::make_tuple(report.error->message, report.error->offset, report.valid_rows, py::cast(report.quirks));
}

// (rows, columns[, samples]) of a tuple of such numbers within the default limits; empty for anything else.
std::vector<py::ssize_t> plain_shape(py::handle shape, std::size_t sample_bytes) {
  std::vector<py::ssize_t> result;
  if (!PyTuple_CheckExact(shape.ptr()) || PyTuple_GET_SIZE(shape.ptr()) < 2 || PyTuple_GET_SIZE(shape.ptr()) > 3) return {};
  std::uint64_t bytes = sample_bytes;
  for (py::ssize_t i = 0; i < PyTuple_GET_SIZE(shape.ptr()); ++i) {
    PyObject* const item = PyTuple_GET_ITEM(shape.ptr(), i);
    const py::ssize_t extent = PyLong_CheckExact(item) ? PyLong_AsSsize_t(item) : -1;
    if (extent < 1 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes)) {
      PyErr_Clear();
      return {};
    }
    result.push_back(extent);
  }
  return bytes <= kPlainBytes ? result : std::vector<py::ssize_t>();
}

// The short way for the usual call: a new array, defaults throughout. None where anything is out of the
// ordinary: the long way then says what.
py::object decode_plain(std::string_view name, const py::buffer& buffer, py::handle shape, py::object dtype) {
  const py::dtype type = py::dtype::from_args(std::move(dtype));
  const bool is_integer = type.kind() == 'u' || type.kind() == 'i';
  if (!is_integer || type.byteorder() == '>') return py::none();
  const auto extents = plain_shape(shape, static_cast<std::size_t>(type.itemsize()));
  if (extents.empty()) return py::none();
  const Codec& codec = codec_named(name);
  const Source source(buffer);
  py::array out(type, extents);
  const ImageView view = view_of(out, static_cast<std::uint8_t*>(out.mutable_data()));
  decode(codec, source.bytes(), view, static_cast<std::size_t>(out.nbytes()), {});
  return out;
}

// Encodes, and lets Ctrl-C in where that takes long.
std::size_t encode(const Codec& codec, const ConstImageView& view, std::size_t view_bytes, MutableByteView destination,
                   codec::EncodeParameters& parameters) {
  return run(codec, view_bytes, [&] {
    if (view_bytes < kWorthWatching) return codec.encode(view, destination, parameters);
    CancelToken cancel;
    parameters.cancel = &cancel;
    std::size_t length = 0;
    run_watched(cancel, [&] { length = codec.encode(view, destination, parameters); });
    return length;
  });
}

py::object encode_codestream(std::string_view name, const py::array& array, py::handle settings) {
  const Codec& codec = codec_named(name);
  const ConstImageView view = view_of(array, static_cast<const std::uint8_t*>(array.data()));
  codec::EncodeParameters parameters = encode_parameters_from(settings);
  const codec::FrameInfo frame{view.rows, view.columns, view.samples, view.type, 0};
  const std::size_t capacity = run(codec, 0, [&] { return codec.max_encoded_size(frame, parameters); });
  if (capacity > static_cast<std::size_t>(PY_SSIZE_T_MAX)) throw std::bad_alloc();
  PyObject* bytes = PyBytes_FromStringAndSize(nullptr, static_cast<py::ssize_t>(capacity));
  if (bytes == nullptr) throw py::error_already_set();
  auto owner = py::reinterpret_steal<py::object>(bytes);
  const MutableByteView destination{reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(bytes)), capacity};
  const std::size_t length = encode(codec, view, static_cast<std::size_t>(array.nbytes()), destination, parameters);
  // Gives back what was not needed; pages never written to were never taken.
  bytes = owner.release().ptr();
  if (_PyBytes_Resize(&bytes, static_cast<py::ssize_t>(length)) != 0) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(bytes);
}

}  // namespace

void bind_codec(py::module_& m) {
  m.def("codec_names", [] {
    py::list names;
    for (const Codec& codec : codec::all_codecs()) names.append(py::str(codec.name.data(), codec.name.size()));
    return names;
  });
  m.def("max_ratio", [](std::string_view name) { return codec_named(name).max_ratio; });
  m.def("read_info", &read_info);
  m.def("decode_codestream", &decode_codestream);
  m.def("decode_plain", &decode_plain);
  m.def("encode_codestream", &encode_codestream);
}

}  // namespace turbodicom::bindings
