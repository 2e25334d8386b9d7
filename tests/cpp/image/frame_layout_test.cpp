// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The Image Pixel module, right and contradicting itself (PS3.3 C.7.6.3): every refusal has a code a
// caller can act on and names its tag.
#include "turbodicom/image/frame_layout.h"

#include "image/image_writer.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;

namespace {

FrameLayout layout_of(const ImageFile& image, const Limits& limits = {}) {
  const dicom::DicomFile file = dicom::test::read(bytes_of(image));
  return describe_frames(*file.data_set, find_pixel_data(*file.data_set), limits);
}

ImageFile with(Tag tag, VR vr, std::string value) {
  ImageFile image;
  image.overrides = {{tag, vr, std::move(value)}};
  return image;
}

ImageFile colour(std::string photometric, std::uint16_t samples_per_pixel = 3) {
  ImageFile image;
  image.photometric = std::move(photometric);
  image.samples_per_pixel = samples_per_pixel;
  return image;
}

}  // namespace

TEST_CASE("Bits Allocated and Pixel Representation decide the type of the samples") {
  struct Row { std::uint16_t bits; SampleType plain; SampleType with_sign; };
  const Row table[] = {{1, SampleType::u8, SampleType::u8},     {8, SampleType::u8, SampleType::i8},
                       {12, SampleType::u16, SampleType::i16},  {16, SampleType::u16, SampleType::i16},
                       {32, SampleType::u32, SampleType::i32},  {64, SampleType::u64, SampleType::i64}};
  for (const Row& row : table) {
    ImageFile image;
    image.bits_allocated = row.bits;
    const FrameLayout layout = layout_of(image);
    CHECK(layout.type == row.plain);
    CHECK(layout.frame_samples == 6);
    CHECK(layout.frame_bytes == 6 * turbodicom::bytes_of(row.plain));
    CHECK(layout.stored_frame_bits == 6u * row.bits);
    CHECK(layout.bits_stored == row.bits);
    image.pixel_representation = 1;
    CHECK(layout_of(image).type == row.with_sign);
  }
}

TEST_CASE("Float Pixel Data and Double Float Pixel Data need no Bits Allocated") {
  ImageFile image;
  image.absent = {tags::kBitsAllocated, tags::kBitsStored, tags::kHighBit, tags::kPixelRepresentation};
  image.pixel_tag = tags::kFloatPixelData;
  image.pixel_vr = VR::OF;
  CHECK(layout_of(image).type == SampleType::f32);
  CHECK(layout_of(image).bits_allocated == 32);
  CHECK_FALSE(layout_of(image).has_unused_bits());
  image.pixel_tag = tags::kDoubleFloatPixelData;
  image.pixel_vr = VR::OD;
  CHECK(layout_of(image).type == SampleType::f64);
  CHECK(layout_of(image).stored_frame_bits == 6 * 64);
}

TEST_CASE("unused bits are those of the type that the sample does not fill") {
  ImageFile image;
  image.bits_allocated = 16;
  CHECK_FALSE(layout_of(image).has_unused_bits());
  image.bits_stored = 12;
  CHECK(layout_of(image).has_unused_bits());
  image.bits_allocated = 12;
  CHECK_FALSE(layout_of(image).has_unused_bits());  // unpacking leaves the upper four bits 0
  image.pixel_representation = 1;
  CHECK(layout_of(image).has_unused_bits());        // but a sign has to be spread
  image.bits_allocated = image.bits_stored = 1;
  CHECK_FALSE(layout_of(image).has_unused_bits());
}

TEST_CASE("a High Bit that cannot be meant becomes Bits Stored - 1") {
  struct Row { std::uint16_t written, taken; };
  for (const Row& row : {Row{11, 11}, Row{15, 15}, Row{13, 13}, Row{16, 11}, Row{10, 11}, Row{0, 11}, Row{0xFFFF, 11}}) {
    ImageFile image = with(tags::kHighBit, VR::US, us(row.written));
    image.bits_allocated = 16;
    image.bits_stored = 12;
    CHECK(layout_of(image).high_bit == row.taken);
  }
  ImageFile image;
  image.absent = {tags::kHighBit};
  CHECK(layout_of(image).high_bit == 7);
}

TEST_CASE("Number of Frames is 1 when absent, empty or 0, and the first value when there are more") {
  CHECK(layout_of({}).number_of_frames == 1);
  struct Row { const char* written; std::uint64_t frames; };
  for (const Row& row : {Row{"", 1}, Row{"0 ", 1}, Row{"7 ", 7}, Row{" 7", 7}, Row{"+7", 7}, Row{"7\\9 ", 7}, Row{"2147483647", 2147483647}})
    CHECK(layout_of(with(tags::kNumberOfFrames, VR::IS, row.written)).number_of_frames == row.frames);
}

TEST_CASE("each contradiction of the Image Pixel module is a conformance error that names its tag") {
  struct Row { ImageFile image; Tag where; };
  ImageFile stored9;
  stored9.bits_stored = 9;
  ImageFile two_kinds = with(tags::kFloatPixelData, VR::OF, "abcd");
  two_kinds.pixels = {1, 2, 3, 4, 5, 6};
  ImageFile nothing;
  nothing.absent = {tags::kPixelData};
  ImageFile planar2 = colour("RGB");
  planar2.planar_configuration = 2;
  const Row table[] = {
      {with(tags::kRows, VR::US, us(0)), tags::kRows},
      {with(tags::kColumns, VR::US, us(0)), tags::kColumns},
      {with(tags::kRows, VR::US, ""), tags::kRows},
      {with(tags::kRows, VR::UL, std::string("\2\0\0\0", 4)), tags::kRows},
      {with(tags::kColumns, VR::LO, "12"), tags::kColumns},
      {with(tags::kColumns, VR::UN, "1"), tags::kColumns},
      {with(tags::kSamplesPerPixel, VR::US, us(0)), tags::kSamplesPerPixel},
      {with(tags::kSamplesPerPixel, VR::US, us(5)), tags::kSamplesPerPixel},
      {with(tags::kBitsAllocated, VR::US, us(0)), tags::kBitsAllocated},
      {with(tags::kBitsAllocated, VR::US, us(24)), tags::kBitsAllocated},
      {with(tags::kBitsAllocated, VR::US, us(65535)), tags::kBitsAllocated},
      {with(tags::kBitsStored, VR::US, us(0)), tags::kBitsStored},
      {stored9, tags::kBitsStored},
      {with(tags::kPixelRepresentation, VR::US, us(2)), tags::kPixelRepresentation},
      {with(tags::kNumberOfFrames, VR::IS, "-1"), tags::kNumberOfFrames},
      {with(tags::kNumberOfFrames, VR::IS, "1.5 "), tags::kNumberOfFrames},
      {with(tags::kNumberOfFrames, VR::IS, "99999999999999999999"), tags::kNumberOfFrames},
      {colour("SECRET"), tags::kPhotometricInterpretation},
      {colour("monochrome2", 1), tags::kPhotometricInterpretation},
      {colour("YBR_FULL", 1), tags::kSamplesPerPixel},
      {colour("YBR_FULL_422", 4), tags::kSamplesPerPixel},
      {colour("YBR_PARTIAL_420", 1), tags::kSamplesPerPixel},
      {planar2, tags::kPlanarConfiguration},
      {two_kinds, tags::kPixelData},
      {nothing, tags::kPixelData},
  };
  for (const Row& row : table) {
    const std::string tag = dicom::to_string(row.where);
    CAPTURE(tag);
    const Error error = error_of([&] { layout_of(row.image); });
    CHECK(error.code == Errc::conformance);
    // Of two kinds of Pixel Data the second one found is named.
    CHECK((error.where == tag || error.where == dicom::to_string(tags::kFloatPixelData)));
    CHECK(error.message.starts_with("image: "));
    CHECK(error.message.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("every attribute without which there are no sizes is missed by name") {
  for (const Tag tag : {tags::kRows, tags::kColumns, tags::kSamplesPerPixel, tags::kBitsAllocated, tags::kBitsStored,
                        tags::kPixelRepresentation, tags::kPhotometricInterpretation}) {
    ImageFile image;
    image.absent = {tag};
    const Error error = error_of([&] { layout_of(image); });
    CHECK(error.code == Errc::conformance);
    CHECK(error.where == dicom::to_string(tag));
    CHECK(error.message.find("missing") != std::string::npos);
  }
}

TEST_CASE("frames beyond Limits are refused while they are only numbers") {
  ImageFile image;
  image.rows = image.columns = 65535;
  CHECK(error_of([&] { layout_of(image); }).code == Errc::limit_exceeded);
  Limits limits;
  limits.pixels_per_frame = 6;
  CHECK(layout_of({}, limits).frame_pixels == 6);
  limits.pixels_per_frame = 5;
  CHECK(error_of([&] { layout_of({}, limits); }).code == Errc::limit_exceeded);
  limits = {};
  limits.bytes_per_frame = 6;
  CHECK(layout_of({}, limits).frame_bytes == 6);
  image = {};
  image.bits_allocated = 12;  // 9 bytes in the file, but 12 decoded
  limits.bytes_per_frame = 11;
  CHECK(error_of([&] { layout_of(image, limits); }).code == Errc::limit_exceeded);
}

TEST_CASE("a Number of Frames whose bytes do not fit 64 bits is beyond every limit") {
  ImageFile image;
  image.number_of_frames = "9223372036854775807 ";
  CHECK(error_of([&] { layout_of(image); }).code == Errc::limit_exceeded);
}

TEST_CASE("subsampled chroma is stored once per pair or quad") {
  CHECK(layout_of(colour("YBR_FULL")).stored_frame_bits == 6 * 3 * 8);
  CHECK(layout_of(colour("YBR_FULL_422")).stored_frame_bits == 6 * 2 * 8);
  CHECK(layout_of(colour("YBR_PARTIAL_422")).stored_frame_bits == 6 * 2 * 8);
  CHECK(layout_of(colour("YBR_PARTIAL_420")).stored_frame_bits == 6 * 8 * 3 / 2);
  CHECK(layout_of(colour("YBR_FULL_422")).frame_samples == 18);
}

TEST_CASE("every word of PS3.3 for Photometric Interpretation is known") {
  CHECK(parse_photometric("MONOCHROME1") == Photometric::monochrome);
  CHECK(parse_photometric("PALETTE COLOR") == Photometric::palette);
  CHECK(parse_photometric("YBR_ICT") == Photometric::rgb);
  CHECK(parse_photometric("YBR_RCT") == Photometric::rgb);
  CHECK(parse_photometric("CMYK") == Photometric::other);
  CHECK(error_of([] { parse_photometric(""); }).where == "(0028,0004)");
}
