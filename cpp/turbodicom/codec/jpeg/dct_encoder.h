// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What encode_dct() (encoder.h) decides before it touches a sample: the frame header, the quantisation tables and
// the restart interval, from the image and the parameters.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/encoder.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

struct DctPlan {
  // Throws invalid_argument for what cannot be coded.
  DctPlan(const FrameInfo& image, std::uint32_t precision, const Parameters& parameters);

  FrameHeader frame;
  bool is_ycc = false;             // three components, coded as Y, Cb, Cr
  std::array<QuantTable, 2> quant; // the second is for Cb and Cr
  bool optimise_huffman = true;    // always where Annex K's tables lack symbols: 12 bits, progressive
  bool successive_approximation = true;  // in progressive scans
  // In MCUs of a scan whose rows have so many; 0: none.
  std::uint32_t restart_interval(std::uint32_t mcus_per_row) const noexcept;

 private:
  std::uint32_t restart_interval_;
  bool restart_every_row_;
};

}  // namespace turbodicom::codec::jpeg
