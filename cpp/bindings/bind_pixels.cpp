// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// image::FrameReader for python/turbodicom/_pixels.py. Arguments are checked there; here arrays become
// views and the GIL is released.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <array>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>

#include "arrays.h"
#include "bindings.h"
#include "colouring.h"
#include "core_data_set.h"
#include "turbodicom/base/error.h"
#include "turbodicom/image/frame_reader.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using image::Color;
using image::FrameLayout;
using image::FrameReader;

// Rows and columns of what is wanted of each frame.
struct Extent {
  std::uint32_t rows, columns;
};

Extent whole(const FrameLayout& layout) { return {layout.rows, layout.columns}; }

// One frame of `layout`, or a part of it, in somebody's array whose last axes are (rows, columns[, samples]), or
// ([samples, ]rows, columns) when planar; `strides` are those axes' strides in bytes.
ImageView frame_view(std::uint8_t* data, SampleType type, const FrameLayout& layout, Extent extent, bool planar,
                     const py::ssize_t* strides) {
  ImageView view{data, type, extent.rows, extent.columns, layout.samples_per_pixel, 0, 0, 0};
  const bool has_samples = layout.samples_per_pixel > 1;
  const std::size_t row_axis = planar && has_samples ? 1 : 0;
  view.row_stride = strides[row_axis];
  view.column_stride = strides[row_axis + 1];
  view.sample_stride = has_samples ? strides[planar ? 0 : 2] : static_cast<std::ptrdiff_t>(view.sample_bytes());
  return view;
}

std::vector<py::ssize_t> shape_of(const FrameLayout& layout, Extent extent, bool planar, std::size_t frames, bool keep_frames) {
  const py::ssize_t rows = extent.rows, columns = extent.columns, samples = layout.samples_per_pixel;
  std::vector<py::ssize_t> shape;
  if (keep_frames) shape.push_back(static_cast<py::ssize_t>(frames));
  if (planar && samples > 1) shape.push_back(samples);
  shape.push_back(rows);
  shape.push_back(columns);
  if (!planar && samples > 1) shape.push_back(samples);
  return shape;
}

bool holds(const py::array& array, const py::dtype& dtype, const std::vector<py::ssize_t>& shape) {
  return std::equal(shape.begin(), shape.end(), array.shape(), array.shape() + array.ndim()) && array.dtype().equal(dtype);
}

void check_array(const char* name, const py::array& array, const py::dtype& dtype, const std::vector<py::ssize_t>& shape) {
  if (!holds(array, dtype, shape) || !array.writeable())
    throw py::value_error(std::string(name) + " must be a writeable array of shape " +
                          std::string(py::str(py::tuple(py::cast(shape)))) + " and dtype " + std::string(py::str(dtype)));
}

std::vector<std::uint64_t> wanted_frames(const FrameReader& reader, py::handle frames, bool& keep_frames) {
  if (frames.is_none()) {
    keep_frames = reader.number_of_frames() > 1;
    if (reader.number_of_frames() > std::max<std::uint64_t>(reader.frames_present(), 1) * 64)
      reader.check_frames(std::vector{reader.number_of_frames() - 1}, codec::OnError::raise);
    std::vector<std::uint64_t> all(reader.number_of_frames());
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    return all;
  }
  keep_frames = !py::isinstance<py::int_>(frames);
  if (!keep_frames) return {frames.cast<std::uint64_t>()};
  return frames.cast<std::vector<std::uint64_t>>();
}

py::object report_object(const image::FrameReport& report) {
  const auto reason = report.error ? py::object(py::str(report.error->message)) : py::object(py::none());
  const auto offset = report.error ? py::object(py::int_(report.error->offset)) : py::object(py::none());
  return py::make_tuple(report.frame, reason, offset, report.valid_rows, py::cast(report.quirks));
}

void poll_signals() {
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

// What only some codecs can: (reduce, (row, column, rows, columns) or None, workarounds), or None.
Extent set_special(image::ReadRequest& request, const FrameLayout& layout, py::handle special) {
  if (special.is_none()) return whole(layout);
  const auto [reduce, region, workarounds] =
      special.cast<std::tuple<std::uint32_t, std::optional<std::array<std::uint32_t, 4>>, std::vector<std::string>>>();
  for (const std::string& name : workarounds) {
    if (name == "predictor6_overflow") request.predictor6_overflow = true;
    if (name == "cornell_huffman") request.cornell_huffman = true;
  }
  if (reduce > 31) fail(Errc::unsupported, 0, "image: frames cannot be reduced by 2^" + std::to_string(reduce));
  request.reduce = reduce;
  const auto reduced = [&](std::uint32_t n) { return static_cast<std::uint32_t>((std::uint64_t{n} + (1u << reduce) - 1) >> reduce); };
  if (!region) return {reduced(layout.rows), reduced(layout.columns)};
  request.region = image::Region{(*region)[0] >> reduce, (*region)[1] >> reduce, reduced((*region)[2]), reduced((*region)[3])};
  return {request.region->rows, request.region->columns};
}

using Transforms = std::vector<std::shared_ptr<const pixel::ValueTransform>>;

// None, one for all frames, or one for each of them.
Transforms transforms_of(py::handle transforms) {
  if (transforms.is_none()) return {};
  if (py::isinstance<pixel::ValueTransform>(transforms)) return {transforms.cast<std::shared_ptr<pixel::ValueTransform>>()};
  Transforms list;
  for (const py::handle item : transforms) list.push_back(item.cast<std::shared_ptr<pixel::ValueTransform>>());
  return list;
}

// The result's type.
SampleType set_transforms(image::ReadRequest& request, const Transforms& transforms, SampleType stored) {
  if (transforms.empty()) return stored;
  if (transforms.size() != 1 && transforms.size() != request.frames.size())
    throw py::value_error("transforms must be one for all frames or one for each");
  for (const auto& transform : transforms) {
    if (transform->input() != stored || transform->output() != transforms[0]->output())
      throw py::value_error("transforms must take the stored dtype and give one dtype");
    request.transforms.push_back(transform.get());
  }
  return transforms[0]->output();
}

// Where the frames go, and their stride.
struct Target {
  ImageView first;
  std::ptrdiff_t frame_stride;
};

Target target_of(const py::array& array, SampleType type, const FrameLayout& layout, Extent extent, bool planar, bool keep_frames) {
  auto* const data = static_cast<std::uint8_t*>(const_cast<void*>(array.data()));
  return {frame_view(data, type, layout, extent, planar, array.strides() + keep_frames), keep_frames ? array.strides(0) : 0};
}

// Returns (array, reports); `out` is None or has the result's shape, and so has `mask`.
py::tuple read(const FrameReader& reader, py::handle frames, py::handle out, bool planar, std::string_view color, bool report_errors,
               std::size_t workers, py::handle special, py::handle transforms, const std::optional<py::array>& mask) {
  const FrameLayout& layout = reader.layout();
  bool keep_frames = false;
  image::ReadRequest request;
  request.frames = wanted_frames(reader, frames, keep_frames);
  const Colouring colouring = colouring_of(color);
  request.color = colouring.color;
  request.colour_policy = colouring.policy;
  request.on_error = report_errors ? codec::OnError::report : codec::OnError::raise;
  request.workers = workers;
  const Transforms kept = transforms_of(transforms);
  const SampleType type = set_transforms(request, kept, layout.type);
  const Extent extent = set_special(request, layout, special);
  reader.check_frames(request.frames, request.on_error);
  const auto shape = shape_of(layout, extent, planar, request.frames.size(), keep_frames);
  if (!out.is_none() && !py::isinstance<py::array>(out)) throw py::type_error("out must be an ndarray");
  py::array array = out.is_none() ? py::array(numpy_type(type), shape) : py::reinterpret_borrow<py::array>(out);
  if (!out.is_none()) check_array("out", array, numpy_type(type), shape);
  const Target target = target_of(array, type, layout, extent, planar, keep_frames);
  request.first = target.first;
  request.frame_stride = target.frame_stride;
  if (mask) {
    check_array("mask", *mask, py::dtype::of<bool>(), shape);
    if (kept.empty()) throw py::value_error("a mask needs transforms");
    const Target masked = target_of(*mask, SampleType::u8, layout, extent, planar, keep_frames);
    request.first_mask = masked.first;
    request.mask_stride = masked.frame_stride;
  }
  std::vector<image::FrameReport> reports;
  {
    const GilRelease release;
    reports = reader.read(request, poll_signals);
  }
  py::list objects;
  for (const image::FrameReport& report : reports) objects.append(report_object(report));
  return py::make_tuple(array, objects);
}

// `array` and `out` are one frame each; `array` is interleaved and of the stored type.
void finish_decoded(const FrameReader& reader, const py::array& array, const std::string& photometric, bool rgb,
                    bool planar, py::array out) {
  const FrameLayout& layout = reader.layout();
  check_array("out", out, numpy_type(layout.type), shape_of(layout, whole(layout), planar, 1, false));
  if (!holds(array, numpy_type(layout.type), shape_of(layout, whole(layout), false, 1, false)))
    throw py::value_error("the decoded frame does not have the frame's shape and dtype");
  const ImageView from = frame_view(static_cast<std::uint8_t*>(const_cast<void*>(array.data())), layout.type, layout, whole(layout), false, array.strides());
  const ImageView to = frame_view(static_cast<std::uint8_t*>(out.mutable_data()), layout.type, layout, whole(layout), planar, out.strides());
  const image::Photometric coded = image::parse_photometric(photometric);
  const GilRelease release;
  reader.finish_decoded(from, coded, rgb ? Color::rgb : Color::coded, to);
}

void finish_native(const FrameReader& reader, const py::buffer& stored, bool rgb, bool planar, py::array out) {
  const FrameLayout& layout = reader.layout();
  check_array("out", out, numpy_type(layout.type), shape_of(layout, whole(layout), planar, 1, false));
  const py::buffer_info info = stored.request();
  const ByteView bytes(static_cast<const std::uint8_t*>(info.ptr), static_cast<std::size_t>(info.size * info.itemsize));
  const ImageView to = frame_view(static_cast<std::uint8_t*>(out.mutable_data()), layout.type, layout, whole(layout), planar, out.strides());
  const GilRelease release;
  reader.finish_native(bytes, rgb ? Color::rgb : Color::coded, to);
}

py::list spans(const FrameReader& reader, std::uint64_t frame) {
  py::list result;
  for (const dicom::Span& span : reader.spans(frame)) result.append(py::make_tuple(span.offset, span.length));
  return result;
}

py::bytes codestream(const FrameReader& reader, std::uint64_t frame) {
  std::vector<std::uint8_t> bytes;
  {
    const GilRelease release;
    bytes = reader.codestream(frame);
  }
  return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

py::list issues(const FrameReader& reader) {
  py::list result;
  for (const dicom::Issue& issue : reader.issues())
    result.append(py::make_tuple(issue.code, issue.message, issue.offset, issue.where));
  return result;
}

std::string road_name(const FrameReader& reader) {
  switch (reader.road()) {
    case image::Road::native: return "native";
    case image::Road::codec: return "codec";
    case image::Road::raw_fragments: return "raw_fragments";
    case image::Road::foreign: return "foreign";
  }
  return {};
}

// A bare data set (an item out of a pickle) has no file, but may know the transfer syntax of the one it was in.
std::shared_ptr<const dicom::DicomFile> file_around(const CoreDataSet& core) {
  if (core.file != nullptr) return core.file;
  if (core.transfer_syntax == nullptr)
    fail(Errc::conformance, 0, "image: a data set without a file, its transfer syntax is not known (PS3.5 10)");
  auto file = std::make_shared<dicom::DicomFile>();
  file->transfer_syntax = core.transfer_syntax;
  return file;
}

std::shared_ptr<FrameReader> open_frames(const CoreDataSet& core, py::handle limits) {
  const Limits checked = limits_from(limits);
  const auto file = file_around(core);
  const GilRelease release;
  return std::make_shared<FrameReader>(*file, *core.data_set, checked);
}

}  // namespace

void bind_pixels(py::module_& m) {
  py::class_<FrameReader, std::shared_ptr<FrameReader>> type(m, "FrameReader");
  const auto layout = [&type](const char* name, auto member) {
    type.def_property_readonly(name, [member](const FrameReader& reader) { return reader.layout().*member; });
  };
  layout("rows", &FrameLayout::rows);
  layout("columns", &FrameLayout::columns);
  layout("samples_per_pixel", &FrameLayout::samples_per_pixel);
  layout("bits_allocated", &FrameLayout::bits_allocated);
  layout("bits_stored", &FrameLayout::bits_stored);
  layout("high_bit", &FrameLayout::high_bit);
  layout("is_signed", &FrameLayout::is_signed);
  layout("photometric_interpretation", &FrameLayout::photometric_interpretation);
  layout("frame_bytes", &FrameLayout::frame_bytes);
  layout("stored_frame_bits", &FrameLayout::stored_frame_bits);
  type.def_property_readonly("dtype", [](const FrameReader& reader) { return numpy_type(reader.layout().type); })
      .def_property_readonly("number_of_frames", &FrameReader::number_of_frames)
      .def_property_readonly("pixel_data_tag", [](const FrameReader& r) { return r.pixel_data_tag().value; })
      .def_property_readonly("frames_present", &FrameReader::frames_present)
      .def_property_readonly("road", road_name)
      .def_property_readonly("can_window", &FrameReader::can_window)
      .def_property_readonly("can_reduce", &FrameReader::can_reduce)
      .def_property_readonly("codec", [](const FrameReader& r) { return std::string(r.transfer_syntax().codec); })
      .def_property_readonly("transfer_syntax_uid", [](const FrameReader& r) { return std::string(r.transfer_syntax().uid); })
      .def_property_readonly("transfer_syntax_name", [](const FrameReader& r) { return std::string(r.transfer_syntax().name); })
      .def_property_readonly("issues", issues)
      .def("is_verbatim", [](const FrameReader& r, bool rgb) { return r.is_verbatim(rgb ? Color::rgb : Color::coded); })
      .def("spans", spans)
      .def("codestream", codestream)
      .def("check_frames", [](const FrameReader& r, const std::vector<std::uint64_t>& frames, bool report_errors) {
        r.check_frames(frames, report_errors ? codec::OnError::report : codec::OnError::raise);
      })
      .def("read", read, py::arg("frames"), py::arg("out"), py::arg("planar"), py::arg("color"), py::arg("report_errors"),
           py::arg("workers"), py::arg("special"), py::arg("transforms") = py::none(), py::arg("mask") = py::none())
      .def("finish_decoded", finish_decoded)
      .def("finish_native", finish_native);
  m.def("open_frames", open_frames);
}

}  // namespace turbodicom::bindings
