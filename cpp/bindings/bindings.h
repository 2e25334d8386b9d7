// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One bind function per room; module.cpp calls them all. A binding checks the buffer, makes a view,
// releases the GIL, calls, returns. errors.cpp is the only translator of exceptions.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>

#include "turbodicom/base/error.h"
#include "turbodicom/base/limits.h"

namespace turbodicom::bindings {

// Lets other Python threads run while this one works in the core. The interpreter's exit waits for such
// work (gil.cpp): a thread that came back to a dead interpreter would be unwound through C++ frames and
// take the process with it. Once the exit has begun, no new work starts.
class GilRelease {
 public:
  GilRelease();
  ~GilRelease();
  GilRelease(const GilRelease&) = delete;
  GilRelease& operator=(const GilRelease&) = delete;

 private:
  PyThreadState* state_;
};

void bind_exit(pybind11::module_& m);

// From a td.Limits, or the defaults from None.
Limits limits_from(pybind11::handle limits);

// Sets the Python exception for an error of the core.
void set_python_error(const Error& error);
// The Python exception that a C++ one stands for, as a value.
pybind11::object exception_value(const std::exception_ptr& error);

void bind_errors(pybind11::module_& m);
void bind_types(pybind11::module_& m);       // Limits, CPU level, cores
void bind_dictionary(pybind11::module_& m);
void bind_dataset(pybind11::module_& m);
void bind_dcmread(pybind11::module_& m);
void bind_codec(pybind11::module_& m);
void bind_pixels(pybind11::module_& m);
void bind_values(pybind11::module_& m);
void bind_tables(pybind11::module_& m);
void bind_resample(pybind11::module_& m);
void bind_scan(pybind11::module_& m);
void bind_frame_table(pybind11::module_& m);
void bind_jobs(pybind11::module_& m);
void bind_many(pybind11::module_& m);
void bind_slices(pybind11::module_& m);

}  // namespace turbodicom::bindings
