// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The slots of the type. Begin with get_attribute(); the values come from data_set_access.cpp.
#include "data_set_object.h"

#include <structmember.h>

#include <memory>
#include <new>
#include <utility>

#include "data_set_access.h"
#include "data_set_methods.h"
#include "turbodicom/dicom/dictionary.h"
#include "values.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

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
  if (!PyUnicode_Check(name)) return PyObject_GenericGetAttr(self, name);  // its TypeError: __getattribute__(5)
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
    // A tag prints as one reads it, and equals the number that was asked for.
    const auto missing = py::reinterpret_steal<py::object>(PyUnicode_Check(key) ? Py_NewRef(key) : make_tag(found.tag.value));
    if (missing) PyErr_SetObject(PyExc_KeyError, missing.ptr());
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
  std::destroy_at(&object->frames);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "a Dataset is made by turbodicom.read()");
  return nullptr;
}

// What is behind `slot`, made when it is first asked for. Of two threads that ask at once the first one wins.
template <typename Make>
PyObject* made_once(PyObject*& slot, Make make) {
  std::atomic_ref<PyObject*> shared(slot);
  PyObject* known = shared.load();
  if (known != nullptr) return known;
  PyObject* fresh = make();
  if (fresh == nullptr) throw py::error_already_set();
  if (shared.compare_exchange_strong(known, fresh)) return fresh;
  Py_DECREF(fresh);
  return known;
}

}  // namespace

PyObject* notes_of(DataSetObject* object) {
  return made_once(object->notes, [] { return PyList_New(0); });
}

PyObject* cache_of(DataSetObject* object) { return made_once(object->cache, PyDict_New); }

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
  object->notes = Py_XNewRef(parts.notes);
  object->cache = nullptr;
  new (&object->frames) std::shared_ptr<image::FrameReader>(std::move(parts.frames));
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
                                {Py_tp_methods, data_set_methods()},
                                {Py_tp_getset, data_set_properties()},
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
