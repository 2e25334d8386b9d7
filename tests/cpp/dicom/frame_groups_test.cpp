// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The walk over functional groups gives what DataSet::items() gives, of right and of wrong streams.
#include "turbodicom/dicom/frame_groups.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "dicom_writer.h"
#include "frame_groups_reference.h"
#include "turbodicom/base/error.h"

namespace turbodicom::dicom::test {
namespace {

constexpr Tag kContent{0x0020'9111}, kPlane{0x0020'9113}, kMeasures{0x0028'9110};
constexpr Tag kStackId{0x0020'9056}, kPosition{0x0020'0032}, kSpacing{0x0028'0030}, kThickness{0x0018'0050};

const std::vector<GroupField> kFields = {
    {{{kContent, 0}}, kStackId},   {{{kPlane, 0}}, kPosition}, {{{kMeasures, 0}}, kSpacing},
    {{{kMeasures, 1}}, kThickness}, {{}, kSpacing},            {{{kContent, 0}, {kPlane, 0}}, kPosition},
};

struct Form {
  const char* name;
  Encoding encoding;
  std::string_view syntax;
  bool undefined;
};

const std::vector<Form> kForms = {
    {"explicit, defined", {false, false}, kExplicitLittle, false},
    {"explicit, undefined", {false, false}, kExplicitLittle, true},
    {"implicit, defined", {true, false}, kImplicitLittle, false},
    {"implicit, undefined", {true, false}, kImplicitLittle, true},
    {"big endian, defined", {false, true}, kExplicitBig, false},
    {"big endian, undefined", {false, true}, kExplicitBig, true},
};

using Fill = std::function<void(Writer&)>;

// A sequence of the given items, all lengths defined or none.
void sequence(Writer& to, const Form& form, Tag tag, const std::vector<Fill>& items) {
  Writer body(form.encoding);
  for (const Fill& fill : items) {
    Writer content(form.encoding);
    fill(content);
    body.item(form.undefined ? kUndefinedLength : static_cast<std::uint32_t>(content.bytes.size()));
    body.bytes.insert(body.bytes.end(), content.bytes.begin(), content.bytes.end());
    if (form.undefined) body.end_item();
  }
  if (form.undefined) body.end_sequence();
  to.header(tag, VR::SQ, form.undefined ? kUndefinedLength : static_cast<std::uint32_t>(body.bytes.size()));
  to.bytes.insert(to.bytes.end(), body.bytes.begin(), body.bytes.end());
}

Fill value(Tag tag, VR vr, std::string text) {
  return [=](Writer& to) { to.element(tag, vr, text); };
}

// Three frames: whole; with a private sequence and unknown groups in between; with an empty group and none.
Writer three_frames(const Form& form) {
  Writer groups(form.encoding);
  const auto add = [&form](Writer& to, Tag tag, const std::vector<Fill>& items) { sequence(to, form, tag, items); };
  sequence(groups, form, Tag{0x5200'9230}, {
      [&](Writer& to) {
        add(to, kContent, {[&](Writer& in) {
              in.element(kStackId, VR::SH, "A ");
              add(in, kPlane, {value(kPosition, VR::DS, "9\\9\\9 ")});
            }});
        add(to, kPlane, {value(kPosition, VR::DS, "1\\2\\3 ")});
        add(to, kMeasures, {value(kSpacing, VR::DS, "1\\1 "), value(kThickness, VR::DS, "5 ")});
      },
      [&](Writer& to) {
        to.element(Tag{0x0019'0010}, VR::LO, "CREATOR ");
        add(to, Tag{0x0019'1001}, {[&](Writer& in) { add(in, kPlane, {value(kPosition, VR::DS, "8\\8\\8 ")}); }});
        add(to, kContent, {value(kStackId, VR::SH, "B ")});
        add(to, Tag{0x0020'9071}, {[&](Writer& in) { add(in, Tag{0x0008'2218}, {value(Tag{0x0008'0100}, VR::SH, "T ")}); }});
        add(to, Tag{0x0028'9145}, {value(kSpacing, VR::DS, "7\\7 ")});
      },
      [&](Writer& to) {
        add(to, kContent, {[](Writer&) {}});
        add(to, kMeasures, {});
      },
  });
  groups.file(form.syntax);
  return groups;
}

std::string text(const FrameGroups& groups, std::uint64_t row, std::size_t field) {
  const GroupValue& value = groups.at(row, field);
  if (value.presence != Presence::found) return value.presence == Presence::absent ? "(absent)" : "(covered)";
  const ByteView bytes = groups.bytes_of(value);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

FrameGroups walk(const DataSet& data_set, std::uint64_t most_rows = 1000) {
  return read_frame_groups(data_set, Tag{0x5200'9230}, kFields, most_rows, Limits{});
}

}  // namespace

TEST_CASE("values_of_every_frame_are_found_in_every_encoding") {
  for (const Form& form : kForms) {
    CAPTURE(form.name);
    const DicomFile file = read(three_frames(form));
    const FrameGroups groups = walk(*file.data_set);
    REQUIRE(groups.items() == 3);
    REQUIRE(groups.rows() == 3);
    const std::vector<std::vector<std::string>> expected = {
        {"A ", "1\\2\\3 ", "1\\1 ", "5 ", "1\\1 ", "9\\9\\9 "},
        {"B ", "(absent)", "(absent)", "(absent)", "7\\7 ", "(covered)"},
        {"(covered)", "(absent)", "(absent)", "(absent)", "(absent)", "(covered)"},
    };
    for (std::uint64_t row = 0; row < 3; ++row)
      for (std::size_t field = 0; field < kFields.size(); ++field) {
        CAPTURE(row);
        CAPTURE(field);
        CHECK(text(groups, row, field) == expected[row][field]);
      }
    CHECK(groups.at(0, 0).big_endian == form.encoding.big_endian);
    CHECK((groups.at(0, 0).vr == VR::none) == form.encoding.implicit_vr);
  }
}

TEST_CASE("rows_beyond_those_asked_for_are_counted_only") {
  const DicomFile file = read(three_frames(kForms[0]));
  const FrameGroups groups = walk(*file.data_set, 2);
  CHECK(groups.items() == 3);
  CHECK(groups.rows() == 2);
}

TEST_CASE("offsets_are_those_of_the_file") {
  const Writer writer = three_frames(kForms[1]);
  const DicomFile file = read(writer);
  const FrameGroups groups = walk(*file.data_set);
  const auto at = writer.bytes.begin() + static_cast<std::ptrdiff_t>(groups.file_offset(groups.at(0, 1)));
  CHECK(std::string(at, at + 6) == "1\\2\\3 ");
}

TEST_CASE("a_data_set_without_the_sequence_has_no_groups") {
  Writer writer;
  writer.us(tags::kRows, 1).file(kExplicitLittle);
  CHECK_FALSE(walk(*read(writer).data_set).is_present());
}

TEST_CASE("a_sequence_written_with_another_vr_is_none") {
  Writer writer;
  writer.element(Tag{0x5200'9230}, VR::LO, "no sequence ").file(kExplicitLittle);
  CHECK_FALSE(walk(*read(writer).data_set).is_present());
}

TEST_CASE("of_equal_tags_the_last_one_counts") {
  const Form& form = kForms[0];
  Writer groups;
  sequence(groups, form, Tag{0x5200'9230}, {[&](Writer& to) {
    sequence(to, form, kPlane, {value(kPosition, VR::DS, "1\\1\\1 ")});
    sequence(to, form, kPlane, {[](Writer&) {}});
  }});
  const DicomFile file = read(groups.file(kExplicitLittle));
  CHECK(text(walk(*file.data_set), 0, 1) == "(covered)");
}

TEST_CASE("tags_out_of_order_are_found") {
  const Form& form = kForms[0];
  Writer groups;
  sequence(groups, form, Tag{0x5200'9230}, {[&](Writer& to) {
    sequence(to, form, kMeasures, {value(kSpacing, VR::DS, "1\\1 ")});
    sequence(to, form, kPlane, {value(kPosition, VR::DS, "1\\2\\3 ")});
  }});
  const DicomFile file = read(groups.file(kExplicitLittle));
  CHECK(text(walk(*file.data_set), 0, 1) == "1\\2\\3 ");
  CHECK(text(walk(*file.data_set), 0, 2) == "1\\1 ");
}

TEST_CASE("a_group_as_un_of_undefined_length_holds_implicit_items") {
  Writer item({.implicit_vr = true, .big_endian = false});
  item.element(kPosition, VR::DS, "1\\2\\3 ");
  Writer groups;
  groups.header(Tag{0x5200'9230}, VR::SQ, kUndefinedLength).item(kUndefinedLength);
  groups.header(kPlane, VR::UN, kUndefinedLength).item(static_cast<std::uint32_t>(item.bytes.size()));
  groups.bytes.insert(groups.bytes.end(), item.bytes.begin(), item.bytes.end());
  groups.end_sequence().end_item().end_sequence();
  const DicomFile file = read(groups.file(kExplicitLittle));
  CHECK(text(walk(*file.data_set), 0, 1) == "1\\2\\3 ");
}

TEST_CASE("an_item_without_its_delimiter_ends_where_the_next_one_begins") {
  const Form& form = kForms[1];
  Writer groups;
  groups.header(Tag{0x5200'9230}, VR::SQ, kUndefinedLength).item(kUndefinedLength);
  groups.header(Tag{0x0020'9071}, VR::SQ, kUndefinedLength).item(kUndefinedLength).element(kStackId, VR::SH, "A ");
  groups.item(10).element(kStackId, VR::SH, "B ").end_sequence();
  sequence(groups, form, kPlane, {value(kPosition, VR::DS, "1\\2\\3 ")});
  groups.end_item().end_sequence();
  const DicomFile file = read(groups.file(kExplicitLittle));
  CHECK(text(walk(*file.data_set), 0, 1) == "1\\2\\3 ");
  CHECK(equal(walk(*file.data_set), *file.data_set, kFields));
}

TEST_CASE("more_items_than_the_limit_are_refused") {
  const DicomFile file = read(three_frames(kForms[0]));
  Limits limits;
  limits.elements = 2;
  CHECK_THROWS_AS(read_frame_groups(*file.data_set, Tag{0x5200'9230}, kFields, 9, limits), Error);
}

TEST_CASE("paths_deeper_than_the_limit_are_refused") {
  const DicomFile file = read(three_frames(kForms[0]));
  const std::vector<GroupField> deep = {{Path(64, PathStep{kPlane, 0}), kPosition}};
  CHECK_THROWS_AS(read_frame_groups(*file.data_set, Tag{0x5200'9230}, deep, 9, Limits{}), Error);
}

TEST_CASE("every_prefix_gives_what_the_items_give") {
  for (const Form& form : kForms) {
    CAPTURE(form.name);
    const Writer whole = three_frames(form);
    for (std::size_t length = 0; length < whole.bytes.size(); ++length) {
      CAPTURE(length);
      std::vector<std::uint8_t> cut(whole.bytes.begin(), whole.bytes.begin() + static_cast<std::ptrdiff_t>(length));
      CHECK(same_as_items(cut, kFields) != Comparison::differs);
    }
  }
}

TEST_CASE("every_changed_byte_gives_what_the_items_give") {
  for (const Form& form : kForms) {
    CAPTURE(form.name);
    std::vector<std::uint8_t> bytes = three_frames(form).bytes;
    for (std::size_t at = 132; at < bytes.size(); ++at)
      for (const std::uint8_t put : std::vector<std::uint8_t>{0x00, 0x01, 0x08, 0x7F, 0xFE, 0xFF}) {
        CAPTURE(at);
        CAPTURE(int{put});
        const std::uint8_t was = bytes[at];
        bytes[at] = put;
        CHECK(same_as_items(bytes, kFields) != Comparison::differs);
        bytes[at] = was;
      }
  }
}

TEST_CASE("the_comparison_with_items_sees_a_difference") {
  const std::vector<std::uint8_t> bytes = three_frames(kForms[0]).bytes;
  CHECK(same_as_items(bytes, kFields) == Comparison::same);
  std::vector<GroupField> others = kFields;
  others[1].tag = kStackId;
  const DicomFile file = read(bytes);
  CHECK_FALSE(equal(read_frame_groups(*file.data_set, Tag{0x5200'9230}, kFields, 9, Limits{}), *file.data_set, others));
}

}  // namespace turbodicom::dicom::test
