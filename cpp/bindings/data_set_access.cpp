// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "bindings.h"
#include "data_set_access.h"

#include <algorithm>
#include <utility>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/text_values.h"
#include "values.h"

namespace py = pybind11;

namespace turbodicom::bindings {

using dicom::Element;
using dicom::Tag;
using dicom::VR;

namespace {

constexpr std::uint64_t kHeaderValueBytes = 64 * 1024;  // larger values are read from the source when asked for

// ---- character set ------------------------------------------------------------------------------

bool has_character_set(VR vr) {
  return vr == VR::PN || vr == VR::LO || vr == VR::SH || vr == VR::LT || vr == VR::ST || vr == VR::UT || vr == VR::UC;
}

// ---- values -------------------------------------------------------------------------------------

PyObject* convert_in_python(DataSetObject* self, const Element& element, const ElementVr& vr, ByteView bytes) {
  const py::object value = py::reinterpret_steal<py::object>(PyBytes_FromStringAndSize(
      reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size())));
  if (!value) return nullptr;
  const py::handle convert(python_parts().convert);
  return convert(py::handle(reinterpret_cast<PyObject*>(self)), element.tag.value, latin1(vr_text(vr)), element.offset, value)
      .release()
      .ptr();
}

// ---- sequences ----------------------------------------------------------------------------------

std::vector<dicom::Item> items_of(DataSetObject* self, const Element& element) {
  const dicom::DataSet& data_set = core_of(self);
  const GilRelease unlocked;
  return data_set.items(element);
}

PyObject* new_item(DataSetObject* self, dicom::Item& item) {
  NewDataSet parts;
  parts.core = {std::move(item.data_set), self->core.file, self->core.transfer_syntax};
  parts.surroundings = self->surroundings;
  parts.settings = self->settings;
  parts.charset = self->charset;
  parts.notes = notes_of(self);
  parts.item_offset = item.offset;
  parts.item_declared_length = item.declared_length;
  return new_data_set(Py_TYPE(reinterpret_cast<PyObject*>(self)), std::move(parts));
}

py::object make_items(DataSetObject* self, const Element& element) {
  std::vector<dicom::Item> items = items_of(self, element);
  auto tuple = py::reinterpret_steal<py::object>(PyTuple_New(static_cast<Py_ssize_t>(items.size())));
  if (!tuple) throw py::error_already_set();
  for (std::size_t i = 0; i < items.size(); ++i) {
    PyObject* child = new_item(self, items[i]);
    if (child == nullptr) throw py::error_already_set();
    PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(i), child);
  }
  return tuple;
}

PyObject* sequence_list(DataSetObject* self, const Element& element) {
  PyObject* items = sequence_tuple(self, element);
  if (items == nullptr) return nullptr;
  PyObject* list = PySequence_List(items);
  Py_DECREF(items);
  return list;
}

// ---- keys ---------------------------------------------------------------------------------------

Key key_error(PyObject* key) {
  PyErr_Format(PyExc_TypeError, "a key is a keyword, a tag, a pair (group, element) or a path, not %.80s",
               Py_TYPE(key)->tp_name);
  return {};
}

Key tag_from_number(PyObject* number, unsigned long most, PyObject* key) {
  const unsigned long value = PyLong_AsUnsignedLong(number);
  if (value == static_cast<unsigned long>(-1) && PyErr_Occurred() != nullptr) PyErr_Clear();
  else if (value <= most) return {KeyKind::tag, Tag{static_cast<std::uint32_t>(value)}};
  PyErr_SetObject(PyExc_KeyError, key);
  return {};
}

Key tag_from_pair(PyObject* pair) {
  PyObject* group = PyTuple_GET_ITEM(pair, 0);
  PyObject* element = PyTuple_GET_ITEM(pair, 1);
  if (!PyLong_Check(group) || !PyLong_Check(element)) return key_error(pair);
  const Key high = tag_from_number(group, 0xFFFF, pair);
  if (high.kind == KeyKind::error) return high;
  const Key low = tag_from_number(element, 0xFFFF, pair);
  if (low.kind == KeyKind::error) return low;
  return {KeyKind::tag, Tag{(high.tag.value << 16) | low.tag.value}};
}

Key tag_from_keyword(PyObject* key) {
  const auto text = utf8(key);
  if (!text) return {};
  const dicom::DictionaryEntry* entry = text->empty() ? nullptr : dicom::find_keyword(*text);
  return entry == nullptr ? Key{KeyKind::path, {}} : Key{KeyKind::tag, entry->tag};
}

}  // namespace

bool ascii_is_plain(DataSetObject* self) {
  int known = self->ascii_is_plain.load(std::memory_order_relaxed);
  if (known < 0) {
    known = self->charset == Py_None && dicom::keeps_ascii(core_of(self).specific_character_set()) ? 1 : 0;
    self->ascii_is_plain.store(known, std::memory_order_relaxed);
  }
  return known == 1;
}

const dicom::DataSet& core_of(DataSetObject* self) {
  if (self->core.data_set == nullptr) fail(Errc::invalid_argument, 0, "the data set is not read yet");
  return *self->core.data_set;
}

const std::shared_ptr<const dicom::Source>& source_of(DataSetObject* self) {
  return (self->core.data_set != nullptr ? self->core.data_set : self->core.file->file_meta)->source();
}

// Only what lies behind Pixel Data may have to be looked for in the file.
std::optional<Element> find(DataSetObject* self, Tag tag) {
  const dicom::DataSet& data_set = core_of(self);
  const Element* found = nullptr;
  if (tag > dicom::tags::kPixelData) {
    const GilRelease unlocked;
    found = data_set.find(tag);
  } else {
    found = data_set.find(tag);
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<Element> all_elements(DataSetObject* self) {
  const dicom::DataSet& data_set = core_of(self);
  const GilRelease unlocked;
  return data_set.elements();
}

std::optional<Element> find_measured(DataSetObject* self, Tag tag) {
  const std::optional<Element> found = find(self, tag);
  if (!found || !found->is_encapsulated) return found;
  for (const Element& element : all_elements(self))
    if (element.tag == tag) return element;
  return found;
}

dicom::ValueBytes bytes_of_value(DataSetObject* self, const Element& element) {
  const dicom::DataSet& data_set = core_of(self);
  const bool in_header = element.length <= kHeaderValueBytes && element.tag.group() != dicom::tags::kPixelData.group();
  if (in_header) return data_set.value(element);
  const GilRelease unlocked;
  return data_set.value(element);
}

std::string vr_text(const ElementVr& vr) { return vr.ambiguous.empty() ? to_string(vr.vr) : std::string(vr.ambiguous); }

py::object latin1(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeLatin1(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr);
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(decoded);
}

namespace {

RawValue raw_value(DataSetObject* self, const Element& element, const ElementVr& vr, ByteView bytes) {
  RawValue raw;
  raw.vr = vr.ambiguous.empty() ? vr.vr : VR::UN;
  raw.bytes = bytes;
  raw.big_endian = core_of(self).encoding().big_endian;
  raw.is_empty = element.declared_length == 0;
  raw.is_lut_descriptor = !vr.is_settled && is_lut_descriptor(element.tag);
  raw.ascii_is_plain = !has_character_set(raw.vr) || ascii_is_plain(self);
  return raw;
}

bool is_same(const RawValue& a, const RawValue& b) {
  return a.vr == b.vr && a.big_endian == b.big_endian && a.is_empty == b.is_empty && a.ascii_is_plain == b.ascii_is_plain &&
         a.is_lut_descriptor == b.is_lut_descriptor && std::ranges::equal(a.bytes, b.bytes);
}

}  // namespace

PyObject* value_of(DataSetObject* self, const Element& element) {
  const ElementVr vr = element_vr(core_of(self), element, self->surroundings.outer_pixel_representation);
  if (vr.vr == VR::SQ) return sequence_list(self, element);
  const dicom::ValueBytes bytes = bytes_of_value(self, element);
  PyObject* value = plain_value(raw_value(self, element, vr, bytes.view));
  if (value != nullptr || PyErr_Occurred() != nullptr) return value;
  return convert_in_python(self, element, vr, bytes.view);
}

py::object RepeatedValue::get(DataSetObject* self, const Element& element) {
  const ElementVr vr = element_vr(core_of(self), element, self->surroundings.outer_pixel_representation);
  if (vr.vr == VR::SQ) return py::bool_(true);
  dicom::ValueBytes bytes = bytes_of_value(self, element);
  const RawValue raw = raw_value(self, element, vr, bytes.view);
  if (value_ && is_same(raw, before_)) return value_;
  value_ = py::reinterpret_steal<py::object>(plain_value(raw));
  before_ = raw;
  bytes_ = std::move(bytes);
  if (value_) return value_;
  if (PyErr_Occurred() == nullptr) {  // noted in the data set, so not for its neighbours as well
    auto value = py::reinterpret_steal<py::object>(convert_in_python(self, element, vr, bytes_.view));
    if (value) return value;
  }
  throw py::error_already_set();
}

// Kept: the items of a sequence are the same objects every time. Two threads may scan; the first one wins.
PyObject* sequence_tuple(DataSetObject* self, const Element& element) {
  const py::object key = py::reinterpret_steal<py::object>(PyLong_FromUnsignedLong(element.tag.value));
  if (!key) return nullptr;
  PyObject* known = PyDict_GetItemWithError(cache_of(self), key.ptr());
  if (known != nullptr) return Py_NewRef(known);
  if (PyErr_Occurred() != nullptr) return nullptr;
  const py::object items = make_items(self, element);
  return Py_XNewRef(PyDict_SetDefault(cache_of(self), key.ptr(), items.ptr()));
}

std::optional<std::string_view> utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == nullptr) return std::nullopt;
  return std::string_view(data, static_cast<std::size_t>(size));
}

Key resolve(PyObject* key) {
  if (PyUnicode_Check(key)) return tag_from_keyword(key);
  if (PyLong_Check(key)) return tag_from_number(key, 0xFFFF'FFFF, key);
  if (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 2) return tag_from_pair(key);
  return key_error(key);
}

}  // namespace turbodicom::bindings
