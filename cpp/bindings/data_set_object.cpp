// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The type's slots and methods. Begin with get_attribute(), then value_of().
//
// The GIL is let go around every call of the core that may wait: for I/O, or for the lock that guards
// what a data set finds late. Element is copied out of the core's vector, which may grow meanwhile.
#include "data_set_object.h"

#include <structmember.h>

#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "element_vr.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/encapsulation.h"
#include "values.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::Element;
using dicom::Tag;
using dicom::VR;

constexpr std::uint64_t kHeaderValueBytes = 64 * 1024;  // larger values are read from the source when asked for

DataSetObject* as_data_set(PyObject* self) { return reinterpret_cast<DataSetObject*>(self); }

const dicom::DataSet& core_of(DataSetObject* self) {
  if (self->core.data_set == nullptr) fail(Errc::invalid_argument, 0, "the data set is not read yet");
  return *self->core.data_set;
}

// Also while a deflated file is being inflated: its own bytes.
const std::shared_ptr<const dicom::Source>& source_of(DataSetObject* self) {
  return (self->core.data_set != nullptr ? self->core.data_set : self->core.file->file_meta)->source();
}

template <class Body>
PyObject* guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    set_python_error();
    return nullptr;
  }
}

// Only what lies behind Pixel Data may have to be looked for in the file.
std::optional<Element> find(DataSetObject* self, Tag tag) {
  const dicom::DataSet& data_set = core_of(self);
  const Element* found = nullptr;
  if (tag > dicom::tags::kPixelData) {
    const py::gil_scoped_release unlocked;
    found = data_set.find(tag);
  } else {
    found = data_set.find(tag);
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<Element> all_elements(DataSetObject* self) {
  const dicom::DataSet& data_set = core_of(self);
  const py::gil_scoped_release unlocked;
  return data_set.elements();
}

// The same with the true length of encapsulated Pixel Data, for which its fragments have to be walked.
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
  const py::gil_scoped_release unlocked;
  return data_set.value(element);
}

// ---- character set ------------------------------------------------------------------------------

// All of DICOM's defined terms keep ASCII where it is; a name the standard does not know may be anything.
bool keeps_ascii(std::string_view terms) {
  if (terms.find_first_not_of(" \\") == std::string_view::npos) return true;
  const auto starts_with = [&](std::string_view prefix) { return terms.substr(0, prefix.size()) == prefix; };
  return starts_with("ISO") || starts_with("GB") || starts_with("\\ISO");
}

bool ascii_is_plain(DataSetObject* self) {
  int known = self->ascii_is_plain.load(std::memory_order_relaxed);
  if (known < 0) {
    known = self->charset == Py_None && keeps_ascii(core_of(self).specific_character_set()) ? 1 : 0;
    self->ascii_is_plain.store(known, std::memory_order_relaxed);
  }
  return known == 1;
}

// ---- values -------------------------------------------------------------------------------------

bool is_lut_descriptor(Tag tag) {
  return (tag.value >= 0x0028'1101 && tag.value <= 0x0028'1103) || tag.value == 0x0028'3002;
}

std::string vr_text(const ElementVr& vr) { return vr.ambiguous.empty() ? to_string(vr.vr) : std::string(vr.ambiguous); }

PyObject* convert_in_python(DataSetObject* self, const Element& element, const ElementVr& vr, ByteView bytes) {
  const py::object value = py::reinterpret_steal<py::object>(PyBytes_FromStringAndSize(
      reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size())));
  if (!value) return nullptr;
  const py::handle convert(python_parts().convert);
  return convert(py::handle(reinterpret_cast<PyObject*>(self)), element.tag.value, vr_text(vr), element.offset, value)
      .release()
      .ptr();
}

PyObject* sequence_tuple(DataSetObject* self, const Element& element);

PyObject* sequence_list(DataSetObject* self, const Element& element) {
  PyObject* items = sequence_tuple(self, element);
  if (items == nullptr) return nullptr;
  PyObject* list = PySequence_List(items);
  Py_DECREF(items);
  return list;
}

PyObject* value_of(DataSetObject* self, const Element& element) {
  const ElementVr vr = element_vr(core_of(self), element, self->surroundings.outer_pixel_representation);
  if (vr.vr == VR::SQ) return sequence_list(self, element);
  const dicom::ValueBytes bytes = bytes_of_value(self, element);
  RawValue raw;
  raw.vr = vr.ambiguous.empty() ? vr.vr : VR::UN;
  raw.bytes = bytes.view;
  raw.big_endian = core_of(self).encoding().big_endian;
  raw.is_empty = element.declared_length == 0;
  raw.is_lut_descriptor = !vr.is_settled && is_lut_descriptor(element.tag);
  raw.ascii_is_plain = ascii_is_plain(self);
  PyObject* value = plain_value(raw);
  if (value != nullptr || PyErr_Occurred() != nullptr) return value;
  return convert_in_python(self, element, vr, bytes.view);
}

// ---- sequences ----------------------------------------------------------------------------------

std::vector<dicom::Item> items_of(DataSetObject* self, const Element& element) {
  const dicom::DataSet& data_set = core_of(self);
  const py::gil_scoped_release unlocked;
  return data_set.items(element);
}

PyObject* new_item(DataSetObject* self, dicom::Item& item) {
  NewDataSet parts;
  parts.core = {std::move(item.data_set), self->core.file};
  parts.surroundings = self->surroundings;
  parts.charset = self->charset;
  parts.notes = self->notes;
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

// Kept: the items of a sequence are the same objects every time. Two threads may scan; the first one wins.
PyObject* sequence_tuple(DataSetObject* self, const Element& element) {
  const py::object key = py::reinterpret_steal<py::object>(PyLong_FromUnsignedLong(element.tag.value));
  if (!key) return nullptr;
  PyObject* known = PyDict_GetItemWithError(self->cache, key.ptr());
  if (known != nullptr) return Py_NewRef(known);
  if (PyErr_Occurred() != nullptr) return nullptr;
  const py::object items = make_items(self, element);
  return Py_XNewRef(PyDict_SetDefault(self->cache, key.ptr(), items.ptr()));
}

// ---- keys ---------------------------------------------------------------------------------------

enum class KeyKind { tag, path, error };
struct Key {
  KeyKind kind = KeyKind::error;
  Tag tag;
};

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

std::optional<std::string_view> utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data == nullptr) return std::nullopt;
  return std::string_view(data, static_cast<std::size_t>(size));
}

Key tag_from_keyword(PyObject* key) {
  const auto text = utf8(key);
  if (!text) return {};
  const dicom::DictionaryEntry* entry = text->empty() ? nullptr : dicom::find_keyword(*text);
  return entry == nullptr ? Key{KeyKind::path, {}} : Key{KeyKind::tag, entry->tag};
}

Key resolve(PyObject* key) {
  if (PyUnicode_Check(key)) return tag_from_keyword(key);
  if (PyLong_Check(key)) return tag_from_number(key, 0xFFFF'FFFF, key);
  if (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 2) return tag_from_pair(key);
  return key_error(key);
}

// ---- slots --------------------------------------------------------------------------------------

PyObject* no_such_attribute(PyObject* self, PyObject* name) {
  return PyObject_CallFunctionObjArgs(python_parts().missing_attribute, self, name, nullptr);
}

// nullptr without an error: not a keyword.
PyObject* keyword_value(PyObject* self, PyObject* name) {
  const auto keyword = utf8(name);
  if (!keyword || keyword->empty()) return nullptr;
  const dicom::DictionaryEntry* entry = dicom::find_keyword(*keyword);
  if (entry == nullptr) return nullptr;
  const auto element = find(as_data_set(self), entry->tag);
  return element ? value_of(as_data_set(self), *element) : no_such_attribute(self, name);
}

// Keywords are CamelCase, everything of our own is snake_case, so the first letter says where to look first.
PyObject* get_attribute(PyObject* self, PyObject* name) {
  return guarded([&]() -> PyObject* {
    const Py_UCS4 first = PyUnicode_GET_LENGTH(name) > 0 ? PyUnicode_READ_CHAR(name, 0) : 0;
    const bool is_capital = first >= 'A' && first <= 'Z';
    if (is_capital) {
      PyObject* value = keyword_value(self, name);
      if (value != nullptr || PyErr_Occurred() != nullptr) return value;
    }
    PyObject* attribute = PyObject_GenericGetAttr(self, name);
    if (attribute != nullptr || first == '_' || !PyErr_ExceptionMatches(PyExc_AttributeError)) return attribute;
    const py::error_already_set missing;
    PyObject* value = is_capital ? nullptr : keyword_value(self, name);  // dBdt
    if (value != nullptr || PyErr_Occurred() != nullptr) return value;
    return no_such_attribute(self, name);
  });
}

PyObject* subscript(PyObject* self, PyObject* key) {
  return guarded([&]() -> PyObject* {
    const Key found = resolve(key);
    if (found.kind == KeyKind::error) return nullptr;
    if (found.kind == KeyKind::path) return PyObject_CallFunctionObjArgs(python_parts().path_value, self, key, nullptr);
    const auto element = find(as_data_set(self), found.tag);
    if (element) return value_of(as_data_set(self), *element);
    PyErr_SetObject(PyExc_KeyError, key);
    return nullptr;
  });
}

Py_ssize_t length(PyObject* self) {
  try {
    return static_cast<Py_ssize_t>(all_elements(as_data_set(self)).size());
  } catch (...) {
    set_python_error();
    return -1;
  }
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  DataSetObject* object = as_data_set(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(object->origin);
  Py_VISIT(object->settings);
  Py_VISIT(object->charset);
  Py_VISIT(object->notes);
  Py_VISIT(object->cache);
  return 0;
}

int clear(PyObject* self) {
  DataSetObject* object = as_data_set(self);
  Py_CLEAR(object->cache);
  Py_CLEAR(object->notes);
  return 0;
}

void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  DataSetObject* object = as_data_set(self);
  if (object->weak_references != nullptr) PyObject_ClearWeakRefs(self);
  clear(self);
  Py_CLEAR(object->origin);
  Py_CLEAR(object->settings);
  Py_CLEAR(object->charset);
  object->core.~CoreDataSet();
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "a Dataset is made by turbodicom.read()");
  return nullptr;
}

// ---- methods of turbodicom/_dataset.py ------------------------------------------------------------

Tag tag_argument(PyObject* argument) {
  const unsigned long value = PyLong_AsUnsignedLong(argument);
  if (PyErr_Occurred() != nullptr) throw py::error_already_set();
  return Tag{static_cast<std::uint32_t>(value)};
}

// The tag behind a key, None for a path.
PyObject* tag_of(PyObject*, PyObject* key) {
  return guarded([&]() -> PyObject* {
    const Key found = resolve(key);
    if (found.kind == KeyKind::error) return nullptr;
    return found.kind == KeyKind::path ? Py_NewRef(Py_None) : PyLong_FromUnsignedLong(found.tag.value);
  });
}

PyObject* tags(PyObject* self, PyObject*) {
  return guarded([&]() -> PyObject* {
    const std::vector<Element> elements = all_elements(as_data_set(self));
    py::list result(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      PyObject* tag = make_tag(elements[i].tag.value);
      if (tag == nullptr) return nullptr;
      PyList_SET_ITEM(result.ptr(), static_cast<Py_ssize_t>(i), tag);
    }
    return result.release().ptr();
  });
}

PyObject* has_tag(PyObject* self, PyObject* tag) {
  return guarded([&] { return PyBool_FromLong(find(as_data_set(self), tag_argument(tag)).has_value()); });
}

PyObject* value(PyObject* self, PyObject* tag) {
  return guarded([&]() -> PyObject* {
    const auto element = find(as_data_set(self), tag_argument(tag));
    if (element) return value_of(as_data_set(self), *element);
    PyErr_SetObject(PyExc_KeyError, tag);
    return nullptr;
  });
}

py::object optional_length(std::uint32_t declared_length) {
  if (declared_length == dicom::kUndefinedLength) return py::none();
  return py::int_(declared_length);
}

// (vr, vr as written, offset, length, declared length, header bytes, is encapsulated), None when absent
PyObject* element_record(PyObject* self, PyObject* tag) {
  return guarded([&]() -> PyObject* {
    DataSetObject* object = as_data_set(self);
    const auto element = find_measured(object, tag_argument(tag));
    if (!element) return Py_NewRef(Py_None);
    const ElementVr vr = element_vr(core_of(object), *element, object->surroundings.outer_pixel_representation);
    const py::object written = element->vr_is_written ? py::object(py::str(to_string(element->vr))) : py::none();
    return py::make_tuple(vr_text(vr), written, element->offset, element->length,
                          optional_length(element->declared_length), element->header_bytes, element->is_encapsulated)
        .release()
        .ptr();
  });
}

Element require(DataSetObject* self, PyObject* tag) {
  const auto element = find(self, tag_argument(tag));
  if (element) return *element;
  PyErr_SetObject(PyExc_KeyError, tag);
  throw py::error_already_set();
}

PyObject* raw_value(PyObject* self, PyObject* tag) {
  return guarded([&] {
    const dicom::ValueBytes bytes = bytes_of_value(as_data_set(self), require(as_data_set(self), tag));
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.view.data()),
                                     static_cast<Py_ssize_t>(bytes.view.size()));
  });
}

PyObject* item_datasets(PyObject* self, PyObject* tag) {
  return guarded([&] { return sequence_tuple(as_data_set(self), require(as_data_set(self), tag)); });
}

dicom::DicomFile const* file_of(DataSetObject* self) { return self->core.file.get(); }

PyObject* fragments(PyObject* self, PyObject* tag) {
  return guarded([&]() -> PyObject* {
    DataSetObject* object = as_data_set(self);
    const Element element = require(object, tag);
    const dicom::DataSet& data_set = core_of(object);
    std::vector<dicom::Span> spans;
    {
      const py::gil_scoped_release unlocked;
      spans = list_fragment_items(data_set, element, Limits{});
    }
    py::list result;
    for (const dicom::Span& span : spans) result.append(py::make_tuple(span.offset, span.length));
    return result.release().ptr();
  });
}

// (name, creator): name of the dictionary or of the private dictionary, '' when unknown.
PyObject* name_of(PyObject* self, PyObject* tag_number) {
  return guarded([&]() -> PyObject* {
    const Tag tag = tag_argument(tag_number);
    if (!tag.is_private()) {
      const auto* entry = dicom::find_entry(tag);
      return py::make_tuple(entry == nullptr ? std::string_view{} : entry->name.view(), "").release().ptr();
    }
    const std::string creator = tag.element() > 0xFF ? core_of(as_data_set(self)).private_creator(tag) : std::string();
    const auto* entry = creator.empty() ? nullptr : dicom::find_private_entry(tag, creator);
    return py::make_tuple(entry == nullptr ? std::string_view{} : entry->name.view(), py::bytes(creator)).release().ptr();
  });
}

PyObject* read_bytes(PyObject* self, PyObject* const* arguments, Py_ssize_t count) {
  return guarded([&]() -> PyObject* {
    if (count != 2) throw py::type_error("read_bytes takes an offset and a length");
    const auto offset = py::handle(arguments[0]).cast<std::uint64_t>();
    const auto bytes = py::handle(arguments[1]).cast<std::uint64_t>();
    const auto source = source_of(as_data_set(self));
    if (offset > source->size_bytes() || bytes > source->size_bytes() - offset)
      fail(Errc::truncated_data, source->size_bytes(), "dataset: the source ends before the bytes asked for");
    auto result = py::reinterpret_steal<py::object>(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(bytes)));
    if (!result) throw py::error_already_set();
    auto* destination = reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(result.ptr()));
    const py::gil_scoped_release unlocked;
    source->open()->read_at(offset, {destination, static_cast<std::size_t>(bytes)});
    return result.release().ptr();
  });
}

// [(code, message, offset, where)] of the core: this level, what was visited below, the file meta information.
PyObject* core_issues(PyObject* self, PyObject*) {
  return guarded([&]() -> PyObject* {
    DataSetObject* object = as_data_set(self);
    const dicom::DataSet& data_set = core_of(object);
    const bool is_root = object->origin != Py_None;
    const auto file = object->core.file;
    std::vector<dicom::Issue> issues;
    {
      const py::gil_scoped_release unlocked;
      if (is_root && file != nullptr && file->file_meta != nullptr && file->file_meta.get() != &data_set)
        issues = file->file_meta->issues();
      for (dicom::Issue& issue : data_set.issues()) issues.push_back(std::move(issue));
    }
    py::list result;
    for (const dicom::Issue& issue : issues)
      result.append(py::make_tuple(issue.code, issue.message, issue.offset, issue.where));
    return result.release().ptr();
  });
}

PyObject* specific_character_set(PyObject* self, PyObject*) {
  return guarded([&] { return py::bytes(core_of(as_data_set(self)).specific_character_set()).release().ptr(); });
}

// The first byte behind the last element, with the delimiter of an undefined length.
PyObject* end_offset(PyObject* self, PyObject*) {
  return guarded([&] {
    std::uint64_t end = 0;
    for (const Element& element : all_elements(as_data_set(self)))
      end = std::max(end, element.offset + element.length + (element.has_undefined_length() ? 8u : 0u));
    return PyLong_FromUnsignedLongLong(end);
  });
}

PyObject* attach(PyObject* self, PyObject* other) {
  return guarded([&]() -> PyObject* {
    if (Py_TYPE(self) != Py_TYPE(other)) throw py::type_error("attach takes another Dataset");
    as_data_set(self)->core.data_set = as_data_set(other)->core.data_set;
    Py_RETURN_NONE;
  });
}

PyMethodDef kMethods[] = {
    {"_tag_of", tag_of, METH_O, nullptr},
    {"_tags", tags, METH_NOARGS, nullptr},
    {"_has_tag", has_tag, METH_O, nullptr},
    {"_value", value, METH_O, nullptr},
    {"_element_record", element_record, METH_O, nullptr},
    {"_raw_value", raw_value, METH_O, nullptr},
    {"_item_datasets", item_datasets, METH_O, nullptr},
    {"_fragments", fragments, METH_O, nullptr},
    {"_name_of", name_of, METH_O, nullptr},
    {"_read_bytes", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(read_bytes)), METH_FASTCALL, nullptr},
    {"_core_issues", core_issues, METH_NOARGS, nullptr},
    {"_specific_character_set", specific_character_set, METH_NOARGS, nullptr},
    {"_end_offset", end_offset, METH_NOARGS, nullptr},
    {"_attach", attach, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr}};

// ---- properties -----------------------------------------------------------------------------------

template <PyObject* DataSetObject::*Member>
PyObject* member(PyObject* self, void*) {
  PyObject* value = as_data_set(self)->*Member;
  return Py_NewRef(value == nullptr ? Py_None : value);
}

PyObject* get_core(PyObject* self, void*) {
  return guarded([&] { return py::cast(as_data_set(self)->core).release().ptr(); });
}

PyObject* is_read(PyObject* self, void*) { return PyBool_FromLong(as_data_set(self)->core.data_set != nullptr); }

PyObject* is_implicit_vr(PyObject* self, void*) {
  return guarded([&] { return PyBool_FromLong(core_of(as_data_set(self)).encoding().implicit_vr); });
}

PyObject* is_big_endian(PyObject* self, void*) {
  return guarded([&] { return PyBool_FromLong(core_of(as_data_set(self)).encoding().big_endian); });
}

PyObject* is_strict(PyObject* self, void*) { return PyBool_FromLong(as_data_set(self)->surroundings.strict); }

// Of this data set or those around it; -1 when none says.
PyObject* pixel_representation(PyObject* self, void*) {
  return guarded([&] {
    const int outer = as_data_set(self)->surroundings.outer_pixel_representation;
    const auto own = core_of(as_data_set(self)).pixel_representation();
    return PyLong_FromLong(own ? *own : outer);
  });
}

PyObject* item_offset(PyObject* self, void*) { return PyLong_FromUnsignedLongLong(as_data_set(self)->item_offset); }

PyObject* item_declared_length(PyObject* self, void*) {
  return guarded([&] { return optional_length(as_data_set(self)->item_declared_length).release().ptr(); });
}

PyObject* source_size_bytes(PyObject* self, void*) {
  return guarded([&] { return PyLong_FromUnsignedLongLong(source_of(as_data_set(self))->size_bytes()); });
}

// (has preamble, transfer syntax UID as written, in force, offset of the data set, is deflated); None for a bare data set.
PyObject* file_record(PyObject* self, void*) {
  return guarded([&]() -> PyObject* {
    const dicom::DicomFile* file = file_of(as_data_set(self));
    if (file == nullptr) return Py_NewRef(Py_None);
    return py::make_tuple(file->has_preamble, file->transfer_syntax_uid, file->transfer_syntax->uid, file->data_set_offset,
                          file->transfer_syntax->deflated)
        .release()
        .ptr();
  });
}

// A data set of the file meta information; None without a file.
PyObject* file_meta(PyObject* self, void*) {
  return guarded([&]() -> PyObject* {
    DataSetObject* object = as_data_set(self);
    if (object->core.file == nullptr || object->core.file->file_meta == nullptr) return Py_NewRef(Py_None);
    NewDataSet parts;
    parts.core = {object->core.file->file_meta, object->core.file};
    parts.notes = object->notes;
    return new_data_set(Py_TYPE(self), std::move(parts));
  });
}

PyGetSetDef kProperties[] = {
    {"_core", get_core, nullptr, nullptr, nullptr},
    {"_origin", member<&DataSetObject::origin>, nullptr, nullptr, nullptr},
    {"_settings", member<&DataSetObject::settings>, nullptr, nullptr, nullptr},
    {"_charset", member<&DataSetObject::charset>, nullptr, nullptr, nullptr},
    {"_notes", member<&DataSetObject::notes>, nullptr, nullptr, nullptr},
    {"_cache", member<&DataSetObject::cache>, nullptr, nullptr, nullptr},
    {"_is_read", is_read, nullptr, nullptr, nullptr},
    {"_is_strict", is_strict, nullptr, nullptr, nullptr},
    {"_pixel_representation", pixel_representation, nullptr, nullptr, nullptr},
    {"_item_offset", item_offset, nullptr, nullptr, nullptr},
    {"_item_declared_length", item_declared_length, nullptr, nullptr, nullptr},
    {"_source_size_bytes", source_size_bytes, nullptr, nullptr, nullptr},
    {"_file_record", file_record, nullptr, nullptr, nullptr},
    {"_file_meta", file_meta, nullptr, nullptr, nullptr},
    {"is_implicit_vr", is_implicit_vr, nullptr, "Whether VRs are absent from the encoding (PS3.5 7.1.3).", nullptr},
    {"is_big_endian", is_big_endian, nullptr, "Whether numbers are big endian (PS3.5 7.3).", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void set_python_error() {
  try {
    throw;
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (...) {
    py::detail::try_translate_exceptions();
  }
}

PyObject* new_data_set(PyTypeObject* type, NewDataSet&& parts) {
  PyObject* self = type->tp_alloc(type, 0);
  if (self == nullptr) return nullptr;
  DataSetObject* object = as_data_set(self);
  new (&object->core) CoreDataSet(std::move(parts.core));
  object->surroundings = parts.surroundings;
  object->item_offset = parts.item_offset;
  object->item_declared_length = parts.item_declared_length;
  new (&object->ascii_is_plain) std::atomic<int>(-1);
  object->origin = Py_NewRef(parts.origin);
  object->settings = Py_NewRef(parts.settings);
  object->charset = Py_NewRef(parts.charset);
  object->notes = parts.notes == nullptr ? PyList_New(0) : Py_NewRef(parts.notes);
  object->cache = PyDict_New();
  if (object->notes == nullptr || object->cache == nullptr) Py_CLEAR(self);
  return self;
}

PyTypeObject* make_data_set_type(py::module_& m) {
  static PyMemberDef members[] = {
      {"__weaklistoffset__", T_PYSSIZET, offsetof(DataSetObject, weak_references), READONLY, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
                                {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
                                {Py_mp_length, reinterpret_cast<void*>(length)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                                {Py_tp_new, reinterpret_cast<void*>(refuse_new)},
                                {Py_tp_methods, kMethods},
                                {Py_tp_getset, kProperties},
                                {Py_tp_members, members},
                                {0, nullptr}};
  static PyType_Spec spec = {"turbodicom._core.DataSetBase", sizeof(DataSetObject), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  m.attr("DataSetBase") = py::reinterpret_steal<py::object>(type);
  return reinterpret_cast<PyTypeObject*>(type);
}

}  // namespace turbodicom::bindings
