// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: every vector form of the colour kernels gives the scalar form's bytes, writes nothing else,
// and may work in place.
#include <algorithm>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/pixel/colour_kernels.h"

using namespace turbodicom;
using namespace turbodicom::pixel;

namespace {

struct Kernel {
  const char* name;
  ColourFn ColourKernels::*function;
  std::size_t bytes_in;  // per pixel
};

constexpr Kernel kKernels[] = {{"full", &ColourKernels::full, 3},
                               {"full_422", &ColourKernels::full_422, 2},
                               {"upsample_422", &ColourKernels::upsample_422, 2}};

// Every y, cb and cr meets every other within 2^24 pixels.
std::vector<std::uint8_t> all_triples_of(unsigned y) {
  std::vector<std::uint8_t> ybr;
  for (unsigned chroma = 0; chroma < 65536; ++chroma)
    for (const unsigned sample : {y, chroma >> 8, chroma & 255}) ybr.push_back(static_cast<std::uint8_t>(sample));
  return ybr;
}

// The same for 4:2:2 groups.
std::vector<std::uint8_t> all_groups_of(unsigned y) {
  std::vector<std::uint8_t> packed;
  for (unsigned chroma = 0; chroma < 65536; ++chroma)
    for (const unsigned sample : {y, 255 - y, chroma >> 8, chroma & 255})
      packed.push_back(static_cast<std::uint8_t>(sample));
  return packed;
}

// The one chroma whose rounding depends on Y, at every place of a block of 64 with every Y; with a
// neighbouring chroma in every third pixel (or group, of `lumas` Y samples).
std::vector<std::uint8_t> ties(std::size_t lumas, std::size_t third) {
  std::vector<std::uint8_t> samples;
  for (std::size_t i = 0; i < 64 * 256; ++i) {
    for (std::size_t k = 0; k < lumas; ++k) samples.push_back(static_cast<std::uint8_t>(i / 64 + i + 7 * k));
    const auto next = static_cast<std::uint8_t>(i % 3 == third ? 1 : 0);
    samples.push_back(static_cast<std::uint8_t>(kTieCb + next));
    samples.push_back(kTieCr);
  }
  return samples;
}

std::vector<std::uint8_t> scattered(std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return data;
}

}  // namespace

TEST_CASE("colour kernels of every instruction set equal the scalar ones on all triples") {
  const ColourKernels reference = colour_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas()) {
    const ColourKernels kernels = colour_kernels_of(isa);
    std::size_t wrong = 0;
    std::vector<std::uint8_t> expected(3 * 65536), found(3 * 65536);
    for (unsigned y = 0; y < 256; ++y) {
      const std::vector<std::uint8_t> ybr = all_triples_of(y);
      reference.full(ybr.data(), expected.data(), 65536);
      kernels.full(ybr.data(), found.data(), 65536);
      wrong += found != expected;
    }
    CHECK_MESSAGE(wrong == 0, name(isa));
  }
}

TEST_CASE("4:2:2 colour kernels of every instruction set equal the scalar ones on all triples") {
  const ColourKernels reference = colour_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas()) {
    std::size_t wrong = 0;
    std::vector<std::uint8_t> expected(6 * 65536), found(6 * 65536);
    for (unsigned y = 0; y < 256; ++y) {
      const std::vector<std::uint8_t> packed = all_groups_of(y);
      reference.full_422(packed.data(), expected.data(), 2 * 65536);
      colour_kernels_of(isa).full_422(packed.data(), found.data(), 2 * 65536);
      wrong += found != expected;
    }
    CHECK_MESSAGE(wrong == 0, name(isa));
  }
}

TEST_CASE("colour kernels of every instruction set settle ties at every place of a block") {
  const ColourKernels reference = colour_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (const std::size_t lumas : {1, 2})
      for (std::size_t third = 0; third < 3; ++third) {
        const auto function = lumas == 1 ? &ColourKernels::full : &ColourKernels::full_422;
        const std::size_t pixels = lumas * 64 * 256;
        const std::vector<std::uint8_t> samples = ties(lumas, third);
        std::vector<std::uint8_t> expected(3 * pixels), found(3 * pixels);
        (reference.*function)(samples.data(), expected.data(), pixels);
        (colour_kernels_of(isa).*function)(samples.data(), found.data(), pixels);
        CHECK_MESSAGE(found == expected, name(isa), " ", lumas, " ", third);
      }
}

TEST_CASE("colour kernels of every instruction set handle every length and write nothing behind it") {
  const ColourKernels reference = colour_kernels_of(Isa::scalar);
  for (const Isa isa : runnable_isas())
    for (const Kernel& kernel : kKernels)
      for (std::size_t pixels = 0; pixels <= 330; pixels += kernel.bytes_in == 2 ? 2 : 1) {
        const std::vector<std::uint8_t> from = scattered(kernel.bytes_in * pixels);
        std::vector<std::uint8_t> expected(3 * pixels + 64, 0xA5), found(3 * pixels + 64, 0xA5);
        (reference.*kernel.function)(from.data(), expected.data(), pixels);
        (colour_kernels_of(isa).*kernel.function)(from.data(), found.data(), pixels);
        CHECK_MESSAGE(found == expected, kernel.name, " ", name(isa), " ", pixels);

        std::vector<std::uint8_t> tail(3 * pixels);
        std::copy(from.rbegin(), from.rend(), tail.rbegin());
        (colour_kernels_of(isa).*kernel.function)(tail.data() + (3 - kernel.bytes_in) * pixels, tail.data(), pixels);
        CHECK_MESSAGE(std::equal(tail.begin(), tail.end(), expected.begin()), kernel.name, " in place");
      }
}
