// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: sums and exchanges of every instruction set give the scalar form's bits at every length, and write nothing
// behind them.
#include <cstring>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/pixel/antialias_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

constexpr std::size_t kGuard = 16;
using Floats = std::vector<float>;

Floats scattered(std::size_t count) {
  Floats values(count);
  std::uint32_t state = 3;
  for (float& value : values) value = static_cast<float>((state = state * 1664525 + 1013904223) >> 8) * 0x1.3p-15f - 200;
  return values;
}

bool is_same(const Floats& a, const Floats& b) { return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0; }

Floats blended_rows(const AntialiasKernels& kernels, const Floats& values, std::size_t taps, std::size_t count) {
  std::vector<const float*> rows(taps);
  for (std::size_t tap = 0; tap < taps; ++tap) rows[tap] = values.data() + tap * count;
  Floats to(count + kGuard, 5);
  kernels.blend_rows(rows.data(), values.data() + 7, taps, to.data(), count);
  return to;
}

Floats blended_columns(const AntialiasKernels& kernels, const Floats& values, std::size_t taps, std::size_t results, std::size_t samples) {
  std::vector<std::uint32_t> begins(results);
  for (std::size_t i = 0; i < results; ++i) begins[i] = static_cast<std::uint32_t>(i * 2 % 11);
  Floats to(results * samples * kLanes + kGuard, 5);
  kernels.blend_columns(values.data(), {begins.data(), values.data() + 3, taps, results}, samples, to.data());
  return to;
}

Floats as_lanes(const AntialiasKernels& kernels, const Floats& values, std::size_t count) {
  Floats to(count * kLanes + kGuard, 5);
  kernels.to_lanes(values.data(), count + 3, to.data(), count);
  return to;
}

Floats as_rows(const AntialiasKernels& kernels, const Floats& values, std::size_t count) {
  Floats to((count + 3) * kLanes + kGuard, 5);
  kernels.from_lanes(values.data(), to.data(), count + 3, count);
  return to;
}

}  // namespace

TEST_CASE("antialias kernels of every instruction set equal the scalar ones at every length") {
  const AntialiasKernels scalar = antialias_kernels_of(Isa::scalar);
  const Floats values = scattered(4096);
  for (const Isa isa : runnable_isas()) {
    const AntialiasKernels kernels = antialias_kernels_of(isa);
    for (std::size_t count = 0; count < 100; ++count) {
      for (const std::size_t taps : {1, 2, 5, 9}) {
        CHECK(is_same(blended_rows(kernels, values, taps, count), blended_rows(scalar, values, taps, count)));
        for (const std::size_t samples : {1, 3})
          CHECK(is_same(blended_columns(kernels, values, taps, count, samples), blended_columns(scalar, values, taps, count, samples)));
      }
      CHECK(is_same(as_lanes(kernels, values, count), as_lanes(scalar, values, count)));
      CHECK(is_same(as_rows(kernels, values, count), as_rows(scalar, values, count)));
    }
  }
}

TEST_CASE("lanes and rows change places and back") {
  for (const Isa isa : runnable_isas()) {
    const AntialiasKernels kernels = antialias_kernels_of(isa);
    const Floats values = scattered(8 * 40);
    Floats lanes(8 * 37), rows(8 * 40, 0);
    kernels.to_lanes(values.data(), 40, lanes.data(), 37);
    kernels.from_lanes(lanes.data(), rows.data(), 40, 37);
    for (std::size_t row = 0; row < 8; ++row)
      for (std::size_t i = 0; i < 37; ++i) {
        CHECK(lanes[i * 8 + row] == values[row * 40 + i]);
        CHECK(rows[row * 40 + i] == values[row * 40 + i]);
      }
  }
}
