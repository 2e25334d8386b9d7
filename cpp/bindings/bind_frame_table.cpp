// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// dicom::FrameGroups for python/turbodicom/_frame_table.py, which says what the columns are.
#include <pybind11/stl.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "data_set_access.h"
#include "frame_columns.h"
#include "turbodicom/base/error.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

constexpr dicom::Tag kSharedFunctionalGroups{0x5200'9229};
constexpr dicom::Tag kPerFrameFunctionalGroups{0x5200'9230};

using Steps = std::vector<std::pair<std::uint32_t, std::uint32_t>>;      // sequence, item
using FieldRow = std::tuple<Steps, std::uint32_t, std::string>;          // steps, tag, VR

DataSetObject* data_set_of(py::handle dataset) {
  const py::handle base = py::module_::import("turbodicom._core").attr("DataSetBase");
  if (!py::isinstance(dataset, base)) throw py::type_error("not a Dataset");
  return as_data_set(dataset.ptr());
}

Limits limits_of(const DataSetObject* self) {
  if (self->settings == nullptr || self->settings == Py_None) return {};
  return limits_from(PyTuple_GET_ITEM(self->settings, 1));
}

void add_field(FrameColumns& columns, const FieldRow& row) {
  const auto& [steps, tag, vr] = row;
  if (vr.size() != 2) throw py::value_error("a VR is two letters");
  dicom::GroupField field{{}, {tag}};
  for (const auto& [sequence, item] : steps) field.path.push_back({{sequence}, item});
  columns.fields.push_back(std::move(field));
  columns.vrs.push_back(dicom::make_vr(static_cast<std::uint8_t>(vr[0]), static_cast<std::uint8_t>(vr[1])));
}

// A frame has an item, or at least a byte of the file.
void check_frames(std::uint64_t frames, std::uint64_t items, std::uint64_t bytes, const Limits& limits) {
  if (frames > limits.elements)
    fail(Errc::limit_exceeded, 0, "frame table: NumberOfFrames is " + std::to_string(frames) + ", more than the limit of " +
                                      std::to_string(limits.elements) + " elements");
  if (frames > items && frames > bytes)
    fail(Errc::conformance, 0, "frame table: NumberOfFrames is " + std::to_string(frames) + ", but the file has only " +
                                   std::to_string(bytes) + " bytes (PS3.3 C.7.6.6)");
}

FrameColumns read_columns(py::handle dataset, const std::vector<FieldRow>& fields, std::uint64_t frames) {
  const DataSetObject* self = data_set_of(dataset);
  const Limits limits = limits_of(self);
  const dicom::DataSet& data_set = core_of(as_data_set(dataset.ptr()));
  FrameColumns columns;
  columns.frames = frames;
  for (const FieldRow& field : fields) add_field(columns, field);
  const GilRelease unlocked;
  columns.shared = dicom::read_frame_groups(data_set, kSharedFunctionalGroups, columns.fields, 1, limits);
  columns.per_frame = dicom::read_frame_groups(data_set, kPerFrameFunctionalGroups, columns.fields, frames, limits);
  check_frames(frames, columns.per_frame.items(), data_set.source()->size_bytes(), limits);
  return columns;
}

py::object items_of(const dicom::FrameGroups& groups) {
  if (!groups.is_present()) return py::none();
  return py::int_(groups.items());
}

void check_field(const FrameColumns& columns, std::size_t field) {
  if (field >= columns.fields.size()) throw py::index_error("no such field");
}

}  // namespace

void bind_frame_table(py::module_& m) {
  py::class_<FrameColumns>(m, "FrameColumns")
      .def(py::init(&read_columns))
      .def_property_readonly("items", [](const FrameColumns& columns) { return items_of(columns.per_frame); })
      .def_property_readonly("shared_items", [](const FrameColumns& columns) { return items_of(columns.shared); })
      .def("numbers",
           [](const FrameColumns& columns, std::size_t field, std::ptrdiff_t width, bool is_integer) {
             check_field(columns, field);
             if (width < kAsManyAsThereAre || width > 1024) throw py::value_error("width must be -1 to 1024");
             const NumberColumn column = number_column(columns, field, width, is_integer);
             return py::make_tuple(column.array, column.misfits, column.first_misfit);
           })
      .def("objects", [](const FrameColumns& columns, py::handle dataset, std::size_t field) {
        check_field(columns, field);
        return object_column(data_set_of(dataset), columns, field);
      });
}

}  // namespace turbodicom::bindings
