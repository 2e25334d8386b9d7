// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: what is encoded fits max_encoded_size, decodes to the same samples without a quirk, and is
// unpacked and woven by the level that the third byte picks as by the scalar one (RELIABILITY H1). The
// first three bytes choose the image; the rest is its samples, repeated as often as needed. Images are small,
// since a thousand pixels already meet every loop.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "turbodicom/codec/rle/kernels.h"
#include "turbodicom/codec/rle/rle.h"
#include "turbodicom/codec/rle/weave.h"

using namespace turbodicom;
using namespace turbodicom::codec;

namespace {

void require(bool property) {
  if (!property) std::abort();
}

// The kernels of one level give what the scalar ones give for this stream's first segment.
void compare_with_scalar(Isa isa, ByteView segment) {
  const rle::RleKernels kernels = rle::rle_kernels(isa), scalar = rle::rle_kernels(Isa::scalar);
  constexpr std::size_t kGoal = 256;
  const std::uint8_t* const end = segment.data() + segment.size();
  std::uint8_t out[kGoal + rle::kOvershoot], expected[kGoal + 2 * rle::kOvershoot];
  const std::uint8_t* next = segment.data();
  const std::uint8_t* scalar_next = next;
  for (std::size_t done = 1; done > 0;) {
    done = kernels.unpack(next, end, out, kGoal);
    // The scalar kernel stops at the first run that reaches its goal: asked for as much, it gives as much.
    require(scalar.unpack(scalar_next, end, expected, done) == done);
    require(std::equal(out, out + done, expected));
  }
}

void compare_with_scalar(Isa isa, ByteView bytes, std::size_t planes) {
  const std::size_t count = bytes.size() / planes;
  std::array<const std::uint8_t*, rle::kMaxPlanes> plane{};
  for (std::size_t k = 0; k < planes; ++k) plane[k] = bytes.data() + k * count;
  std::vector<std::uint8_t> out(count * planes), expected(count * planes);
  rle::weave_kernels(isa).of[planes](plane.data(), count, out.data());
  rle::weave_kernels(Isa::scalar).of[planes](plane.data(), count, expected.data());
  require(out == expected);
  rle::weave_kernels(isa).past_caches[planes](plane.data(), count, out.data());
  require(out == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  constexpr SampleType kTypes[] = {SampleType::u8, SampleType::i16, SampleType::u32, SampleType::f64};
  const SampleType type = kTypes[data[2] & 3];
  const std::span<const Isa> levels = runnable_isas();
  const Isa isa = levels[(data[2] >> 4 & 3) % levels.size()];
  const std::uint32_t rows = 1u + data[0] % 8, columns = 1u + data[1] % (data[2] & 0x80 ? 256u : 64u);
  const auto most_samples = static_cast<std::uint32_t>(15 / bytes_of(type));  // PS3.5 G.5
  const std::uint32_t samples = std::min(1u + (data[2] >> 2 & 3), most_samples);
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
  DecodeOptions options;
  options.passes_caches = (data[2] & 0x20) != 0;
  const DecodeReport report = rle::decode(stream, target, options);
  require(out == image);
  require(report.quirks.empty());
  compare_with_scalar(isa, ByteView(stream).subspan(64));
  compare_with_scalar(isa, image, samples * bytes_of(type));
  return 0;
}
