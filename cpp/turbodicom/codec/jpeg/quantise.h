// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Quantisation (T.81 A.3.4): Annex K's tables scaled by libjpeg's quality, and division by multiplication.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/parameters.h"
#include "turbodicom/codec/jpeg/zig_zag.h"

namespace turbodicom::codec::jpeg {

// T.81 Tables K.1 and K.2 as libjpeg scales them: by 5000/quality below 50, by 200 - 2 quality from there on, in
// percent, rounded, at least 1 and at most 255, for 12 bits too. Zig-zag order.
QuantTable scaled_quant_table(bool chrominance, std::uint32_t quality);

// Division of what the FDCT gives, 8 times the coefficient of A.3.3, by 8 Q with ties away from zero. Row-major.
struct Divisors {
  explicit Divisors(const QuantTable& zig_zag_table);

  // For 16-bit lanes, 8-bit samples: ((|x| + half) * reciprocal >> 16) * scale >> 16. Q is at most 255.
  alignas(64) std::array<std::uint16_t, 64> half, reciprocal, scale;
  // For 32-bit lanes, 12-bit samples: ((|x| + wide_half) >> 3) * wide_reciprocal >> wide_shift.
  alignas(64) std::array<std::uint32_t, 64> wide_half, wide_reciprocal, wide_shift;
};

}  // namespace turbodicom::codec::jpeg
