// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What read_slice_header takes and what it leaves; that its values are a Dataset's is in tests/python/test_slices.py.
#include "turbodicom/image/slice_header.h"

#include "image/image_writer.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;

namespace {

constexpr Tag kPosition{0x0020'0032}, kOrientation{0x0020'0037}, kSpacing{0x0028'0030}, kNumber{0x0020'0013};
constexpr Tag kThickness{0x0018'0050}, kBetween{0x0018'0088}, kSeries{0x0020'000E}, kImageType{0x0008'0008};

std::vector<Attribute> placed() {
  return {{kImageType, VR::CS, "ORIGINAL\\PRIMARY"}, {kThickness, VR::DS, "2 "},   {kSeries, VR::UI, "1.2.3 "},
          {kNumber, VR::IS, "12"},                   {kPosition, VR::DS, "1\\-2.5\\3e1 "},
          {kOrientation, VR::DS, "1\\0\\0\\0\\1\\0 "}, {kSpacing, VR::DS, "0.5\\0.25"}};
}

// With some elements others.
std::optional<SliceHeader> header_of(const std::vector<Attribute>& others = {}, Residence residence = Residence::memory,
                                     Tag absent = tags::kNone) {
  ImageFile image;
  image.overrides = placed();
  std::erase_if(image.overrides, [&](const Attribute& a) { return a.tag == absent; });
  for (const Attribute& other : others) {
    std::erase_if(image.overrides, [&](const Attribute& a) { return a.tag == other.tag; });
    image.overrides.push_back(other);
  }
  const Bytes bytes = bytes_of(image);
  std::shared_ptr<const dicom::Source> source = dicom::test::source_of(bytes);
  if (residence == Residence::pieces) source = std::make_shared<const dicom::test::CountingSource>(bytes);
  return read_slice_header(*dicom::read_file(source, nullptr, {}).data_set);
}

std::optional<SliceHeader> with(Tag tag, VR vr, std::string value) { return header_of({{tag, vr, std::move(value)}}); }
std::optional<SliceHeader> without(Tag tag) { return header_of({}, Residence::memory, tag); }

}  // namespace

TEST_CASE("a slice is where its header says") {
  for (const Residence residence : {Residence::memory, Residence::pieces}) {
    const auto header = header_of({}, residence);
    REQUIRE(header);
    CHECK(header->position == std::array{1.0, -2.5, 30.0});
    CHECK(header->orientation == std::array{1.0, 0.0, 0.0, 0.0, 1.0, 0.0});
    CHECK(header->spacing == std::array{0.5, 0.25});
    CHECK(header->number == 12);
    CHECK(header->step == 2.0);
    CHECK(header->series == "1.2.3");
    CHECK_FALSE(header->frame_of_reference);
    CHECK_FALSE(header->slope);
  }
}

TEST_CASE("Spacing Between Slices comes before Slice Thickness, and 0 is none") {
  CHECK(with(kBetween, VR::DS, "-3")->step == 3.0);
  CHECK(with(kBetween, VR::DS, "0 ")->step == 2.0);
  CHECK_FALSE(with(kThickness, VR::DS, "0 ")->step);
}

TEST_CASE("geometry that is missing or no number is left to others") {
  for (const Tag tag : {kPosition, kOrientation, kSpacing}) CHECK_FALSE(without(tag));
  for (const char* text : {"1\\2 ", "1\\2\\3\\4 ", "1\\2\\x ", "1\\2\\inf ", "1\\2\\nan ", "1\\\\3", "\\\\", "  "}) {
    CAPTURE(text);
    CHECK_FALSE(with(kPosition, VR::DS, text));
  }
  CHECK_FALSE(with(kPosition, VR::LO, "1\\2\\3 "));
  CHECK(without(kNumber));
}

TEST_CASE("images of which there is more to know are left to others") {
  CHECK_FALSE(with(kImageType, VR::CS, "ORIGINAL\\PRIMARY\\MOSAIC "));
  for (const std::uint32_t sequence : {0x0028'3000u, 0x5200'9229u, 0x5200'9230u}) CHECK_FALSE(with({sequence}, VR::SQ, ""));
}

TEST_CASE("texts that a character set has a say in are left to others") {
  CHECK(with({0x0028'1054}, VR::LO, "HU")->rescale_type == "HU");
  CHECK_FALSE(with({0x0028'1054}, VR::LO, "\xE4 "));
  CHECK_FALSE(header_of({{{0x0028'1054}, VR::LO, "HU"}, {tags::kSpecificCharacterSet, VR::CS, "EBCDIC"}}));
  CHECK(header_of({{{0x0028'1054}, VR::LO, "HU"}, {tags::kSpecificCharacterSet, VR::CS, "ISO_IR 100"}}));
}
