// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Regular files in every encoding, and the irregular ones that pydicom reads too.
#include <doctest/doctest.h>

#include "dicom/dicom_writer.h"
#include "turbodicom/base/error.h"

using namespace turbodicom;
using namespace turbodicom::dicom;
using namespace turbodicom::dicom::test;

namespace {

constexpr Tag kModality{0x0008'0060};
constexpr Tag kPatientID{0x0010'0020};
constexpr Tag kReferencedImageSequence{0x0008'1140};
constexpr Tag kReferencedSOPClassUID{0x0008'1150};

constexpr Encoding kImplicit{.implicit_vr = true, .big_endian = false};
constexpr Encoding kBig{.implicit_vr = false, .big_endian = true};

Writer small_data_set(Encoding encoding) {
  Writer writer(encoding);
  writer.element(kModality, VR::CS, "CT").element(kPatientID, VR::LO, "ab").us(tags::kRows, 0x0102);
  return writer;
}

void check_small(const DataSet& data_set) {
  CHECK(data_set.elements().size() == 3);
  CHECK(text_of(data_set, kModality) == "CT");
  CHECK(data_set.find(tags::kRows)->vr == VR::US);
  CHECK(text_of(data_set, tags::kColumns) == "(absent)");
}

}  // namespace

TEST_CASE("all three encodings give the same elements") {
  for (const auto& [encoding, uid] : {std::pair(Encoding{}, kExplicitLittle), {kImplicit, kImplicitLittle}, {kBig, kExplicitBig}}) {
    const DicomFile file = read(small_data_set(encoding).file(uid), kStrict);
    check_small(*file.data_set);
    CHECK(file.transfer_syntax_uid == uid);
    CHECK(file.data_set->encoding() == encoding);
    CHECK(file.data_set->issues().empty());
    CHECK(file.has_preamble);
  }
}

TEST_CASE("offsets and lengths are those of the file") {
  const Writer writer = Writer().element(kModality, VR::CS, "CT").header(tags::kPixelData, VR::OW, 4).zeros(4).file(kExplicitLittle);
  const Element pixels = *read(writer).data_set->find(tags::kPixelData);
  CHECK(pixels.offset == writer.bytes.size() - 4);
  CHECK(pixels.length == 4);
  CHECK(pixels.header_bytes == 12);
}

TEST_CASE("a bare data set is read in whatever encoding it begins with") {
  check_small(*read(small_data_set({})).data_set);
  check_small(*read(small_data_set(kImplicit)).data_set);
  check_small(*read(small_data_set(kBig)).data_set);
  CHECK(has_issue(read(small_data_set({})).data_set->issues(), "no_preamble"));
}

TEST_CASE("a data set that is not in the encoding of its transfer syntax is read as it is") {
  const DicomFile implicit = read(small_data_set(kImplicit).file(kExplicitLittle));
  check_small(*implicit.data_set);
  CHECK(has_issue(implicit.data_set->issues(), "encoding_mismatch"));
  check_small(*read(small_data_set({}).file(kImplicitLittle)).data_set);
  check_small(*read(small_data_set(kBig).file(kExplicitLittle)).data_set);
  check_small(*read(small_data_set({}).file(kExplicitBig)).data_set);
}

TEST_CASE("what is no DICOM file is refused") {
  for (const std::string_view text : {"", "hello, this is a text file", "\x89PNG\r\n\x1A\n0000000000000"})
    CHECK_THROWS_WITH_AS(read(Writer().raw(text)), doctest::Contains("not a DICOM file"), Error);
}

TEST_CASE("a prefix with nothing behind it is an empty data set") {
  CHECK(read(Writer().zeros(128).raw("DICM")).data_set->elements().empty());
}

TEST_CASE("a deflated file gives its offset and no data set") {
  const DicomFile file = read(Writer().raw("anything").file("1.2.840.10008.1.2.1.99"));
  CHECK(file.data_set == nullptr);
  CHECK(file.transfer_syntax->deflated);
  CHECK(file.data_set_offset == 132 + 12 + 8 + 22);
}

TEST_CASE("stop_before ends the walk at the first tag not before it") {
  ReadOptions options;
  options.stop_before = kPatientID;
  const DicomFile file = read(small_data_set({}).file(kExplicitLittle), options);
  CHECK(file.data_set->elements().size() == 1);
}

TEST_CASE("a command set before the data set belongs to it") {
  Writer writer(kImplicit);
  writer.us(make_tag(0, 0x0100), 1);
  Writer rest = small_data_set({});
  writer.bytes.insert(writer.bytes.end(), rest.bytes.begin(), rest.bytes.end());
  const DicomFile file = read(writer.file(kExplicitLittle));
  CHECK(file.data_set->elements().size() == 4);
  CHECK(text_of(*file.data_set, make_tag(0, 0x0100)) == std::string("\1\0", 2));
}

TEST_CASE("items know their bytes, their order and their character set") {
  Writer writer;
  writer.element(tags::kSpecificCharacterSet, VR::CS, "ISO_IR 192");
  writer.header(kReferencedImageSequence, VR::SQ, kUndefinedLength);
  writer.item(kUndefinedLength).element(kReferencedSOPClassUID, VR::UI, "11").end_item();
  writer.item(10).element(kReferencedSOPClassUID, VR::UI, "22");
  writer.end_sequence().element(kPatientID, VR::LO, "ab");
  const DicomFile file = read(writer.file(kExplicitLittle), kStrict);
  const std::vector<Item> items = file.data_set->items(*file.data_set->find(kReferencedImageSequence));
  REQUIRE(items.size() == 2);
  CHECK(text_of(*items[1].data_set, kReferencedSOPClassUID) == "22");
  CHECK(items[1].data_set->specific_character_set() == "ISO_IR 192");
  CHECK(items[1].declared_length == 10);
  CHECK(text_of(*file.data_set, kPatientID) == "ab");
}

TEST_CASE("UN of undefined length holds implicit items, little endian even in big-endian files") {
  for (const auto& [encoding, uid] : {std::pair(Encoding{}, kExplicitLittle), {kBig, kExplicitBig}}) {
    Writer writer(encoding);
    writer.element(kModality, VR::CS, "CT").header(make_tag(0x0009, 0x1001), VR::UN, kUndefinedLength);
    Writer nested(kImplicit);
    nested.item(kUndefinedLength).element(kPatientID, VR::LO, "ab").end_item().end_sequence();
    writer.bytes.insert(writer.bytes.end(), nested.bytes.begin(), nested.bytes.end());
    writer.us(tags::kRows, 7);
    const DicomFile file = read(writer.file(uid));
    const Element* element = file.data_set->find(make_tag(0x0009, 0x1001));
    REQUIRE(element != nullptr);
    CHECK(resolved_vr(*file.data_set, *element) == VR::SQ);
    const std::vector<Item> items = file.data_set->items(*element);
    REQUIRE(items.size() == 1);
    CHECK(text_of(*items[0].data_set, kPatientID) == "ab");
    CHECK(file.data_set->find(tags::kRows) != nullptr);
  }
}

TEST_CASE("of equal tags the last counts, and the order of tags does not matter") {
  const Writer writer = Writer().element(kPatientID, VR::LO, "xx").element(kModality, VR::CS, "MR")
                            .element(kPatientID, VR::LO, "yy").file(kExplicitLittle);
  const DicomFile file = read(writer);
  CHECK(file.data_set->elements().size() == 2);
  CHECK(file.data_set->elements()[0].tag == kModality);
  CHECK(text_of(*file.data_set, kPatientID) == "yy");
  CHECK(has_issue(file.data_set->issues(), "out_of_order"));
  CHECK(has_issue(file.data_set->issues(), "duplicate_element"));
}

TEST_CASE("elements behind encapsulated Pixel Data are found when asked for") {
  Writer writer;
  writer.element(kModality, VR::CS, "CT").header(tags::kPixelData, VR::OB, kUndefinedLength);
  writer.item(0).fragment("abcd").end_sequence().element(tags::kDataSetTrailingPadding, VR::OB, "zz");
  const DicomFile file = read(writer.file(kRle), kStrict);
  CHECK(file.data_set->find(tags::kRows) == nullptr);
  CHECK(text_of(*file.data_set, tags::kDataSetTrailingPadding) == "zz");
  CHECK(file.data_set->elements().size() == 3);
  CHECK(file.data_set->elements()[1].length == 20);
  CHECK(text_of(*file.data_set, tags::kPixelData).size() == 20);
}

TEST_CASE("private creators are found, trimmed") {
  const Writer writer = Writer().element(make_tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01")
                            .element(make_tag(0x0019, 0x1002), VR::UN, "abcd").file(kExplicitLittle);
  const DicomFile file = read(writer);
  CHECK(file.data_set->private_creator(make_tag(0x0019, 0x1002)) == "GEMS_ACQU_01");
  CHECK(file.data_set->private_creator(make_tag(0x0019, 0x1102)) == "");
}

TEST_CASE("Pixel Representation of the data set around decides US or SS") {
  constexpr Tag kSmallestImagePixelValue{0x0028'0106};
  Writer writer(kImplicit);
  writer.element(kModality, VR::CS, "CT").header(kReferencedImageSequence, VR::SQ, 18);
  writer.item(10).us(kSmallestImagePixelValue, 5).us(tags::kPixelRepresentation, 1).us(kSmallestImagePixelValue, 5);
  const DicomFile file = read(writer.file(kImplicitLittle));
  const std::vector<Item> items = file.data_set->items(*file.data_set->find(kReferencedImageSequence));
  REQUIRE(items.size() == 1);
  const Element* inner = items[0].data_set->find(kSmallestImagePixelValue);
  CHECK(inner->vr == VR::US);
  CHECK(resolved_vr(*items[0].data_set, *inner) == VR::SS);
}
