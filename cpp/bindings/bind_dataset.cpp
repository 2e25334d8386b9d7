// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The doors of turbodicom/_read.py: a path, many paths, a buffer, a file object or a bare data set becomes an
// object of `type` (turbodicom.Dataset). read_path() is the fast road, hence the bare C calling convention.
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "data_set_object.h"
#include "python_source.h"
#include "turbodicom/base/error.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/image/frame_reader.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

py::object made(PyObject* object) {
  if (object == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(object);
}

dicom::DicomFile read_from_path(const std::string& path, const dicom::ReadOptions& options) {
  const GilRelease unlocked;
  const dicom::OpenedFile opened = dicom::open_file(path);
  return dicom::read_file(opened.source, opened.reader.get(), options);
}

dicom::DicomFile read_from_source(std::shared_ptr<const dicom::Source> source, const dicom::ReadOptions& options) {
  const GilRelease unlocked;
  return dicom::read_file(std::move(source), nullptr, options);
}

// read_path(type, path, settings)
PyObject* read_path(PyObject* base, PyObject* const* arguments, Py_ssize_t count) {
  try {
    if (count != 3) throw py::type_error("read_path takes three arguments");
    const dicom::ReadOptions options = read_options_from(arguments[2]);
    auto file = std::make_shared<const dicom::DicomFile>(read_from_path(file_system_path(arguments[1]), options));
    return data_set_of_file(data_set_type(arguments[0], base), std::move(file), nullptr, arguments[1], arguments[2]).release().ptr();
  } catch (...) {
    set_python_error();
    return nullptr;
  }
}

PyMethodDef kReadPath = {"read_path", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(read_path)),
                         METH_FASTCALL, nullptr};

// ---- many paths -----------------------------------------------------------------------------------

// What became of one path.
struct Opened {
  std::shared_ptr<const dicom::DicomFile> file;
  std::shared_ptr<image::FrameReader> frames;  // null where they have to be found, or refused, one by one
  std::exception_ptr error;
};

Opened open_with_frames(const std::string& path, const dicom::ReadOptions& options) {
  Opened result;
  dicom::OpenedFile opened;
  try {
    opened = dicom::open_file(path);
    result.file = std::make_shared<const dicom::DicomFile>(dicom::read_file(opened.source, opened.reader.get(), options));
  } catch (...) {
    result.error = std::current_exception();
    return result;
  }
  try {
    if (result.file->data_set == nullptr) return result;  // deflated
    auto frames = std::make_shared<image::FrameReader>(*result.file, *result.file->data_set, options.limits, opened.reader.get());
    if (frames->issues().empty()) result.frames = std::move(frames);
  } catch (const Error&) {  // no image, say: whoever asks for its frames is told
  }
  return result;
}

py::object wrap_opened(PyTypeObject* type, Opened& opened, py::handle path, py::handle settings) {
  if (opened.error) return exception_value(opened.error);
  return data_set_of_file(type, std::move(opened.file), std::move(opened.frames), path, settings);
}

// For each path a data set, or the exception that read_path raises.
py::list read_paths(py::handle base, py::handle type, const py::list& list, py::handle settings, std::size_t workers) {
  dicom::ReadOptions options = read_options_from(settings);
  options.is_for_a_moment = true;  // until their pixels are read
  PyTypeObject* const checked = data_set_type(type, base);
  const py::tuple paths(list);
  std::vector<std::string> names(paths.size());
  std::vector<Opened> opened(paths.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      names[i] = file_system_path(paths[i]);
    } catch (const py::error_already_set&) {
      opened[i].error = std::current_exception();
    }
  }
  {
    const auto look = work_options(1).poll;
    const GilRelease unlocked;
    CancelToken cancel;
    const auto open_one = [&](std::size_t i, std::size_t) {
      if (!opened[i].error) opened[i] = open_with_frames(names[i], options);
    };
    if (names.size() == 1) open_one(0, 0);
    else parallel_for(names.size(), workers, open_one, cancel, look);
  }
  py::list result(paths.size());
  for (std::size_t i = 0; i < opened.size(); ++i) result[i] = wrap_opened(checked, opened[i], paths[i], settings);
  return result;
}

py::object read_source(py::handle base, py::handle type, py::handle origin, std::shared_ptr<const dicom::Source> source,
                       py::handle settings) {
  const dicom::ReadOptions options = read_options_from(settings);
  auto file = std::make_shared<const dicom::DicomFile>(read_from_source(std::move(source), options));
  return data_set_of_file(data_set_type(type, base), std::move(file), nullptr, origin, settings);
}

// A data set of known encoding without file meta information: an inflated one, or an item on its own.
// `transfer_syntax_uid` says how its pixel data is coded; empty when nobody will ask.
py::object read_bare(py::handle base, py::handle type, py::handle buffer, bool implicit_vr, bool big_endian,
                     int pixel_representation, py::handle settings, const std::string& transfer_syntax_uid) {
  const dicom::ReadOptions options = read_options_from(settings);
  NewDataSet parts;
  parts.core.transfer_syntax = dicom::find_transfer_syntax(transfer_syntax_uid);
  const auto source = buffer_source(buffer);
  {
    const GilRelease unlocked;
    parts.core.data_set = dicom::read_data_set(source, 0, {implicit_vr, big_endian}, options);
  }
  parts.surroundings = {pixel_representation, options.strict};
  parts.origin = buffer.ptr();
  parts.settings = settings.ptr();
  if (!settings.is_none()) parts.charset = PyTuple_GET_ITEM(settings.ptr(), 3);
  return made(new_data_set(data_set_type(type, base), std::move(parts)));
}

// Throws OSError when the file behind a Dataset is no longer the one that was read.
void check_unchanged(const CoreDataSet& core) {
  const GilRelease unlocked;
  if (core.file != nullptr && core.file->file_meta != nullptr) core.file->file_meta->source()->open();
}

}  // namespace

dicom::ReadOptions read_options_from(py::handle settings) {
  dicom::ReadOptions options;
  if (settings.is_none()) return options;
  const auto fields = py::reinterpret_borrow<py::tuple>(settings);
  options.strict = fields[0].cast<bool>();
  options.limits = limits_from(fields[1]);
  if (!fields[2].is_none()) options.stop_before.value = fields[2].cast<std::uint32_t>();
  return options;
}

PyTypeObject* data_set_type(py::handle type, py::handle base) {
  if (PyType_Check(type.ptr()) && PyObject_IsSubclass(type.ptr(), base.ptr()) == 1)
    return reinterpret_cast<PyTypeObject*>(type.ptr());
  throw py::type_error("not a subclass of DataSetBase");
}

py::object data_set_of_file(PyTypeObject* type, std::shared_ptr<const dicom::DicomFile> file, std::shared_ptr<image::FrameReader> frames,
                            py::handle origin, py::handle settings) {
  NewDataSet parts;
  parts.frames = std::move(frames);
  parts.core.file = std::move(file);
  parts.core.data_set = parts.core.file->data_set;
  parts.origin = origin.ptr();
  parts.settings = settings.ptr();
  if (!settings.is_none()) {
    parts.surroundings.strict = PyObject_IsTrue(PyTuple_GET_ITEM(settings.ptr(), 0)) == 1;
    parts.charset = PyTuple_GET_ITEM(settings.ptr(), 3);
  }
  return made(new_data_set(type, std::move(parts)));
}

void bind_dataset(py::module_& m) {
  py::class_<CoreDataSet>(m, "CoreDataSet");
  const py::object base = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(make_data_set_type(m)));
  m.attr("read_path") = py::reinterpret_steal<py::object>(PyCFunction_New(&kReadPath, base.ptr()));
  m.def("read_paths", [base](py::handle type, const py::list& paths, py::handle settings, std::size_t workers) {
    return read_paths(base, type, paths, settings, workers);
  });
  m.def("read_buffer", [base](py::handle type, py::handle buffer, py::handle settings) {
    return read_source(base, type, buffer, buffer_source(buffer), settings);
  });
  m.def("read_blocks", [base](py::handle type, py::object reader, py::handle settings) {
    return read_source(base, type, reader, reader_source(reader), settings);
  });
  m.def("read_bare", [base](py::handle type, py::handle buffer, bool implicit_vr, bool big_endian,
                            int pixel_representation, py::handle settings, const std::string& transfer_syntax_uid) {
    return read_bare(base, type, buffer, implicit_vr, big_endian, pixel_representation, settings, transfer_syntax_uid);
  });
  m.def("check_unchanged", &check_unchanged);
}

}  // namespace turbodicom::bindings
