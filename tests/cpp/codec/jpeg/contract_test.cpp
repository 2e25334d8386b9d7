// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The shared contract with the default parameters, which are lossless, and the same promises for the DCT processes,
// where "what was encoded" is replaced by "what the whole stream decodes to".
#include "codec/contract.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using contract::Guarded;
using contract::Image;
using jpeg::Process;

namespace {

const Codec& codec_under_test() {
  const Codec* const codec = find_codec("jpeg");
  REQUIRE(codec != nullptr);
  return *codec;
}

// One way to write a DCT stream.
struct Manner {
  const char* name;
  Process process;
  std::uint32_t precision, samples, horizontal, vertical;
  bool restart_every_row;
};

constexpr Manner kManners[] = {
    {"baseline, gray", Process::baseline, 8, 1, 1, 1, false},
    {"baseline, 4:2:0", Process::baseline, 8, 3, 2, 2, false},
    {"baseline, 4:2:2, restarts", Process::baseline, 8, 3, 2, 1, true},
    {"extended, 12 bits, restarts", Process::extended, 12, 1, 1, 1, true},
    {"progressive, 4:2:0", Process::progressive, 8, 3, 2, 2, false},
    {"progressive, 12 bits", Process::progressive, 12, 1, 1, 1, false},
};

Image image_for(const Manner& manner, std::uint32_t rows = 19, std::uint32_t columns = 21) {
  Image image(rows, columns, manner.samples, manner.precision > 8 ? SampleType::u16 : SampleType::u8);
  if (manner.precision > 8)
    for (std::size_t i = 1; i < image.bytes.size(); i += 2) image.bytes[i] &= 0x0F;
  return image;
}

EncodeParameters parameters_of(const Manner& manner) {
  EncodeParameters parameters;
  parameters.precision = manner.precision;
  parameters.jpeg.process = manner.process;
  parameters.jpeg.quality = 60;
  parameters.jpeg.rgb_to_ycc = false;  // decoded as coded, it is comparable
  parameters.jpeg.horizontal_sampling = manner.horizontal;
  parameters.jpeg.vertical_sampling = manner.vertical;
  parameters.jpeg.restart_every_row = manner.restart_every_row;
  return parameters;
}

std::vector<std::uint8_t> encoded_like(const Manner& manner, const Image& image) {
  const EncodeParameters parameters = parameters_of(manner);
  FrameInfo info = image.info();
  info.precision = manner.precision;
  std::vector<std::uint8_t> stream(codec_under_test().max_encoded_size(info, parameters));
  stream.resize(codec_under_test().encode(image.view(), stream, parameters));
  return stream;
}

// The whole stream's samples, interleaved; every other decode is held against them.
Image decoded_whole(ByteView stream, const Image& like) {
  Image whole = like;
  const contract::Outcome outcome = contract::decoded(codec_under_test(), stream, like, OnError::raise);
  REQUIRE_FALSE(outcome.error.has_value());
  CHECK(outcome.guards_intact);
  CHECK(outcome.report.valid_rows == like.rows);
  CHECK(outcome.report.quirks.empty());
  whole.bytes = outcome.bytes;
  return whole;
}

template <typename Body>
void for_each_manner(Body&& body) {
  for (const Manner& manner : kManners) {
    CAPTURE(std::string(manner.name));
    const Image image = image_for(manner);
    const auto stream = encoded_like(manner, image);
    body(manner, stream, decoded_whole(stream, image));
  }
}

double mean_error(const Image& a, const Image& b) {
  double sum = 0;
  const std::size_t bytes = bytes_of(a.type);
  for (std::size_t i = 0; i < a.bytes.size(); i += bytes) {
    int x = a.bytes[i], y = b.bytes[i];
    if (bytes == 2) x |= a.bytes[i + 1] << 8, y |= b.bytes[i + 1] << 8;
    sum += std::abs(x - y);
  }
  return sum / static_cast<double>(a.bytes.size() / bytes);
}

}  // namespace

TEST_CASE("jpeg_keeps_the_contract_of_every_codec") {
  contract::Subject subject;
  subject.codec = &codec_under_test();
  subject.types = {SampleType::u8, SampleType::i8, SampleType::i16, SampleType::u16};
  subject.samples = {1, 3, 2, 4};
  subject.max_pixel_bytes = 8;
  subject.header_bytes = 64;
  contract::run_contract_suite(subject);
}

TEST_CASE("jpeg_dct_streams_are_even_repeatable_and_near_the_image") {
  for (const Manner& manner : kManners)
    for (const std::uint32_t rows : {1u, 8u, 17u})
      for (const std::uint32_t columns : {1u, 16u, 35u}) {
        CAPTURE(std::string(manner.name));
        Image image = image_for(manner, rows, columns);
        std::fill(image.bytes.begin(), image.bytes.end(), std::uint8_t{7});  // flat: hardly any loss
        const auto stream = encoded_like(manner, image);
        CHECK(stream.size() % 2 == 0);
        CHECK(stream == encoded_like(manner, image));
        CHECK(mean_error(decoded_whole(stream, image), image) <= (manner.precision == 8 ? 2 : 16));
        const StreamInfo info = codec_under_test().read_info(stream);
        CHECK(info.rows == rows);
        CHECK(info.columns == columns);
        CHECK(info.components == manner.samples);
        CHECK(info.precision == manner.precision);
        CHECK_FALSE(info.lossless);
      }
}

TEST_CASE("jpeg_encoding_stops_when_it_is_cancelled") {
  CancelToken cancel;
  cancel.cancel();
  for (const Process process : {Process::lossless, Process::baseline, Process::progressive}) {
    const Image image = image_for(kManners[0]);
    EncodeParameters parameters;
    parameters.jpeg.process = process;
    parameters.cancel = &cancel;
    std::vector<std::uint8_t> stream(codec_under_test().max_encoded_size(image.info(), parameters));
    std::optional<Errc> code;
    try {
      codec_under_test().encode(image.view(), stream, parameters);
    } catch (const Error& error) {
      code = error.code;
    }
    CHECK(code == Errc::cancelled);
  }
}

TEST_CASE("jpeg_dct_samples_do_not_depend_on_the_layout_of_the_destination") {
  for_each_manner([](const Manner&, const auto& stream, const Image& whole) {
    for (const contract::Layout& layout : contract::layouts(whole)) {
      CAPTURE(std::string(layout.name));
      Guarded block(layout.extent, 0xEE);
      ImageView view = layout.view;
      view.data = block.data() + layout.origin;
      codec_under_test().decode(stream, view, {});
      CHECK(contract::samples_equal(whole.view(), view, whole.rows));
      CHECK(block.is_intact());
    }
  });
}

TEST_CASE("jpeg_dct_destinations_may_have_wider_samples") {
  for_each_manner([](const Manner& manner, const auto& stream, const Image& whole) {
    if (manner.precision > 8) return;
    std::vector<std::uint16_t> wide(whole.bytes.size());
    codec_under_test().decode(
        stream, interleaved_view(reinterpret_cast<std::uint8_t*>(wide.data()), SampleType::u16, whole.rows, whole.columns, whole.samples), {});
    CHECK(std::equal(wide.begin(), wide.end(), whole.bytes.begin(), whole.bytes.end()));
  });
}

TEST_CASE("jpeg_dct_streams_cut_anywhere_give_an_error_or_rows_that_are_right") {
  for_each_manner([](const Manner& manner, const auto& stream, const Image& whole) {
    std::uint32_t most_rows = 0;
    for (std::size_t length = 0; length < stream.size(); ++length) {
      CAPTURE(length);
      const ByteView cut = ByteView(stream).first(length);
      const contract::Outcome strict = contract::decoded(codec_under_test(), cut, whole, OnError::raise);
      CHECK(strict.guards_intact);
      if (strict.error) CHECK(contract::is_typed_input_error(strict.error->code));
      else CHECK(strict.bytes == whole.bytes);
      const contract::Outcome partial = contract::decoded_twice_alike(codec_under_test(), cut, whole);
      CHECK(strict.error.has_value() == partial.report.error.has_value());
      const ConstImageView got = interleaved_view(partial.bytes.data(), whole.type, whole.rows, whole.columns, whole.samples);
      CHECK(contract::samples_equal(whole.view(), got, partial.report.valid_rows));
      if (strict.error) most_rows = std::max(most_rows, partial.report.valid_rows);
    }
    if (manner.process != Process::progressive) CHECK(most_rows > 0);
  });
}

TEST_CASE("jpeg_dct_streams_with_any_byte_changed_give_an_error_or_a_frame") {
  for_each_manner([](const Manner&, const auto& stream, const Image& whole) {
    for (std::size_t byte = 0; byte < stream.size(); ++byte)
      for (const unsigned change : {0x01u, 0x10u, 0xFFu}) {
        CAPTURE(byte);
        CAPTURE(change);
        auto mutant = stream;
        mutant[byte] = static_cast<std::uint8_t>(mutant[byte] ^ change);
        const contract::Outcome strict = contract::decoded(codec_under_test(), mutant, whole, OnError::raise);
        CHECK(strict.guards_intact);
        if (strict.error) CHECK(contract::is_typed_input_error(strict.error->code));
        const contract::Outcome partial = contract::decoded_twice_alike(codec_under_test(), mutant, whole);
        CHECK(strict.error.has_value() == partial.report.error.has_value());
      }
  });
}

TEST_CASE("jpeg_dct_samples_do_not_depend_on_the_number_of_workers") {
  for_each_manner([](const Manner& manner, const auto&, const Image&) {
    const Image image = image_for(manner, 130, 70);
    const auto stream = encoded_like(manner, image);
    const Image whole = decoded_whole(stream, image);
    for (const std::size_t workers : {2u, 3u, 16u}) {
      DecodeOptions options;
      options.workers = workers;
      std::vector<std::uint8_t> out(whole.bytes.size());
      codec_under_test().decode(stream, interleaved_view(out.data(), image.type, image.rows, image.columns, image.samples), options);
      CHECK(out == whole.bytes);
    }
  });
}

TEST_CASE("jpeg_dct_windows_equal_the_crop_and_touch_nothing_else") {
  for_each_manner([](const Manner&, const auto& stream, const Image& whole) {
    const std::uint32_t windows[][4] = {{0, 0, 1, 1}, {3, 5, 9, 11}, {whole.rows - 1, whole.columns - 1, 1, 1}, {8, 0, 8, whole.columns}};
    for (const auto& window : windows) {
      const std::uint32_t row = window[0], column = window[1], rows = window[2], columns = window[3];
      CAPTURE(row);
      const std::size_t pixel = std::size_t{whole.samples} * bytes_of(whole.type);
      Guarded block(rows * columns * pixel, 0xEE);
      DecodeOptions options;
      options.window = Window{row, column};
      const ImageView view = interleaved_view(block.data(), whole.type, rows, columns, whole.samples);
      codec_under_test().decode(stream, view, options);
      CHECK(block.is_intact());
      for (std::uint32_t r = 0; r < rows; ++r)
        CHECK(std::memcmp(view.at(r, 0, 0), whole.view().at(row + r, column, 0), columns * pixel) == 0);
    }
  });
}

TEST_CASE("jpeg_dct_reduced_images_stay_inside_their_destination") {
  for_each_manner([](const Manner&, const auto& stream, const Image& whole) {
    for (const std::uint32_t reduce : {1u, 2u, 3u}) {
      const std::uint32_t rows = (whole.rows + (1u << reduce) - 1) >> reduce;
      const std::uint32_t columns = (whole.columns + (1u << reduce) - 1) >> reduce;
      Guarded dark(std::size_t{columns} * rows * whole.samples * bytes_of(whole.type), 0x00);
      Guarded bright(std::size_t{columns} * rows * whole.samples * bytes_of(whole.type), 0xFF);
      DecodeOptions options;
      options.reduce = reduce;
      for (Guarded* block : {&dark, &bright}) {
        codec_under_test().decode(stream, interleaved_view(block->data(), whole.type, rows, columns, whole.samples), options);
        CHECK(block->is_intact());
      }
      CHECK(dark.bytes() == bright.bytes());
    }
  });
}

TEST_CASE("jpeg_dct_decoding_stops_when_cancelled") {
  for_each_manner([](const Manner&, const auto& stream, const Image& whole) {
    CancelToken cancel;
    cancel.cancel();
    for (const OnError on_error : {OnError::raise, OnError::report}) {
      DecodeOptions options;
      options.cancel = &cancel;
      options.on_error = on_error;
      std::vector<std::uint8_t> out(whole.bytes.size());
      try {
        codec_under_test().decode(stream, interleaved_view(out.data(), whole.type, whole.rows, whole.columns, whole.samples), options);
        FAIL("no error");
      } catch (const Error& error) {
        CHECK(error.code == Errc::cancelled);
      }
    }
  });
}
