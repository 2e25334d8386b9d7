// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/header.h"

#include <string>

namespace turbodicom::codec::rle {
namespace {

// Header byte of a segment's offset; segments are numbered from 1 as in the standard's tables.
std::size_t header_byte(std::size_t index) { return 4 + 4 * index; }

std::string place(std::size_t byte) { return ", at byte " + std::to_string(byte) + " (PS3.5 G.5)"; }

std::string found(std::size_t index, std::uint32_t offset) {
  return "rle: offset of segment " + std::to_string(index + 1) + " is " + std::to_string(offset);
}

// What is wrong with one offset, if anything. Offsets ascend because segments follow one another in order.
std::optional<Error> offset_damage(const Header& header, std::size_t index, std::size_t frame_bytes) {
  const std::uint32_t offset = header.offsets[index];
  const std::size_t byte = header_byte(index);
  if (offset < kHeaderBytes)
    return Error(Errc::corrupt_data, byte, found(index, offset) + ", inside the 64 bytes of the header" + place(byte));
  if (index > 0 && offset < header.offsets[index - 1])
    return Error(Errc::corrupt_data, byte,
                 found(index, offset) + ", before that of segment " + std::to_string(index) + ", " +
                     std::to_string(header.offsets[index - 1]) + place(byte));
#if !defined(TURBODICOM_PLANT_rle_missing_bounds_check)
  if (offset > frame_bytes)
    return Error(Errc::truncated_data, byte,
                 found(index, offset) + ", beyond the " + std::to_string(frame_bytes) + " bytes of the frame" +
                     place(byte));
#else
  static_cast<void>(frame_bytes);
#endif
  return std::nullopt;
}

}  // namespace

Header parse_header(ByteView source) {
  if (source.size() < kHeaderBytes)
    fail(Errc::truncated_data, source.size(),
         "rle: the frame has " + std::to_string(source.size()) + " bytes, fewer than the 64 of the header" +
             place(source.size()));
  Header header;
  header.segments = load_le<std::uint32_t>(source.data());
  if (header.segments == 0 || header.segments > kMaxSegments)
    fail(Errc::corrupt_data, 0,
         "rle: the header announces " + std::to_string(header.segments) + " segments, expected 1 to 15" + place(0));
  for (std::size_t i = 0; i < kMaxSegments; ++i)
    header.offsets[i] = load_le<std::uint32_t>(source.data() + header_byte(i));
  return header;
}

void check_segment_count(const Header& header, std::size_t expected) {
#if !defined(TURBODICOM_PLANT_rle_skips_segment_count_check)
  if (header.segments != expected)
    fail(Errc::conformance, 0,
         "rle: the header announces " + std::to_string(header.segments) + " segments, the data set needs " +
             std::to_string(expected) + ", at byte 0 (PS3.5 G.2)");
#else
  static_cast<void>(header);
  static_cast<void>(expected);
#endif
}

SegmentSpans segment_spans(const Header& header, ByteView source, OnError on_error) {
  SegmentSpans spans;
  for (std::size_t i = 0; i < header.segments; ++i) {
    const auto damage = offset_damage(header, i, source.size());
    if (damage && on_error == OnError::raise) throw *damage;
    if (damage && !spans.damage) spans.damage = damage;
    const std::uint32_t begin = header.offsets[i];
    const std::size_t end = i + 1 < header.segments ? header.offsets[i + 1] : source.size();
    spans.begin[i] = begin;
    spans.end[i] = end;
#if !defined(TURBODICOM_PLANT_rle_missing_bounds_check)
    if (damage || end > source.size()) spans.end[i] = source.size();
#endif
    if (damage || spans.end[i] < begin) spans.end[i] = spans.begin[i] = kHeaderBytes;
  }
  return spans;
}

void write_header(const Header& header, std::uint8_t* destination) {
  store_le(destination, header.segments);
  for (std::size_t i = 0; i < kMaxSegments; ++i)
    store_le(destination + header_byte(i), header.offsets[i]);
}

}  // namespace turbodicom::codec::rle
