// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Files that lie (RELIABILITY P1, P2, P6 to P9). Work is measured in bytes read, never in seconds.
#include <doctest/doctest.h>
#include <pthread.h>

#include <functional>

#include "dicom/dicom_writer.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/encapsulation.h"

using namespace turbodicom;
using namespace turbodicom::dicom;
using namespace turbodicom::dicom::test;

namespace {

constexpr Tag kModality{0x0008'0060};
constexpr Tag kPatientID{0x0010'0020};
constexpr Tag kSequence{0x0008'1140};
constexpr VR kLongVrs[] = {VR::OB, VR::OD, VR::OF, VR::OL, VR::OV, VR::OW, VR::SQ, VR::SV, VR::UC, VR::UN, VR::UR, VR::UT, VR::UV};

// A thread with the stack that RELIABILITY P2 names.
void on_small_stack(const std::function<void()>& body) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  const auto run = [](void* context) -> void* {
    (*static_cast<const std::function<void()>*>(context))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&body)) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

Writer nested(std::size_t depth, bool closed) {
  Writer writer;
  writer.element(kModality, VR::CS, "CT");
  for (std::size_t level = 0; level < depth; ++level)
    writer.header(kSequence, VR::SQ, kUndefinedLength).item(kUndefinedLength);
  for (std::size_t level = 0; closed && level < depth; ++level) writer.end_item().end_sequence();
  if (closed) writer.element(kPatientID, VR::LO, "ab");
  return writer.file(kExplicitLittle);
}

std::size_t reachable_depth(const DicomFile& file) {
  std::shared_ptr<const DataSet> level = file.data_set;
  std::size_t depth = 0;
  while (const Element* sequence = level->find(kSequence)) {
    const std::vector<Item> items = level->items(*sequence);
    if (items.empty()) break;
    level = items[0].data_set;
    ++depth;
  }
  return depth;
}

Errc strict_error(const std::vector<std::uint8_t>& bytes) {
  try {
    read(bytes, kStrict);
  } catch (const Error& error) {
    return error.code;
  }
  return Errc::cancelled;  // stands for: nothing thrown
}

}  // namespace

TEST_CASE("a length of 4 GiB in a tiny file costs nothing, at every VR") {
  for (const VR vr : kLongVrs)
    for (const std::uint32_t length : {0xFFFF'FFFEU, 0x8000'0000U, 0x7FFF'FFFFU}) {
      Writer writer = Writer().element(kModality, VR::CS, "CT").header(kPatientID, vr, length).zeros(40).file(kExplicitLittle);
      const auto source = std::make_shared<const CountingSource>(writer.bytes);
      const DicomFile file = read_file(source, nullptr, {});
      const Element* element = file.data_set->find(kPatientID);
      REQUIRE(element != nullptr);
      CHECK(element->length == 40);
      CHECK(element->declared_length == length);
      CHECK(file.data_set->value(*element).view.size() == 40);
      CHECK(has_issue(file.data_set->issues(), "value_past_end"));
      CHECK(source->counts.bytes <= 2 * writer.bytes.size());
      CHECK(strict_error(writer.bytes) == Errc::truncated_data);
    }
}

TEST_CASE("a length of 4 GiB in the file meta information, an item and a fragment costs nothing") {
  Writer meta = Writer().zeros(128).raw("DICM").header(make_tag(2, 1), VR::OB, 0xFFFF'FFF0).zeros(20);
  CHECK(read(meta).file_meta->elements()[0].length == 20);
  Writer item = Writer().header(kSequence, VR::SQ, kUndefinedLength).item(0xFFFF'FFF0).zeros(20).file(kExplicitLittle);
  const DicomFile in_item = read(item);
  CHECK(in_item.data_set->items(*in_item.data_set->find(kSequence)).size() == 1);
  CHECK(has_issue(in_item.data_set->issues(), "item_past_end"));
  Writer fragment = Writer().header(tags::kPixelData, VR::OB, kUndefinedLength).item(0xFFFF'FFF0).zeros(20).file(kRle);
  const DicomFile file = read(fragment);
  const FrameIndex index = index_encapsulated(*file.data_set, *file.data_set->find(tags::kPixelData), 1, {}, false);
  CHECK(index.number_of_frames() == 0);
  CHECK(has_issue(index.issues, "truncated_fragment"));
}

TEST_CASE("nesting is followed to the limit and refused beyond it") {
  for (const std::size_t depth : {63, 64}) {
    const Writer writer = nested(depth, true);
    CHECK(strict_error(writer.bytes) == Errc::cancelled);
    CHECK(reachable_depth(read(writer)) == depth);
  }
  const Writer writer = nested(65, true);
  CHECK(strict_error(writer.bytes) == Errc::limit_exceeded);
  const DicomFile file = read(writer);
  CHECK(has_issue(file.data_set->issues(), "sequence_depth"));
  CHECK(reachable_depth(file) == 64);
  CHECK(text_of(*file.data_set, kPatientID) == "ab");
}

TEST_CASE("a hundred thousand and a million levels need no stack") {
  for (const auto& [depth, closed] : {std::pair<std::size_t, bool>(100'000, true), {1'000'000, false}}) {
    const Writer writer = nested(depth, closed);
    on_small_stack([&writer, closed = closed] {
      CHECK(strict_error(writer.bytes) == Errc::limit_exceeded);
      const DicomFile file = read(writer);
      CHECK(file.data_set->elements().size() == (closed ? 3 : 2));
      CHECK(has_issue(file.data_set->issues(), "sequence_depth"));
    });
  }
}

TEST_CASE("a sequence without its delimiters ends where the data end") {
  const Writer writer =
      Writer().header(kSequence, VR::SQ, kUndefinedLength).item(kUndefinedLength).element(kPatientID, VR::LO, "ab").file(kExplicitLittle);
  const DicomFile file = read(writer);
  const std::vector<Item> items = file.data_set->items(*file.data_set->find(kSequence));
  REQUIRE(items.size() == 1);
  CHECK(text_of(*items[0].data_set, kPatientID) == "ab");
  CHECK(has_issue(file.data_set->issues(), "missing_delimiter"));
  CHECK(strict_error(writer.bytes) == Errc::truncated_data);
}

TEST_CASE("what is no item ends a sequence and the data set goes on") {
  const Writer writer = Writer().header(kSequence, VR::SQ, kUndefinedLength).element(kPatientID, VR::LO, "ab").file(kExplicitLittle);
  const DicomFile file = read(writer);
  CHECK(text_of(*file.data_set, kPatientID) == "ab");
  CHECK(has_issue(file.data_set->issues(), "not_an_item"));
  CHECK(strict_error(writer.bytes) == Errc::conformance);
}

TEST_CASE("strict reading names the byte and the path of the first violation, however deep") {
  Writer inner = Writer().item(kUndefinedLength).element(kModality, VR::CS, "abc").element(kPatientID, VR::LO, "a").end_item();
  Writer writer;
  writer.header(kSequence, VR::SQ, static_cast<std::uint32_t>(inner.bytes.size()));
  writer.bytes.insert(writer.bytes.end(), inner.bytes.begin(), inner.bytes.end());
  writer.element(kPatientID, VR::LO, "a").file(kExplicitLittle);
  try {
    read(writer, kStrict);
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code == Errc::conformance);
    CHECK(error.where == "(0008,1140)[0].(0008,0060)");
    CHECK(error.message == "element: value of odd length 3 (PS3.5 7.1)");
    CHECK(writer.bytes[error.offset] == 0x08);
    CHECK(error.offset == 132 + 12 + 8 + 20 + 12 + 8);
  }
}

TEST_CASE("no value of a data set gets into a message") {
  const Writer writer = Writer().element(kPatientID, VR::LO, "SECRET^NAME").raw("12345").file(kExplicitLittle);
  for (const Issue& issue : read(writer).data_set->issues()) {
    CHECK(issue.message.find("SECRET") == std::string::npos);
    CHECK(issue.message.find("(PS3.") != std::string::npos);
  }
}

TEST_CASE("a hundred issues are kept, the rest is counted") {
  Writer writer;
  for (int at = 0; at < 300; ++at) writer.element(at % 2 == 0 ? kPatientID : kModality, VR::LO, "a");
  const std::vector<Issue> issues = read(writer.file(kExplicitLittle)).data_set->issues();
  CHECK(issues.size() == 101);
  CHECK(issues.back().code == "more_issues");
}

TEST_CASE("megabytes of zeros behind the data are one element") {
  const Writer writer = Writer().element(kModality, VR::CS, "CT").zeros(9u << 20).file(kExplicitLittle);
  CHECK(read(writer).data_set->elements().size() == 2);
}

TEST_CASE("elements, items and fragments beyond the limit are refused") {
  ReadOptions options;
  options.limits.elements = 100;
  Writer elements;
  for (std::uint16_t at = 0; at < 101; ++at) elements.us(make_tag(0x0009, at), 1);
  CHECK_THROWS_AS(read(elements.file(kExplicitLittle), options), Error);
  Writer items = Writer().header(kSequence, VR::SQ, 101 * 8);
  for (int at = 0; at < 101; ++at) items.item(0);
  const DicomFile file = read(items.file(kExplicitLittle), options);
  CHECK_THROWS_AS(file.data_set->items(*file.data_set->find(kSequence)), Error);
  Writer fragments = Writer().header(tags::kPixelData, VR::OB, kUndefinedLength).item(0);
  for (int at = 0; at < 101; ++at) fragments.fragment("ab");
  const DicomFile pixels = read(fragments.end_sequence().file(kRle), options);
  CHECK_THROWS_AS(index_encapsulated(*pixels.data_set, *pixels.data_set->find(tags::kPixelData), 101, options.limits, false), Error);
}

TEST_CASE("opening a file of 4 GiB reads its header only") {
  const Writer writer = Writer().element(kModality, VR::CS, "CT").header(tags::kPixelData, VR::OW, 0xFFFF'FF00).file(kExplicitLittle);
  const auto source = std::make_shared<const CountingSource>(writer.bytes, writer.bytes.size() + 0xFFFF'FF00);
  const DicomFile file = read_file(source, nullptr, kStrict);
  CHECK(file.data_set->find(tags::kPixelData)->length == 0xFFFF'FF00);
  CHECK(source->counts.reads == 1);
  CHECK(source->counts.bytes == 8 * 1024);
}

TEST_CASE("large values are jumped over and read when asked for") {
  const std::string large(200'000, 'x');
  Writer writer = Writer().element(make_tag(0x0009, 0x1001), VR::OB, large).element(kPatientID, VR::LO, "ab").file(kExplicitLittle);
  const auto source = std::make_shared<const CountingSource>(writer.bytes);
  const DicomFile file = read_file(source, nullptr, kStrict);
  CHECK(source->counts.bytes < 40'000);
  CHECK(text_of(*file.data_set, kPatientID) == "ab");
  CHECK(text_of(*file.data_set, make_tag(0x0009, 0x1001)) == large);
}

TEST_CASE("work grows with the size of the file, not faster, for adversarial families") {
  using Family = std::function<void(Writer&, std::size_t)>;
  const Family families[] = {
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.us(kPatientID, 1); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.element(i % 2 != 0 ? kPatientID : kModality, VR::LO, "a"); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kSequence, VR::SQ, kUndefinedLength); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kSequence, VR::SQ, kUndefinedLength).item(kUndefinedLength); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kSequence, VR::UN, kUndefinedLength).item(0); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kPatientID, VR::OB, kUndefinedLength).item(4).zeros(4).end_sequence(); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kPatientID, VR::OB, kUndefinedLength).zeros(8).end_sequence(); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.header(kPatientID, VR::OB, kUndefinedLength).zeros(8); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n; ++i) w.end_sequence(); },
      [](Writer& w, std::size_t n) { w.header(kSequence, VR::SQ, kUndefinedLength); for (std::size_t i = 0; i < n; ++i) w.end_item(); },
      [](Writer& w, std::size_t n) { w.header(tags::kPixelData, VR::OB, kUndefinedLength); for (std::size_t i = 0; i < n; ++i) w.item(0); },
      [](Writer& w, std::size_t n) { for (std::size_t i = 0; i < n / 100; ++i) w.header(kPatientID, VR::OB, 70'000).zeros(70'000); },
  };
  for (const Family& family : families) {
    std::uint64_t read_bytes[2];
    for (const std::size_t step : {0, 1}) {
      Writer writer;
      writer.element(kModality, VR::CS, "CT");
      family(writer, 4000u << step);
      const auto source = std::make_shared<const CountingSource>(writer.file(kExplicitLittle).bytes);
      const DicomFile file = read_file(source, nullptr, {});
      file.data_set->issues();
      read_bytes[step] = source->counts.bytes;
      CHECK(source->counts.largest <= 1u << 20);
    }
    CHECK(read_bytes[1] <= 23 * read_bytes[0] / 10 + 65'536);
  }
}

TEST_CASE("every prefix and every changed byte gives a result or an Error") {
  Writer writer;
  writer.element(kModality, VR::CS, "CT").header(kSequence, VR::SQ, kUndefinedLength).item(kUndefinedLength);
  writer.element(kPatientID, VR::LO, "ab").end_item().item(8).header(kPatientID, VR::LO, 0).end_sequence();
  writer.header(tags::kPixelData, VR::OB, kUndefinedLength).item(4).u32(0).fragment("abcd").end_sequence().file(kRle);
  const auto visit = [](const std::vector<std::uint8_t>& bytes, bool strict) {
    try {
      const DicomFile file = read(bytes, with_strict(strict));
      for (const Element& element : file.data_set->elements()) {
        CHECK(file.data_set->value(element).view.size() == element.length);
        file.data_set->items(element);
      }
      if (const Element* pixels = file.data_set->find(tags::kPixelData)) index_encapsulated(*file.data_set, *pixels, 1, {}, strict);
    } catch (const Error&) {
    }
  };
  for (std::size_t size = 0; size < writer.bytes.size(); ++size)
    visit({writer.bytes.begin(), writer.bytes.begin() + static_cast<std::ptrdiff_t>(size)}, size % 2 != 0);
  for (std::size_t at = 0; at < writer.bytes.size(); ++at)
    for (const int flip : {0x01, 0x80, 0xFF}) {
      std::vector<std::uint8_t> bytes = writer.bytes;
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ flip);
      visit(bytes, flip == 1);
    }
}
