// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/dct_encoder.h"
#include "turbodicom/codec/jpeg/jpeg.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using jpeg::Parameters;
using jpeg::Process;

namespace {

struct Image {
  std::uint32_t rows, columns, samples, precision;
  std::vector<std::uint16_t> values;  // interleaved

  std::uint16_t at(std::size_t row, std::size_t column, std::size_t sample) const {
    return values[(row * columns + column) * samples + sample];
  }
};

// A slope with noise on it, and a jump where it wraps around.
Image make_image(std::uint32_t rows, std::uint32_t columns, std::uint32_t samples, std::uint32_t precision) {
  Image image{rows, columns, samples, precision, {}};
  const std::uint32_t most = (1u << precision) - 1;
  std::uint32_t state = 1;
  for (std::uint32_t y = 0; y < rows; ++y)
    for (std::uint32_t x = 0; x < columns; ++x)
      for (std::uint32_t k = 0; k < samples; ++k) {
        state = state * 1664525 + 1013904223;
        const std::uint32_t value = (x * 7 + y * 5 + k * 40) * most / 600 + (state >> 24) * most / 2048;
        image.values.push_back(static_cast<std::uint16_t>(value % (most + 1)));
      }
  return image;
}

Image make_noise(std::uint32_t rows, std::uint32_t columns, std::uint32_t samples, std::uint32_t precision) {
  Image image{rows, columns, samples, precision, std::vector<std::uint16_t>(std::size_t{rows} * columns * samples)};
  std::uint32_t state = 7;
  for (std::uint16_t& value : image.values) {
    state = state * 1664525 + 1013904223;
    value = (state >> 31) != 0 ? static_cast<std::uint16_t>((1u << precision) - 1) : std::uint16_t{0};
  }
  return image;
}

enum class Layout { interleaved, planar, bottom_up, sparse };

// The image's samples in some layout of memory, and the view of it.
struct Source {
  std::vector<std::uint8_t> bytes;
  ConstImageView view;
};

Source lay_out(const Image& image, SampleType type, Layout layout) {
  const auto size = static_cast<std::ptrdiff_t>(bytes_of(type));
  const auto rows = static_cast<std::ptrdiff_t>(image.rows), columns = static_cast<std::ptrdiff_t>(image.columns),
             samples = static_cast<std::ptrdiff_t>(image.samples);
  const std::ptrdiff_t spread = layout == Layout::sparse ? 3 : 1;
  Source source;
  source.bytes.assign(static_cast<std::size_t>(rows * columns * samples * size * spread), 0xA5);
  ConstImageView& view = source.view;
  view = {nullptr, type, image.rows, image.columns, image.samples, columns * samples * size * spread, samples * size * spread, size * spread};
  if (layout == Layout::planar) {
    view.row_stride = columns * size;
    view.column_stride = size;
    view.sample_stride = rows * columns * size;
  }
  std::ptrdiff_t origin = 0;
  if (layout == Layout::bottom_up) {
    origin = (rows - 1) * view.row_stride;
    view.row_stride = -view.row_stride;
  }
  view.data = source.bytes.data() + origin;
  for (std::size_t y = 0; y < image.rows; ++y)
    for (std::size_t x = 0; x < image.columns; ++x)
      for (std::size_t k = 0; k < image.samples; ++k) {
        const std::uint16_t value = image.at(y, x, k);
        std::memcpy(source.bytes.data() + (view.at(y, x, k) - source.bytes.data()), &value, bytes_of(type));
      }
  return source;
}

constexpr std::size_t kCanary = 64;

std::vector<std::uint8_t> encode(const Image& image, const Parameters& parameters, SampleType type, Layout layout = Layout::interleaved) {
  const Source source = lay_out(image, type, layout);
  const std::size_t most = jpeg::max_dct_size({image.rows, image.columns, image.samples, type, 0}, parameters);
  std::vector<std::uint8_t> bytes(most + kCanary, 0x5A);
  const std::size_t size = jpeg::encode_dct(source.view, image.precision, {bytes.data(), most}, parameters);
  REQUIRE(size <= most);
  for (std::size_t i = most; i < bytes.size(); ++i) REQUIRE(bytes[i] == 0x5A);
  bytes.resize(size);
  return bytes;
}

std::vector<std::uint8_t> encode(const Image& image, const Parameters& parameters) {
  return encode(image, parameters, image.precision == 8 ? SampleType::u8 : SampleType::u16);
}

std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3;
  return hash;
}

Parameters parameters_of(Process process, std::uint32_t quality, std::uint32_t h = 1, std::uint32_t v = 1) {
  Parameters parameters;
  parameters.process = process;
  parameters.quality = quality;
  parameters.horizontal_sampling = h;
  parameters.vertical_sampling = v;
  return parameters;
}

// Interleaved samples, without a colour transform.
std::vector<std::uint8_t> decoded(const std::vector<std::uint8_t>& stream, const Image& image) {
  const SampleType type = image.precision == 8 ? SampleType::u8 : SampleType::u16;
  std::vector<std::uint8_t> samples(std::size_t{image.rows} * image.columns * image.samples * bytes_of(type));
  jpeg::decode(stream, interleaved_view(samples.data(), type, image.rows, image.columns, image.samples), {});
  return samples;
}

template <typename Call>
Errc code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return Errc::cancelled;  // nothing was thrown
}

}  // namespace

// The hashes are those of files written by libjpeg-turbo 3.1, with a fill byte in front of EOI where their number of
// bytes is odd.
TEST_CASE("dct_encoder writes the bytes that libjpeg-turbo writes") {
  const Image gray = make_image(37, 45, 1, 8), colour = make_image(37, 45, 3, 8);
  Parameters typical = parameters_of(Process::baseline, 90);
  typical.optimise_huffman = false;
  CHECK(fnv1a(encode(gray, typical)) == 0xd18bb3136723f63);
  CHECK(fnv1a(encode(gray, parameters_of(Process::baseline, 75))) == 0x8b042d0d283f59b);
  CHECK(fnv1a(encode(colour, parameters_of(Process::baseline, 97))) == 0x1a5b6ecb311dee70);
  Parameters typical_422 = parameters_of(Process::baseline, 50, 2, 1);
  typical_422.optimise_huffman = false;
  CHECK(fnv1a(encode(colour, typical_422)) == 0x698c93cb56843e45);
  Parameters with_restarts = parameters_of(Process::baseline, 90, 2, 2);
  with_restarts.restart_every_row = true;
  CHECK(fnv1a(encode(colour, with_restarts)) == 0x1869f7a14d5f4e98);
  Parameters rgb = parameters_of(Process::baseline, 90);
  rgb.rgb_to_ycc = false;
  CHECK(fnv1a(encode(colour, rgb)) == 0xe50274785262b266);
}

TEST_CASE("dct_encoder writes the progressive files that libjpeg-turbo writes") {
  CHECK(fnv1a(encode(make_image(37, 45, 1, 8), parameters_of(Process::progressive, 90))) == 0x63f54e7696d551ce);
  Parameters parameters = parameters_of(Process::progressive, 75, 2, 2);
  parameters.restart_interval = 3;
  CHECK(fnv1a(encode(make_image(37, 45, 3, 8), parameters)) == 0x31c948d355a6e629);
}

TEST_CASE("dct_encoder codes the same coefficients with spectral selection alone") {
  for (const std::uint32_t samples : {1u, 3u, 4u})
    for (const std::uint32_t precision : {8u, 12u}) {
      const Image image = make_image(37, 45, samples, precision);
      Parameters parameters = parameters_of(Process::progressive, 90);
      parameters.restart_interval = 3;
      const auto full = decoded(encode(image, parameters), image);
      parameters.successive_approximation = false;
      const std::vector<std::uint8_t> stream = encode(image, parameters);
      CHECK(decoded(stream, image) == full);
      for (std::size_t i = 0; i + 13 < stream.size(); ++i)
        if (stream[i] == 0xFF && stream[i + 1] == 0xDA) CHECK(stream[i + 2 + stream[i + 3] - 1] == 0);  // Ah, Al
    }
}

TEST_CASE("dct_encoder writes the 12-bit files that libjpeg-turbo writes") {
  CHECK(fnv1a(encode(make_image(37, 45, 1, 12), parameters_of(Process::extended, 90))) == 0x849c02e9a65e6f39);
  const Image colour = make_image(37, 45, 3, 12);
  CHECK(fnv1a(encode(colour, parameters_of(Process::extended, 90, 4, 1))) == 0x80c867db68e6c6b9);
  CHECK(fnv1a(encode(colour, parameters_of(Process::extended, 5, 1, 2))) == 0x93e909d4d1db2d61);
}

TEST_CASE("dct_encoder gives the same bytes for every layout of the source") {
  for (const std::uint32_t samples : {1u, 3u, 4u})
    for (const std::uint32_t precision : {8u, 12u}) {
      const Image image = make_image(19, 35, samples, precision);
      const Parameters parameters = parameters_of(Process::extended, 90, samples == 3 ? 2 : 1, 1);
      const std::vector<std::uint8_t> expected = encode(image, parameters);
      for (const Layout layout : {Layout::planar, Layout::bottom_up, Layout::sparse}) {
        CHECK(encode(image, parameters, SampleType::u16, layout) == expected);
        if (precision == 8) CHECK(encode(image, parameters, SampleType::u8, layout) == expected);
      }
    }
}

TEST_CASE("dct_encoder stays within max_dct_size and writes an even number of bytes for every size, sampling and process") {
  for (const std::uint32_t size : {1u, 7u, 8u, 9u, 17u, 33u})
    for (const std::uint32_t samples : {1u, 3u, 4u})
      for (const auto& [process, precision] : {std::pair{Process::baseline, 8u}, {Process::extended, 12u}, {Process::progressive, 8u},
                                               {Process::progressive, 12u}})
        for (const std::uint32_t h : {1u, 2u, 4u})
          for (const std::uint32_t v : {1u, 2u}) {
            Parameters parameters = parameters_of(process, 100, h, v);
            parameters.restart_interval = 1;
            const std::vector<std::uint8_t> bytes = encode(make_noise(size, 34 - size, samples, precision), parameters);
            REQUIRE(bytes.size() % 2 == 0);
            REQUIRE(bytes[bytes.size() - 2] == 0xFF);
            REQUIRE(bytes.back() == 0xD9);
          }
}

TEST_CASE("dct_encoder takes one explicit table for both and refuses those that 8 bits cannot have") {
  const Image image = make_image(16, 16, 3, 8);
  Parameters both = parameters_of(Process::baseline, 90), one = both;
  jpeg::QuantTable table;
  table.fill(9);
  both.luminance = both.chrominance = one.chrominance = table;
  CHECK(encode(image, both) == encode(image, one));
  for (const std::uint16_t step : {std::uint16_t{0}, std::uint16_t{256}}) {
    table[5] = step;
    one.chrominance = table;
    CHECK(code_of([&] { encode(image, one); }) == Errc::invalid_argument);
  }
  CHECK_NOTHROW(encode(make_image(16, 16, 3, 12), [&] {
    Parameters wide = parameters_of(Process::extended, 90);
    table.fill(65535);
    wide.luminance = table;
    return wide;
  }()));
}

TEST_CASE("dct_encoder: an interval of a row of MCUs may be given either way") {
  const Image image = make_image(40, 50, 3, 8);
  Parameters by_row = parameters_of(Process::baseline, 90, 2, 2), by_count = by_row;
  by_row.restart_every_row = true;
  by_count.restart_interval = 4;
  CHECK(encode(image, by_row) == encode(image, by_count));
}

TEST_CASE("dct_encoder codes bytes with 12 bits as it codes the same values in words") {
  Image image = make_noise(20, 20, 1, 8);
  image.precision = 12;
  const Parameters parameters = parameters_of(Process::extended, 100);
  CHECK(encode(image, parameters, SampleType::u8) == encode(image, parameters, SampleType::u16));
}

TEST_CASE("dct_encoder refuses samples above the precision") {
  for (const std::uint32_t precision : {8u, 12u}) {
    Image image = make_image(9, 20, 3, precision);
    image.values.back() = static_cast<std::uint16_t>(1u << precision);
    CHECK(code_of([&] { encode(image, parameters_of(Process::extended, 90), SampleType::u16); }) == Errc::invalid_argument);
  }
}

TEST_CASE("dct_encoder refuses what the process cannot code") {
  const Image image = make_image(8, 8, 1, 8);
  CHECK(code_of([&] { encode(make_image(8, 8, 1, 12), parameters_of(Process::baseline, 90)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(make_image(8, 8, 1, 10), parameters_of(Process::extended, 90)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(make_image(8, 8, 2, 8), parameters_of(Process::baseline, 90)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(image, parameters_of(Process::baseline, 90), SampleType::i8); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(image, parameters_of(Process::baseline, 0)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(image, parameters_of(Process::baseline, 101)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(image, parameters_of(Process::baseline, 90, 3, 1)); }) == Errc::invalid_argument);
  CHECK(code_of([&] { encode(image, parameters_of(Process::baseline, 90, 1, 4)); }) == Errc::invalid_argument);
  std::array<std::uint8_t, 100> small;
  const Source source = lay_out(image, SampleType::u8, Layout::interleaved);
  CHECK(code_of([&] { jpeg::encode_dct(source.view, 8, small, parameters_of(Process::baseline, 90)); }) == Errc::invalid_argument);
}
