// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/markers.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/codec/jpeg/huffman.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes segment(std::uint8_t code, Bytes body) {
  const auto length = static_cast<std::uint16_t>(body.size() + 2);
  return joined({{0xFF, code, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)}, std::move(body)});
}

const Bytes kSoi{0xFF, 0xD8};
const Bytes kEoi{0xFF, 0xD9};

Bytes frame_header(std::uint8_t code, std::uint8_t precision, std::uint16_t rows, std::uint16_t columns, Bytes components) {
  const auto high = [](std::uint16_t n) { return static_cast<std::uint8_t>(n >> 8); };
  const auto low = [](std::uint16_t n) { return static_cast<std::uint8_t>(n); };
  Bytes body{precision, high(rows), low(rows), high(columns), low(columns), static_cast<std::uint8_t>(components.size() / 3)};
  body.insert(body.end(), components.begin(), components.end());
  return segment(code, body);
}

const Bytes kGray{1, 0x11, 0};
const Bytes kColour420{1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1};
const Bytes kGrayScan = segment(marker::SOS, {1, 1, 0x00, 0, 63, 0});

Errc code_of(const Bytes& bytes) {
  try {
    MarkerReader reader(bytes);
    for (;;) {
      const auto stop = reader.next();
      if (stop == MarkerReader::Stop::end || stop == MarkerReader::Stop::end_of_bytes) return Errc::cancelled;
    }
  } catch (const Error& error) {
    return error.code;
  }
}

}  // namespace

TEST_CASE("a frame header becomes components with their geometry") {
  const Bytes bytes = joined({kSoi, frame_header(0xC0, 8, 35, 50, kColour420), kEoi});
  MarkerReader reader(bytes);
  REQUIRE(reader.next() == MarkerReader::Stop::frame);
  const FrameHeader& frame = reader.frame();
  CHECK(frame.rows == 35);
  CHECK(frame.columns == 50);
  CHECK(frame.mcus_per_row == 4);
  CHECK(frame.mcu_rows == 3);
  CHECK(frame.components[0].blocks_per_row == 8);
  CHECK(frame.components[0].own_blocks_per_row == 7);
  CHECK(frame.components[0].own_block_rows == 5);
  CHECK(frame.components[1].columns == 25);
  CHECK(frame.components[1].rows == 18);
  CHECK(frame.components[1].own_block_rows == 3);
  CHECK(reader.next() == MarkerReader::Stop::end);
}

TEST_CASE("fill bytes and bytes between segments are skipped and counted") {
  const Bytes bytes = joined({kSoi, {0xFF, 0xFF, 0xFF}, frame_header(0xC1, 12, 8, 8, kGray), {0x12, 0x34}, kEoi});
  MarkerReader reader(bytes);
  CHECK(reader.next() == MarkerReader::Stop::frame);
  CHECK(reader.skipped_bytes() == 0);
  CHECK(reader.next() == MarkerReader::Stop::end);
  CHECK(reader.skipped_bytes() == 2);
}

TEST_CASE("the number of lines may follow the first scan") {
  const Bytes dnl = segment(marker::DNL, {0, 77});
  const Bytes bytes = joined({kSoi, frame_header(0xC0, 8, 0, 8, kGray), kGrayScan, {1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4}, dnl, kEoi});
  MarkerReader reader(bytes);
  REQUIRE(reader.next() == MarkerReader::Stop::frame);
  CHECK(reader.frame().rows == 77);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 0, 8, kGray), kGrayScan, {1, 2}, kEoi})) == Errc::corrupt_data);
}

TEST_CASE("processes we do not read are refused by name") {
  const std::pair<std::uint8_t, const char*> processes[] = {
      {0xC5, "hierarchical sequential"}, {0xC9, "arithmetic sequential"}, {0xCA, "arithmetic progressive"},
      {0xCB, "arithmetic lossless"}, {0xCF, "hierarchical arithmetic lossless"}};
  for (const auto& [code, name] : processes) {
    const Bytes bytes = joined({kSoi, frame_header(code, 8, 8, 8, kGray)});
    MarkerReader reader(bytes);
    try {
      reader.next();
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code == Errc::unsupported);
      CHECK(std::string(error.message).find(name) != std::string::npos);
      CHECK(error.offset == 2);
    }
  }
}

TEST_CASE("headers that lie are corrupt data") {
  CHECK(code_of({0xFF, 0xD9}) == Errc::corrupt_data);
  CHECK(code_of({0xFF}) == Errc::truncated_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 9, 8, 8, kGray)})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC3, 17, 8, 8, kGray)})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 0, kGray)})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 8, {1, 0x51, 0})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 8, {1, 0x10, 0})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 8, kGray), frame_header(0xC0, 8, 8, 8, kGray)})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 8, kGray), segment(marker::SOS, {1, 2, 0, 0, 63, 0})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, kGrayScan})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, segment(marker::DRI, {0})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, segment(marker::DQT, {4})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, segment(marker::DHT, {0x20})})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, {0xFF, 0xC4, 0x00, 0x01}})) == Errc::corrupt_data);
  CHECK(code_of(joined({kSoi, {0xFF, 0xE0, 0x00, 0x01}, kEoi})) == Errc::cancelled);  // a segment nobody reads
  CHECK(code_of(joined({kSoi, {0xFF, 0xC4, 0x10, 0x00, 1, 2, 3}})) == Errc::truncated_data);
  CHECK(code_of(joined({kSoi, frame_header(0xC0, 8, 8, 8, {1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0, 5, 0x11, 0})})) ==
        Errc::unsupported);
}

TEST_CASE("every prefix of the segments ends in a typed error or at the end of the bytes") {
  Bytes huffman{0x00, 0, 1, 1};
  huffman.resize(17 + 2);
  const Bytes bytes = joined({kSoi, segment(marker::DHT, huffman), frame_header(0xC0, 8, 35, 50, kColour420), kGrayScan, {1, 2, 3}, kEoi});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Errc code = code_of(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    const bool typed = code == Errc::truncated_data || code == Errc::corrupt_data || code == Errc::cancelled;
    CHECK(typed);
  }
}

TEST_CASE("the markers say what the components are, as libjpeg guesses them") {
  const auto guess = [](const Bytes& application, const Bytes& components, std::uint8_t process = 0xC0) {
    const Bytes bytes = joined({kSoi, application, frame_header(process, 8, 8, 8, components)});
    MarkerReader reader(bytes);
    reader.next();
    return guess_colour(reader.frame(), reader.application());
  };
  const Bytes jfif = segment(marker::APP0, {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
  const auto adobe = [](std::uint8_t transform) {
    return segment(marker::APP14, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform});
  };
  const Bytes plain{1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0}, rgb{'R', 0x11, 0, 'G', 0x11, 0, 'B', 0x11, 0};
  CHECK(guess({}, plain).libjpeg_says_ycc);
  CHECK(guess({}, plain).colour == CodedColour::unsaid);
  const Bytes from_0{0, 0x11, 0, 1, 0x11, 0, 2, 0x11, 0};
  CHECK(guess({}, from_0).libjpeg_says_ycc);
  CHECK_FALSE(guess({}, from_0, 0xC3).libjpeg_says_ycc);  // lossless
  CHECK(guess({}, plain, 0xC3).libjpeg_says_ycc);
  CHECK(guess(jfif, from_0, 0xC3).libjpeg_says_ycc);
  CHECK_FALSE(guess({}, rgb).libjpeg_says_ycc);
  CHECK(guess({}, rgb).source == ColourSource::component_ids);
  CHECK(guess(jfif, plain).source == ColourSource::jfif);
  CHECK(guess(jfif, rgb).libjpeg_says_ycc);
  CHECK(guess(adobe(0), plain).colour == CodedColour::rgb);
  CHECK_FALSE(guess(adobe(0), plain).libjpeg_says_ycc);
  CHECK(guess(adobe(1), plain).colour == CodedColour::ycc);
  CHECK(guess(segment(marker::APP14, {'A', 'd', 'o', 'b', 'e'}), plain).source == ColourSource::nothing);
}

TEST_CASE("Huffman codes are those of the standard's procedure") {
  const HuffmanCodes codes = huffman_codes(typical_dc(false), 15);
  CHECK(codes.count == 12);
  const std::uint16_t expected[] = {0, 2, 3, 4, 5, 6, 14, 30, 62, 126, 254, 510};  // T.81 Table K.3
  for (std::size_t i = 0; i < 12; ++i) CHECK(codes.code[i] == expected[i]);
  const CanonicalDecoder decoder(codes);
  for (std::size_t i = 0; i < 12; ++i) {
    const auto symbol = decoder.decode(std::uint64_t{codes.code[i]} << (64 - codes.length[i]));
    CHECK(symbol.is_code);
    CHECK(symbol.value == codes.value[i]);
    CHECK(symbol.length == codes.length[i]);
  }
  const auto none = decoder.decode(~std::uint64_t{0});
  CHECK_FALSE(none.is_code);
  CHECK(none.length == 17);
}

TEST_CASE("lengths that are no code and values out of range are refused") {
  HuffmanSpec spec;
  spec.is_defined = true;
  spec.counts[1] = 3;
  CHECK_THROWS_AS(huffman_codes(spec, 255), Error);
  spec.counts[1] = 2;  // the all-ones code: some products use it
  CHECK(huffman_codes(spec, 255).count == 2);
  spec.counts[2] = 1;
  CHECK_THROWS_AS(huffman_codes(spec, 255), Error);
  CHECK_THROWS_AS(huffman_codes(typical_dc(false), 10), Error);
  CHECK(huffman_codes(typical_ac(true), 255).count == 162);
  CHECK(huffman_codes(typical_ac(false), 255).count == 162);
}
