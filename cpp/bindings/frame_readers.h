// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// _core.FrameReaders: those of many slices, without a Python object for each.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <vector>

#include "turbodicom/image/frame_reader.h"

namespace turbodicom::bindings {

// Immutable, so that other threads may have it while this one is without the GIL.
struct FrameReaders {
  std::vector<std::shared_ptr<image::FrameReader>> all;  // none is null
};

}  // namespace turbodicom::bindings
