// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// pydicom's objects, made without running its constructors: a namedtuple is filled slot by slot, an
// instance gets a copy of the attributes of a pattern that pydicom's own constructor made. So whatever
// attributes the installed pydicom has, ours have too; only those that depend on the file are set.
//
// The raw CPython API is used here for speed: a header has hundreds of elements, a pybind11 call each
// would cost more than the whole scan.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "turbodicom/dicom/data_set.h"

namespace turbodicom::bindings {

// A class and the attributes of a fresh instance of it.
struct Pattern {
  pybind11::object type;
  pybind11::dict attributes;
};

// BaseTag objects of tags the dictionary does not know, private ones above all, made once each as long as
// there is room. Safe between threads.
class OtherTags {
 public:
  OtherTags() = default;
  ~OtherTags();
  OtherTags(const OtherTags&) = delete;
  OtherTags& operator=(const OtherTags&) = delete;

  pybind11::object get(dicom::Tag tag, const pybind11::object& base_tag);

 private:
  static constexpr unsigned kSlotBits = 13;
  std::array<std::atomic<PyObject*>, 1u << kSlotBits> slots_{};
};

class PydicomObjects {
 public:
  // `names` comes from turbodicom._dcmread: classes, patterns (each an instance made by pydicom), the
  // values pydicom gives to empty elements.
  explicit PydicomObjects(const pybind11::dict& names);

  pybind11::object tag(dicom::Tag tag) const;
  // Has the element a VR that pydicom knows (in implicit VR it needs none)?
  bool knows(const dicom::Element& element) const noexcept;
  // A null `value` stands for the empty value of the element's VR.
  pybind11::object raw_element(pybind11::object tag, const dicom::Element& element, pybind11::object value,
                               dicom::Encoding encoding) const;
  // The element of an undefined-length sequence, already parsed.
  pybind11::object sequence_element(pybind11::object tag, bool vr_is_inferred, const dicom::Element& element,
                                    pybind11::list items) const;
  pybind11::object item(pybind11::dict elements, dicom::Encoding encoding, const dicom::Item& item,
                        const pybind11::object& parent_encoding, const pybind11::object& charset) const;

 private:
  struct KnownVr {
    PyObject* name = nullptr;         // "CS"
    PyObject* empty_value = nullptr;  // b"" or None
  };
  static std::size_t index_of(dicom::VR vr) noexcept;


  pybind11::object base_tag_;
  std::vector<pybind11::object> standard_tags_;  // a BaseTag for each entry of the dictionary, made once
  std::unique_ptr<OtherTags> other_tags_ = std::make_unique<OtherTags>();
  PyTypeObject* raw_data_element_;         // kept by keep_raw_data_element_
  Pattern data_element_;
  Pattern sequence_;
  Pattern dataset_;
  pybind11::object inferred_sequence_vr_;  // VR.SQ, the enumerator
  pybind11::dict empty_values_;            // keeps names and values of known_
  pybind11::object keep_raw_data_element_;
  std::array<KnownVr, 26 * 26> known_{};   // by the two letters
};

}  // namespace turbodicom::bindings
