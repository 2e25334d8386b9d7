// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// turbodicom::Error -> the Python tree of turbodicom/errors.py (DESIGN: "Errors"). The only translator.
#include <cerrno>
#include <cstring>

#include "bindings.h"
#include "turbodicom/base/error.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

const char* python_class(Errc code) noexcept {
  switch (code) {
    case Errc::truncated_data: return "TruncatedDataError";
    case Errc::corrupt_data: return "CorruptDataError";
    case Errc::conformance: return "ConformanceError";
    case Errc::unsupported: return "UnsupportedError";
    case Errc::limit_exceeded: return "LimitExceededError";
    default: return "Error";
  }
}

// Messages may quote letters of a file (an unknown VR), which need not be text.
py::object text(const std::string& bytes) {
  PyObject* decoded = PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace");
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(decoded);
}

void raise_library_error(const Error& error) {
  const py::object type = py::module_::import("turbodicom.errors").attr(python_class(error.code));
  const py::object offset = py::int_(error.offset);
  const py::object instance = type(text(error.message), py::arg("offset") = offset, py::arg("where") = error.where,
                                   py::arg("codec") = error.codec);
  PyErr_SetObject(type.ptr(), instance.ptr());
}

// errno travels in `offset`, the path in `where`; OSError picks its subclass (FileNotFoundError, ...).
void raise_os_error(const Error& error) {
  const py::object path = error.where.empty() ? py::object(py::none()) : text(error.where);
  const py::object arguments = py::make_tuple(py::int_(error.offset), text(error.message), path);
  PyErr_SetObject(PyExc_OSError, arguments.ptr());
}

}  // namespace

void set_python_error(const Error& error) {
  switch (error.code) {
    case Errc::invalid_argument: PyErr_SetString(PyExc_ValueError, error.message.c_str()); return;
    case Errc::io_error: raise_os_error(error); return;
    case Errc::cancelled: PyErr_SetNone(PyExc_KeyboardInterrupt); return;
    default: raise_library_error(error);
  }
}

py::object exception_value(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (py::error_already_set& raised) {
    return raised.value();
  } catch (...) {
    py::detail::try_translate_exceptions();
  }
  return py::error_already_set().value();
}

void bind_errors(py::module_&) {
  py::register_local_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const Error& error) {
      set_python_error(error);
    }
  });
}

}  // namespace turbodicom::bindings
