// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: whatever the bytes, decoding gives a frame or a typed error, never touches memory outside
// the destination, and with OnError::report gives the same bytes over any former contents (RELIABILITY
// D2, D5). The first three bytes choose the image; the rest is the frame.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "turbodicom/codec/rle/rle.h"

using namespace turbodicom;
using namespace turbodicom::codec;

namespace {

void require(bool property) {
  if (!property) std::abort();
}

struct Shape {
  std::uint32_t rows, columns, samples;
  SampleType type;
  bool planar;
};

Shape shape_from(const std::uint8_t* data) {
  constexpr SampleType kTypes[] = {SampleType::u8, SampleType::i16, SampleType::u32, SampleType::f64};
  constexpr std::uint32_t kSamples[] = {1, 3, 2, 4};
  const unsigned kind = data[2];
  return {1u + data[0] % 40, 1u + data[1] * (kind & 0x80 ? 8u : 1u), kSamples[kind >> 2 & 3], kTypes[kind & 3],
          (kind & 0x40) != 0};
}

struct Result {
  std::unique_ptr<std::uint8_t[]> bytes;  // exactly the image: address sanitizer guards its ends
  DecodeReport report;
  bool threw = false;
};

Result decode(const Shape& shape, ByteView frame, OnError on_error, std::uint8_t fill) {
  const std::size_t size = std::size_t{shape.rows} * shape.columns * shape.samples * bytes_of(shape.type);
  Result result;
  result.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(size);
  std::fill_n(result.bytes.get(), size, fill);
  const auto make = shape.planar ? planar_view<std::uint8_t> : interleaved_view<std::uint8_t>;
  DecodeOptions options;
  options.on_error = on_error;
  try {
    result.report = rle::decode(frame, make(result.bytes.get(), shape.type, shape.rows, shape.columns, shape.samples),
                                options);
  } catch (const Error&) {
    result.threw = true;
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const Shape shape = shape_from(data);
  const ByteView frame(data + 3, size - 3);
  try {
    rle::read_info(frame);
  } catch (const Error&) {
  }
  const Result strict = decode(shape, frame, OnError::raise, 0x00);
  const Result dark = decode(shape, frame, OnError::report, 0x00);
  const Result bright = decode(shape, frame, OnError::report, 0xFF);
  const std::size_t bytes = std::size_t{shape.rows} * shape.columns * shape.samples * bytes_of(shape.type);
  require(!dark.threw && !bright.threw);
  require(std::equal(dark.bytes.get(), dark.bytes.get() + bytes, bright.bytes.get()));
  require(strict.threw == dark.report.error.has_value());
  require(dark.report.valid_rows <= shape.rows);
  require(dark.report.consumed_bytes <= frame.size());
  if (!strict.threw) require(std::equal(strict.bytes.get(), strict.bytes.get() + bytes, dark.bytes.get()));
  return 0;
}
