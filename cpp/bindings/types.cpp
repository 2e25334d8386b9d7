// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Small values that cross the border: limits, and what this machine offers.
#include "bindings.h"
#include "turbodicom/base/cpu.h"
#include "turbodicom/base/thread_pool.h"

namespace py = pybind11;

namespace turbodicom::bindings {

Limits limits_from(py::handle limits) {
  Limits result;
  if (limits.is_none()) return result;
  if (!py::isinstance(limits, py::module_::import("turbodicom._options").attr("Limits")))
    throw py::type_error(std::string("limits must be a turbodicom.Limits, not ") + Py_TYPE(limits.ptr())->tp_name);
  result.pixels_per_frame = limits.attr("pixels_per_frame").cast<std::uint64_t>();
  result.bytes_per_frame = limits.attr("bytes_per_frame").cast<std::uint64_t>();
  result.sequence_depth = limits.attr("sequence_depth").cast<std::uint32_t>();
  result.elements = limits.attr("elements").cast<std::uint64_t>();
  result.inflated_bytes = limits.attr("inflated_bytes").cast<std::uint64_t>();
  result.inflate_ratio = limits.attr("inflate_ratio").cast<std::uint32_t>();
  return result;
}

void bind_types(py::module_& m) {
  m.def("active_isa", [] { return std::string(name(active_isa())); });
  m.def("runnable_isas", [] {
    py::list names;
    for (const Isa isa : runnable_isas()) names.append(std::string(name(isa)));
    return names;
  });
  m.def("usable_cores", &usable_cores);
}

}  // namespace turbodicom::bindings
