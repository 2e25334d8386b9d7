// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "python_source.h"

#include <cstring>

#include "turbodicom/base/error.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

// An export of somebody's memory, given back under the GIL.
class BufferExport {
 public:
  explicit BufferExport(PyObject* object) {
    if (PyObject_GetBuffer(object, &buffer_, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  }
  ~BufferExport() {
    const py::gil_scoped_acquire gil;
    PyBuffer_Release(&buffer_);
  }
  BufferExport(const BufferExport&) = delete;
  BufferExport& operator=(const BufferExport&) = delete;

  ByteView view() const noexcept {
    return {static_cast<const std::uint8_t*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
  }

 private:
  Py_buffer buffer_{};
};

// A reference that may be dropped from any thread.
std::shared_ptr<PyObject> shared_reference(py::object object) {
  return {object.release().ptr(), [](PyObject* pointer) {
            const py::gil_scoped_acquire gil;
            Py_DECREF(pointer);
          }};
}

class PythonReader final : public dicom::Reader {
 public:
  PythonReader(std::shared_ptr<PyObject> reader, std::uint64_t size_bytes)
      : reader_(std::move(reader)), size_bytes_(size_bytes) {}

  void read_at(std::uint64_t offset, MutableByteView destination) const override {
    if (offset > size_bytes_ || destination.size() > size_bytes_ - offset)
      fail(Errc::truncated_data, size_bytes_, "file object: the data ends before the bytes asked for");
    if (destination.empty()) return;
    const py::gil_scoped_acquire gil;
    const py::object block = py::handle(reader_.get()).attr("read_at")(offset, destination.size());
    const BufferExport bytes(block.ptr());
    if (bytes.view().size() != destination.size())
      fail(Errc::truncated_data, offset, "file object: a read gave fewer bytes than asked for");
    std::memcpy(destination.data(), bytes.view().data(), destination.size());
  }

 private:
  std::shared_ptr<PyObject> reader_;
  std::uint64_t size_bytes_;
};

class PythonSource final : public dicom::Source {
 public:
  PythonSource(py::object reader, std::uint64_t size_bytes)
      : reader_(shared_reference(std::move(reader))), size_bytes_(size_bytes) {}

  std::uint64_t size_bytes() const noexcept override { return size_bytes_; }
  std::unique_ptr<dicom::Reader> open() const override { return std::make_unique<PythonReader>(reader_, size_bytes_); }

 private:
  std::shared_ptr<PyObject> reader_;
  std::uint64_t size_bytes_;
};

}  // namespace

std::shared_ptr<const dicom::Source> buffer_source(py::handle object) {
  auto buffer = std::make_shared<const BufferExport>(object.ptr());
  const ByteView view = buffer->view();
  return dicom::memory_source(view, std::move(buffer));
}

std::shared_ptr<const dicom::Source> reader_source(py::object reader) {
  const auto size_bytes = reader.attr("size").cast<std::uint64_t>();
  return std::make_shared<PythonSource>(std::move(reader), size_bytes);
}

std::string file_system_path(py::handle path) {
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &encoded) == 0) throw py::error_already_set();
  const auto owner = py::reinterpret_steal<py::object>(encoded);
  return {PyBytes_AS_STRING(encoded), static_cast<std::size_t>(PyBytes_GET_SIZE(encoded))};
}

}  // namespace turbodicom::bindings
