// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One native frame becomes samples. Every block of memory here is exactly as large as it may be, so
// that a sanitizer sees one byte too many.
#include "turbodicom/image/native_frame.h"

#include "image/image_writer.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;

namespace {

FrameLayout layout_of(const ImageFile& image) {
  const dicom::DicomFile file = dicom::test::read(bytes_of(image));
  return describe_frames(*file.data_set, find_pixel_data(*file.data_set), {});
}

Bytes convert(const Bytes& stored, std::uint32_t first_bit, const FrameLayout& layout, NativeOrder order = {},
              Color color = Color::coded) {
  Bytes target(layout.frame_bytes, 0xA5);
  codec::Scratch scratch;
  convert_native_frame(stored, first_bit, layout, order, color, target.data(), scratch);
  return target;
}

ImageFile ybr(std::string photometric, std::uint16_t rows, std::uint16_t columns, std::uint16_t bits = 8) {
  ImageFile image;
  image.photometric = std::move(photometric);
  image.samples_per_pixel = 3;
  image.rows = rows;
  image.columns = columns;
  image.bits_allocated = bits;
  return image;
}

}  // namespace

TEST_CASE("cells of 1 bit are unpacked from any bit of the first byte") {
  ImageFile image;
  image.bits_allocated = 1;
  image.columns = 9;
  const FrameLayout layout = layout_of(image);
  for (std::uint32_t first = 0; first < 8; ++first) {
    const std::vector<std::uint64_t> values = Noise().values(first + 18, 1);
    const Bytes expected = part(samples(values, 1), first, 18);
    CHECK(convert(cells(values, 1), first, layout) == expected);
  }
}

TEST_CASE("cells of 12 bits are unpacked from either half of the three bytes, and their sign is spread") {
  ImageFile image;
  image.bits_allocated = 12;
  image.columns = 5;
  image.rows = 1;
  for (const std::uint32_t first : {0u, 1u}) {
    image.pixel_representation = 0;
    const std::vector<std::uint64_t> values = Noise().values(first + 5, 12);
    CHECK(convert(cells(values, 12), 12 * first, layout_of(image)) == part(samples(values, 2), 2 * first, 10));
    std::vector<std::uint64_t> extended = values;
    for (std::uint64_t& value : extended) value = (value ^ 0x800) - 0x800;
    image.pixel_representation = 1;
    CHECK(convert(cells(values, 12), 12 * first, layout_of(image)) == part(samples(extended, 2), 2 * first, 10));
  }
}

TEST_CASE("big-endian samples of 2, 4 and 8 bytes come out in the order of this machine") {
  for (const std::uint16_t bits : Depths{16, 32, 64}) {
    ImageFile image;
    image.bits_allocated = bits;
    const std::vector<std::uint64_t> values = Noise().values(6, bits);
    const Bytes little = samples(values, bits / 8u);
    CHECK(convert(little, 0, layout_of(image)) == little);
    CHECK(convert(reversed_groups(little, bits / 8u), 0, layout_of(image), {.big_endian = true}) == little);
  }
}

TEST_CASE("bytes in swapped words are found from either half of the first word") {
  ImageFile image;
  image.rows = 1;
  image.columns = 5;
  const NativeOrder order{.big_endian = true, .swap_pairs = true};
  const Bytes straight = {1, 2, 3, 4, 5, 6};
  CHECK(convert(reversed_groups(straight, 2), 0, layout_of(image), order) == part(straight, 0, 5));
  CHECK(convert(reversed_groups(straight, 2), 8, layout_of(image), order) == part(straight, 1, 5));
}

TEST_CASE("planes come out interleaved, with the bytes of their samples in order") {
  ImageFile image = ybr("RGB", 1, 2, 16);
  image.planar_configuration = 1;
  const Bytes planes = samples({0x0101, 0x0202, 0x0303, 0x0404, 0x0505, 0x0607}, 2);
  const Bytes expected = samples({0x0101, 0x0303, 0x0505, 0x0202, 0x0404, 0x0607}, 2);
  CHECK(convert(planes, 0, layout_of(image)) == expected);
  CHECK(convert(reversed_groups(planes, 2), 0, layout_of(image), {.big_endian = true}) == expected);
}

TEST_CASE("a pair of YBR_FULL_422 pixels shares its chroma, at 8 and 16 bits and in either byte order") {
  const Bytes expected8 = {10, 30, 40, 20, 30, 40};
  CHECK(convert({10, 20, 30, 40}, 0, layout_of(ybr("YBR_FULL_422", 1, 2))) == expected8);
  const FrameLayout layout = layout_of(ybr("YBR_FULL_422", 1, 2, 16));
  const Bytes packed = samples({0x1001, 0x2002, 0x3003, 0x4004}, 2);
  const Bytes expected16 = samples({0x1001, 0x3003, 0x4004, 0x2002, 0x3003, 0x4004}, 2);
  CHECK(convert(packed, 0, layout) == expected16);
  CHECK(convert(reversed_groups(packed, 2), 0, layout, {.big_endian = true}) == expected16);
}

TEST_CASE("grey stays grey through every YBR transform") {
  const Bytes grey = {128, 128, 128, 128, 128, 128};
  CHECK(convert({128, 128, 128, 128, 128, 128}, 0, layout_of(ybr("YBR_FULL", 1, 2)), {}, Color::rgb) == grey);
  CHECK(convert({128, 128, 128, 128}, 0, layout_of(ybr("YBR_FULL_422", 1, 2)), {}, Color::rgb) == grey);
  const Bytes white(6, 255);
  CHECK(convert({235, 235, 128, 128}, 0, layout_of(ybr("YBR_PARTIAL_422", 1, 2)), {}, Color::rgb) == white);
}

TEST_CASE("4:2:2 in one pass equals upsampling first and colour afterwards") {
  const FrameLayout packed_layout = layout_of(ybr("YBR_FULL_422", 3, 14));
  const FrameLayout full_layout = layout_of(ybr("YBR_FULL", 3, 14));
  const Bytes packed = samples(Noise().values(84, 8), 1);
  const Bytes upsampled = convert(packed, 0, packed_layout);
  CHECK(convert(packed, 0, packed_layout, {}, Color::rgb) == convert(upsampled, 0, full_layout, {}, Color::rgb));
}

TEST_CASE("subsampled YBR that no frame can hold is unsupported at every size and depth, never read") {
  for (const char* word : {"YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"})
    for (const std::uint16_t bits : Depths{1, 8, 12, 16, 32, 64})
      for (const auto& [rows, columns] : {std::pair<std::uint16_t, std::uint16_t>{1, 1}, {3, 1}, {3, 3}, {1, 5}}) {
        const FrameLayout layout = layout_of(ybr(word, rows, columns, bits));
        const Bytes stored((layout.stored_frame_bits + 7) / 8);
        for (const Color color : {Color::coded, Color::rgb})
          CHECK(error_of([&] { convert(stored, 0, layout, {}, color); }).code == Errc::unsupported);
      }
}

TEST_CASE("an even number of 4:2:2 pixels in cells of 1 or 12 bits is unsupported too") {
  for (const std::uint16_t bits : Depths{1, 12}) {
    const FrameLayout layout = layout_of(ybr("YBR_FULL_422", 8, 16, bits));
    const Bytes stored((layout.stored_frame_bits + 7) / 8);
    CHECK(error_of([&] { convert(stored, 0, layout); }).code == Errc::unsupported);
  }
}

TEST_CASE("YBR_FULL with more than 8 bits is given as coded, or an error") {
  const FrameLayout layout = layout_of(ybr("YBR_FULL", 1, 1, 16));
  const Bytes stored = {1, 2, 3, 4, 5, 6};
  CHECK(convert(stored, 0, layout) == stored);
  CHECK(error_of([&] { convert(stored, 0, layout, {}, Color::rgb); }).code == Errc::unsupported);
}

TEST_CASE("bits outside the sample are cleaned, wherever High Bit puts it") {
  ImageFile image;
  image.rows = image.columns = 1;
  image.bits_allocated = 16;
  image.bits_stored = 12;
  CHECK(convert({0xFF, 0xFA}, 0, layout_of(image)) == Bytes{0xFF, 0x0A});
  image.overrides = {{tags::kHighBit, VR::US, us(15)}};
  CHECK(convert({0xFF, 0xFA}, 0, layout_of(image)) == Bytes{0xAF, 0x0F});
  image.pixel_representation = 1;
  CHECK(convert({0xFF, 0xFA}, 0, layout_of(image)) == Bytes{0xAF, 0xFF});
}

TEST_CASE("finishing pixel by pixel equals finishing the frame at once") {
  ImageFile image = ybr("YBR_FULL", 5, 7);
  const FrameLayout layout = layout_of(image);
  const Bytes stored = samples(Noise().values(105, 8), 1);
  Bytes whole = stored;
  finish_in_place(whole.data(), 35, layout, {}, Color::rgb);
  Bytes pieces = stored;
  for (std::size_t at = 0; at < 35; ++at) finish_in_place(pieces.data() + 3 * at, 1, layout, {}, Color::rgb);
  CHECK(whole == pieces);
  CHECK(whole != stored);
}

TEST_CASE("only whole cells side by side with full chroma are straight") {
  ImageFile image;
  CHECK(is_straight(layout_of(image)));
  for (const std::uint16_t bits : Depths{1, 12}) {
    image.bits_allocated = bits;
    CHECK_FALSE(is_straight(layout_of(image)));
  }
  CHECK(is_straight(layout_of(ybr("YBR_FULL", 2, 2))));
  CHECK_FALSE(is_straight(layout_of(ybr("YBR_FULL_422", 2, 2))));
  image = ybr("RGB", 2, 2);
  image.planar_configuration = 1;
  CHECK_FALSE(is_straight(layout_of(image)));
}

TEST_CASE("a frame begins in a unit of a byte, a word or two 12-bit cells") {
  ImageFile image;
  CHECK(unit_bits(layout_of(image), {}) == 8);
  CHECK(unit_bits(layout_of(image), {.big_endian = true, .swap_pairs = true}) == 16);
  image.bits_allocated = 1;
  CHECK(unit_bits(layout_of(image), {}) == 8);
  image.bits_allocated = 12;
  CHECK(unit_bits(layout_of(image), {}) == 24);
}
