// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What libjpeg-turbo shows of a progressive image whose last bits have not come: DC coefficients smoothed, and the first
// nine AC coefficients estimated, from the DC coefficients of 5 x 5 blocks (an extension of T.81 K.8).
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/codec/jpeg/coefficients.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/progressive_scan.h"
#include "turbodicom/codec/jpeg/reconstructor.h"

namespace turbodicom::codec::jpeg {

class Smoothing {
 public:
  // References stay the caller's and live as long.
  // `last_good_row`: of MCUs, the last that the latest scan reached before its bytes ran out.
  Smoothing(const FrameHeader& frame, const ComponentTables& tables, const Progression& progression, std::uint32_t last_good_row);

  // Whether libjpeg-turbo would smooth this image.
  bool applies() const noexcept { return applies_; }
  // Row `mcu_row` of MCUs of `from`, smoothed, into `to`, which has room for one such row.
  void smooth(Coefficients& from, std::uint32_t mcu_row, Coefficients& to) const;

 private:
  std::array<std::int8_t, 64> bits_in(std::uint32_t mcu_row, std::uint32_t c) const;
  void smooth_component(Coefficients& from, std::uint32_t mcu_row, Coefficients& to, std::uint32_t c) const;

  const FrameHeader& frame_;
  const ComponentTables& tables_;
  const Progression& progression_;
  std::uint32_t last_good_row_;
  bool applies_ = false;
};

}  // namespace turbodicom::codec::jpeg
