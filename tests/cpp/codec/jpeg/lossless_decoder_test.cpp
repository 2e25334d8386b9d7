// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Lossless decoding against streams of the plain writer: what went in comes out, whatever the coding and the strides.
#include <doctest/doctest.h>

#include <vector>

#include "codec/jpeg/lossless_stream.h"
#include "turbodicom/codec/jpeg/jpeg.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace lossless_test;

namespace {

using Samples = std::vector<std::uint16_t>;
using Sampling = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Samples expected(const Image& image) {
  Samples all;
  std::uint32_t h_max = 1, v_max = 1;
  for (const Plane& plane : image.planes) h_max = std::max(h_max, plane.h), v_max = std::max(v_max, plane.v);
  for (std::uint32_t row = 0; row < image.rows; ++row)
    for (std::uint32_t column = 0; column < image.columns; ++column)
      for (const Plane& plane : image.planes) all.push_back(plane.at(row * plane.v / v_max, column * plane.h / h_max));
  return all;
}

struct Decoded {
  Samples samples;
  DecodeReport report;
};

Decoded decoded(const Bytes& stream, const Image& image, DecodeOptions options = {}, std::uint32_t rows = 0, std::uint32_t columns = 0) {
  if (rows == 0) rows = image.rows, columns = image.columns;
  const auto count = static_cast<std::uint32_t>(image.planes.size());
  Decoded result{Samples(std::size_t{rows} * columns * count, 0xAAAA), {}};
  const auto view = interleaved_view(reinterpret_cast<std::uint8_t*>(result.samples.data()), SampleType::u16, rows, columns, count);
  result.report = jpeg::decode(stream, view, options);
  return result;
}

Errc code_of(const Bytes& stream, const Image& image, DecodeOptions options = {}) {
  try {
    decoded(stream, image, options);
  } catch (const Error& error) {
    return error.code;
  }
  FAIL("nothing was thrown");
  return Errc::io_error;
}

// Offset of byte `index` of the segment with this marker.
std::size_t find(const Bytes& stream, std::uint8_t marker, std::size_t index) {
  for (std::size_t i = 0; i + 1 < stream.size(); ++i)
    if (stream[i] == 0xFF && stream[i + 1] == marker) return i + index;
  FAIL("no such marker");
  return 0;
}

}  // namespace

TEST_CASE("every precision, selection value and point transform comes back") {
  Random random(1);
  for (std::uint32_t precision = 2; precision <= 16; ++precision)
    for (std::uint32_t selection = 1; selection <= 7; ++selection)
      for (std::uint32_t transform : {0u, 1u, precision - 1}) {
        CAPTURE(precision);
        CAPTURE(selection);
        CAPTURE(transform);
        const Sampling sampling(1 + random() % 4, {1, 1});
        const Image image = random_image(random, 1 + random() % 20, 1 + random() % 90, precision, sampling, transform);
        const Decoded result = decoded(Writer(image, {selection, transform}).write(), image);
        CHECK(result.samples == expected(image));
        CHECK(result.report.valid_rows == image.rows);
        CHECK(result.report.quirks.empty());
      }
}

TEST_CASE("frames of every table size come back") {
  Random random(2);
  for (const std::uint32_t side : {64u, 120u, 200u, 520u})
    for (const std::uint32_t precision : {3u, 9u, 16u}) {
      const Image image = random_image(random, side, side, precision, {{1, 1}});
      CHECK(decoded(Writer(image, {7}).write(), image).samples == expected(image));
      CHECK(decoded(Writer(image, {1, 0, 0, true, true}).write(), image).samples == expected(image));
    }
}

TEST_CASE("flat images come back") {
  Image image{300, 300, 16, {Plane{1, 1, 300, 300, Samples(90000, 777)}}};
  image.planes[0].samples[40000] = 60000;
  for (std::uint32_t selection = 1; selection <= 7; ++selection)
    CHECK(decoded(Writer(image, {selection}).write(), image).samples == expected(image));
}

TEST_CASE("a difference of 32768 has no further bits") {
  Image image{2, 3, 16, {Plane{1, 1, 2, 3, {0, 32768, 0, 32768, 65535, 32767}}}};
  for (std::uint32_t selection = 1; selection <= 7; ++selection)
    CHECK(decoded(Writer(image, {selection}).write(), image).samples == expected(image));
}

TEST_CASE("components of fewer samples are repeated") {
  Random random(3);
  for (const Sampling& sampling : {Sampling{{2, 2}, {1, 1}, {1, 1}}, Sampling{{1, 1}, {1, 2}, {3, 1}, {1, 4}}, Sampling{{2, 1}, {1, 1}}})
    for (const bool interleaved : {true, false})
      for (int i = 0; i < 20; ++i) {
        const Image image = random_image(random, 1 + random() % 30, 1 + random() % 30, 12, sampling);
        CHECK(decoded(Writer(image, {1 + random() % 7, 0, 0, interleaved}).write(), image).samples == expected(image));
      }
}

TEST_CASE("restart intervals are the same on one thread and on three") {
  Random random(4);
  for (int i = 0; i < 60; ++i) {
    const Sampling sampling(1 + random() % 3, {1, 1});
    const Image image = random_image(random, 1 + random() % 40, 1 + random() % 40, 2 + random() % 15, sampling);
    const Bytes stream = Writer(image, {1 + random() % 7, 0, 1 + random() % 3, random() % 2 == 0}).write();
    DecodeOptions options;
    CHECK(decoded(stream, image, options).samples == expected(image));
    options.workers = 3;
    CHECK(decoded(stream, image, options).samples == expected(image));
  }
}

TEST_CASE("a window is the part of the image it says") {
  Random random(5);
  for (int i = 0; i < 60; ++i) {
    const Image image = random_image(random, 40, 50, 16, i % 2 == 0 ? Sampling{{1, 1}} : Sampling{{2, 2}, {1, 1}, {1, 2}});
    const Bytes stream = Writer(image, {1 + random() % 7, 0, random() % 4}).write();
    DecodeOptions options;
    options.workers = 1 + random() % 2;
    options.window = Window{random() % 40, random() % 50};
    const std::uint32_t rows = 1 + random() % (40 - options.window->row), columns = 1 + random() % (50 - options.window->column);
    const Samples part = decoded(stream, image, options, rows, columns).samples, whole = expected(image);
    const std::size_t count = image.planes.size();
    bool same = true;
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::size_t at = 0; at < columns * count; ++at)
        same &= part[row * columns * count + at] == whole[(row + options.window->row) * 50 * count + options.window->column * count + at];
    CHECK(same);
  }
}

TEST_CASE("any strides take the samples, odd addresses too") {
  Random random(6);
  const Image image = random_image(random, 20, 30, 8, {{1, 1}, {1, 1}, {1, 1}});
  const Samples whole = expected(image);
  const Bytes stream = Writer(image, {4}).write();
  for (const std::size_t bytes : {1u, 2u}) {
    std::vector<std::uint8_t> memory(1 + 20 * 30 * 3 * 2, 0xEE);
    const auto size = static_cast<std::ptrdiff_t>(bytes);
    // Columns before rows, rows from the bottom, planes apart.
    ImageView view{memory.data() + 1 + 19 * bytes, bytes == 1 ? SampleType::u8 : SampleType::u16, 20, 30, 3, -size, 20 * size, 600 * size};
    jpeg::decode(stream, view, {});
    bool same = true;
    for (std::uint32_t row = 0; row < 20; ++row)
      for (std::uint32_t column = 0; column < 30; ++column)
        for (std::uint32_t sample = 0; sample < 3; ++sample) {
          const std::uint8_t* const at = view.at(row, column, sample);
          same &= (bytes == 1 ? *at : load_le<std::uint16_t>(at)) == whole[(row * 30 + column) * 3 + sample];
        }
    CHECK(same);
  }
}

TEST_CASE("every prefix throws, or is reported with rows that are right") {
  Random random(7);
  for (const std::uint32_t rows_per_interval : {0u, 2u}) {
    const Image image = random_image(random, 9, 70, 12, {{1, 1}});
    const Bytes stream = Writer(image, {6, 0, rows_per_interval}).write();
    const Samples whole = expected(image);
    for (std::size_t size = 0; size + 2 < stream.size(); ++size) {
      const Bytes prefix(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_THROWS_AS(decoded(prefix, image), Error);
      DecodeOptions options;
      options.on_error = OnError::report;
      const Decoded result = decoded(prefix, image, options);
      CHECK(result.report.error.has_value());
      CHECK(result.report.valid_rows < image.rows);
      CHECK(std::equal(whole.begin(), whole.begin() + result.report.valid_rows * 70, result.samples.begin()));
    }
  }
}

TEST_CASE("rows without data are uniform, as libjpeg's") {
  Random random(8);
  const Image image = random_image(random, 30, 20, 12, {{1, 1}});
  Bytes stream = Writer(image, {5}).write();
  stream.resize(stream.size() - (stream.size() - find(stream, 0xDA, 10)) / 2);
  DecodeOptions options;
  options.on_error = OnError::report;
  const Decoded result = decoded(stream, image, options);
  const Samples middle(result.samples.begin() + 20 * (result.report.valid_rows + 1), result.samples.end());
  CHECK(!middle.empty());
  CHECK(middle == Samples(middle.size(), 2048));
  CHECK(result.report.error->code == Errc::truncated_data);
}

TEST_CASE("a missing restart marker costs its interval, not the image") {
  Random random(9);
  const Image image = random_image(random, 12, 40, 16, {{1, 1}});
  Bytes stream = Writer(image, {1, 0, 2}).write();
  stream[find(stream, 0xD1, 1)] = 0x00;  // the second marker becomes a data byte 0xFF
  DecodeOptions options;
  options.on_error = OnError::report;
  for (options.workers = 1; options.workers < 4; options.workers += 2) {
    const Decoded result = decoded(stream, image, options);
    const Samples whole = expected(image);
    CHECK(result.report.valid_rows == 4);
    CHECK(std::equal(whole.begin(), whole.begin() + 4 * 40, result.samples.begin()));
    CHECK(std::equal(whole.begin() + 6 * 40, whole.end(), result.samples.begin() + 6 * 40));
  }
}

TEST_CASE("scans and tables that cannot be are refused") {
  Random random(10);
  const Image image = random_image(random, 8, 8, 8, {{1, 1}});
  const Bytes stream = Writer(image, {1, 0, 2}).write();
  const std::size_t parameters = find(stream, 0xDA, 7);
  for (const std::size_t at : {parameters, parameters + 1, parameters + 2})
    for (const std::uint8_t value : {std::uint8_t{8}, std::uint8_t{0x18}}) {
      Bytes bad = stream;
      bad[at] = value;
      CHECK(code_of(bad, image) == Errc::corrupt_data);
    }
  Bytes bad = stream;
  bad[parameters] = 0;  // no prediction: hierarchical only
  CHECK(code_of(bad, image) == Errc::corrupt_data);
  bad = stream;
  bad[find(stream, 0xDA, 6)] = 0x10;  // table 1 was never sent
  CHECK(code_of(bad, image) == Errc::corrupt_data);
  bad = stream;
  bad[find(stream, 0xDD, 5)] = 15;  // MCUs an interval, no whole rows
  CHECK(code_of(bad, image) == Errc::corrupt_data);
  bad = stream;
  bad[find(stream, 0xC4, 4 + 17 + 3)] = 17;  // category beyond Table H.2
  CHECK(code_of(bad, image) == Errc::corrupt_data);
}

TEST_CASE("bytes that cannot hold the image are refused before the work") {
  Random random(11);
  Image image = random_image(random, 8, 8, 8, {{1, 1}});
  Bytes stream = Writer(image, {1}).write();
  stream[find(stream, 0xC3, 5)] = 0x40;  // 16392 rows
  image.rows = 0x4008;
  CHECK(code_of(stream, image) == Errc::truncated_data);
}

TEST_CASE("a component no scan brings is zero and reported") {
  Random random(12);
  const Image image = random_image(random, 8, 8, 8, {{1, 1}, {1, 1}});
  Bytes stream = Writer(image, {1, 0, 0, false}).write();
  const std::size_t second = find(Bytes(stream.begin() + static_cast<std::ptrdiff_t>(find(stream, 0xDA, 2)), stream.end()), 0xDD, 0);
  stream.resize(find(stream, 0xDA, 2) + second);
  CHECK(code_of(stream, image) == Errc::truncated_data);
  DecodeOptions options;
  options.on_error = OnError::report;
  const Decoded result = decoded(stream, image, options);
  CHECK(result.report.valid_rows == 0);
  const Samples whole = expected(image);
  for (std::size_t i = 0; i < 64; ++i) {
    CHECK(result.samples[2 * i] == whole[2 * i]);
    CHECK(result.samples[2 * i + 1] == 0);
  }
}

TEST_CASE("predictor6_overflow undoes halves of signed numbers") {
  Random random(13);
  for (std::uint32_t selection = 1; selection <= 7; ++selection) {
    const Image image = random_image(random, 30, 40, 16, {{1, 1}});
    Coding coding{selection};
    coding.signed_halves = true;
    const Bytes stream = Writer(image, coding).write();
    DecodeOptions options;
    CHECK((decoded(stream, image, options).samples == expected(image)) == (selection < 5));
    options.predictor6_overflow = true;
    CHECK(decoded(stream, image, options).samples == expected(image));
  }
}

TEST_CASE("cornell_huffman reads bits that are no code as 32768") {
  Image image{1, 6, 16, {Plane{1, 1, 1, 6, Samples(6, 0)}}};
  // Code 0: category 0. 17 ones are no code; 16 more bits 0x8000 behind them are dropped, others are not.
  Bytes stream{0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 16, 0, 1, 0, 6, 1, 1, 0x11, 0, 0xFF, 0xC4, 0, 20, 0, 1};
  stream.insert(stream.end(), 16, 0);
  stream.insert(stream.end(), {0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0});
  Bits bits(stream);
  bits.put(0, 1);
  bits.put(0x1FFFF, 17);
  bits.put(0x8000, 16);
  bits.put(0, 1);
  bits.put(0x1FFFF, 17);
  bits.put(0, 2);
  bits.finish();
  stream.insert(stream.end(), {0, 0, 0xFF, 0xD9});
  CHECK(code_of(stream, image) == Errc::corrupt_data);
  DecodeOptions options;
  options.cornell_huffman = true;
  CHECK(decoded(stream, image, options).samples == Samples{32768, 0, 0, 32768, 32768, 32768});
}

TEST_CASE("a cancelled decode stops") {
  Random random(14);
  const Image image = random_image(random, 400, 400, 8, {{1, 1}});
  CancelToken cancel;
  cancel.cancel();
  DecodeOptions options;
  options.cancel = &cancel;
  CHECK(code_of(Writer(image, {1}).write(), image, options) == Errc::cancelled);
}
