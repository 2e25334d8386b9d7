// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Each function is one line of the tables kMethods and kProperties.
#include "bindings.h"
#include "data_set_methods.h"

#include <algorithm>

#include "data_set_access.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/encapsulation.h"
#include "values.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::Element;
using dicom::Tag;

Tag tag_argument(PyObject* argument) {
  const unsigned long value = PyLong_AsUnsignedLong(argument);
  if (PyErr_Occurred() != nullptr) throw py::error_already_set();
  return Tag{static_cast<std::uint32_t>(value)};
}

// TypeError unless an integer, ValueError below 0 and from 2^64 on.
std::uint64_t size_argument(PyObject* argument) {
  const py::object number = py::reinterpret_steal<py::object>(PyNumber_Index(argument));
  if (!number) throw py::error_already_set();
  const std::uint64_t value = PyLong_AsUnsignedLongLong(number.ptr());
  if (PyErr_Occurred() == nullptr) return value;
  PyErr_Clear();
  throw py::value_error("offset and length must be numbers of bytes, 0 or more");
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
    const py::object written = element->vr_is_written ? latin1(to_string(element->vr)) : py::none();
    return py::make_tuple(latin1(vr_text(vr)), written, element->offset, element->length,
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

const dicom::DicomFile* file_of(DataSetObject* self) { return self->core.file.get(); }

PyObject* fragments(PyObject* self, PyObject* tag) {
  return guarded([&]() -> PyObject* {
    DataSetObject* object = as_data_set(self);
    const Element element = require(object, tag);
    const dicom::DataSet& data_set = core_of(object);
    const Limits limits = object->settings == Py_None ? Limits{} : limits_from(PyTuple_GET_ITEM(object->settings, 1));
    std::vector<dicom::Span> spans;
    {
      const GilRelease unlocked;
      spans = list_fragment_items(data_set, element, limits);
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
    const std::uint64_t offset = size_argument(arguments[0]);
    const std::uint64_t bytes = size_argument(arguments[1]);
    const auto source = source_of(as_data_set(self));
    if (offset > source->size_bytes() || bytes > source->size_bytes() - offset)
      fail(Errc::truncated_data, source->size_bytes(), "dataset: the source ends before the bytes asked for");
    auto result = py::reinterpret_steal<py::object>(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(bytes)));
    if (!result) throw py::error_already_set();
    auto* destination = reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(result.ptr()));
    const GilRelease unlocked;
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
      const GilRelease unlocked;
      if (is_root && file != nullptr && file->file_meta != nullptr && file->file_meta.get() != &data_set)
        issues = file->file_meta->issues();
      for (dicom::Issue& issue : data_set.issues()) issues.push_back(std::move(issue));
    }
    py::list result;
    for (const dicom::Issue& issue : issues)
      result.append(py::make_tuple(issue.code, latin1(issue.message), issue.offset, issue.where));
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

// The transfer syntax in force; None when a bare data set does not know.
PyObject* transfer_syntax_uid(PyObject* self, void*) {
  return guarded([&]() -> PyObject* {
    const CoreDataSet& core = as_data_set(self)->core;
    const dicom::TransferSyntax* syntax = core.file != nullptr ? core.file->transfer_syntax : core.transfer_syntax;
    return syntax == nullptr ? Py_NewRef(Py_None) : latin1(syntax->uid).release().ptr();
  });
}

// (has preamble, transfer syntax UID as written, in force, offset of the data set, is deflated); None for a bare data set.
PyObject* file_record(PyObject* self, void*) {
  return guarded([&]() -> PyObject* {
    const dicom::DicomFile* file = file_of(as_data_set(self));
    if (file == nullptr) return Py_NewRef(Py_None);
    return py::make_tuple(file->has_preamble, latin1(file->transfer_syntax_uid), file->transfer_syntax->uid, file->data_set_offset,
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
    parts.core = {object->core.file->file_meta, object->core.file, nullptr};
    parts.notes = notes_of(object);
    return new_data_set(Py_TYPE(self), std::move(parts));
  });
}

template <PyObject* (*Of)(DataSetObject*)>
PyObject* made_member(PyObject* self, void*) {
  return guarded([&] { return Py_NewRef(Of(as_data_set(self))); });
}

PyObject* found_frames(PyObject* self, void*) {
  return guarded([&] { return py::cast(as_data_set(self)->frames).release().ptr(); });
}

PyGetSetDef kProperties[] = {
    {"_core", get_core, nullptr, nullptr, nullptr},
    {"_origin", member<&DataSetObject::origin>, nullptr, nullptr, nullptr},
    {"_settings", member<&DataSetObject::settings>, nullptr, nullptr, nullptr},
    {"_charset", member<&DataSetObject::charset>, nullptr, nullptr, nullptr},
    {"_notes", made_member<notes_of>, nullptr, nullptr, nullptr},
    {"_cache", made_member<cache_of>, nullptr, nullptr, nullptr},
    {"_found_frames", found_frames, nullptr, nullptr, nullptr},
    {"_is_read", is_read, nullptr, nullptr, nullptr},
    {"_is_strict", is_strict, nullptr, nullptr, nullptr},
    {"_pixel_representation", pixel_representation, nullptr, nullptr, nullptr},
    {"_item_offset", item_offset, nullptr, nullptr, nullptr},
    {"_item_declared_length", item_declared_length, nullptr, nullptr, nullptr},
    {"_source_size_bytes", source_size_bytes, nullptr, nullptr, nullptr},
    {"_file_record", file_record, nullptr, nullptr, nullptr},
    {"_transfer_syntax_uid", transfer_syntax_uid, nullptr, nullptr, nullptr},
    {"_file_meta", file_meta, nullptr, nullptr, nullptr},
    {"is_implicit_vr", is_implicit_vr, nullptr, "Whether VRs are absent from the encoding (PS3.5 7.1.3).", nullptr},
    {"is_big_endian", is_big_endian, nullptr, "Whether numbers are big endian (PS3.5 7.3).", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyMethodDef* data_set_methods() { return kMethods; }
PyGetSetDef* data_set_properties() { return kProperties; }

}  // namespace turbodicom::bindings
