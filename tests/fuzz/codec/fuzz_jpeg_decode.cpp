// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: whatever the bytes, decoding gives a frame or a typed error, never touches memory outside the
// destination, gives the same bytes over any former contents with OnError::report (RELIABILITY D2, D5), throws exactly
// where the report names an error, and does so within the time bound D8 (ten times as long under a sanitizer). A
// window equals the crop, and several threads give what one gives (H1). The first byte chooses colour, reduction
// and window; the rest is the stream, which itself says how large the image is: it is asked, and small ones are decoded.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <vector>

#include "turbodicom/codec/jpeg/jpeg.h"

using namespace turbodicom;
using namespace turbodicom::codec;

namespace {

constexpr std::uint64_t kMostSamples = 1 << 14;  // larger images meet no other loops

void require(bool property) {
  if (!property) std::abort();
}

struct Image {
  std::uint32_t rows, columns, samples;
  SampleType type;

  std::size_t bytes() const { return std::size_t{rows} * columns * samples * bytes_of(type); }
  ImageView view(std::uint8_t* data) const { return interleaved_view(data, type, rows, columns, samples); }
};

struct Result {
  std::unique_ptr<std::uint8_t[]> bytes;  // exactly the image: address sanitizer guards its ends
  DecodeReport report;
  std::optional<Error> error;
};

Result decode(const Image& image, ByteView stream, DecodeOptions options, OnError on_error, std::uint8_t fill) {
  Result result;
  result.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(image.bytes());
  std::fill_n(result.bytes.get(), image.bytes(), fill);
  options.on_error = on_error;
  try {
    result.report = jpeg::decode(stream, image.view(result.bytes.get()), options);
  } catch (const Error& error) {
    result.error = error;
  }
  return result;
}

bool equal(const Result& a, const Result& b, const Image& image) {
  return std::equal(a.bytes.get(), a.bytes.get() + image.bytes(), b.bytes.get()) && a.report.valid_rows == b.report.valid_rows &&
         a.report.error.has_value() == b.report.error.has_value() && a.report.quirks == b.report.quirks;
}

// D8: 5 ms + 40 ns a sample + 1 us a byte; builds with sanitizers take ten times as long. Processor time, so that other
// work on the machine does not count; a second try, so that being moved to a cold core does not either.
Result decode_in_time(const Image& image, ByteView stream, const DecodeOptions& options, OnError on_error) {
  const double samples = static_cast<double>(image.bytes() / bytes_of(image.type));
  const double bound = 10 * (5e-3 + 40e-9 * samples + 1e-6 * static_cast<double>(stream.size()));
  for (int attempt = 0;; ++attempt) {
    const std::clock_t start = std::clock();
    Result result = decode(image, stream, options, on_error, 0x00);
    const double taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (taken <= bound) return result;
    std::fprintf(stderr, "took %.3f s of %.3f s\n", taken, bound);
    require(attempt == 0);
  }
}

void compare_window(const Image& whole, const Result& expected, ByteView stream, DecodeOptions options, unsigned kind) {
  const std::uint32_t row = whole.rows * (kind & 3) / 4, column = whole.columns * (kind >> 2 & 3) / 4;
  const Image part{std::max(1u, (whole.rows - row) / 2), std::max(1u, (whole.columns - column) / 2), whole.samples, whole.type};
  options.window = Window{row, column};
  const Result got = decode(part, stream, options, OnError::raise, 0xAA);
  if (expected.error) return;  // a damaged part may lie outside of the window
  require(!got.error);
  const std::size_t pixel = whole.samples * bytes_of(whole.type);
  const ImageView from = whole.view(expected.bytes.get()), to = part.view(got.bytes.get());
  for (std::uint32_t r = 0; r < part.rows; ++r)
    require(std::equal(to.at(r, 0, 0), to.at(r, 0, 0) + part.columns * pixel, from.at(row + r, column, 0)));
}

std::optional<StreamInfo> info_of(ByteView stream) {
  try {
    return jpeg::read_info(stream);
  } catch (const Error&) {
    return std::nullopt;
  }
}

Image image_of(const StreamInfo& info, std::uint32_t reduce) {
  const auto reduced = [&](std::uint32_t n) { return static_cast<std::uint32_t>((std::uint64_t{n} + (1u << reduce) - 1) >> reduce); };
  return {reduced(info.rows), reduced(info.columns), info.components, info.precision > 8 ? SampleType::u16 : SampleType::u8};
}

void check(const Image& image, ByteView stream, DecodeOptions options, unsigned kind) {
  const Result strict = decode_in_time(image, stream, options, OnError::raise);
  const Result dark = decode_in_time(image, stream, options, OnError::report);
  const Result bright = decode(image, stream, options, OnError::report, 0xFF);
  require(!dark.error && !bright.error);
  require(equal(dark, bright, image));
  require(strict.error.has_value() == dark.report.error.has_value());
  require(dark.report.error.has_value() == (dark.report.valid_rows < image.rows));
  require(dark.report.consumed_bytes <= stream.size());
  if (!strict.error) require(std::equal(strict.bytes.get(), strict.bytes.get() + image.bytes(), dark.bytes.get()));
  if (kind & 0x10) compare_window(image, strict, stream, options, kind >> 4);
  if (kind & 0x80) {
    options.workers = 2;
    require(equal(decode(image, stream, options, OnError::report, 0x55), dark, image));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const unsigned kind = data[0];
  const std::vector<std::uint8_t> stream(data + 1, data + size);  // of exactly its size
  const std::optional<StreamInfo> info = info_of(stream);
  DecodeOptions options;
  constexpr ColourTransform kColours[] = {ColourTransform::none, ColourTransform::by_stream, ColourTransform::ycc_to_rgb};
  options.colour = kColours[(kind & 3) % 3];
  options.predictor6_overflow = (kind & 3) == 3;
  options.cornell_huffman = (kind & 3) == 3;
  options.reduce = info && !info->lossless ? kind >> 2 & 3 : 0;
  if (!info) {  // refused: so is decoding it, as what it may
    const Image image{3, 5, 1, SampleType::u8};
    require(decode(image, stream, options, OnError::raise, 0).error.has_value());
    require(!decode(image, stream, options, OnError::report, 0).error.has_value());
    return 0;
  }
  if (std::uint64_t{info->rows} * info->columns > kMostSamples / info->components) return 0;
  check(image_of(*info, options.reduce), stream, options, kind);
  return 0;
}
