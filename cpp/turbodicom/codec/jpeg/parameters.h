// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What may be chosen when a JPEG codestream is written (ITU-T T.81). The default is lossless, first
// predictor: what goes in comes out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace turbodicom::codec::jpeg {

// The Huffman-coded processes (T.81 Table B.1) we read and write.
enum class Process : std::uint8_t { baseline, extended, progressive, lossless };

// Q(k) of B.2.4.1 in zig-zag order, 1..255, with 12 bits of precision 1..65535.
using QuantTable = std::array<std::uint16_t, 64>;

struct Parameters {
  Process process = Process::lossless;

  // DCT processes.
  std::uint32_t quality = 90;            // 1..100, scales the tables of T.81 Annex K as libjpeg does
  std::optional<QuantTable> luminance;   // explicit tables; one of them stands for both
  std::optional<QuantTable> chrominance;
  std::uint32_t horizontal_sampling = 1;  // H and V of the first of three components, 1, 2 or 4 (V: 1 or 2); the others are 1
  std::uint32_t vertical_sampling = 1;
  bool successive_approximation = true;  // progressive: full progression; false: spectral selection alone (G.1.1.1)
  bool rgb_to_ycc = true;                // three components: code Y, Cb, Cr (with JFIF) instead of the samples as they are

  // Lossless.
  std::uint32_t predictor = 1;           // selection value 1..7 (Table H.1); 0: the one with the shortest code
  std::uint32_t point_transform = 0;     // Pt: low bits dropped (H.1.2.1)

  // All.
  bool optimise_huffman = true;          // tables made for this image, not those of Annex K
  std::uint32_t restart_interval = 0;    // in MCUs; 0: none
  bool restart_every_row = false;        // an interval of one row of MCUs
};

}  // namespace turbodicom::codec::jpeg
