// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What python/turbodicom/_volume_sources.py asks of many data sets, and of the readers of their frames, in one call each.
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <tuple>
#include <vector>

#include "bindings.h"
#include "data_set_access.h"
#include "frame_readers.h"
#include "turbodicom/base/error.h"
#include "turbodicom/image/frame_reader.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using image::FrameReader;

// The elements of some tags, in their order, in one pass over a data set: a search for each of them would jump through memory
// that another thread has just written.
class TagPass {
 public:
  explicit TagPass(const std::vector<std::uint32_t>& tags) : tags_(tags), order_(tags.size()), found_(tags.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::sort(order_, {}, [&](std::size_t t) { return tags_[t]; });
  }

  // For each tag, as given; null without one. Valid until the next call.
  const std::vector<const dicom::Element*>& run(const dicom::DataSet& data_set) {
    const std::vector<dicom::Element>& elements = data_set.leading_elements();
    auto next = elements.begin();
    for (const std::size_t t : order_) {
      const dicom::Tag tag{tags_[t]};
      while (next != elements.end() && next->tag < tag) ++next;
      const bool is_leading = next != elements.end() && next->tag == tag;
      found_[t] = is_leading ? &*next : tag < dicom::tags::kPixelData ? nullptr : data_set.find(tag);
    }
    return found_;
  }

 private:
  const std::vector<std::uint32_t>& tags_;
  std::vector<std::size_t> order_;
  std::vector<const dicom::Element*> found_;
};

// A list of values for each tag: None for what is absent, True for a sequence. And why a data set gives none, by its index:
// the exception that getting a value raises. What is no data set gives none either.
py::tuple value_columns(py::handle base, const py::list& list, const std::vector<std::uint32_t>& tags) {
  const py::tuple datasets(list);
  std::vector<RepeatedValue> values(tags.size());
  std::vector<py::list> columns;
  for (std::size_t t = 0; t < tags.size(); ++t) columns.emplace_back(datasets.size());
  py::dict failures;
  TagPass pass(tags);
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    const py::handle entry = datasets[i].ptr();
    std::size_t t = 0;
    try {
      DataSetObject* const self = py::isinstance(entry, base) ? as_data_set(entry.ptr()) : nullptr;
      if (self != nullptr) {
        const auto& elements = pass.run(core_of(self));
        for (; t < tags.size(); ++t) columns[t][i] = elements[t] != nullptr ? values[t].get(self, *elements[t]) : py::none();
      }
    } catch (...) {
      failures[py::int_(i)] = exception_value(std::current_exception());
    }
    for (; t < tags.size(); ++t) columns[t][i] = py::none();
  }
  return py::make_tuple(py::cast(columns), failures);
}

// What frames of one array should have in common.
auto kind_of(const FrameReader& reader) {
  const image::FrameLayout& layout = reader.layout();
  return std::tuple(layout.rows, layout.columns, layout.samples_per_pixel, layout.type, layout.bits_stored, layout.is_signed,
                    reader.road(), std::string_view(layout.photometric_interpretation), &reader.transfer_syntax());
}

// For each reader the index of the first one of its kind.
std::vector<std::size_t> kinds(const FrameReaders& readers) {
  std::map<decltype(kind_of(*readers.all[0])), std::size_t> known;
  std::vector<std::size_t> firsts;
  firsts.reserve(readers.all.size());
  for (std::size_t i = 0; i < readers.all.size(); ++i) firsts.push_back(known.emplace(kind_of(*readers.all[i]), i).first->second);
  return firsts;
}

// Indexes of the readers whose check_frames() raises.
std::vector<std::size_t> unjustified(const FrameReaders& readers, const std::vector<std::uint64_t>& frames, bool tolerant) {
  if (readers.all.size() != frames.size()) throw py::value_error("a frame for each reader is needed");
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    try {
      readers.all[i]->check_frames({&frames[i], 1}, tolerant ? codec::OnError::report : codec::OnError::raise);
    } catch (const Error&) {
      found.push_back(i);
    }
  }
  return found;
}

FrameReaders from_list(const py::list& list) {
  FrameReaders readers;
  readers.all.reserve(list.size());
  for (const py::handle reader : list) {
    readers.all.push_back(reader.cast<std::shared_ptr<FrameReader>>());
    if (readers.all.back() == nullptr) throw py::type_error("a FrameReader is needed");
  }
  return readers;
}

std::shared_ptr<FrameReader> reader_at(const FrameReaders& readers, std::size_t index) {
  if (index >= readers.all.size()) throw py::index_error("no such reader");
  return readers.all[index];
}

FrameReaders picked(const FrameReaders& readers, const std::vector<std::size_t>& indexes) {
  FrameReaders result;
  result.all.reserve(indexes.size());
  for (const std::size_t index : indexes) result.all.push_back(reader_at(readers, index));
  return result;
}

}  // namespace

void bind_many(py::module_& m) {
  const py::object base = m.attr("DataSetBase");
  m.def("value_columns", [base](const py::list& datasets, const std::vector<std::uint32_t>& tags) { return value_columns(base, datasets, tags); });
  py::class_<FrameReaders>(m, "FrameReaders")
      .def(py::init(&from_list), py::arg("readers"))
      .def("__len__", [](const FrameReaders& self) { return self.all.size(); })
      .def("__getitem__", reader_at)
      .def("picked", picked)
      .def("kinds", kinds)
      .def("unjustified", unjustified);
}

}  // namespace turbodicom::bindings
