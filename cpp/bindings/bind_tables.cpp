// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Lookup tables, palettes and overlay planes for the Python modules that read the attributes: bytes and numbers in,
// arrays out.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <optional>

#include "bindings.h"
#include "turbodicom/base/error.h"
#include "turbodicom/pixel/lookup_table.h"
#include "turbodicom/pixel/overlay.h"
#include "turbodicom/pixel/palette_image.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

// Below this many pixels a call is shorter than handing the GIL over and back.
constexpr std::size_t kWorthReleasing = 65536;

// A contiguous buffer of somebody's, held while the view is used.
class Bytes {
 public:
  explicit Bytes(const py::buffer& buffer) {
    if (PyObject_GetBuffer(buffer.ptr(), &buffer_, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  }
  ~Bytes() { PyBuffer_Release(&buffer_); }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ByteView view() const { return {static_cast<const std::uint8_t*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)}; }

 private:
  Py_buffer buffer_{};
};

bool is_native_integer(const py::dtype& dtype) {
  return (dtype.kind() == 'u' || dtype.kind() == 'i') && dtype.byteorder() != '>';
}

[[noreturn]] void refuse(const char* what, const py::array& array) {
  throw py::type_error(std::string(what) + ", not " + std::string(py::str(array.dtype())));
}

SampleType index_type(const py::array& indexes) {
  const py::dtype dtype = indexes.dtype();
  const bool is_signed = dtype.kind() == 'i';
  switch (is_native_integer(dtype) ? dtype.itemsize() : 0) {
    case 1: return is_signed ? SampleType::i8 : SampleType::u8;
    case 2: return is_signed ? SampleType::i16 : SampleType::u16;
    case 4: return is_signed ? SampleType::i32 : SampleType::u32;
    default: refuse("indexes must be native integers of up to 32 bits", indexes);
  }
}

py::array_t<std::uint16_t> to_numpy(const std::vector<std::uint16_t>& entries) {
  return py::array_t<std::uint16_t>(static_cast<py::ssize_t>(entries.size()), entries.data());
}

py::tuple read_lookup_table(const std::vector<std::int64_t>& descriptor, const py::buffer& data, bool is_signed, bool is_big_endian) {
  const Bytes bytes(data);
  const pixel::LookupTable table =
      pixel::read_lookup_table(pixel::read_lut_descriptor(descriptor, is_signed), bytes.view(), is_big_endian);
  py::list notes;
  for (const pixel::LutNote& note : table.notes)
    notes.append(py::make_tuple(py::str(note.code.data(), note.code.size()), note.message));
  return py::make_tuple(table.first, table.bits, to_numpy(table.entries), notes);
}

py::array expand_segments(const std::vector<std::int64_t>& descriptor, const py::buffer& data, bool is_big_endian) {
  const Bytes bytes(data);
  return to_numpy(pixel::expand_lut_segments(pixel::read_lut_descriptor(descriptor, false), bytes.view(), is_big_endian));
}

py::array checked_tables(const py::array& tables, const py::array& out) {
  if (tables.ndim() != 2 || tables.shape(0) != 3 || tables.shape(1) < 1 ||
      static_cast<std::size_t>(tables.shape(1)) > pixel::kMostPaletteEntries)
    throw py::value_error("tables must be of shape (3, n) with n in 1..65536");
  if (!tables.dtype().equal(out.dtype())) refuse("tables must be of the dtype of out", tables);
  const auto cell_bytes = tables.itemsize();
  const char kind = tables.dtype().kind();
  if ((kind != 'u' && kind != 'i' && kind != 'f') || cell_bytes > 8) refuse("tables must be numbers of up to 64 bits", tables);
  return py::array::ensure(tables, py::array::c_style);
}

// Where the axis of samples is: the last one, or before rows and columns.
py::ssize_t sample_axis(const py::array& indexes, bool planar) {
  return planar ? std::max<py::ssize_t>(indexes.ndim() - 2, 0) : indexes.ndim();
}

pixel::PaletteImage image_of(const py::array& indexes, py::array& out, bool planar) {
  const py::ssize_t samples = sample_axis(indexes, planar);
  const auto misfit = [] { throw py::value_error("out must have the shape of indexes and an axis of 3 samples"); };
  if (out.ndim() != indexes.ndim() + 1 || out.shape(samples) != 3) misfit();
  if (!out.writeable()) throw py::value_error("out must be writeable");
  pixel::PaletteImage image{static_cast<const std::uint8_t*>(indexes.data()), static_cast<std::uint8_t*>(out.mutable_data()),
                            out.strides(samples), {}};
  for (py::ssize_t axis = 0; axis < indexes.ndim(); ++axis) {
    const py::ssize_t in_out = axis < samples ? axis : axis + 1;
    if (out.shape(in_out) != indexes.shape(axis)) misfit();
    image.axes.push_back({static_cast<std::size_t>(indexes.shape(axis)), indexes.strides(axis), out.strides(in_out)});
  }
  return image;
}

void poll_signals() {
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

std::size_t apply_palette(const py::array& indexes, std::int64_t first, const py::array& tables, py::array& out, bool planar,
                          std::size_t workers) {
  const py::array dense = checked_tables(tables, out);
  const pixel::PaletteTables cells{static_cast<const std::uint8_t*>(dense.data()), static_cast<std::size_t>(dense.shape(1)),
                                   static_cast<std::size_t>(dense.itemsize())};
  const SampleType type = index_type(indexes);
  const pixel::PaletteImage image = image_of(indexes, out, planar);
  std::optional<GilRelease> release;
  if (image.count() >= kWorthReleasing) release.emplace();
  const pixel::Palette palette(cells, first, type, image.count());
  return pixel::apply_palette(palette, image, workers, poll_signals);
}

py::array unpack_overlay(const py::buffer& data, std::uint64_t rows, std::uint64_t columns, std::uint64_t frames,
                         std::uint64_t first_bit, bool is_big_endian) {
  const Bytes bytes(data);
  const std::size_t pixels = pixel::overlay_pixels(bytes.view(), rows, columns, frames, first_bit);
  const auto length = [&](std::uint64_t extent) { return static_cast<py::ssize_t>(extent); };
  py::array_t<std::uint8_t> out({length(frames), length(rows), length(columns)});
  std::uint8_t* const to = out.mutable_data();
  std::optional<GilRelease> release;
  if (pixels >= kWorthReleasing) release.emplace();
  pixel::unpack_overlay(bytes.view(), first_bit, is_big_endian, to, pixels);
  return out;
}

py::array embedded_overlay(const py::array& stored, std::uint32_t bit) {
  const auto sample_bytes = static_cast<std::size_t>(stored.itemsize());
  if (!is_native_integer(stored.dtype())) refuse("stored must be native integers", stored);
  if (bit >= 8 * sample_bytes)
    throw py::value_error("bit must be below " + std::to_string(8 * sample_bytes) + ", not " + std::to_string(bit));
  const py::array dense = py::array::ensure(stored, py::array::c_style);
  py::array_t<std::uint8_t> out(std::vector<py::ssize_t>(stored.shape(), stored.shape() + stored.ndim()));
  const auto* const from = static_cast<const std::uint8_t*>(dense.data());
  std::uint8_t* const to = out.mutable_data();
  const auto pixels = static_cast<std::size_t>(dense.size());
  std::optional<GilRelease> release;
  if (pixels >= kWorthReleasing) release.emplace();
  pixel::embedded_overlay(from, sample_bytes, bit, to, pixels);
  return out;
}

}  // namespace

void bind_tables(py::module_& m) {
  m.def("read_lookup_table", &read_lookup_table);
  m.def("expand_segments", &expand_segments);
  m.def("apply_palette", &apply_palette, py::arg("indexes"), py::arg("first"), py::arg("tables"), py::arg("out"),
        py::arg("planar") = false, py::arg("workers") = 1);
  m.def("unpack_overlay", &unpack_overlay, py::arg("data"), py::arg("rows"), py::arg("columns"), py::arg("frames"),
        py::arg("first_bit") = 0, py::arg("is_big_endian") = false);
  m.def("embedded_overlay", &embedded_overlay);
}

}  // namespace turbodicom::bindings
