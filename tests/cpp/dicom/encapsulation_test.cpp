// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "dicom/dicom_writer.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/encapsulation.h"

using namespace turbodicom;
using namespace turbodicom::dicom;
using namespace turbodicom::dicom::test;

namespace {

using Frames = std::vector<std::string>;

struct Case {
  DicomFile file;
  const DataSet& data_set() const { return *file.data_set; }
  const Element& pixel_data() const { return *file.data_set->find(tags::kPixelData); }
  FrameIndex index(std::uint64_t frames, bool strict = false) const {
    return index_encapsulated(data_set(), pixel_data(), frames, {}, strict);
  }
};

Writer pixel_data(const std::vector<std::uint32_t>& table, const Frames& fragments) {
  Writer writer;
  writer.header(tags::kPixelData, VR::OB, kUndefinedLength).item(static_cast<std::uint32_t>(4 * table.size()));
  for (const std::uint32_t entry : table) writer.u32(entry);
  for (const std::string& fragment : fragments) writer.fragment(fragment);
  return writer;
}

Case closed(Writer writer) { return {read(writer.end_sequence().file(kRle))}; }

Frames frames_of(const Case& from, const FrameIndex& index) {
  Frames frames;
  const auto reader = from.data_set().source()->open();
  for (std::uint64_t frame = 0; frame < index.number_of_frames(); ++frame) {
    std::string text;
    for (const Span& span : index.spans(frame)) {
      std::vector<std::uint8_t> bytes(span.length);
      if (!bytes.empty()) reader->read_at(span.offset, bytes);
      text.append(bytes.begin(), bytes.end());
    }
    CHECK(text.size() == index.codestream_bytes(frame));
    frames.push_back(text);
  }
  return frames;
}

const std::string kEnd = "\xFF\xD9";

}  // namespace

TEST_CASE("without a table, as many fragments as frames are one frame each") {
  const Case given = closed(pixel_data({}, {"aa", "bbbb", ""}));
  const FrameIndex index = given.index(3, true);
  CHECK(index.offset_table == OffsetTable::none);
  CHECK(frames_of(given, index) == Frames{"aa", "bbbb", ""});
}

TEST_CASE("without a table, a single frame is all fragments") {
  const Case given = closed(pixel_data({}, {"aa", "bb", "cc"}));
  CHECK(frames_of(given, given.index(1, true)) == Frames{"aabbcc"});
}

TEST_CASE("without a table, end markers tell frames apart") {
  const Case given = closed(pixel_data({}, {"aa", "bb" + kEnd, "cc" + kEnd, "dd", "ee" + kEnd + std::string(1, '\0')}));
  CHECK(frames_of(given, given.index(3)).size() == 3);
  CHECK(given.index(3, true).spans(2).size() == 2);
  CHECK(has_issue(given.index(2).issues, "number_of_frames"));
  const Case open_end = closed(pixel_data({}, {"aa" + kEnd, "bb", "cc"}));
  CHECK(frames_of(open_end, open_end.index(2)) == Frames{"aa" + kEnd, "bbcc"});
  CHECK(has_issue(open_end.index(2).issues, "no_end_marker"));
}

TEST_CASE("without a table, fewer fragments than frames are an issue") {
  const Case given = closed(pixel_data({}, {"aa", "bb"}));
  CHECK(frames_of(given, given.index(5)).size() == 2);
  CHECK(has_issue(given.index(5).issues, "number_of_frames"));
  CHECK_THROWS_AS(given.index(5, true), Error);
}

TEST_CASE("the Basic Offset Table says where frames begin") {
  const Case given = closed(pixel_data({0, 20, 30}, {"aa", "bb", "cc", "dd", "ee"}));
  const FrameIndex index = given.index(3, true);
  CHECK(index.offset_table == OffsetTable::basic);
  CHECK(frames_of(given, index) == Frames{"aabb", "cc", "ddee"});
}

TEST_CASE("a Basic Offset Table that misses the fragments wins and is an issue") {
  const Case given = closed(pixel_data({0, 19}, {"aa", "bb", "cc"}));
  CHECK(frames_of(given, given.index(2)) == Frames{"aabb", "cc"});
  CHECK(has_issue(given.index(2).issues, "basic_offset_table"));
  CHECK_THROWS_AS(given.index(2, true), Error);
  const Case far = closed(pixel_data({0, 0xFFFF'FFFF}, {"aa", "bb"}));
  CHECK(frames_of(far, far.index(2)) == Frames{"aabb"});
}

TEST_CASE("the Extended Offset Table gives offsets and unpadded lengths of 64 bits") {
  Writer writer;
  writer.header(tags::kExtendedOffsetTable, VR::OV, 16).u64(0).u64(12);
  writer.header(tags::kExtendedOffsetTableLengths, VR::OV, 16).u64(3).u64(2);
  const Writer pixels = pixel_data({}, {"aaa ", "bb"});
  writer.bytes.insert(writer.bytes.end(), pixels.bytes.begin(), pixels.bytes.end());
  const Case given = closed(writer);
  const FrameIndex index = given.index(2, true);
  CHECK(index.offset_table == OffsetTable::extended);
  CHECK(frames_of(given, index) == Frames{"aaa", "bb"});
}

TEST_CASE("an Extended Offset Table that points outside stays inside and is an issue") {
  for (const std::uint64_t offset : {std::uint64_t{4}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    Writer writer;
    writer.header(tags::kExtendedOffsetTable, VR::OV, 8).u64(offset);
    writer.header(tags::kExtendedOffsetTableLengths, VR::OV, 8).u64(~std::uint64_t{0});
    const Writer pixels = pixel_data({}, {"aaaa", "bb"});
    writer.bytes.insert(writer.bytes.end(), pixels.bytes.begin(), pixels.bytes.end());
    const Case given = closed(writer);
    const FrameIndex index = given.index(1);
    CHECK(has_issue(index.issues, "extended_offset_table"));
    CHECK(frames_of(given, index).size() == 1);
    CHECK_THROWS_AS(given.index(1, true), Error);
  }
}

TEST_CASE("a fragment that the file ends in is kept as far as it goes") {
  const Case given{read(pixel_data({}, {"aa"}).item(100).raw("bbbbb").file(kRle))};
  CHECK(frames_of(given, given.index(2)) == Frames{"aa", "bbbbb"});
  CHECK(has_issue(given.index(2).issues, "truncated_fragment"));
  CHECK_THROWS_AS(given.index(2, true), Error);
}

TEST_CASE("an item of undefined length or a wrong tag ends the fragments") {
  const Case undefined = closed(pixel_data({}, {"aa"}).item(kUndefinedLength).raw("bb"));
  CHECK(frames_of(undefined, undefined.index(1)) == Frames{"aa"});
  CHECK(has_issue(undefined.index(1).issues, "undefined_item_length"));
  const Case wrong = closed(pixel_data({}, {"aa"}).us(tags::kRows, 1).fragment("bb"));
  CHECK(frames_of(wrong, wrong.index(1)) == Frames{"aa"});
  CHECK(has_issue(wrong.index(1).issues, "not_an_item"));
}

TEST_CASE("list_fragment_items begins with the Basic Offset Table") {
  const Case given = closed(pixel_data({0, 10}, {"aa", "bb"}));
  const std::vector<Span> items = list_fragment_items(given.data_set(), given.pixel_data(), {});
  REQUIRE(items.size() == 3);
  CHECK(items[0].length == 8);
  CHECK(items[2].offset == items[1].offset + 10);
}

TEST_CASE("a hundred thousand small fragments are read in few steps") {
  Writer writer = pixel_data({}, {});
  for (int at = 0; at < 100'000; ++at) writer.fragment("abcdefgh");
  const auto source = std::make_shared<const CountingSource>(writer.end_sequence().file(kRle).bytes);
  const DicomFile file = read_file(source, nullptr, {});
  source->counts = {};
  CHECK(index_encapsulated(*file.data_set, *file.data_set->find(tags::kPixelData), 100'000, {}, true).number_of_frames() == 100'000);
  CHECK(source->counts.reads < 30);
  CHECK(source->counts.bytes < 2 * writer.bytes.size());
}

TEST_CASE("large fragments are jumped over") {
  Writer writer = pixel_data({}, {});
  for (int at = 0; at < 50; ++at) writer.fragment(std::string(100'000, 'x'));
  const auto source = std::make_shared<const CountingSource>(writer.end_sequence().file(kRle).bytes);
  const DicomFile file = read_file(source, nullptr, {});
  source->counts = {};
  CHECK(index_encapsulated(*file.data_set, *file.data_set->find(tags::kPixelData), 50, {}, true).number_of_frames() == 50);
  CHECK(source->counts.bytes < 50 * 1024);
}

