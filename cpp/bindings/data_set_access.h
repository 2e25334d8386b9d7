// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What the slots (data_set_object.cpp) and methods (data_set_methods.cpp) of DataSetBase share: elements,
// values and keys of one data set.
//
// The GIL is let go around every call of the core that may wait: for I/O, or for the lock that guards
// what a data set finds late.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings.h"
#include "data_set_object.h"
#include "element_vr.h"
#include "values.h"

namespace turbodicom::bindings {

inline DataSetObject* as_data_set(PyObject* self) { return reinterpret_cast<DataSetObject*>(self); }

const dicom::DataSet& core_of(DataSetObject* self);
// Also while a deflated file is being inflated: its own bytes.
const std::shared_ptr<const dicom::Source>& source_of(DataSetObject* self);

// Runs `body`, a C++ exception becomes the Python error and nullptr.
template <class Body>
PyObject* guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    set_python_error();
    return nullptr;
  }
}

std::optional<dicom::Element> find(DataSetObject* self, dicom::Tag tag);
// The same with the true length of encapsulated Pixel Data, for which its fragments have to be walked.
std::optional<dicom::Element> find_measured(DataSetObject* self, dicom::Tag tag);
std::vector<dicom::Element> all_elements(DataSetObject* self);

// The character set reads bytes below 128 as ASCII.
bool ascii_is_plain(DataSetObject* self);
dicom::ValueBytes bytes_of_value(DataSetObject* self, const dicom::Element& element);
std::string vr_text(const ElementVr& vr);

// Text that may hold bytes of the file (letters that are no VR): any byte is a character.
pybind11::object latin1(std::string_view text);

// New references; nullptr with a Python error, or a C++ exception.
PyObject* value_of(DataSetObject* self, const dicom::Element& element);

// Values of one element of many data sets, which have to outlive it: of neighbours with the same bytes it is one object, lists too.
class RepeatedValue {
 public:
  // As value_of; but True for a sequence.
  pybind11::object get(DataSetObject* self, const dicom::Element& element);

 private:
  RawValue before_;
  dicom::ValueBytes bytes_;   // of before_
  pybind11::object value_;    // null without one
};
// The datasets of a sequence, the same objects every time.
PyObject* sequence_tuple(DataSetObject* self, const dicom::Element& element);

enum class KeyKind { tag, path, error };  // error: a Python error is set
struct Key {
  KeyKind kind = KeyKind::error;
  dicom::Tag tag;
};
// Keyword, number, pair (group, element); any other text is taken for a path.
Key resolve(PyObject* key);

// A borrowed view; nothing with a Python error for lone surrogates.
std::optional<std::string_view> utf8(PyObject* text);

}  // namespace turbodicom::bindings
