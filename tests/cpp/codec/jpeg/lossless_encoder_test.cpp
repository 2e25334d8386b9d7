// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/bit_reader.h"
#include "turbodicom/codec/jpeg/encoder.h"
#include "turbodicom/codec/jpeg/huffman.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;

namespace {

using Bytes = std::vector<std::uint8_t>;

// 32 bits at a time, in a type of that size.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

// Samples side by side, as stored.
struct Picture {
  std::uint32_t rows, columns, samples;
  std::vector<std::uint16_t> pixels;
  std::uint16_t& at(std::size_t row, std::size_t column, std::size_t sample) {
    return pixels[(row * columns + column) * samples + sample];
  }
  ConstImageView view(SampleType type) const {
    return interleaved_view(reinterpret_cast<const std::uint8_t*>(pixels.data()), type, rows, columns, samples);
  }
};

Picture picture_of(Random& random, std::uint32_t rows, std::uint32_t columns, std::uint32_t samples,
                   std::uint32_t precision) {
  Picture picture{rows, columns, samples, std::vector<std::uint16_t>(std::size_t{rows} * columns * samples)};
  const std::uint32_t kind = random() % 3, top = (1u << precision) - 1;
  std::uint32_t walk = random();
  for (std::uint16_t& pixel : picture.pixels) {
    walk += random() % 3 - 1;
    const std::uint32_t any = random();
    pixel = static_cast<std::uint16_t>(kind == 0 ? any & top : kind == 1 ? (any & 1) * top : walk & top);
  }
  return picture;
}

Bytes encoded(const ConstImageView& view, std::uint32_t precision, const Parameters& parameters) {
  Bytes out(max_lossless_size({view.rows, view.columns, view.samples, view.type, precision}, parameters));
  out.resize(encode_lossless(view, precision, out, parameters));
  return out;
}

// Annex H sample by sample, without tables: what a decoder must make of the codestream.
Picture plainly_decoded(const Bytes& bytes) {
  MarkerReader reader(bytes);
  REQUIRE(reader.next() == MarkerReader::Stop::frame);
  const FrameHeader frame = reader.frame();
  REQUIRE(frame.is_lossless());
  REQUIRE(reader.next() == MarkerReader::Stop::scan);
  const ScanHeader scan = reader.scan();
  const CanonicalDecoder decoder(huffman_codes(reader.tables().dc[0], 16));
  Picture picture{frame.rows, frame.columns, frame.count,
                  std::vector<std::uint16_t>(std::size_t{frame.rows} * frame.columns * frame.count)};
  const std::uint32_t interval = reader.tables().restart_interval;
  const std::uint32_t interval_rows = interval > 0 ? interval / frame.columns : frame.rows;
  SegmentBytes segment(bytes, scan.data);
  BitReader bits(segment);
  for (std::size_t row = 0; row < frame.rows; ++row) {
    const bool is_first = row % interval_rows == 0;
    if (is_first && row > 0) {
      const MarkerPosition found = find_marker(bytes, bits.offset());
      REQUIRE(found.code == marker::RST0 + (row / interval_rows - 1) % 8);
      segment.restart(found.offset + 2);
      bits = BitReader(segment);
    }
    for (std::size_t column = 0; column < frame.columns; ++column)
      for (std::size_t k = 0; k < frame.count; ++k) {
        bits.refill();
        const CanonicalDecoder::Symbol symbol = decoder.decode(bits.window());
        REQUIRE(symbol.is_code);
        bits.skip(symbol.length);
        std::int32_t difference = 32768;  // category 16
        if (symbol.value < 16) {
          difference = static_cast<std::int32_t>(bits.take(symbol.value));
          if (symbol.value > 0 && difference >> (symbol.value - 1) == 0) difference -= (1 << symbol.value) - 1;
        }
        const std::int32_t a = column > 0 ? picture.at(row, column - 1, k) : 0;
        const std::int32_t b = !is_first ? picture.at(row - 1, column, k) : 0;
        const std::int32_t c = !is_first && column > 0 ? picture.at(row - 1, column - 1, k) : 0;
        const std::int32_t of[] = {0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1};
        std::int32_t prediction = of[scan.spectral_start];
        if (is_first) prediction = column > 0 ? a : 1 << (frame.precision - scan.low_bit - 1);
        else if (column == 0) prediction = b;
        picture.at(row, column, k) = static_cast<std::uint16_t>(prediction + difference);
      }
    REQUIRE_FALSE(bits.overrun());
  }
  for (std::uint16_t& pixel : picture.pixels) pixel = static_cast<std::uint16_t>(pixel << scan.low_bit);
  return picture;
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    CHECK(error.code == Errc::invalid_argument);
    return error.message;
  }
  return "";
}

bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE("codec/jpeg lossless encoder") {
  TEST_CASE("three_samples_are_coded_as_drawn") {
    // 128 is predicted by 2^7; differences 0, +2, -1: categories 0, 2, 1 once each, so a table of three codes.
    const std::uint8_t samples[] = {128, 130, 129};
    const Bytes out = encoded(interleaved_view(samples, SampleType::u8, 1, 3, 1), 8, {});
    const Bytes head{0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 8, 0, 1, 0, 3, 1, 1, 0x11, 0, 0xFF, 0xC4, 0, 22, 0};
    CHECK(Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(head.size())) == head);
    CHECK(plainly_decoded(out).pixels == std::vector<std::uint16_t>{128, 130, 129});
    CHECK(out.size() % 2 == 0);
  }

  TEST_CASE("every_precision_predictor_and_point_transform_comes_back") {
    Random random(1);
    for (std::uint32_t precision = 2; precision <= 16; ++precision)
      for (std::uint32_t predictor = 0; predictor <= 7; ++predictor)
        for (std::uint32_t point_transform = 0; point_transform < precision; ++point_transform) {
          CAPTURE(precision);
          CAPTURE(predictor);
          CAPTURE(point_transform);
          Picture picture =
              picture_of(random, 1 + random() % 12, 1 + random() % 40, 1 + random() % 4, precision);
          Parameters parameters;
          parameters.predictor = predictor;
          parameters.point_transform = point_transform;
          parameters.optimise_huffman = random() % 3 != 0;
          parameters.restart_every_row = random() % 4 == 0;
          if (random() % 4 == 0) parameters.restart_interval = picture.columns * (1 + random() % 3);
          const Bytes out = encoded(picture.view(SampleType::u16), precision, parameters);
          CHECK(out.size() % 2 == 0);
          for (std::uint16_t& pixel : picture.pixels)
            pixel = static_cast<std::uint16_t>(pixel >> point_transform << point_transform);
          REQUIRE(plainly_decoded(out).pixels == picture.pixels);
        }
  }

  TEST_CASE("an_image_of_many_batches_comes_back") {
    Random random(2);
    for (const std::uint32_t columns : {1u, 7u, 700u, 9000u, 65535u}) {
      const std::uint32_t rows = columns < 10 ? 9000 : columns < 1000 ? 60 : 3;
      const Picture picture = picture_of(random, rows, columns, columns == 700 ? 3 : 1, 16);
      CHECK(plainly_decoded(encoded(picture.view(SampleType::u16), 16, {})).pixels == picture.pixels);
    }
  }

  TEST_CASE("signed_samples_are_coded_modulo_2_to_the_precision") {
    const std::int16_t wide[] = {-2048, -1, 0, 1, 2047, -7};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(wide);
    const Picture decoded = plainly_decoded(encoded(interleaved_view(bytes, SampleType::i16, 2, 3, 1), 12, {}));
    CHECK(decoded.pixels == std::vector<std::uint16_t>{0x800, 0xFFF, 0, 1, 0x7FF, 0xFF9});
    const std::int8_t narrow[] = {-8, 7, -1, 0};
    const auto* small = reinterpret_cast<const std::uint8_t*>(narrow);
    CHECK(plainly_decoded(encoded(interleaved_view(small, SampleType::i8, 2, 2, 1), 4, {})).pixels ==
          std::vector<std::uint16_t>{8, 7, 15, 0});
  }

  TEST_CASE("all_strides_give_the_same_bytes") {
    Random random(3);
    const std::uint32_t rows = 9, columns = 13, samples = 3;
    Picture picture = picture_of(random, rows, columns, samples, 11);
    const Bytes expected = encoded(picture.view(SampleType::u16), 11, {});
    Bytes planes(picture.pixels.size() * 2), mirrored(planes.size());
    const ImageView planar = planar_view(planes.data(), SampleType::u16, rows, columns, samples);
    ImageView backwards = interleaved_view(mirrored.data(), SampleType::u16, rows, columns, samples);
    backwards.data = backwards.at(rows - 1, columns - 1, samples - 1);
    backwards.row_stride *= -1, backwards.column_stride *= -1, backwards.sample_stride *= -1;
    for (const ImageView& view : {planar, backwards})
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
          for (std::size_t k = 0; k < samples; ++k) store_le(view.at(row, column, k), picture.at(row, column, k));
    CHECK(encoded(planar, 11, {}) == expected);
    CHECK(encoded(backwards, 11, {}) == expected);
  }

  TEST_CASE("predictor_0_is_the_one_with_the_shortest_codestream") {
    Random random(4);
    for (int round = 0; round < 30; ++round) {
      const Picture picture = picture_of(random, 20, 30, 1, 12);
      Parameters parameters;
      std::size_t shortest = ~std::size_t{0};
      for (parameters.predictor = 1; parameters.predictor <= 7; ++parameters.predictor)
        shortest = std::min(shortest, encoded(picture.view(SampleType::u16), 12, parameters).size());
      parameters.predictor = 0;
      // Tables differ by a few bytes, stuffed zeros are not counted.
      CHECK(encoded(picture.view(SampleType::u16), 12, parameters).size() <= shortest + 24);
    }
  }

  TEST_CASE("horizontal_stripes_are_best_predicted_from_the_left") {
    Picture picture{16, 16, 1, std::vector<std::uint16_t>(256)};
    for (std::size_t i = 0; i < 256; ++i) picture.pixels[i] = static_cast<std::uint16_t>(i / 16 * 7919 % 4096);
    Parameters parameters;
    parameters.predictor = 0;
    const Bytes out = encoded(picture.view(SampleType::u16), 12, parameters);
    MarkerReader reader(out);
    reader.next();
    reader.next();
    CHECK(reader.scan().spectral_start == 1);
  }

  TEST_CASE("without_optimisation_the_table_is_K_3_up_to_10_bits") {
    Random random(5);
    Parameters parameters;
    parameters.optimise_huffman = false;
    for (std::uint32_t precision = 2; precision <= 16; ++precision) {
      const Picture picture = picture_of(random, 8, 8, 1, precision);
      const Bytes out = encoded(picture.view(SampleType::u16), precision, parameters);
      MarkerReader reader(out);
      reader.next();
      reader.next();
      CHECK((reader.tables().dc[0].values == typical_dc(false).values) == (precision <= 10));
      CHECK(plainly_decoded(out).pixels == picture.pixels);
    }
  }

  TEST_CASE("a_sample_beyond_the_precision_is_refused_wherever_it_is") {
    for (std::size_t at = 0; at < 70; ++at) {
      Picture picture{1, 70, 1, std::vector<std::uint16_t>(70, 4095)};
      CHECK(encoded(picture.view(SampleType::u16), 12, {}).size() > 0);
      picture.pixels[at] = 4096;
      CHECK(holds(message_of([&] { encoded(picture.view(SampleType::u16), 12, {}); }), "row 0 needs more"));
      picture.pixels.assign(70, static_cast<std::uint16_t>(-2048));
      CHECK(encoded(picture.view(SampleType::i16), 12, {}).size() > 0);
      for (const int outside : {-2049, 2048, -32768, 32767}) {
        picture.pixels[at] = static_cast<std::uint16_t>(outside);
        CHECK(holds(message_of([&] { encoded(picture.view(SampleType::i16), 12, {}); }), "row 0 needs more"));
      }
    }
  }

  TEST_CASE("arguments_out_of_range_are_refused") {
    const Picture picture{4, 4, 1, std::vector<std::uint16_t>(16, 1)};
    const auto refused = [&](ConstImageView view, std::uint32_t precision, const Parameters& parameters) {
      Bytes out(4096);
      return message_of([&] { encode_lossless(view, precision, out, parameters); });
    };
    const ConstImageView view = picture.view(SampleType::u16);
    CHECK(holds(refused(view, 1, {}), "precision is 1"));
    CHECK(holds(refused(view, 17, {}), "precision is 17"));
    Parameters parameters;
    parameters.predictor = 8;
    CHECK(holds(refused(view, 12, parameters), "predictor is 8"));
    parameters = {};
    parameters.point_transform = 12;
    CHECK(holds(refused(view, 12, parameters), "point transform is 12"));
    parameters = {};
    for (const std::uint32_t interval : {5u, 65536u}) {
      parameters.restart_interval = interval;
      CHECK(holds(refused(view, 12, parameters), "restart interval is"));
    }
    ConstImageView other = view;
    other.type = SampleType::u32;
    CHECK(holds(refused(other, 12, {}), "32 bits"));
    other = view;
    other.samples = 5;
    CHECK(holds(refused(other, 12, {}), "5 samples"));
    other = view;
    other.rows = 0;
    CHECK(holds(refused(other, 12, {}), "0 rows"));
    other.rows = 65536;
    CHECK(holds(refused(other, 12, {}), "65536 rows"));
    other = view;
    other.data = nullptr;
    CHECK(holds(refused(other, 12, {}), "no pixels"));
  }

  TEST_CASE("a_destination_one_byte_too_small_is_refused") {
    const Picture picture{4, 4, 1, std::vector<std::uint16_t>(16, 1)};
    Bytes out(max_lossless_size({4, 4, 1, SampleType::u16, 12}, {}) - 1);
    CHECK(holds(message_of([&] { encode_lossless(picture.view(SampleType::u16), 12, out, {}); }), "destination"));
  }

  TEST_CASE("hostile_images_stay_within_the_announced_size") {
    Random random(6);
    for (int round = 0; round < 400; ++round) {
      const std::uint32_t precision = 2 + random() % 15;
      Picture picture = picture_of(random, 1 + random() % 9, 1 + random() % 9, 1 + random() % 4, precision);
      // Categories as skewed as Fibonacci's numbers make the longest codes.
      for (std::size_t i = 0; round % 2 == 0 && i < picture.pixels.size(); ++i)
        picture.pixels[i] = static_cast<std::uint16_t>((i % 2) << std::min<std::size_t>(i / 3, precision - 1));
      Parameters parameters;
      parameters.predictor = 1 + random() % 7;
      parameters.optimise_huffman = random() % 2 == 0;
      parameters.restart_every_row = random() % 2 == 0;
      const FrameInfo frame{picture.rows, picture.columns, picture.samples, SampleType::u16, precision};
      const std::size_t announced = max_lossless_size(frame, parameters);
      Bytes out(announced + 64, 0x5A);
      const MutableByteView room = MutableByteView(out).first(announced);
      CHECK(encode_lossless(picture.view(SampleType::u16), precision, room, parameters) <= announced);
      for (std::size_t i = announced; i < out.size(); ++i) REQUIRE(out[i] == 0x5A);
    }
  }
}
