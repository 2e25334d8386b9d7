// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The contract suite every codec runs. A codec's contract_test.cpp calls run_contract_suite() once
// with its registry row and what it supports; each rule below is a subcase with a sentence for a name.
// Streams stay below 1 KiB, so that trying every length and every header byte costs milliseconds.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::contract {

struct Subject {
  const Codec* codec = nullptr;
  std::vector<SampleType> types;           // sample types the codec takes
  std::vector<std::uint32_t> samples;      // samples per pixel it takes
  std::size_t max_pixel_bytes = 1024;      // samples times bytes beyond this are not tried
  std::size_t header_bytes = 0;            // leading bytes that are mutated one by one
  bool carries_dimensions = true;          // a stream knows its rows and columns
};

// Small images with runs and noise in every byte of a sample; deterministic.
struct Image {
  std::uint32_t rows, columns, samples;
  SampleType type;
  std::vector<std::uint8_t> bytes;

  Image(std::uint32_t rows_, std::uint32_t columns_, std::uint32_t samples_, SampleType type_)
      : rows(rows_), columns(columns_), samples(samples_), type(type_),
        bytes(std::size_t{rows_} * columns_ * samples_ * bytes_of(type_)) {
    std::uint32_t state = rows * 31 + columns * 7 + samples;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      state = state * 1664525 + 1013904223;
      const bool repeats = i >= 8 && (state >> 28) < 11;
      bytes[i] = repeats ? bytes[i - samples * bytes_of(type) % (i + 1)] : static_cast<std::uint8_t>(state >> 16);
    }
  }
  FrameInfo info() const { return {rows, columns, samples, type, 0}; }
  ConstImageView view() const { return interleaved_view(bytes.data(), type, rows, columns, samples); }
};

inline std::vector<std::uint8_t> encoded(const Codec& codec, const Image& image) {
  std::vector<std::uint8_t> stream(codec.max_encoded_size(image.info(), {}));
  stream.resize(codec.encode(image.view(), stream, {}));
  return stream;
}

// A destination with guard bytes around it: anything written outside the image is found.
class Guarded {
 public:
  Guarded(std::size_t size, std::uint8_t fill, std::size_t shift = 0)
      : size_(size), shift_(shift), block_(size + 2 * kGuard + shift, kMark) {
    std::fill_n(data(), size, fill);
  }
  std::uint8_t* data() { return block_.data() + kGuard + shift_; }
  bool is_intact() const {
    const auto marked = [](std::uint8_t byte) { return byte == kMark; };
    const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(kGuard + shift_);
    return std::all_of(block_.begin(), begin, marked) &&
           std::all_of(begin + static_cast<std::ptrdiff_t>(size_), block_.end(), marked);
  }
  std::vector<std::uint8_t> bytes() { return {data(), data() + size_}; }

 private:
  static constexpr std::size_t kGuard = 256;
  static constexpr std::uint8_t kMark = 0xC5;
  std::size_t size_, shift_;
  std::vector<std::uint8_t> block_;
};

// Every layout a caller may ask for, as a view into a block of `extent` bytes.
struct Layout {
  const char* name;
  std::size_t extent;
  ImageView view;  // data is null: an offset from the block is in `origin`
  std::size_t origin;
};

inline std::vector<Layout> layouts(const Image& image) {
  const auto bytes = static_cast<std::ptrdiff_t>(bytes_of(image.type));
  const auto rows = static_cast<std::ptrdiff_t>(image.rows), columns = static_cast<std::ptrdiff_t>(image.columns);
  const auto samples = static_cast<std::ptrdiff_t>(image.samples);
  const auto view = [&](std::ptrdiff_t row, std::ptrdiff_t column, std::ptrdiff_t sample) {
    return ImageView{nullptr, image.type, image.rows, image.columns, image.samples, row, column, sample};
  };
  const auto size = static_cast<std::size_t>(rows * columns * samples * bytes);
  const std::ptrdiff_t pixel = samples * bytes;
  return {
      {"interleaved", size, view(columns * pixel, pixel, bytes), 0},
      {"planar", size, view(columns * bytes, bytes, rows * columns * bytes), 0},
      {"rows upside down", size, view(-columns * pixel, pixel, bytes), static_cast<std::size_t>((rows - 1) * columns * pixel)},
      {"columns mirrored", size, view(columns * pixel, -pixel, bytes), static_cast<std::size_t>((columns - 1) * pixel)},
      {"transposed", size, view(pixel, rows * pixel, bytes), 0},
      {"samples reversed", size, view(columns * pixel, pixel, -bytes), static_cast<std::size_t>((samples - 1) * bytes)},
      {"gap after each row", size + static_cast<std::size_t>(rows * 5), view(columns * pixel + 5, pixel, bytes), 0},
      {"every other pixel", 2 * size, view(2 * columns * pixel, 2 * pixel, bytes), 0},
  };
}

inline bool samples_equal(const ConstImageView& a, const ConstImageView& b, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column < a.columns; ++column)
      for (std::uint32_t sample = 0; sample < a.samples; ++sample)
        if (std::memcmp(a.at(row, column, sample), b.at(row, column, sample), a.sample_bytes()) != 0) return false;
  return true;
}

// What came of decoding into a destination that was filled with `fill` beforehand.
struct Outcome {
  std::optional<Error> error;  // thrown
  DecodeReport report;
  std::vector<std::uint8_t> bytes;
  bool guards_intact = false;
};

inline Outcome decoded(const Codec& codec, ByteView stream, const Image& like, OnError on_error,
                       std::uint8_t fill = 0xEE, std::size_t shift = 0) {
  // A block of exactly the stream's size: address sanitizer sees the first byte read behind it.
  const std::vector<std::uint8_t> exact(stream.begin(), stream.end());
  Guarded block(like.bytes.size(), fill, shift);
  Outcome outcome;
  DecodeOptions options;
  options.on_error = on_error;
  try {
    outcome.report = codec.decode(
        exact, interleaved_view(block.data(), like.type, like.rows, like.columns, like.samples), options);
  } catch (const Error& error) {
    outcome.error = error;
  }
  outcome.guards_intact = block.is_intact();
  outcome.bytes = block.bytes();
  return outcome;
}

// D2: with OnError::report the output depends on the stream alone, never on what lay there before.
inline Outcome decoded_twice_alike(const Codec& codec, ByteView stream, const Image& like) {
  const Outcome dark = decoded(codec, stream, like, OnError::report, 0x00);
  const Outcome bright = decoded(codec, stream, like, OnError::report, 0xFF);
  CHECK_FALSE(dark.error.has_value());
  CHECK(dark.guards_intact);
  CHECK(bright.guards_intact);
  CHECK(dark.bytes == bright.bytes);
  CHECK(dark.report.valid_rows == bright.report.valid_rows);
  CHECK(dark.report.valid_rows <= like.rows);
  CHECK(dark.report.error.has_value() == (dark.report.valid_rows < like.rows));
  return dark;
}

inline bool is_typed_input_error(Errc code) {
  return code == Errc::truncated_data || code == Errc::corrupt_data || code == Errc::conformance ||
         code == Errc::unsupported || code == Errc::limit_exceeded;
}

template <typename Body>
void for_each_image(const Subject& subject, Body&& body) {
  const std::uint32_t shapes[][2] = {{1, 1}, {1, 7}, {7, 1}, {2, 3}, {5, 13}, {3, 64}, {2, 129}};
  for (const SampleType type : subject.types)
    for (const std::uint32_t samples : subject.samples)
      for (const auto& shape : shapes)
        if (samples * bytes_of(type) <= subject.max_pixel_bytes) body(Image(shape[0], shape[1], samples, type));
}

inline Image small_image(const Subject& subject, std::uint32_t rows, std::uint32_t columns) {
  return Image(rows, columns, subject.samples.front(), subject.types.back());
}

inline void round_trip_at_every_depth_shape_and_layout(const Subject& subject) {
  for_each_image(subject, [&](const Image& image) {
    const auto stream = encoded(*subject.codec, image);
    for (const Layout& layout : layouts(image)) {
      CAPTURE(layout.name);
      CAPTURE(image.columns);
      Guarded block(layout.extent, 0xEE);
      ImageView view = layout.view;
      view.data = block.data() + layout.origin;
      const DecodeReport report = subject.codec->decode(stream, view, {});
      CHECK(samples_equal(image.view(), view, image.rows));
      CHECK(block.is_intact());
      CHECK(report.valid_rows == image.rows);
      CHECK(report.consumed_bytes <= stream.size());
      CHECK(report.quirks.empty());
      std::vector<std::uint8_t> again(subject.codec->max_encoded_size(image.info(), {}));
      again.resize(subject.codec->encode(view, again, {}));
      CHECK(again == stream);
    }
  });
}

inline void bytes_between_pixels_stay_untouched(const Subject& subject) {
  const Image image = small_image(subject, 5, 13);
  const auto stream = encoded(*subject.codec, image);
  for (const Layout& layout : layouts(image)) {
    CAPTURE(layout.name);
    std::vector<std::uint8_t> block(layout.extent, 0xEE), expected(layout.extent, 0xEE);
    ImageView view = layout.view, wanted = layout.view;
    view.data = block.data() + layout.origin;
    wanted.data = expected.data() + layout.origin;
    subject.codec->decode(stream, view, {});
    for (std::uint32_t row = 0; row < image.rows; ++row)
      for (std::uint32_t column = 0; column < image.columns; ++column)
        for (std::uint32_t sample = 0; sample < image.samples; ++sample)
          std::memcpy(wanted.at(row, column, sample), image.view().at(row, column, sample), bytes_of(image.type));
    CHECK(block == expected);
  }
}

inline void encoding_into_too_little_room_is_refused(const Subject& subject) {
  const Image image = small_image(subject, 4, 9);
  std::vector<std::uint8_t> room(subject.codec->max_encoded_size(image.info(), {}) - 1);
  try {
    subject.codec->encode(image.view(), room, {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code == Errc::invalid_argument);
  }
}

inline void views_without_pixels_are_refused(const Subject& subject) {
  const Image image = small_image(subject, 2, 2);
  const auto stream = encoded(*subject.codec, image);
  std::vector<std::uint8_t> out(image.bytes.size());
  ImageView view = interleaved_view(out.data(), image.type, 0, 2, image.samples);
  CHECK_THROWS_AS(subject.codec->decode(stream, view, {}), Error);
  view = interleaved_view<std::uint8_t>(nullptr, image.type, 2, 2, image.samples);
  CHECK_THROWS_AS(subject.codec->decode(stream, view, {}), Error);
}

inline void every_truncated_length_is_an_error_or_a_partial_frame(const Subject& subject) {
  const Image image = small_image(subject, 6, 11);
  const auto stream = encoded(*subject.codec, image);
  const ConstImageView whole = image.view();
  for (std::size_t length = 0; length < stream.size(); ++length) {
    CAPTURE(length);
    const ByteView cut = ByteView(stream).first(length);
    const Outcome strict = decoded(*subject.codec, cut, image, OnError::raise);
    const bool complete = !strict.error.has_value();
    CHECK(strict.guards_intact);
    if (complete) CHECK(strict.bytes == image.bytes);
    else CHECK(is_typed_input_error(strict.error->code));
    const Outcome partial = decoded_twice_alike(*subject.codec, cut, image);
    CHECK(complete == !partial.report.error.has_value());
    const ConstImageView got =
        interleaved_view(partial.bytes.data(), image.type, image.rows, image.columns, image.samples);
    CHECK(samples_equal(whole, got, partial.report.valid_rows));
  }
}

inline void one_extra_byte_changes_nothing(const Subject& subject) {
  const Image image = small_image(subject, 6, 11);
  for (const unsigned extra : {0x00u, 0x7Fu, 0x80u, 0xFFu}) {
    auto stream = encoded(*subject.codec, image);
    stream.push_back(static_cast<std::uint8_t>(extra));
    const Outcome outcome = decoded(*subject.codec, stream, image, OnError::raise);
    CHECK_FALSE(outcome.error.has_value());
    CHECK(outcome.bytes == image.bytes);
  }
}

inline void every_mutated_header_byte_is_an_error_or_a_frame(const Subject& subject) {
  const Image image = small_image(subject, 6, 11);
  const auto stream = encoded(*subject.codec, image);
  for (std::size_t byte = 0; byte < std::min(subject.header_bytes, stream.size()); ++byte)
    for (const unsigned change : {0x01u, 0x02u, 0x40u, 0x80u, 0xFFu}) {
      CAPTURE(byte);
      CAPTURE(change);
      auto mutant = stream;
      mutant[byte] = static_cast<std::uint8_t>(mutant[byte] ^ change);
      const Outcome strict = decoded(*subject.codec, mutant, image, OnError::raise);
      CHECK(strict.guards_intact);
      if (strict.error) CHECK(is_typed_input_error(strict.error->code));
      decoded_twice_alike(*subject.codec, mutant, image);
      try {
        subject.codec->read_info(mutant);
      } catch (const Error& error) {
        CHECK(is_typed_input_error(error.code));
      }
    }
}

inline void limits_are_charged_before_anything_is_read(const Subject& subject) {
  const Image image = small_image(subject, 4, 4);
  std::vector<std::uint8_t> out(image.bytes.size());
  const ImageView view = interleaved_view(out.data(), image.type, 4, 4, image.samples);
  const auto code_with = [&](Limits limits) {
    DecodeOptions options;
    options.limits = limits;
    try {
      subject.codec->decode(ByteView(), view, options);
    } catch (const Error& error) {
      return error.code;
    }
    return Errc::cancelled;
  };
  Limits pixels, bytes;
  pixels.pixels_per_frame = 15;
  bytes.bytes_per_frame = image.bytes.size() - 1;
  CHECK(code_with(pixels) == Errc::limit_exceeded);
  CHECK(code_with(bytes) == Errc::limit_exceeded);
  CHECK(code_with(Limits()) == Errc::truncated_data);
}

inline void alignment_of_the_destination_does_not_matter(const Subject& subject) {
  const Image image = small_image(subject, 3, 64);
  const auto stream = encoded(*subject.codec, image);
  for (std::size_t shift = 0; shift < 64; shift += 3) {
    const Outcome outcome = decoded(*subject.codec, stream, image, OnError::raise, 0xEE, shift);
    CHECK(outcome.bytes == image.bytes);
    CHECK(outcome.guards_intact);
  }
}

inline void a_scratch_carries_nothing_from_frame_to_frame(const Subject& subject) {
  Scratch scratch;
  DecodeOptions options;
  options.scratch = &scratch;
  for_each_image(subject, [&](const Image& image) {
    const auto stream = encoded(*subject.codec, image);
    std::vector<std::uint8_t> out(image.bytes.size());
    subject.codec->decode(stream, interleaved_view(out.data(), image.type, image.rows, image.columns, image.samples),
                          options);
    CHECK(out == image.bytes);
  });
}

inline void two_decoders_at_once_do_not_disturb_each_other(const Subject& subject) {
  bool right[2] = {true, true};
  const auto work = [&](std::uint32_t columns, bool& all_right) {
    const Image image = small_image(subject, 7, columns);
    const auto stream = encoded(*subject.codec, image);
    for (int i = 0; i < 200; ++i)
      all_right = all_right && decoded(*subject.codec, stream, image, OnError::raise).bytes == image.bytes;
  };
  std::thread first([&] { work(31, right[0]); });
  std::thread second([&] { work(50, right[1]); });
  first.join();
  second.join();
  CHECK(right[0]);
  CHECK(right[1]);
}

inline void a_cancelled_decode_stops(const Subject& subject) {
  const Image image = small_image(subject, 2, 2);
  const auto stream = encoded(*subject.codec, image);
  CancelToken cancel;
  cancel.cancel();
  DecodeOptions options;
  options.cancel = &cancel;
  std::vector<std::uint8_t> out(image.bytes.size());
  try {
    subject.codec->decode(stream, interleaved_view(out.data(), image.type, 2, 2, image.samples), options);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code == Errc::cancelled);
  }
}

inline void encoding_twice_gives_the_same_even_number_of_bytes(const Subject& subject) {
  for_each_image(subject, [&](const Image& image) {
    const auto stream = encoded(*subject.codec, image);
    CHECK(stream.size() % 2 == 0);  // PS3.5 A.4: fragments have an even length
    CHECK(stream == encoded(*subject.codec, image));
  });
}

inline void read_info_agrees_with_what_was_encoded(const Subject& subject) {
  if (!subject.carries_dimensions) return;
  for_each_image(subject, [&](const Image& image) {
    const StreamInfo info = subject.codec->read_info(encoded(*subject.codec, image));
    CHECK(info.rows == image.rows);
    CHECK(info.columns == image.columns);
    CHECK(info.components == image.samples);
  });
}

inline void run_contract_suite(const Subject& subject) {
  REQUIRE(subject.codec != nullptr);
#define TURBODICOM_RULE(rule) \
  SUBCASE(#rule) { rule(subject); }
  TURBODICOM_RULE(round_trip_at_every_depth_shape_and_layout)
  TURBODICOM_RULE(bytes_between_pixels_stay_untouched)
  TURBODICOM_RULE(encoding_into_too_little_room_is_refused)
  TURBODICOM_RULE(views_without_pixels_are_refused)
  TURBODICOM_RULE(every_truncated_length_is_an_error_or_a_partial_frame)
  TURBODICOM_RULE(one_extra_byte_changes_nothing)
  TURBODICOM_RULE(every_mutated_header_byte_is_an_error_or_a_frame)
  TURBODICOM_RULE(limits_are_charged_before_anything_is_read)
  TURBODICOM_RULE(alignment_of_the_destination_does_not_matter)
  TURBODICOM_RULE(a_scratch_carries_nothing_from_frame_to_frame)
  TURBODICOM_RULE(two_decoders_at_once_do_not_disturb_each_other)
  TURBODICOM_RULE(a_cancelled_decode_stops)
  TURBODICOM_RULE(encoding_twice_gives_the_same_even_number_of_bytes)
  TURBODICOM_RULE(read_info_agrees_with_what_was_encoded)
#undef TURBODICOM_RULE
}

}  // namespace turbodicom::codec::contract
