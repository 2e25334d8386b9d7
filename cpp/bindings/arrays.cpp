// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "arrays.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <string>

namespace py = pybind11;

namespace turbodicom::bindings {

py::dtype numpy_type(SampleType type) {
  switch (type) {
    case SampleType::u8: return py::dtype::of<std::uint8_t>();
    case SampleType::i8: return py::dtype::of<std::int8_t>();
    case SampleType::u16: return py::dtype::of<std::uint16_t>();
    case SampleType::i16: return py::dtype::of<std::int16_t>();
    case SampleType::u32: return py::dtype::of<std::uint32_t>();
    case SampleType::i32: return py::dtype::of<std::int32_t>();
    case SampleType::u64: return py::dtype::of<std::uint64_t>();
    case SampleType::i64: return py::dtype::of<std::int64_t>();
    case SampleType::f32: return py::dtype::of<float>();
    case SampleType::f64: return py::dtype::of<double>();
    case SampleType::f16: return py::dtype("f2");
  }
  return py::dtype::of<std::uint8_t>();
}

SampleType sample_type(const py::dtype& dtype) {
  const char kind = dtype.kind();
  if (dtype.byteorder() != '>') switch (dtype.itemsize()) {
    case 1: if (kind == 'u') return SampleType::u8; if (kind == 'i') return SampleType::i8; break;
    case 2: if (kind == 'u') return SampleType::u16; if (kind == 'i') return SampleType::i16; if (kind == 'f') return SampleType::f16; break;
    case 4: if (kind == 'u') return SampleType::u32; if (kind == 'i') return SampleType::i32; if (kind == 'f') return SampleType::f32; break;
    case 8: if (kind == 'u') return SampleType::u64; if (kind == 'i') return SampleType::i64; if (kind == 'f') return SampleType::f64; break;
    default: break;
  }
  throw py::type_error("dtype must be an integer or floating-point type in native byte order, not " + std::string(py::str(dtype)));
}

ArrayOf::ArrayOf(const py::array& array)
    : shape(array.shape(), array.shape() + array.ndim()), strides(array.strides(), array.strides() + array.ndim()),
      strided{static_cast<std::uint8_t*>(const_cast<void*>(array.data())), static_cast<std::size_t>(array.itemsize()), strides} {}

void check_target(const char* name, const py::array& array, const ArrayOf& like, const py::dtype& dtype) {
  const bool same_shape = std::equal(like.shape.begin(), like.shape.end(), array.shape(), array.shape() + array.ndim(),
                                     [](std::size_t a, py::ssize_t b) { return static_cast<py::ssize_t>(a) == b; });
  if (!same_shape || !array.dtype().equal(dtype) || !array.writeable())
    throw py::value_error(std::string(name) + " must be a writeable array of shape " +
                          std::string(py::str(py::tuple(py::cast(like.shape)))) + " and dtype " + std::string(py::str(dtype)));
}

pixel::WorkOptions work_options(std::size_t workers) {
  return {workers, [] {
            const py::gil_scoped_acquire gil;
            if (PyErr_CheckSignals() != 0) throw py::error_already_set();
          }};
}

}  // namespace turbodicom::bindings
