// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: interleaving and its inverse give the scalar form's bytes at every length, and write
// nothing behind them.
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/pixel/layout_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

std::vector<std::uint8_t> scattered(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  std::uint32_t state = 3;
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return data;
}

constexpr std::size_t kGuard = 40;

std::vector<std::uint8_t> interleaved(InterleaveFn function, const std::vector<std::uint8_t>& planes, std::size_t count,
                                      std::size_t plane_bytes) {
  std::vector<std::uint8_t> pixels(3 * plane_bytes + kGuard, 0xA5);
  function(Planes{{planes.data(), planes.data() + plane_bytes, planes.data() + 2 * plane_bytes}}, pixels.data(), count);
  return pixels;
}

std::vector<std::uint8_t> deinterleaved(DeinterleaveFn function, const std::vector<std::uint8_t>& pixels,
                                        std::size_t count, std::size_t plane_bytes) {
  const std::size_t gap = plane_bytes + kGuard;
  std::vector<std::uint8_t> planes(3 * gap, 0xA5);
  function(pixels.data(), MutablePlanes{{planes.data(), planes.data() + gap, planes.data() + 2 * gap}}, count);
  return planes;
}

}  // namespace

TEST_CASE("layout kernels of every instruction set equal the scalar ones at every length") {
  const LayoutKernels scalar = layout_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas()) {
    const LayoutKernels kernels = layout_kernels_of(isa);
    for (std::size_t count = 0; count < 150; ++count) {
      const std::vector<std::uint8_t> u8 = scattered(3 * count), u16 = scattered(6 * count);
      CHECK(interleaved(kernels.interleave3_u8, u8, count, count) == interleaved(scalar.interleave3_u8, u8, count, count));
      CHECK(interleaved(kernels.interleave3_u16, u16, count, 2 * count) ==
            interleaved(scalar.interleave3_u16, u16, count, 2 * count));
      CHECK(deinterleaved(kernels.deinterleave3_u8, u8, count, count) ==
            deinterleaved(scalar.deinterleave3_u8, u8, count, count));
      CHECK(deinterleaved(kernels.deinterleave3_u16, u16, count, 2 * count) ==
            deinterleaved(scalar.deinterleave3_u16, u16, count, 2 * count));
    }
  }
}
