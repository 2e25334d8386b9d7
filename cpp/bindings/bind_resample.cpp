// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scaling of dense planes for python/turbodicom/_resample.py, which chooses the algorithm.
#include <pybind11/numpy.h>

#include <string>

#include "arrays.h"
#include "bindings.h"
#include "turbodicom/pixel/resample.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

pixel::Resampling resampling(const std::string& name) {
  if (name == "mean") return pixel::Resampling::mean;
  if (name == "enlarge") return pixel::Resampling::enlarge;
  if (name == "reduce") return pixel::Resampling::reduce;
  if (name == "bilinear") return pixel::Resampling::bilinear;
  if (name == "bicubic") return pixel::Resampling::bicubic;
  throw py::value_error("no such algorithm: " + name);
}

pixel::PlaneSize plane_size(const py::array& planes) {
  return {static_cast<std::size_t>(planes.shape(1)), static_cast<std::size_t>(planes.shape(2))};
}

void resample(const std::string& name, const py::array& planes, py::array& out, unsigned bits) {
  const bool fits = planes.ndim() == 3 && out.ndim() == 3 && planes.shape(0) == out.shape(0) && planes.dtype().equal(out.dtype());
  if (!fits || !out.writeable() || (planes.flags() & out.flags() & py::array::c_style) == 0)
    throw py::value_error("planes and out must be dense, of shape (planes, rows, columns) and of one dtype");
  const pixel::ResampleJob job{resampling(name), sample_type(planes.dtype()), plane_size(planes), plane_size(out), bits};
  const std::size_t from_bytes = job.source.rows * job.source.columns * bytes_of(job.type);  // checked: NumPy's sizes
  const std::size_t to_bytes = job.target.rows * job.target.columns * bytes_of(job.type);    // checked: NumPy's sizes
  const auto* from = static_cast<const std::uint8_t*>(planes.data());
  auto* to = static_cast<std::uint8_t*>(out.mutable_data());
  const auto count = static_cast<std::size_t>(planes.shape(0));
  const pixel::WorkOptions options = work_options(1);
  const GilRelease release;
  for (std::size_t plane = 0; plane < count; ++plane) pixel::resample(job, from + plane * from_bytes, to + plane * to_bytes, options);
}

}  // namespace

void bind_resample(py::module_& m) {
  m.def("resample", &resample, py::arg("algorithm"), py::arg("planes"), py::arg("out"), py::arg("bits"));
}

}  // namespace turbodicom::bindings
