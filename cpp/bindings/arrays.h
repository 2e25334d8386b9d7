// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// NumPy's arrays and dtypes as the core knows them.
#pragma once

#include <pybind11/numpy.h>

#include <cstddef>
#include <vector>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/block_work.h"

namespace turbodicom::bindings {

pybind11::dtype numpy_type(SampleType type);

// TypeError for what is neither an integer nor a float of native byte order.
SampleType sample_type(const pybind11::dtype& dtype);

// Shape and memory of an array. `strided` points into `strides`: not to be copied.
struct ArrayOf {
  explicit ArrayOf(const pybind11::array& array);
  ArrayOf(const ArrayOf&) = delete;
  ArrayOf& operator=(const ArrayOf&) = delete;

  std::vector<std::size_t> shape;
  std::vector<std::ptrdiff_t> strides;
  pixel::StridedArray strided;
};

// ValueError unless `array` can be written to and has this shape and dtype.
void check_target(const char* name, const pybind11::array& array, const ArrayOf& like, const pybind11::dtype& dtype);

// So many threads, and Ctrl-C.
pixel::WorkOptions work_options(std::size_t workers);

}  // namespace turbodicom::bindings
