// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "pydicom_objects.h"

#include "turbodicom/dicom/dictionary.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

PyObject* checked(PyObject* made) {
  if (made == nullptr) throw py::error_already_set();
  return made;
}

py::object owned(PyObject* made) { return py::reinterpret_steal<py::object>(checked(made)); }

void set(const py::dict& attributes, const char* name, py::handle value) {
  if (PyDict_SetItemString(attributes.ptr(), name, value.ptr()) != 0) throw py::error_already_set();
}

py::object empty_instance(py::handle type) {
  auto* const pointer = reinterpret_cast<PyTypeObject*>(type.ptr());
  const py::tuple no_arguments;
  return owned(pointer->tp_new(pointer, no_arguments.ptr(), nullptr));
}

py::dict copy_of(const py::dict& attributes) {
  auto copy = py::reinterpret_steal<py::dict>(PyDict_Copy(attributes.ptr()));
  if (!copy) throw py::error_already_set();
  PyObject *name, *value;
  Py_ssize_t position = 0;
  while (PyDict_Next(attributes.ptr(), &position, &name, &value))
    if (PyDict_CheckExact(value) && PyDict_SetItem(copy.ptr(), name, owned(PyDict_Copy(value)).ptr()) != 0)
      throw py::error_already_set();
  return copy;
}

void set_attributes(const py::object& instance, const py::dict& attributes) {
  // Not PyObject_GenericSetDict: since CPython 3.13 it leaves values kept inside the object in force.
  static PyObject* const dict_name = PyUnicode_InternFromString("__dict__");
  if (PyObject_GenericSetAttr(instance.ptr(), dict_name, attributes.ptr()) != 0) throw py::error_already_set();
}

py::object new_tag(dicom::Tag tag, const py::object& base_tag) {
  const py::object number = owned(PyLong_FromUnsignedLong(tag.value));
  return owned(PyObject_CallOneArg(base_tag.ptr(), number.ptr()));
}

Pattern pattern_of(const py::object& instance) {
  return {py::type::of(instance), copy_of(instance.attr("__dict__"))};
}

PyObject* boolean(bool value) noexcept { return value ? Py_True : Py_False; }

PyObject* new_reference(PyObject* object) noexcept {
  Py_INCREF(object);
  return object;
}

}  // namespace

PydicomObjects::PydicomObjects(const py::dict& names)
    : base_tag_(names["BaseTag"]),
      raw_data_element_(reinterpret_cast<PyTypeObject*>(py::object(names["RawDataElement"]).ptr())),
      data_element_(pattern_of(names["data_element"])),
      sequence_(pattern_of(names["sequence"])),
      dataset_(pattern_of(names["dataset"])),
      inferred_sequence_vr_(names["inferred_sequence_vr"]),
      empty_values_(names["empty_values"]),
      keep_raw_data_element_(names["RawDataElement"]) {
  for (const auto& [name, value] : empty_values_) {
    const auto letters = py::cast<std::string>(name);
    const dicom::VR vr = dicom::make_vr(static_cast<std::uint8_t>(letters[0]), static_cast<std::uint8_t>(letters[1]));
    known_[index_of(vr)] = {name.ptr(), value.ptr()};
  }
  for (const dicom::DictionaryEntry& entry : dicom::dictionary_entries())
    standard_tags_.push_back(new_tag(entry.tag, base_tag_));
}

// Standard VRs are two capital letters (PS3.5 6.2).
std::size_t PydicomObjects::index_of(dicom::VR vr) noexcept {
  const auto letters = static_cast<std::size_t>(vr);
  return ((letters >> 8) - 'A') * 26 + ((letters & 0xFF) - 'A');
}

bool PydicomObjects::knows(const dicom::Element& element) const noexcept {
  return !element.vr_is_written || dicom::is_standard(element.vr);
}

py::object PydicomObjects::tag(dicom::Tag tag) const {
  const dicom::DictionaryEntry* const entry = dicom::find_entry(tag);
  if (entry != nullptr && entry->tag == tag && entry->mask == 0xFFFF'FFFF)
    return standard_tags_[static_cast<std::size_t>(entry - dicom::dictionary_entries().data())];
  return other_tags_->get(tag, base_tag_);
}

OtherTags::~OtherTags() {
  for (std::atomic<PyObject*>& slot : slots_) Py_XDECREF(slot.load());
}

// A slot is written once and never emptied, so a pointer read from it stays valid.
py::object OtherTags::get(dicom::Tag tag, const py::object& base_tag) {
  std::atomic<PyObject*>& slot = slots_[(tag.value * 0x9E37'79B1u) >> (32 - kSlotBits)];
  PyObject* const kept = slot.load(std::memory_order_acquire);
  if (kept != nullptr && PyLong_AsUnsignedLong(kept) == tag.value) return py::reinterpret_borrow<py::object>(kept);
  py::object made = new_tag(tag, base_tag);
  PyObject* expected = nullptr;
  if (slot.compare_exchange_strong(expected, made.ptr(), std::memory_order_acq_rel)) made.inc_ref();
  return made;
}

// RawDataElement(tag, VR, length, value, value_tell, is_implicit_VR, is_little_endian, is_raw, is_buffered).
py::object PydicomObjects::raw_element(py::object tag, const dicom::Element& element, py::object value,
                                       dicom::Encoding encoding) const {
  static constexpr Py_ssize_t kFields = 9;
  const KnownVr known = element.vr_is_written ? known_[index_of(element.vr)] : KnownVr{Py_None, Py_None};
  if (!value) value = py::reinterpret_borrow<py::object>(known.empty_value);
  const py::object made = owned(raw_data_element_->tp_alloc(raw_data_element_, kFields));
  PyObject* const tuple = made.ptr();
  PyTuple_SET_ITEM(tuple, 0, tag.release().ptr());
  PyTuple_SET_ITEM(tuple, 1, new_reference(known.name));
  PyTuple_SET_ITEM(tuple, 2, checked(PyLong_FromUnsignedLong(element.declared_length)));
  PyTuple_SET_ITEM(tuple, 3, value.release().ptr());
  PyTuple_SET_ITEM(tuple, 4, checked(PyLong_FromUnsignedLongLong(element.offset)));
  PyTuple_SET_ITEM(tuple, 5, new_reference(boolean(encoding.implicit_vr)));
  PyTuple_SET_ITEM(tuple, 6, new_reference(boolean(!encoding.big_endian)));
  PyTuple_SET_ITEM(tuple, 7, new_reference(Py_True));
  PyTuple_SET_ITEM(tuple, 8, new_reference(Py_False));
  return made;
}

py::object PydicomObjects::sequence_element(py::object tag, bool vr_is_inferred, const dicom::Element& element,
                                            py::list items) const {
  const py::object sequence = empty_instance(sequence_.type);
  const py::dict sequence_attributes = copy_of(sequence_.attributes);
  set(sequence_attributes, "_list", items);
  set(sequence_attributes, "is_undefined_length", boolean(true));
  set_attributes(sequence, sequence_attributes);

  const py::object made = empty_instance(data_element_.type);
  const py::dict attributes = copy_of(data_element_.attributes);
  set(attributes, "tag", tag);
  if (vr_is_inferred) set(attributes, "VR", inferred_sequence_vr_);
  set(attributes, "_value", sequence);
  set(attributes, "file_tell", owned(PyLong_FromUnsignedLongLong(element.offset)));
  set_attributes(made, attributes);
  return made;
}

py::object PydicomObjects::item(py::dict elements, dicom::Encoding encoding, const dicom::Item& item,
                                const py::object& parent_encoding, const py::object& charset) const {
  const py::object offset = owned(PyLong_FromUnsignedLongLong(item.offset));
  const py::object made = empty_instance(dataset_.type);
  const py::dict attributes = copy_of(dataset_.attributes);
  set(attributes, "_dict", elements);
  set(attributes, "_parent_encoding", parent_encoding);
  set(attributes, "_read_implicit", boolean(encoding.implicit_vr));
  set(attributes, "_read_little", boolean(!encoding.big_endian));
  set(attributes, "_read_charset", charset);
  set(attributes, "is_undefined_length_sequence_item", boolean(item.declared_length == dicom::kUndefinedLength));
  set(attributes, "seq_item_tell", offset);
  set(attributes, "file_tell", offset);
  set_attributes(made, attributes);
  return made;
}

}  // namespace turbodicom::bindings
