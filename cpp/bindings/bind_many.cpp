// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What python/turbodicom/_volume_sources.py asks of many data sets and their frames, in one call each.
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
#include "turbodicom/base/error.h"
#include "turbodicom/image/frame_reader.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using image::FrameReader;
using Readers = std::vector<std::shared_ptr<FrameReader>>;

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
std::vector<std::size_t> reader_kinds(const Readers& readers) {
  std::map<decltype(kind_of(*readers[0])), std::size_t> known;
  std::vector<std::size_t> firsts;
  firsts.reserve(readers.size());
  for (std::size_t i = 0; i < readers.size(); ++i) firsts.push_back(known.emplace(kind_of(*readers[i]), i).first->second);
  return firsts;
}

// Indexes of the readers whose check_frames() raises.
std::vector<std::size_t> unjustified_frames(const Readers& readers, const std::vector<std::uint64_t>& frames, bool tolerant) {
  if (readers.size() != frames.size()) throw py::value_error("a frame for each reader is needed");
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    try {
      readers[i]->check_frames({&frames[i], 1}, tolerant ? codec::OnError::report : codec::OnError::raise);
    } catch (const Error&) {
      found.push_back(i);
    }
  }
  return found;
}

}  // namespace

void bind_many(py::module_& m) {
  const py::object base = m.attr("DataSetBase");
  m.def("value_columns", [base](const py::list& datasets, const std::vector<std::uint32_t>& tags) { return value_columns(base, datasets, tags); });
  m.def("reader_kinds", reader_kinds);
  m.def("unjustified_frames", unjustified_frames);
}

}  // namespace turbodicom::bindings
