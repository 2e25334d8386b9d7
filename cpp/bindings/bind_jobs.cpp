// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// image::read_jobs for volumes and batches. What is to be decoded, and how, is decided in Python; here columns become jobs,
// arrays become views, and the GIL is released.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "colouring.h"
#include "frame_readers.h"
#include "turbodicom/image/frame_jobs.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using image::FrameJob;
using pixel::ValueTransform;
using Transforms = std::vector<std::shared_ptr<const ValueTransform>>;

// Rows, columns, samples and type of stored values.
struct Stored {
  std::uint32_t rows, columns, samples;
  SampleType type;
};

std::uint32_t length(const py::array& array, py::ssize_t axis) {
  if (array.shape(axis) > 0xFFFFFFFF) throw py::value_error("out is too large");
  return static_cast<std::uint32_t>(array.shape(axis));
}

// Borrowed, not made: of what is no array a copy would be filled.
py::array array_in(py::handle object) {
  if (!py::isinstance<py::array>(object)) throw py::type_error("an array is needed");
  return py::reinterpret_borrow<py::array>(object);
}

// An array (rows, columns) or (rows, columns, samples) of any strides; the first of several with `axis` 1.
ImageView view_of(const py::array& array, py::ssize_t axis = 0) {
  const py::ssize_t axes = array.ndim() - axis;
  if (axes != 2 && axes != 3) throw py::value_error("out must have 2 or 3 axes, not " + std::to_string(axes));
  const SampleType type = sample_type(array.dtype());
  auto* const data = static_cast<std::uint8_t*>(const_cast<void*>(array.data()));
  const bool has_samples = axes == 3;
  return {data, type, length(array, axis), length(array, axis + 1), has_samples ? length(array, axis + 2) : 1,
          array.strides(axis), array.strides(axis + 1),
          has_samples ? array.strides(axis + 2) : static_cast<std::ptrdiff_t>(bytes_of(type))};
}

Stored stored_of(const FrameJob& job) {
  const image::FrameLayout& layout = job.reader->layout();
  return {layout.rows, layout.columns, layout.samples_per_pixel, layout.type};
}

// None, one, or a list of them: then each gives one sample.
Transforms transforms_of(py::handle transforms) {
  if (transforms.is_none()) return {nullptr};
  if (py::isinstance<ValueTransform>(transforms)) return {transforms.cast<std::shared_ptr<ValueTransform>>()};
  Transforms list;
  for (const py::handle item : transforms) list.push_back(item.cast<std::shared_ptr<ValueTransform>>());
  return list;
}

// (rows, columns, row, column, fill or None), as image::JobResize.
image::JobResize resize_of(py::handle handle) {
  const auto [rows, columns, row, column, fill] =
      handle.cast<std::tuple<std::uint32_t, std::uint32_t, std::int64_t, std::int64_t, std::optional<double>>>();
  constexpr std::int64_t kFar = std::int64_t{1} << 32;
  if (rows == 0 || columns == 0 || row < -kFar || row > kFar || column < -kFar || column > kFar)
    throw py::value_error("resize must be (rows, columns, row, column, fill), rows and columns not 0");
  return {{rows, columns, row, column}, fill};
}

// TypeError for what the core cannot resize to.
void check_resized(const ImageView& view) {
  if (view.type == SampleType::u64 || view.type == SampleType::i64)
    throw py::type_error("images are resized to integers of up to 32 bits or to floats");
}

void check_resized_output(const Stored& stored, const ValueTransform* transform, const ImageView& view) {
  check_resized(view);
  if (transform != nullptr && transform->output() != SampleType::f32)
    throw py::value_error("the transform of a job that is resized must give float32");
  if (stored.rows == 0 || stored.columns == 0 || view.samples != stored.samples)
    throw py::value_error("out must have the samples of the frame: " + std::to_string(stored.samples));
}

void check_output(const FrameJob& job, const ValueTransform* transform, const ImageView& view) {
  const Stored stored = stored_of(job);
  if (transform != nullptr && transform->input() != stored.type) throw py::value_error("the transform of a job must take the stored dtype");
  if (job.resize) return check_resized_output(stored, transform, view);
  if (view.type != (transform != nullptr ? transform->output() : stored.type))
    throw py::value_error("out must have the dtype that its transform gives, without one that of the stored values");
  if (view.rows != stored.rows || view.columns != stored.columns || view.samples != stored.samples)
    throw py::value_error("out must have the shape of the frame: " + std::to_string(stored.rows) + " x " +
                          std::to_string(stored.columns) + " x " + std::to_string(stored.samples));
}

// Where jobs put what they make: the planes of one array.
class Planes {
 public:
  explicit Planes(py::handle out) {
    const py::array array = array_in(out);
    if (array.ndim() != 3 && array.ndim() != 4) throw py::value_error("out must have 3 or 4 axes, not " + std::to_string(array.ndim()));
    if (!array.writeable()) throw py::value_error("out must be writeable");
    count_ = static_cast<std::size_t>(array.shape(0));
    stride_ = array.strides(0);
    first_ = view_of(array, 1);
  }

  ImageView at(std::size_t index) const {
    if (index >= count_) throw py::index_error("no such plane");
    ImageView view = first_;
    view.data += static_cast<std::ptrdiff_t>(index) * stride_;
    return view;
  }

 private:
  ImageView first_;
  std::size_t count_ = 0;
  py::ssize_t stride_ = 0;
};

void set_outputs(FrameJob& job, const ImageView& whole, py::handle transforms) {
  const bool is_list = py::isinstance<py::list>(transforms);
  const Transforms list = transforms_of(transforms);
  if (is_list && (whole.samples != list.size() || stored_of(job).samples != 1))
    throw py::value_error("several transforms need frames with one sample per pixel, and an array with a sample for each of them");
  for (std::size_t i = 0; i < list.size(); ++i) {
    ImageView view = whole;
    if (is_list) view.data = whole.at(0, 0, i);
    if (is_list) view.samples = 1;
    check_output(job, list[i].get(), view);
    job.outputs.push_back({list[i], view});
  }
}

// An entry for each job, or None.
class OptionalColumn {
 public:
  OptionalColumn(const py::object& column, std::size_t count) : values_(column.is_none() ? py::tuple() : py::tuple(column)) {
    if (!column.is_none() && values_.size() != count) throw py::value_error("as many transforms, and resizes, as jobs are needed");
  }
  py::handle at(std::size_t i) const { return values_.size() == 0 ? py::handle(Py_None) : py::handle(PyTuple_GET_ITEM(values_.ptr(), i)); }

 private:
  py::tuple values_;
};

std::vector<FrameJob> jobs_of(const FrameReaders& readers, const std::vector<std::uint64_t>& frames, const std::vector<std::size_t>& indexes,
                              const py::object& transforms, const py::object& resizes, const Planes& planes) {
  const std::size_t count = readers.all.size();
  if (frames.size() != count || indexes.size() != count) throw py::value_error("as many frames, and planes, as readers are needed");
  const OptionalColumn transform(transforms, count), resize(resizes, count);
  std::vector<FrameJob> jobs(count);
  for (std::size_t i = 0; i < count; ++i) {
    jobs[i].reader = readers.all[i];
    jobs[i].frame = frames[i];
    if (!resize.at(i).is_none()) jobs[i].resize = resize_of(resize.at(i));
    set_outputs(jobs[i], planes.at(indexes[i]), transform.at(i));
  }
  return jobs;
}

py::tuple report_row(const image::FrameReport& report) {
  py::object reason = py::none(), offset = py::none();
  if (report.error) {
    reason = py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
        report.error->message.data(), static_cast<py::ssize_t>(report.error->message.size()), "backslashreplace"));
    if (report.error->code != Errc::io_error) offset = py::int_(report.error->offset);
  }
  return py::make_tuple(report.frame, reason, offset, report.valid_rows, py::tuple(py::cast(report.quirks)));
}

// Neighbours of which there is nothing to say have the same row.
py::list report_rows(const std::vector<image::FrameReport>& reports) {
  py::list rows(reports.size());
  const image::FrameReport* before = nullptr;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const image::FrameReport& report = reports[i];
    const bool is_plain = !report.error && report.quirks.empty();
    const bool is_same = is_plain && before != nullptr && before->frame == report.frame && before->valid_rows == report.valid_rows;
    rows[i] = is_same ? py::object(rows[i - 1]) : report_row(report);
    before = is_plain ? &report : nullptr;
  }
  return rows;
}

// Ctrl-C, and what the caller looks at.
std::function<void()> polling(const py::object& poll) {
  const std::function<void()> signals = work_options(1).poll;
  if (poll.is_none()) return signals;
  return [signals, poll = poll.ptr()] {  // borrowed: the caller's until the work is done
    signals();
    const py::gil_scoped_acquire gil;
    py::handle{poll}();
  };
}

py::list read_jobs(const FrameReaders& readers, const std::vector<std::uint64_t>& frames, const std::vector<std::size_t>& indexes,
                   const py::object& transforms, const py::object& resizes, const py::object& out, const std::string& color,
                   bool tolerant, std::size_t workers, const py::object& poll) {
  const std::vector<FrameJob> jobs = jobs_of(readers, frames, indexes, transforms, resizes, Planes(out));
  const Colouring colouring = colouring_of(color);
  const image::JobOptions options{colouring.color, colouring.policy, tolerant ? codec::OnError::report : codec::OnError::raise, workers};
  const auto look = polling(poll);
  std::vector<image::FrameReport> reports;
  {
    const GilRelease release;
    reports = image::read_jobs(jobs, options, look);
  }
  return report_rows(reports);
}

// One image, of any values, to an array of another size; `resize` as of a job.
void resize(const py::array& array, const py::array& out, py::handle placement) {
  const image::JobResize job = resize_of(placement);
  ImageView to = view_of(out);
  check_resized(to);
  if (!out.writeable()) throw py::value_error("out must be writeable");
  const py::array dense = py::array::ensure(array, py::array::c_style);
  if (!dense) throw py::error_already_set();
  const ImageView from = view_of(dense);
  if (from.type == SampleType::f16) throw py::type_error("images are not resized from float16");
  if (from.rows == 0 || from.columns == 0 || from.samples != to.samples) throw py::value_error("array and out must have the same number of samples");
  const std::size_t samples = std::size_t{from.columns} * from.samples;
  pixel::Resizer resizer;
  const GilRelease release;
  const auto read_row = [&](std::uint32_t row, float* target) { pixel::to_float(from.type, from.row(row), target, samples); };
  resizer.run({from.rows, from.columns, from.samples}, job.placement, read_row, static_cast<float>(job.fill.value_or(0)), to);
}

// The exception of the error, with the index of the job as its attribute `job`.
void set_job_error(const image::JobError& error) {
  set_python_error(error);
  PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  PyObject* const index = PyLong_FromSize_t(error.job);
  if (index == nullptr || value == nullptr || PyObject_SetAttrString(value, "job", index) != 0) PyErr_Clear();
  Py_XDECREF(index);
  PyErr_Restore(type, value, traceback);
}

}  // namespace

void bind_jobs(py::module_& m) {
  py::register_local_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const image::JobError& error) {
      set_job_error(error);
    }
  });
  m.def("resize", resize, py::arg("array"), py::arg("out"), py::arg("placement"));
  m.def("read_jobs", read_jobs, py::arg("readers"), py::arg("frames"), py::arg("planes"), py::arg("transforms"), py::arg("resizes"),
        py::arg("out"), py::arg("color"), py::arg("tolerant"), py::arg("workers"),
        py::arg("poll") = py::none());
}

}  // namespace turbodicom::bindings
