// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: what is encoded fits max_encoded_size, has an even length and decodes without error or quirk: to the same
// samples where it is lossless (their low bits cleared by the point transform), and for the DCT processes to the
// same ones from one thread and from two. Parameters out of range are a typed error. The first eight bytes choose
// image and parameters; the rest is its samples, repeated as often as needed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "turbodicom/codec/jpeg/jpeg.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using jpeg::Process;

namespace {

constexpr std::size_t kHead = 8;

void require(bool property) {
  if (!property) std::abort();
}

struct Case {
  std::uint32_t rows, columns, samples;
  SampleType type;
  bool planar;
  EncodeParameters parameters;
};

std::uint32_t precision_of(Process process, unsigned chosen) {
  if (process == Process::lossless) return 2 + chosen % 15;
  return process == Process::baseline || chosen % 2 == 0 ? 8 : 12;
}

Case case_from(const std::uint8_t* head) {
  constexpr Process kProcesses[] = {Process::lossless, Process::baseline, Process::extended, Process::progressive};
  constexpr std::uint32_t kSamples[] = {1, 3, 2, 4};
  Case chosen{1u + head[0] % 40, 1u + head[1] % 100, kSamples[head[2] & 3], SampleType::u8, (head[2] & 4) != 0, {}};
  jpeg::Parameters& parameters = chosen.parameters.jpeg;
  parameters.process = kProcesses[head[2] >> 3 & 3];
  chosen.parameters.precision = precision_of(parameters.process, head[3]);
  chosen.type = chosen.parameters.precision > 8 ? SampleType::u16 : SampleType::u8;
  parameters.quality = 1 + head[4] % 100;
  if (chosen.samples == 3) {
    parameters.horizontal_sampling = 1u << (head[5] & 3) % 3;
    parameters.vertical_sampling = 1u << (head[5] >> 2 & 1);
  }
  parameters.rgb_to_ycc = (head[5] & 8) != 0;
  parameters.optimise_huffman = (head[5] & 16) != 0;
  parameters.successive_approximation = (head[2] & 32) == 0;
  parameters.restart_every_row = (head[5] & 32) != 0;
  parameters.predictor = head[6] % 8;
  parameters.point_transform = (head[6] >> 3) % 16;
  parameters.restart_interval = head[5] & 64 ? head[7] : 0;
  if (head[5] & 128) parameters.luminance.emplace().fill(static_cast<std::uint16_t>(1 + head[7] % 255));
  return chosen;
}

// Samples of `precision` bits, little endian.
std::vector<std::uint8_t> samples_for(const Case& chosen, const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> image(std::size_t{chosen.rows} * chosen.columns * chosen.samples * bytes_of(chosen.type));
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = data[i % size];
  const std::uint32_t precision = chosen.parameters.precision;
  const std::size_t bytes = bytes_of(chosen.type);
  const auto mask = static_cast<std::uint8_t>((1u << (precision - 8 * static_cast<std::uint32_t>(bytes - 1))) - 1);
  for (std::size_t i = bytes - 1; i < image.size(); i += bytes) image[i] &= mask;
  return image;
}

void clear_low_bits(std::vector<std::uint8_t>& image, const Case& chosen) {
  const unsigned mask = 0xFFFFu << chosen.parameters.jpeg.point_transform;
  const std::size_t bytes = bytes_of(chosen.type);
  for (std::size_t i = 0; i < image.size(); i += bytes) {
    image[i] = static_cast<std::uint8_t>(image[i] & mask);
    if (bytes == 2) image[i + 1] = static_cast<std::uint8_t>(image[i + 1] & mask >> 8);
  }
}

std::vector<std::uint8_t> decoded(const Case& chosen, ByteView stream, std::size_t workers) {
  const std::size_t bytes = std::size_t{chosen.rows} * chosen.columns * chosen.samples * bytes_of(chosen.type);
  std::vector<std::uint8_t> out(bytes);
  const auto make = chosen.planar ? planar_view<std::uint8_t> : interleaved_view<std::uint8_t>;
  DecodeOptions options;
  options.workers = workers;
  const DecodeReport report =
      jpeg::decode(stream, make(out.data(), chosen.type, chosen.rows, chosen.columns, chosen.samples), options);
  require(report.quirks.empty());
  require(report.valid_rows == chosen.rows);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size <= kHead) return 0;
  const Case chosen = case_from(data);
  std::vector<std::uint8_t> image = samples_for(chosen, data + kHead, size - kHead);
  const auto make = chosen.planar ? planar_view<const std::uint8_t> : interleaved_view<const std::uint8_t>;
  const FrameInfo info{chosen.rows, chosen.columns, chosen.samples, chosen.type, chosen.parameters.precision};
  std::vector<std::uint8_t> stream;
  try {
    stream.resize(jpeg::max_encoded_size(info, chosen.parameters));
    const ConstImageView view = make(image.data(), chosen.type, chosen.rows, chosen.columns, chosen.samples);
    const std::size_t encoded = jpeg::encode(view, stream, chosen.parameters);
    require(encoded <= stream.size() && encoded % 2 == 0);
    stream.resize(encoded);
    stream.shrink_to_fit();
  } catch (const Error& error) {  // a point transform of all bits, sampling of two components, ...
    require(error.code == Errc::invalid_argument || error.code == Errc::unsupported);
    return 0;
  }
  const std::vector<std::uint8_t> out = decoded(chosen, stream, 1);
  require(out == decoded(chosen, stream, 2));
  if (chosen.parameters.jpeg.process == Process::lossless) {
    clear_low_bits(image, chosen);
    require(out == image);
  }
  return 0;
}
