// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Columns of a frame table: a field of the per-frame functional groups, of the shared ones where the frame's have
// no such group (PS3.3 C.7.6.16.1), as an array. One row for all frames where nothing is said per frame.
#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <optional>

#include "data_set_object.h"
#include "turbodicom/dicom/frame_groups.h"

namespace turbodicom::bindings {

struct FrameColumns {
  dicom::FrameGroups per_frame;
  dicom::FrameGroups shared;
  std::vector<dicom::GroupField> fields;
  std::vector<dicom::VR> vrs;  // per field: for values whose VR is not written, or UN
  std::uint64_t frames = 0;
};

inline constexpr std::ptrdiff_t kAsManyAsThereAre = -1;

struct NumberColumn {
  pybind11::object array = pybind11::none();   // None: in no functional group
  std::uint64_t misfits = 0;                   // values that are no numbers, or not so many
  std::uint64_t first_misfit = 0;              // byte in the file
};

// float64 with NaN, or int64 with -1, for what is missing. Shape (rows, width); `width` may be kAsManyAsThereAre.
NumberColumn number_column(const FrameColumns& columns, std::size_t field, std::ptrdiff_t width, bool is_integer);

// Objects as Dataset gives them, None for what is missing; nothing when in no functional group.
pybind11::object object_column(DataSetObject* self, const FrameColumns& columns, std::size_t field);

}  // namespace turbodicom::bindings
