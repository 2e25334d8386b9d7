// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Methods and properties of DataSetBase that turbodicom/_dataset.py and _read.py are written with.
#pragma once

#include <pybind11/pybind11.h>

namespace turbodicom::bindings {

PyMethodDef* data_set_methods();
PyGetSetDef* data_set_properties();

}  // namespace turbodicom::bindings
