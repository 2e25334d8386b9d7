// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of the palette kernels gives the scalar form's offsets, pixels and counts at every
// length, and touches nothing else.
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/pixel/palette_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

std::vector<std::uint8_t> scattered(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  std::uint32_t state = 3;
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return data;
}

struct Kernel {
  OffsetsFn PaletteKernels::*function;
  std::size_t index_bytes;
};

constexpr Kernel kKernels[] = {{&PaletteKernels::offsets_u8, 1}, {&PaletteKernels::offsets_i8, 1},
                               {&PaletteKernels::offsets_u16, 2}, {&PaletteKernels::offsets_i16, 2}};

}  // namespace

TEST_CASE("palette offsets of every instruction set equal the scalar ones at every length") {
  const PaletteKernels reference = palette_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (const Kernel& kernel : kKernels)
      for (const ClipRule rule : {ClipRule{0, 0, 65535, 0}, {32768, 100, 60000, 100}, {0, 7, 7, 7}, {32768, 0, 40000, 65000}})
        for (std::size_t count = 0; count < 140; count += 1 + count / 70) {
          const std::vector<std::uint8_t> indexes = scattered(count * kernel.index_bytes);
          std::vector<std::uint16_t> expected(count + 40, 9), found(count + 40, 9);
          const std::size_t outside = (reference.*kernel.function)(indexes.data(), count, rule, expected.data());
          CHECK((palette_kernels_of(isa).*kernel.function)(indexes.data(), count, rule, found.data()) == outside);
          CHECK_MESSAGE(found == expected, name(isa), " ", count);
        }
}

TEST_CASE("resolved palettes of every instruction set that has them are looked up at every length") {
  std::vector<std::uint8_t> resolved = scattered(1024);
  for (std::size_t i = 768; i < 1024; ++i) resolved[i] = resolved[i] > 200 ? 0xFF : 0;
  for (const Isa isa : runnable_isas())
    for (std::size_t count = 0; count < 400; ++count) {
      const ResolvedFn function = palette_kernels_of(isa).resolved;
      if (function == nullptr) continue;
      const std::vector<std::uint8_t> indexes = scattered(count);
      std::vector<std::uint8_t> expected(3 * count + 70, 0xA5), found = expected;
      std::size_t outside = 0;
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < 3; ++k) expected[3 * i + k] = resolved[256 * k + indexes[i]];
        outside += resolved[768 + indexes[i]] != 0;
      }
      CHECK(function(indexes.data(), count, resolved.data(), found.data()) == outside);
      CHECK_MESSAGE(found == expected, name(isa), " ", count);
      std::vector<std::uint8_t> in_planes(3 * (count + 9), 0xA5);
      std::uint8_t* const planes[3] = {in_planes.data(), in_planes.data() + count + 9, in_planes.data() + 2 * (count + 9)};
      CHECK(palette_kernels_of(isa).resolved_planes(indexes.data(), count, resolved.data(), planes) == outside);
      for (std::size_t i = 0; i < in_planes.size(); ++i) {
        const std::size_t k = i / (count + 9), at = i % (count + 9);
        CHECK(in_planes[i] == (at < count ? expected[3 * at + k] : 0xA5));
      }
    }
}
