// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bulk scan: _core.Scan gives batches of rows, _core.Batch hands its columns to Arrow, NumPy and Python;
// _core.list_files says which files are there and which of them an earlier scan still knows.
#include <atomic>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "batch_values.h"
#include "bindings.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/dicom/bulk_scan.h"
#include "turbodicom/dicom/file_listing.h"
#include "turbodicom/dicom/record_batch_export.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::ColumnForm;
using dicom::ColumnType;
using dicom::RecordBatch;
using BatchPointer = std::shared_ptr<const RecordBatch>;

void poll_signals() {
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

std::size_t worker_count(std::size_t workers) { return workers == 0 ? usable_cores() : workers; }

// ---- the plan -----------------------------------------------------------------------------------

ColumnType column_type(const std::string& word) {
  static constexpr std::pair<const char*, ColumnType> kTypes[] = {
      {"text", ColumnType::text}, {"int", ColumnType::integer}, {"float", ColumnType::real},
      {"date", ColumnType::date}, {"time", ColumnType::time},   {"timestamp", ColumnType::timestamp},
      {"binary", ColumnType::binary}};
  for (const auto& [name, type] : kTypes)
    if (word == name) return type;
  throw py::value_error("no type of a column: " + word);
}

// (name, steps, tag, creator, type, is_list); a step is (tag, creator, item).
dicom::ColumnPlan column_plan(const py::tuple& fields) {
  if (fields.size() != 6) throw py::value_error("a column is (name, steps, tag, creator, type, is_list)");
  dicom::ColumnPlan column;
  column.name = fields[0].cast<std::string>();
  for (const py::handle step : fields[1]) {
    const auto parts = py::cast<py::tuple>(step);
    if (parts.size() != 3) throw py::value_error("a step is (tag, creator, item)");
    column.steps.push_back({{{parts[0].cast<std::uint32_t>()}, parts[1].cast<std::string>()}, parts[2].cast<std::uint32_t>()});
  }
  column.element = {{fields[2].cast<std::uint32_t>()}, fields[3].cast<std::string>()};
  column.form = {column_type(fields[4].cast<std::string>()), fields[5].cast<bool>(), false};
  return column;
}

py::bytes to_bytes(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// An exception of a callback that is one file's: KeyboardInterrupt and its like end the scan.
[[noreturn]] void fail_with(const py::error_already_set& error, std::uint64_t offset) {
  if (!error.matches(PyExc_Exception)) throw error;
  const py::object value = error.value();
  if (error.matches(PyExc_OSError)) {
    const py::object number = value.attr("errno");
    fail(Errc::io_error, number.is_none() ? EIO : number.cast<std::uint64_t>(), "file: cannot be read");
  }
  const py::object own = py::getattr(value, "offset", py::none());
  if (py::isinstance<py::int_>(own)) offset = own.cast<std::uint64_t>();
  fail(Errc::corrupt_data, offset, py::str(value).cast<std::string>());
}

dicom::TextDecoder text_decoder(const py::object& decode) {
  if (decode.is_none()) return {};
  return [decode](ByteView value, std::string_view character_set, dicom::VR vr) {
    const py::gil_scoped_acquire gil;
    try {
      const py::bytes terms(character_set.data(), character_set.size());
      return decode(to_bytes(value), terms, py::str(dicom::to_string(vr))).cast<std::string>();
    } catch (const py::error_already_set& error) {
      fail_with(error, 0);
    } catch (const py::cast_error&) {
      fail(Errc::corrupt_data, 0, "the text cannot be decoded");
    }
  };
}

// Lets go of a Python object wherever it is let go itself.
std::shared_ptr<const void> keep_object(py::object object) {
  return {object.release().ptr(), [](PyObject* held) {
            const py::gil_scoped_acquire gil;
            Py_DECREF(held);
          }};
}

dicom::Inflater inflater(const py::object& inflate) {
  if (inflate.is_none()) return {};
  return [inflate](const std::string& path, std::uint64_t offset) {
    const py::gil_scoped_acquire gil;
    try {
      const py::object result = inflate(py::bytes(path), offset);
      if (!py::isinstance<py::bytes>(result)) throw py::type_error("inflate must return bytes");
      const ByteView view{reinterpret_cast<const std::uint8_t*>(PyBytes_AS_STRING(result.ptr())),
                          static_cast<std::size_t>(PyBytes_GET_SIZE(result.ptr()))};
      return dicom::ValueBytes{view, keep_object(result)};
    } catch (const py::error_already_set& error) {
      fail_with(error, offset);
    }
  };
}

// Nothing for what is no str, or is not in ASCII: of that a path is the same bytes everywhere.
std::optional<std::string_view> ascii_text(py::handle object) {
  if (!PyUnicode_Check(object.ptr()) || !PyUnicode_IS_COMPACT_ASCII(object.ptr())) return std::nullopt;
  return std::string_view(static_cast<const char*>(PyUnicode_DATA(object.ptr())),
                          static_cast<std::size_t>(PyUnicode_GET_LENGTH(object.ptr())));
}

dicom::PathList paths_from(const py::iterable& sources) {
  dicom::PathList paths;
  for (const py::handle source : sources) {
    if (const auto text = ascii_text(source)) paths.add(*text);
    else if (PyBytes_Check(source.ptr())) paths.add({PyBytes_AS_STRING(source.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(source.ptr()))});
    else throw py::type_error("sources must be bytes, or str of ASCII");
  }
  return paths;
}

// Without early end, so that it becomes vector code.
bool has_special(std::string_view path) {
  bool found = false;
  for (const char c : path) found |= (c == '*') | (c == '?') | (c == '[') | (c == '\0');
  return found;
}

// How many entries from `begin` on are paths and nothing else: str of ASCII without a character of patterns.
py::ssize_t count_plain(const py::list& sources, py::ssize_t begin) {
  const py::ssize_t count = PyList_GET_SIZE(sources.ptr());
  py::ssize_t end = begin;
  for (; end < count; ++end) {
    const py::handle source = PyList_GET_ITEM(sources.ptr(), end);
    const auto text = PyUnicode_CheckExact(source.ptr()) ? ascii_text(source) : std::nullopt;
    if (!text || has_special(*text)) break;
  }
  return end - begin;
}

// ---- Batch --------------------------------------------------------------------------------------

template <typename Exported>
void release_capsule(PyObject* capsule, const char* name) {
  auto* exported = static_cast<Exported*>(PyCapsule_GetPointer(capsule, name));
  if (exported == nullptr) return PyErr_Clear();
  if (exported->release != nullptr) exported->release(exported);
  delete exported;
}

// The capsules of the Arrow PyCapsule interface: `fill` writes into a new struct.
template <typename Exported, typename Fill>
py::object make_capsule(const char* name, PyCapsule_Destructor destructor, Fill fill) {
  auto exported = std::make_unique<Exported>();
  *exported = {};
  fill(*exported);
  PyObject* capsule = PyCapsule_New(exported.get(), name, destructor);
  if (capsule == nullptr) {
    exported->release(exported.get());
    throw py::error_already_set();
  }
  exported.release();
  return py::reinterpret_steal<py::object>(capsule);
}

py::object schema_capsule(const BatchPointer& batch) {
  return make_capsule<ArrowSchema>("arrow_schema",
                                   [](PyObject* capsule) { release_capsule<ArrowSchema>(capsule, "arrow_schema"); },
                                   [&](ArrowSchema& to) { dicom::export_schema(batch->schema, to); });
}

py::object array_capsule(const BatchPointer& batch) {
  return make_capsule<ArrowArray>("arrow_array",
                                  [](PyObject* capsule) { release_capsule<ArrowArray>(capsule, "arrow_array"); },
                                  [&](ArrowArray& to) { dicom::export_array(batch, to); });
}

struct Batch {
  BatchPointer data;
};

py::object stream_capsule(const Batch& schema_of, const std::vector<Batch>& batches) {
  std::vector<BatchPointer> pointers;
  for (const Batch& batch : batches) pointers.push_back(batch.data);
  return make_capsule<ArrowArrayStream>(
      "arrow_array_stream", [](PyObject* capsule) { release_capsule<ArrowArrayStream>(capsule, "arrow_array_stream"); },
      [&](ArrowArrayStream& to) { dicom::export_stream(schema_of.data->schema, std::move(pointers), to); });
}

py::list column_names(const Batch& batch) {
  py::list names;
  for (const dicom::ArrowField& field : batch.data->schema->children) names.append(field.name);
  return names;
}

py::list column_types(const Batch& batch) {
  py::list types;
  for (const ColumnForm& form : *batch.data->forms) types.append(type_name(form));
  types.append("unparsed");
  return types;
}

// ---- Scan ---------------------------------------------------------------------------------------

class Scan {
 public:
  Scan(dicom::ScanPlan plan, const dicom::WalkOptions& walk) : scan_(std::move(plan), walk) {}

  void feed(const py::iterable& sources) {
    dicom::PathList paths = paths_from(sources);
    const Busy busy(*this);
    scan_.feed(std::move(paths));
  }

  // `report(files, bytes)` is told every 20 ms how much of the batch is read.
  py::object next(std::size_t rows, std::size_t workers, const py::object& report) {
    const Busy busy(*this);
    const bool is_reported = !report.is_none();
    const auto poll = [&](std::uint64_t files, std::uint64_t bytes) {
      const py::gil_scoped_acquire gil;
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (is_reported) report(files, bytes);
    };
    BatchPointer batch;
    {
      const GilRelease unlocked;
      batch = scan_.next(rows, worker_count(workers), poll);
    }
    return batch == nullptr ? py::object(py::none()) : py::cast(Batch{std::move(batch)});
  }

  Batch empty() const { return {scan_.empty()}; }

 private:
  // One at a time: a second thread, or a signal handler, is told so.
  class Busy {
   public:
    explicit Busy(Scan& scan) : scan_(scan) {
      if (scan_.busy_.exchange(true)) throw std::runtime_error("this scan is being read by another thread");
    }
    ~Busy() { scan_.busy_ = false; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

   private:
    Scan& scan_;
  };

  dicom::BulkScan scan_;
  std::atomic<bool> busy_{false};
};

std::unique_ptr<Scan> make_scan(const py::iterable& columns, bool pixel_offset, bool follow_links, bool recursive,
                                const py::object& limits, const py::object& decode, const py::object& inflate) {
  dicom::ScanPlan plan;
  for (const py::handle column : columns) plan.columns.push_back(column_plan(py::cast<py::tuple>(column)));
  plan.pixel_offset = pixel_offset;
  plan.limits = limits_from(limits);
  plan.decode = text_decoder(decode);
  plan.inflate = inflater(inflate);
  return std::make_unique<Scan>(std::move(plan), dicom::WalkOptions{recursive, follow_links});
}

// ---- Listing ------------------------------------------------------------------------------------

py::object list_files(const py::iterable& sources, bool follow_links, bool recursive, std::size_t workers) {
  dicom::PathList paths = paths_from(sources);
  std::unique_ptr<dicom::FileListing> listing;
  {
    const GilRelease unlocked;
    listing = std::make_unique<dicom::FileListing>(std::move(paths), dicom::WalkOptions{recursive, follow_links},
                                                   worker_count(workers), poll_signals);
  }
  return py::cast(std::move(listing));
}

py::bytes path_bytes(const dicom::FileListing& listing, std::size_t index) {
  const std::string_view path = listing.path(index);
  return {path.data(), path.size()};
}

py::list listed_paths(const dicom::FileListing& listing, const py::object& indexes) {
  py::list paths;
  if (indexes.is_none()) {
    for (std::size_t i = 0; i < listing.count(); ++i) paths.append(path_bytes(listing, i));
    return paths;
  }
  for (const py::handle index : indexes) {
    const auto place = index.cast<std::size_t>();
    if (place >= listing.count()) throw py::index_error("no such file in the listing");
    paths.append(path_bytes(listing, place));
  }
  return paths;
}

using Integers = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

std::span<const std::int64_t> span_of(const Integers& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

template <typename Offset>
py::object match_files(const dicom::FileListing& listing, const py::buffer_info& offsets, const py::buffer_info& bytes,
                       const Integers& size, const Integers& mtime, const Integers& inode) {
  const std::size_t count = static_cast<std::size_t>(size.size()) + 1;
  if (static_cast<std::size_t>(offsets.size * offsets.itemsize) < count * sizeof(Offset))
    throw py::value_error("offsets must have one entry more than there are paths");
  const dicom::KnownFiles<Offset> known{{static_cast<const Offset*>(offsets.ptr), count},
                                        {static_cast<const char*>(bytes.ptr),
                                         static_cast<std::size_t>(bytes.size * bytes.itemsize)},
                                        span_of(size), span_of(mtime), span_of(inode)};
  std::vector<std::int64_t> rows;
  {
    const GilRelease unlocked;
    rows = listing.match(known);
  }
  return py::array_t<std::int64_t>(static_cast<py::ssize_t>(rows.size()), rows.data());
}

// `offsets`: an int32 or int64 array, or Arrow's buffer of int32.
py::object match(const dicom::FileListing& listing, const py::buffer& offsets, const py::buffer& bytes, const Integers& size,
                 const Integers& mtime, const Integers& inode) {
  const py::buffer_info at = offsets.request(), text = bytes.request();
  if (at.itemsize == 8) return match_files<std::int64_t>(listing, at, text, size, mtime, inode);
  return match_files<std::int32_t>(listing, at, text, size, mtime, inode);
}

}  // namespace

void bind_scan(py::module_& m) {
  py::class_<Batch>(m, "Batch")
      .def_property_readonly("rows", [](const Batch& batch) { return batch.data->table.length; })
      .def_property_readonly("nbytes", [](const Batch& batch) { return batch.data->table.size_bytes(); })
      .def_property_readonly("names", &column_names)
      .def_property_readonly("types", &column_types)
      .def("values", [](const Batch& batch, py::ssize_t column, std::size_t begin, std::size_t end) {
        return batch_values(*batch.data, column, begin, end);
      })
      .def("numpy", [](const Batch& batch, py::ssize_t column) { return batch_array(batch.data, column); })
      .def("__arrow_c_schema__", [](const Batch& batch) { return schema_capsule(batch.data); })
      .def("__arrow_c_array__", [](const Batch& batch, const py::object&) {
        return py::make_tuple(schema_capsule(batch.data), array_capsule(batch.data));
      }, py::arg("requested_schema") = py::none());
  py::class_<Scan>(m, "Scan")
      .def(py::init(&make_scan), py::arg("columns"), py::arg("pixel_offset"), py::arg("follow_links"), py::arg("recursive"),
           py::arg("limits"), py::arg("decode"), py::arg("inflate"))
      .def("feed", &Scan::feed)
      .def("next", &Scan::next, py::arg("rows"), py::arg("workers"), py::arg("report") = py::none())
      .def("empty", &Scan::empty);
  py::class_<dicom::FileListing>(m, "Listing")
      .def_property_readonly("count", &dicom::FileListing::count)
      .def("paths", &listed_paths, py::arg("indexes") = py::none())
      .def("match", &match);
  m.def("record_batch_stream", &stream_capsule);
  m.def("list_files", &list_files);
  m.def("count_plain", &count_plain);
}

}  // namespace turbodicom::bindings
