// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "bindings.h"

PYBIND11_MODULE(_core, m, pybind11::mod_gil_not_used()) {
  using namespace turbodicom::bindings;
  m.doc() = "The C++ core of turbodicom. Private: use the package's public names.";
  m.attr("__version__") = TURBODICOM_VERSION;
  bind_exit(m);
  bind_errors(m);
  bind_types(m);
  bind_dictionary(m);
  bind_dataset(m);
  bind_dcmread(m);
  bind_codec(m);
  bind_values(m);  // before the frames, which take its transforms
  bind_pixels(m);
  bind_tables(m);
  bind_resample(m);
  bind_scan(m);
  bind_frame_table(m);
  bind_jobs(m);
  bind_many(m);
  bind_slices(m);
}
