// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The headers of a series for python/turbodicom/_volume_sources.py: each thread opens a file, takes what a volume has to know
// and, unless somebody will look at the data set, drops the rest while it is still in its cache.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "data_set_object.h"
#include "frame_readers.h"
#include "python_source.h"
#include "turbodicom/base/error.h"
#include "turbodicom/base/thread_pool.h"
#include "turbodicom/image/frame_reader.h"
#include "turbodicom/image/slice_header.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using image::SliceHeader;

struct Slice {
  std::shared_ptr<const dicom::DicomFile> file;  // where headers are kept
  std::shared_ptr<image::FrameReader> reader;
  SliceHeader header;
};

// Nothing for what is no regular single-frame image; why is for others to say.
std::optional<Slice> read_slice(const std::string& path, const dicom::ReadOptions& options, bool keeps_header) {
  try {
    const dicom::OpenedFile opened = dicom::open_file(path);
    dicom::DicomFile file = dicom::read_file(opened.source, opened.reader.get(), options);
    if (file.data_set == nullptr) return std::nullopt;  // deflated
    auto header = image::read_slice_header(*file.data_set);
    if (!header) return std::nullopt;
    auto reader = std::make_shared<image::FrameReader>(file, *file.data_set, options.limits, opened.reader.get());
    if (reader->number_of_frames() != 1 || !reader->issues().empty()) return std::nullopt;
    auto kept = keeps_header ? std::make_shared<const dicom::DicomFile>(std::move(file)) : nullptr;
    return Slice{std::move(kept), std::move(reader), std::move(*header)};
  } catch (const std::exception&) {  // memory that ran out, too
    return std::nullopt;
  }
}

// Empty where one is not regular.
std::vector<Slice> read_all(const std::vector<std::string>& paths, const dicom::ReadOptions& options, bool keeps_headers,
                            std::size_t workers) {
  std::vector<Slice> slices(paths.size());
  std::atomic<bool> all_regular = true;
  const auto read_one = [&](std::size_t i, std::size_t) {
    if (!all_regular.load(std::memory_order_relaxed)) return;
    auto slice = read_slice(paths[i], options, keeps_headers);
    if (slice) slices[i] = std::move(*slice);
    else all_regular.store(false, std::memory_order_relaxed);
  };
  const auto look = work_options(1).poll;
  const GilRelease unlocked;
  CancelToken cancel;
  read_one(0, 0);  // tells most of what is something else
  parallel_for(paths.size() - 1, workers, [&](std::size_t i, std::size_t w) { read_one(i + 1, w); }, cancel, look);
  if (!all_regular) slices.clear();
  return slices;
}

template <std::size_t kCount>
py::array_t<double> numbers(const std::vector<Slice>& slices, std::array<double, kCount> SliceHeader::* member) {
  py::array_t<double> array({slices.size(), kCount});
  double* to = array.mutable_data();
  for (const Slice& slice : slices) {
    std::memcpy(to, (slice.header.*member).data(), sizeof(double) * kCount);
    to += kCount;
  }
  return array;
}

// -0.0 is not 0.0.
template <class Value>
bool is_same(const std::optional<Value>& a, const std::optional<Value>& b) {
  if constexpr (std::is_same_v<Value, double>)
    if (a && b) return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
  return a == b;
}

// Neighbours with the same value have the same object.
template <class Value>
py::list objects(const std::vector<Slice>& slices, std::optional<Value> SliceHeader::* member) {
  py::list list(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const auto& value = slices[i].header.*member;
    const bool is_repeated = i != 0 && is_same(value, slices[i - 1].header.*member);
    list[i] = is_repeated ? py::object(list[i - 1]) : py::cast(value);
  }
  return list;
}

FrameReaders readers(const std::vector<Slice>& slices) {
  FrameReaders readers;
  readers.all.reserve(slices.size());
  for (const Slice& slice : slices) readers.all.push_back(slice.reader);
  return readers;
}

py::object first_step(const std::vector<Slice>& slices) {
  for (const Slice& slice : slices)
    if (slice.header.step) return py::cast(slice.header.step);
  return py::none();
}

// Empty where one cannot be the path of a file.
std::vector<std::string> file_system_paths(const py::list& list) {
  std::vector<std::string> paths;
  paths.reserve(list.size());
  try {
    for (const py::handle path : list) paths.push_back(file_system_path(path));
  } catch (const py::error_already_set&) {
    paths.clear();
  }
  return paths;
}

// Data sets, or None for each where the headers are gone.
py::list data_sets(std::vector<Slice>& slices, PyTypeObject* type, const py::list& paths, py::handle settings) {
  py::list list(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (slices[i].file == nullptr) list[i] = py::none();
    else list[i] = data_set_of_file(type, std::move(slices[i].file), slices[i].reader, paths[i], settings);
  }
  return list;
}

// None, or as _core.pyi says.
py::object read_slices(PyTypeObject* type, const py::list& list, py::handle settings, std::size_t workers, bool keeps_headers) {
  dicom::ReadOptions options = read_options_from(settings);
  options.is_for_a_moment = true;
  const std::vector<std::string> paths = file_system_paths(list);
  if (paths.empty()) return py::none();
  std::vector<Slice> slices = read_all(paths, options, keeps_headers, workers);
  if (slices.empty()) return py::none();
  return py::make_tuple(data_sets(slices, type, list, settings), readers(slices), numbers(slices, &SliceHeader::position), numbers(slices, &SliceHeader::orientation),
                        numbers(slices, &SliceHeader::spacing), objects(slices, &SliceHeader::number),
                        objects(slices, &SliceHeader::series), objects(slices, &SliceHeader::frame_of_reference),
                        objects(slices, &SliceHeader::slope), objects(slices, &SliceHeader::intercept),
                        objects(slices, &SliceHeader::rescale_type), objects(slices, &SliceHeader::units), first_step(slices));
}

}  // namespace

void bind_slices(py::module_& m) {
  const py::object base = m.attr("DataSetBase");
  m.def("read_slices", [base](py::handle type, const py::list& paths, py::handle settings, std::size_t workers, bool keeps_headers) {
    return read_slices(data_set_type(type, base), paths, settings, workers, keeps_headers);
  });
}

}  // namespace turbodicom::bindings
