// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Samples from one arrangement of memory into another: Planar Configuration (PS3.3 C.7.6.3.1.3),
// the caller's array with any strides, planar output.
#pragma once

#include "turbodicom/base/image_view.h"

namespace turbodicom::pixel {

// Copies every sample. Both views have the same type, rows, columns and samples; they do not overlap.
// They describe memory that exists, so products of their sizes fit.
void copy_image(ConstImageView from, ImageView to) noexcept;

}  // namespace turbodicom::pixel
