// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A value's bytes -> plain Python (PS3.5 6.2): str, int, float, bytes, lists of them. Everything regular
// is done here; what needs character set tables or judgement is left to turbodicom/_values.py.
// Values, padding and splitting follow pydicom 3.0 (pydicom.values), so that both compare equal.
#pragma once

#include <pybind11/pybind11.h>

#include "turbodicom/base/bytes.h"
#include "turbodicom/dicom/vr.h"

namespace turbodicom::bindings {

// Classes and functions of the package's Python half, imported at the first use.
struct PythonParts {
  PyObject* tag;                // _types.Tag
  PyObject* person_name;        // _types.PersonName
  PyObject* convert;            // _values.convert(dataset, tag, vr, value)
  PyObject* missing_attribute;  // _dataset.missing_attribute(dataset, name)
  PyObject* path_value;         // _paths.path_value(dataset, path)
};
const PythonParts& python_parts();

struct RawValue {
  dicom::VR vr = dicom::VR::UN;
  ByteView bytes;
  bool big_endian = false;
  bool is_empty = false;         // the length field says 0
  bool ascii_is_plain = true;    // the character set reads bytes below 128 as ASCII
  bool is_lut_descriptor = false;  // written as SS: the first of several values is US all the same
};

// New reference; nullptr with a Python error; nullptr without one where _values.convert has to do it.
PyObject* plain_value(const RawValue& raw);

PyObject* make_tag(std::uint32_t tag);

}  // namespace turbodicom::bindings
