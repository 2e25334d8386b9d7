// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: what is encoded fits max_encoded_size, decodes to the same samples without a quirk, and is
// the same from every kernel level as from the scalar ones. The first three bytes choose the image; the
// rest is its samples, repeated as often as needed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "turbodicom/codec/rle/kernels.h"
#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;

namespace {

void require(bool property) {
  if (!property) std::abort();
}

// The kernels of every level give what the scalar ones give for this stream's first segment.
void compare_levels(const std::vector<std::uint8_t>& stream) {
  constexpr std::size_t kGoal = 4096;
  const std::uint8_t* const begin = stream.data() + 64;
  const std::uint8_t* const end = stream.data() + stream.size();
  for (const Isa isa : runnable_isas()) {
    const rle::RleKernels kernels = rle::rle_kernels(isa);
    const rle::RleKernels scalar = rle::rle_kernels(Isa::scalar);
    std::vector<std::uint8_t> out(kGoal + rle::kOvershoot), expected(kGoal + 2 * rle::kOvershoot);
    const std::uint8_t* next = begin;
    const std::size_t done = kernels.unpack(next, end, out.data(), kGoal);
    const std::uint8_t* scalar_next = begin;
    // The scalar kernel stops at the first run that reaches its goal: asked for as much, it gives as much.
    const std::size_t scalar_done = done == 0 ? 0 : scalar.unpack(scalar_next, end, expected.data(), done);
    require(scalar_done == done);
    require(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(done), expected.begin()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  constexpr SampleType kTypes[] = {SampleType::u8, SampleType::i16, SampleType::u32, SampleType::f64};
  const SampleType type = kTypes[data[2] & 3];
  const std::uint32_t rows = 1u + data[0] % 16, columns = 1u + data[1] * (data[2] & 0x80 ? 3u : 1u);
  const std::uint32_t samples = std::min<std::uint32_t>(1u + (data[2] >> 2 & 3), static_cast<std::uint32_t>(15 / bytes_of(type)));
  std::vector<std::uint8_t> image(std::size_t{rows} * columns * samples * bytes_of(type));
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = data[3 + i % (size - 3)];

  const auto make = data[2] & 0x40 ? planar_view<const std::uint8_t> : interleaved_view<const std::uint8_t>;
  std::vector<std::uint8_t> stream(rle::max_encoded_size({rows, columns, samples, type, 0}, {}));
  const std::size_t encoded = rle::encode(make(image.data(), type, rows, columns, samples), stream, {});
  require(encoded <= stream.size());
  stream.resize(encoded);
  stream.shrink_to_fit();

  std::vector<std::uint8_t> out(image.size());
  const auto target = data[2] & 0x40 ? planar_view(out.data(), type, rows, columns, samples)
                                     : interleaved_view(out.data(), type, rows, columns, samples);
  const DecodeReport report = rle::decode(stream, target, {});
  require(out == image);
  require(report.quirks.empty());
  compare_levels(stream);
  return 0;
}
