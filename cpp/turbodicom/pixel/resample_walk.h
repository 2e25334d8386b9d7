// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Along one axis: which source pixels a result is made of, and with which weights. Tables for resample.cpp.
// Double arithmetic in the order of DCMTK's dcmimgle/discalet.h; what is peculiar to it is marked.
#pragma once

#include <cstddef>
#include <vector>

namespace turbodicom::pixel {

// Source pixels first..last lie under a result; the first counts `head`, the last `tail`, those between 1. One pixel
// alone counts `head`.
struct Cover {
  std::size_t first = 0, last = 0;
  double head = 1, tail = 0;
};

// For wanted >= size weights are parts of the result's pixel, else of the source's.
std::vector<Cover> covers(std::size_t size, std::size_t wanted);

// A result lies `fraction` behind source pixel `index`; four pixels count (Catmull-Rom) or two.
struct Tap {
  std::size_t index = 0;
  double fraction = 0;
  bool is_cubic = false;
};

// size >= 2. With `stops_short` the last result is the pixel the walk has come to, often the last but one (DCMTK's columns).
std::vector<Tap> linear_taps(std::size_t size, std::size_t wanted, bool stops_short);

// size >= 3. A margin of linear ones, cubic ones, and twice the margin of linear ones (DCMTK's columns).
std::vector<Tap> cubic_column_taps(std::size_t size, std::size_t wanted);

// size >= 3. A margin of linear ones, cubic ones, and a margin of linear ones in the last gap (DCMTK's rows).
std::vector<Tap> cubic_row_taps(std::size_t size, std::size_t wanted);

}  // namespace turbodicom::pixel
