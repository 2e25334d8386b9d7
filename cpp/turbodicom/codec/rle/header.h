// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The RLE header (PS3.5 G.5): sixteen little-endian words, the number of segments and 15 offsets.
// parse_header() checks the count; segment_spans() checks the offsets against the frame's bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::rle {

inline constexpr std::size_t kHeaderBytes = 64;   // PS3.5 G.5
inline constexpr std::size_t kMaxSegments = 15;   // PS3.5 G.5

struct Header {
  std::uint32_t segments = 0;
  std::array<std::uint32_t, kMaxSegments> offsets{};  // from the first byte of the header
};

// The bytes of each segment, as [begin, end) in the frame.
struct SegmentSpans {
  std::array<std::uint32_t, kMaxSegments> begin{};
  std::array<std::size_t, kMaxSegments> end{};
  std::optional<Error> damage;  // offsets that point outside the frame, if the caller tolerates them
};

// Throws truncated_data below 64 bytes and corrupt_data for a count outside 1..15.
Header parse_header(ByteView source);

// Throws conformance when the count is not the `expected` one: Samples per Pixel times bytes a sample.
void check_segment_count(const Header& header, std::size_t expected);

// With OnError::report, segments that lie outside the frame come back empty, with `damage` set.
SegmentSpans segment_spans(const Header& header, ByteView source, OnError on_error);

void write_header(const Header& header, std::uint8_t* destination);

}  // namespace turbodicom::codec::rle
