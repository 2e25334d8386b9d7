// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Bits of a pixel cell outside the sample may hold anything (PS3.5 8.1.1): old overlays, sign copies,
// noise. This leaves the sample alone, as a number of its full type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/image_view.h"

namespace turbodicom::pixel {

// Each sample becomes the field of `bits_stored` bits whose top bit is `high_bit`, zero-extended for
// unsigned types and sign-extended for signed ones; in place. Integer types only, and
// 1 <= bits_stored <= high_bit + 1 <= bits of the type. With high_bit == bits_stored - 1 these are
// pydicom's values (shift left, shift right).
void clean_unused_bits(void* data, std::size_t count, SampleType type, std::uint32_t bits_stored,
                       std::uint32_t high_bit) noexcept;

}  // namespace turbodicom::pixel
