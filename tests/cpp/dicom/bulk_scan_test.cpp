// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dicom/batch_reader.h"
#include "dicom/dicom_writer.h"
#include "dicom/temporary_folder.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/bulk_scan.h"
#include "turbodicom/dicom/file_listing.h"
#include "turbodicom/dicom/record_batch_export.h"

using namespace turbodicom;
using namespace turbodicom::dicom;
using turbodicom::dicom::test::is_sound;
using turbodicom::dicom::test::TemporaryFolder;
using turbodicom::dicom::test::value;
using turbodicom::dicom::test::Writer;

namespace {

constexpr Tag kPatientID{0x0010'0020};
constexpr Tag kSequence{0x0008'1140};
using Batch = std::shared_ptr<const RecordBatch>;
using T = ColumnType;

ColumnPlan column(const char* name, std::uint32_t tag, T type, bool is_list = false) {
  return {name, {}, {{tag}, ""}, {type, is_list, false}};
}

ScanPlan plan(std::vector<ColumnPlan> columns) {
  ScanPlan result;
  result.columns = std::move(columns);
  return result;
}

PathList path_list(const std::vector<std::string>& sources) {
  PathList paths;
  for (const std::string& source : sources) paths.add(source);
  return paths;
}

Batch scan(const ScanPlan& wanted, const std::vector<std::string>& sources, std::size_t workers = 1) {
  BulkScan files(wanted, {});
  files.feed(path_list(sources));
  const Batch batch = files.next(100'000, workers, {});
  CHECK(files.next(1, 1, {}) == nullptr);
  REQUIRE(batch != nullptr);
  CHECK(is_sound(*batch));
  return batch;
}

// The value and the unparsed text of one element in a column of one type.
std::string converted(const std::string& text, VR vr, const ColumnForm& form,
                      std::string_view charset = "", Tag tag = kPatientID) {
  const TemporaryFolder root;
  Writer writer;
  if (!charset.empty()) writer.element(tags::kSpecificCharacterSet, VR::CS, charset);
  writer.element(tag, vr, text);
  ScanPlan wanted;
  wanted.columns.push_back({"x", {}, {tag, ""}, form});
  wanted.decode = [](ByteView raw, std::string_view terms, VR) {
    return "<" + std::to_string(raw.size()) + " bytes of " + std::string(terms) + ">";
  };
  const Batch batch = scan(wanted, {root.file("f", writer.file(test::kExplicitLittle).bytes)});
  CHECK(value(*batch, "error", 0) == "null");
  const std::string unparsed = value(*batch, "unparsed", 0);
  return value(*batch, "x", 0) + (unparsed == "null" ? "" : " " + unparsed);
}

constexpr ColumnForm kText{T::text};
constexpr ColumnForm kTexts{T::text, true};
constexpr ColumnForm kInteger{T::integer};
constexpr ColumnForm kIntegers{T::integer, true};
constexpr ColumnForm kReal{T::real};
constexpr ColumnForm kReals{T::real, true};

}  // namespace

TEST_CASE("padding and separators of texts go as in a Dataset") {
  CHECK(converted("ab ", VR::LO, kText) == "\"ab\"");
  CHECK(converted("a \\b ", VR::LO, kText) == "\"a\\b\"");
  CHECK(converted("a \\b ", VR::LO, kTexts) == "[\"a\", \"b\"]");
  CHECK(converted("a\\b ", VR::LT, kText) == "\"a\\b\"");
  CHECK(converted("a\\b ", VR::LT, kTexts) == "[\"a\\b\"]");
  CHECK(converted(" A\\B  ", VR::AE, kTexts) == "[\"A\", \"B\"]");
  CHECK(converted(std::string("1.2\0", 4), VR::UI, kText) == "\"1.2\"");
  CHECK(converted("A^B== ", VR::PN, kText) == "\"A^B\"");
  CHECK(converted("", VR::LO, kText) == "\"\"");
  CHECK(converted("  ", VR::LO, kText) == "\"\"");
  CHECK(converted("", VR::LO, kTexts) == "[]");
  CHECK(converted("  ", VR::LO, kTexts) == "[]");
  CHECK(converted("\\ ", VR::LO, kTexts) == "[\"\", \"\"]");
  CHECK(converted("a\\", VR::CS, kTexts) == "[\"a\", \"\"]");
}

TEST_CASE("numbers, dates and times fit their column or are kept as text") {
  CHECK(converted("1\\2.5\\ ", VR::DS, kReals) == "[1.00, 2.50, null]");
  CHECK(converted("1\\x ", VR::DS, kReals) == "null [\"x\": \"1\\x\"]");
  CHECK(converted("1\\2 ", VR::DS, kReal) == "null [\"x\": \"1\\2\"]");
  CHECK(converted("  ", VR::DS, kReal) == "null");
  CHECK(converted("", VR::DS, kReals) == "[]");
  CHECK(converted("99999999999999999999", VR::IS, kInteger) == "null [\"x\": \"99999999999999999999\"]");
  CHECK(converted("12", VR::LO, kInteger) == "12");
  CHECK(converted("\t ", VR::IS, kInteger) == "null [\"x\": \"\t\"]");
  CHECK(converted("\xa0 ", VR::IS, kInteger) == "null [\"x\": \"\xc2\xa0\"]");
  CHECK(converted("  ", VR::IS, kInteger) == "null");
  CHECK(converted("20200229", VR::DA, {T::date}) == "18321");
  CHECK(converted("unknown ", VR::DA, {T::date}) == "null [\"x\": \"unknown\"]");
  CHECK(converted("010203.5", VR::TM, {T::time}) == "3723500000");
  CHECK(converted("1970", VR::DT, {T::timestamp}) == "0");
  CHECK(converted("19700101000000+0100 ", VR::DT, {T::timestamp}) == "0 [\"x\": \"19700101000000+0100\"]");
  CHECK(converted("ab", VR::UN, {T::binary}, "", Tag{0x0011'1001}) == "\"ab\"");
  CHECK(converted("a\xe9", VR::OB, kInteger) == "null [\"x\": \"a\xc3\xa9\"]");
}

TEST_CASE("binary numbers fit by their value") {
  CHECK(converted(std::string("\x01\0\x02\0", 4), VR::US, kIntegers) == "[1, 2]");
  CHECK(converted(std::string("\x01\0\x02\0", 4), VR::US, kInteger) == "null [\"x\": \"1\\2\"]");
  CHECK(converted(std::string("\xff\xff", 2), VR::SS, kReal) == "-1.00");
  CHECK(converted(std::string("\x01\0", 2), VR::US, kText) == "\"1\"");
  CHECK(converted(std::string("\x01\0\x02\0", 4), VR::US, kTexts) == "[\"1\", \"2\"]");
  CHECK(converted(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8), VR::UV, kInteger) ==
        "null [\"x\": \"18446744073709551615\"]");
  CHECK(converted(std::string("\0\0\x80\x3f", 4), VR::FL, kInteger) == "1");
  CHECK(converted(std::string("\0\0\x00\x3f", 4), VR::FL, kInteger) == "null [\"x\": \"0.5\"]");
  CHECK(converted(std::string("\x10\0\x20\0", 4), VR::AT, kInteger) == std::to_string(0x0010'0020));
  CHECK(converted(std::string("\x10\0\x20\0", 4), VR::AT, kText) == "\"(0010,0020)\"");
  CHECK(converted(std::string("\x01\0\x02", 3), VR::US, kInteger) == std::string("null [\"x\": \"\x01\0\x02\"]", 17));
  CHECK(converted(std::string("\x01\0\x02\0", 4), VR::OW, kIntegers) == "[1, 2]");
  CHECK(converted(std::string("\0\xff\0\0\x10\0", 6), VR::SS, kIntegers, "", Tag{0x0028'1101}) == "[65280, 0, 16]");
}

TEST_CASE("characters are UTF-8 in the table; what needs tables goes to the decoder") {
  CHECK(converted("caf\xe9", VR::LO, kText) == "\"caf\xc3\xa9\"");
  CHECK(converted("caf\xe9", VR::LO, kText, "ISO_IR 100") == "\"caf\xc3\xa9\"");
  CHECK(converted("caf\xe9", VR::CS, kText, "ISO_IR 13 ") == "\"caf\xc3\xa9\"");
  CHECK(converted("\xc3\xa9", VR::LO, kText, "ISO_IR 192") == "\"\xc3\xa9\"");
  CHECK(converted("\xe9  ", VR::LO, kText, "ISO_IR 192") == "\"<3 bytes of ISO_IR 192>\"");
  CHECK(converted("ab", VR::LO, kText, "GB18030 ") == "\"ab\"");
  CHECK(converted("\xe9 ", VR::LO, kText, "GB18030 ") == "\"<2 bytes of GB18030 >\"");
  CHECK(converted("a\x1b$B", VR::LO, kText, "ISO_IR 100") == "\"<4 bytes of ISO_IR 100>\"");
  CHECK(converted("ab", VR::LO, kText, "utf_16") == "\"<2 bytes of utf_16>\"");
}

TEST_CASE("a table has the file's columns, and a row for every path") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(kPatientID, VR::LO, "ab").header(tags::kPixelData, VR::OW, 4).raw("1234")
                            .file(test::kExplicitLittle);
  root.file("a", writer.bytes);
  root.file("b", "text, and no DICOM");
  root.file("c");
  ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text), column("Syntax", 0x0002'0010, T::text)});
  wanted.pixel_offset = true;
  const Batch batch = scan(wanted, {root.path(), root.path("gone")});
  REQUIRE(batch->table.length == 4);
  struct stat status;
  REQUIRE(::stat(root.path("a").c_str(), &status) == 0);
  CHECK(value(*batch, "path", 0) == "\"" + root.path("a") + "\"");
  CHECK(value(*batch, "size", 0) == std::to_string(writer.bytes.size()));
  CHECK(value(*batch, "inode", 0) == std::to_string(status.st_ino));
  CHECK(value(*batch, "mtime", 0) == std::to_string(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec));
  CHECK(value(*batch, "transfer_syntax", 0) == "\"1.2.840.10008.1.2.1\"");
  CHECK(value(*batch, "Syntax", 0) == "\"1.2.840.10008.1.2.1\"");
  CHECK(value(*batch, "PatientID", 0) == "\"ab\"");
  CHECK(value(*batch, "pixel_offset", 0) == std::to_string(writer.bytes.size() - 4));
  CHECK(value(*batch, "error", 0) == "null");
  CHECK(value(*batch, "error", 1).starts_with("\"not a DICOM file"));
  CHECK(value(*batch, "error_offset", 1) == "0");
  CHECK(value(*batch, "size", 2) == "0");
  CHECK(value(*batch, "error", 2).starts_with("\"not a DICOM file"));
  CHECK(value(*batch, "error", 3) == "\"No such file or directory\"");
  CHECK(value(*batch, "error_offset", 3) == "null");
  CHECK(value(*batch, "size", 3) == "null");
}

TEST_CASE("a path that is not UTF-8 is shown, and not read") {
  const TemporaryFolder root;
  root.file("caf\xe9", Writer().element(kPatientID, VR::LO, "ab").file(test::kExplicitLittle).bytes);
  const Batch batch = scan(plan({column("PatientID", kPatientID.value, T::text)}), {root.path()});
  CHECK(value(*batch, "path", 0) == "\"" + root.path("caf\xEF\xBF\xBD") + "\"");
  CHECK(value(*batch, "error", 0) == "\"the path is not UTF-8; the file is not read\"");
  CHECK(value(*batch, "PatientID", 0) == "null");
}

TEST_CASE("sequences are entered by item, private elements by creator") {
  const TemporaryFolder root;
  Writer writer;
  writer.header(kSequence, VR::SQ, kUndefinedLength);
  writer.item(kUndefinedLength).element(kPatientID, VR::LO, "first ").end_item();
  writer.item(10).element(kPatientID, VR::LO, "2.");
  writer.end_sequence();
  writer.element(make_tag(0x0009, 0x0010), VR::LO, "OTHER ").element(make_tag(0x0009, 0x0011), VR::LO, "MINE");
  writer.element(make_tag(0x0009, 0x1101), VR::LO, "private ");
  ScanPlan wanted = plan({column("whole", kSequence.value, T::text)});
  for (const std::uint32_t item : {0U, 1U, 2U})
    wanted.columns.push_back({"item" + std::to_string(item), {{{kSequence, ""}, item}}, {kPatientID, ""}, kText});
  wanted.columns.push_back({"private", {}, {make_tag(0x0009, 0x0001), "MINE"}, kText});
  wanted.columns.push_back({"not there", {}, {make_tag(0x0009, 0x0001), "OTHER"}, kText});
  const Batch batch = scan(wanted, {root.file("f", writer.file(test::kExplicitLittle).bytes)});
  CHECK(value(*batch, "whole", 0) == "null");
  CHECK(value(*batch, "unparsed", 0) == "[\"whole\": null]");
  CHECK(value(*batch, "item0", 0) == "\"first\"");
  CHECK(value(*batch, "item1", 0) == "\"2.\"");
  CHECK(value(*batch, "item2", 0) == "null");
  CHECK(value(*batch, "private", 0) == "\"private\"");
  CHECK(value(*batch, "not there", 0) == "null");
}

TEST_CASE("Pixel Representation decides between US and SS also where the scan could stop before it") {
  const TemporaryFolder root;
  const Tag ambiguous = make_tag(0x0018, 0x9810);
  const Writer writer = Writer({.implicit_vr = true}).element(ambiguous, VR::US, std::string("\xff\xff", 2))
                            .us(tags::kPixelRepresentation, 1).file(test::kImplicitLittle);
  const Batch batch = scan(plan({column("x", ambiguous.value, T::integer)}), {root.file("f", writer.bytes)});
  CHECK(value(*batch, "x", 0) == "-1");
}

TEST_CASE("a truncated file is a row with an error and what was found") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(kPatientID, VR::LO, "ab").header(make_tag(0x0010, 0x4000), VR::LT, 100).raw("cut")
                            .file(test::kExplicitLittle);
  const std::string path = root.file("f", writer.bytes);
  const ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text), column("rest", 0x0010'4000, T::text)});
  const Batch batch = scan(wanted, {path});
  CHECK(value(*batch, "PatientID", 0) == "\"ab\"");
  CHECK(value(*batch, "rest", 0) == "\"cut\"");
  CHECK(value(*batch, "error", 0) == "\"element: value of 100 bytes, but 3 are left (PS3.5 7.1)\"");
  CHECK(value(*batch, "error_offset", 0) == std::to_string(writer.bytes.size() - 3 - 8));
  const Batch before = scan(plan({column("PatientID", kPatientID.value, T::text)}), {path});
  CHECK(value(*before, "error", 0) == "null");
}

TEST_CASE("values of more than 16 MiB are refused, the others of the row stay") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(kPatientID, VR::LO, "ab")
                            .element(make_tag(0x0010, 0x4000), VR::UT, std::string((16 << 20) + 2, 'x'))
                            .file(test::kExplicitLittle);
  const Batch batch = scan(plan({column("large", 0x0010'4000, T::text), column("PatientID", kPatientID.value, T::text)}),
                           {root.file("f", writer.bytes)});
  CHECK(value(*batch, "large", 0) == "null");
  CHECK(value(*batch, "PatientID", 0) == "\"ab\"");
  CHECK(value(*batch, "error", 0).find("(0010,4000)") == 1);
}

TEST_CASE("batches are closed by their bytes too, and nothing is lost or out of order") {
  const TemporaryFolder root;
  const std::string large((15 << 20), 'x');
  const Writer writer = Writer().element(make_tag(0x0010, 0x4000), VR::UT, large).file(test::kExplicitLittle);
  const std::string big = root.file("big", writer.bytes), small = root.file("small", "no DICOM");
  std::vector<std::string> sources;
  for (int i = 0; i < 60; ++i) sources.push_back(i % 2 == 0 ? big : small);
  for (const std::size_t workers : {1, 2}) {
    BulkScan files(plan({column("large", 0x0010'4000, T::text)}), {});
    files.feed(path_list(sources));
    std::size_t rows = 0, batches = 0;
    while (const Batch batch = files.next(1000, workers, {})) {
      ++batches;
      CHECK(batch->table.size_bytes() < (std::size_t{400} << 20));
      for (std::size_t i = 0; i < static_cast<std::size_t>(batch->table.length); ++i)
        CHECK(value(*batch, "path", i) == "\"" + sources[rows++] + "\"");
    }
    CHECK(rows == sources.size());
    CHECK(batches > 1);
  }
}

TEST_CASE("the table does not depend on the workers or on the rows of a batch") {
  const TemporaryFolder root;
  for (int i = 0; i < 700; ++i) {
    Writer writer;
    writer.element(kPatientID, VR::LO, std::to_string(i + 1000));
    if (i % 3 != 0) writer.element(make_tag(0x0020, 0x0013), VR::IS, i % 3 == 1 ? "12" : "no");
    root.file(std::to_string(i), writer.file(test::kExplicitLittle).bytes);
  }
  const ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text), column("number", 0x0020'0013, T::integer)});
  const auto rows_of = [&](std::size_t rows, std::size_t workers) {
    BulkScan files(wanted, {});
    files.feed({root.path()});
    std::vector<std::string> found;
    while (const Batch batch = files.next(rows, workers, {})) {
      CHECK(is_sound(*batch));
      CHECK(static_cast<std::size_t>(batch->table.length) <= rows);
      for (std::size_t i = 0; i < static_cast<std::size_t>(batch->table.length); ++i) {
        found.emplace_back();
        for (const char* name : {"path", "PatientID", "number", "unparsed", "error"})
          found.back() += value(*batch, name, i) + " ";
      }
    }
    return found;
  };
  const std::vector<std::string> expected = rows_of(1000, 1);
  CHECK(expected.size() == 700);
  CHECK(rows_of(1000, 2) == expected);
  CHECK(rows_of(300, 2) == expected);
  CHECK(rows_of(7, 1) == expected);
}

TEST_CASE("an interrupted scan goes on where it was") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(tags::kSpecificCharacterSet, VR::CS, "GB18030 ").element(kPatientID, VR::LO, "\xe9 ")
                            .file(test::kExplicitLittle);
  for (int i = 0; i < 600; ++i) root.file(std::to_string(1000 + i), writer.bytes);
  struct Stop {};
  int calls = 0;
  ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text)});
  wanted.decode = [&](ByteView, std::string_view, VR) -> std::string {
    if (++calls == 300) throw Stop{};
    return "text";
  };
  BulkScan files(wanted, {});
  files.feed({root.path()});
  CHECK_THROWS_AS(files.next(1000, 1, {}), Stop);
  std::size_t rows = 0;
  while (const Batch batch = files.next(1000, 1, {}))
    for (std::size_t i = 0; i < static_cast<std::size_t>(batch->table.length); ++i, ++rows)
      CHECK(value(*batch, "path", i) == "\"" + root.path(std::to_string(1000 + rows)) + "\"");
  CHECK(rows == 600);
  CHECK(calls > 600);  // what was read of the unit under way is read again
  CHECK(calls <= 600 + 256);
}

TEST_CASE("few files are read by many threads, in small batches too") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(tags::kSpecificCharacterSet, VR::CS, "GB18030 ").element(kPatientID, VR::LO, "\xe9 ")
                            .file(test::kExplicitLittle);
  for (int i = 0; i < 200; ++i) root.file(std::to_string(1000 + i), writer.bytes);
  for (const std::size_t rows : {20, 200, 100'000}) {
    std::mutex mutex;
    std::condition_variable met;
    std::size_t inside = 0;
    bool have_met = false;
    ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text)});
    wanted.decode = [&](ByteView, std::string_view, VR) -> std::string {
      std::unique_lock lock(mutex);
      if (++inside == 4) have_met = true;
      met.notify_all();
      met.wait_for(lock, std::chrono::seconds(5), [&] { return have_met; });
      --inside;
      return have_met ? "met" : "alone";
    };
    BulkScan files(wanted, {});
    files.feed({root.path()});
    const Batch batch = files.next(rows, 4, {});
    CHECK(batch->table.length == static_cast<std::int64_t>(std::min<std::size_t>(rows, 200)));
    CHECK(value(*batch, "PatientID", 0) == "\"met\"");
  }
}

TEST_CASE("batches of any size ask for no more than there is") {
  const TemporaryFolder root;
  for (int i = 0; i < 9; ++i) root.file(std::to_string(i), "x");
  for (const std::size_t workers : {std::size_t{1}, std::size_t{3}, std::numeric_limits<std::size_t>::max()}) {
    BulkScan files(plan({}), {});
    files.feed({root.path()});
    const auto begin = std::chrono::steady_clock::now();
    CHECK(files.next(std::numeric_limits<std::size_t>::max(), workers, {})->table.length == 9);
    CHECK(files.next(std::numeric_limits<std::size_t>::max(), workers, {}) == nullptr);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
  }
}

TEST_CASE("how far a batch is can be heard while it is read") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(tags::kSpecificCharacterSet, VR::CS, "GB18030 ").element(kPatientID, VR::LO, "\xe9 ")
                            .file(test::kExplicitLittle);
  for (int i = 0; i < 100; ++i) root.file(std::to_string(1000 + i), writer.bytes);
  ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text)});
  wanted.decode = [&](ByteView, std::string_view, VR) -> std::string {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return "text";
  };
  BulkScan files(wanted, {});
  files.feed({root.path()});
  std::vector<std::uint64_t> heard;
  const Batch batch = files.next(1000, 2, [&](std::uint64_t count, std::uint64_t bytes) {
    CHECK(bytes % writer.bytes.size() == 0);
    CHECK(bytes <= 100 * writer.bytes.size());
    heard.push_back(count);
  });
  CHECK(batch->table.length == 100);
  CHECK(heard.size() > 1);
  CHECK(std::ranges::is_sorted(heard));
  CHECK(heard.back() > 0);
  CHECK(heard.back() <= 100);
}

TEST_CASE("sources may be files, folders and other things in any order") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(kPatientID, VR::LO, "1").file(test::kExplicitLittle);
  const auto file = [&](int i) { return root.file(std::to_string(10'000 + i), writer.bytes); };
  std::vector<std::string> sources, expected;
  for (int i = 0; i < 1200; ++i) {
    if (i == 5 || i == 300 || i == 301 || i == 1199) {
      const std::string folder = root.folder("folder" + std::to_string(i));
      for (const char* name : {"a", "b"}) expected.push_back(root.file("folder" + std::to_string(i) + "/" + name, writer.bytes));
      sources.push_back(folder);
    } else {
      sources.push_back(file(i));
      expected.push_back(sources.back());
    }
  }
  REQUIRE(::mkfifo(root.path("fifo").c_str(), 0600) == 0);
  sources.insert(sources.begin() + 700, root.path("fifo"));
  expected.insert(expected.begin() + 703, root.path("fifo"));
  for (const std::size_t workers : {1, 3}) {
    for (const std::size_t rows : {7, 100'000}) {
      BulkScan files(plan({column("PatientID", kPatientID.value, T::text)}), {});
      files.feed(path_list(sources));
      std::vector<std::string> found;
      while (const Batch batch = files.next(rows, workers, {})) {
        CHECK(batch->table.length > 0);
        for (std::size_t i = 0; i < static_cast<std::size_t>(batch->table.length); ++i) {
          const std::string path = value(*batch, "path", i);
          found.push_back(path.substr(1, path.size() - 2));
          const bool is_fifo = found.back().ends_with("fifo");
          CHECK(value(*batch, "error", i) == (is_fifo ? "\"not a regular file: a FIFO\"" : "null"));
          CHECK(value(*batch, "PatientID", i) == (is_fifo ? "null" : "\"1\""));
        }
      }
      CHECK(found == expected);
    }
  }
}

TEST_CASE("a batch smaller than what was planned before is cut") {
  const TemporaryFolder root;
  for (int i = 0; i < 300; ++i) root.file(std::to_string(i), "x");
  ScanPlan wanted = plan({column("x", kPatientID.value, T::text)});
  BulkScan files(wanted, {});
  files.feed({root.path()});
  std::size_t rows = 0;
  for (const std::size_t most : {100, 1, 5, 1000}) {
    const Batch batch = files.next(most, 1, {});
    CHECK(static_cast<std::size_t>(batch->table.length) <= most);
    rows += static_cast<std::size_t>(batch->table.length);
  }
  CHECK(rows == 300);
  CHECK(files.empty()->table.length == 0);
  CHECK(is_sound(*files.empty()));
}

TEST_CASE("what the callbacks throw is the row's; a cancelled scan ends") {
  const TemporaryFolder root;
  const Writer writer = Writer().element(tags::kSpecificCharacterSet, VR::CS, "GB18030 ").element(kPatientID, VR::LO, "\xe9 ")
                            .file(test::kExplicitLittle);
  const std::string path = root.file("f", writer.bytes);
  ScanPlan wanted = plan({column("PatientID", kPatientID.value, T::text), column("Charset", 0x0008'0005, T::text)});
  wanted.decode = [](ByteView, std::string_view, VR) -> std::string { fail(Errc::corrupt_data, 7, "no such text"); };
  const Batch batch = scan(wanted, {path});
  CHECK(value(*batch, "PatientID", 0) == "null");
  CHECK(value(*batch, "Charset", 0) == "\"GB18030\"");
  CHECK(value(*batch, "error", 0) == "\"no such text\"");
  CHECK(value(*batch, "error_offset", 0) == "7");
  wanted.decode = [](ByteView, std::string_view, VR) -> std::string { fail(Errc::cancelled, 0, "interrupted"); };
  BulkScan files(wanted, {});
  files.feed({path});
  CHECK_THROWS_AS(files.next(1, 1, {}), Error);
}

TEST_CASE("files of ten gibibytes of zeros are refused at once") {
  const TemporaryFolder root;
  root.file("prefix", Writer().zeros(128).raw("DICM").bytes);
  root.file("zeros");
  for (const char* name : {"prefix", "zeros"}) std::filesystem::resize_file(root.path(name), std::uintmax_t{10} << 30);
  const Batch batch = scan(plan({column("PatientID", kPatientID.value, T::text)}), {root.path()});
  CHECK(value(*batch, "error", 0) == "\"data set: more than 1000000 elements\"");
  CHECK(value(*batch, "error", 1).starts_with("\"not a DICOM file"));
}

TEST_CASE("what is exported lives as long as anybody holds it") {
  const TemporaryFolder root;
  root.file("f", Writer().element(kPatientID, VR::LO, "ab").file(test::kExplicitLittle).bytes);
  ArrowArrayStream stream{};
  {
    const Batch batch = scan(plan({column("PatientID", kPatientID.value, T::text, true)}), {root.path()});
    export_stream(batch->schema, {batch, batch}, stream);
  }
  ArrowSchema schema{};
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  CHECK(std::string(schema.format) == "+s");
  CHECK(std::string(schema.children[5]->name) == "PatientID");
  CHECK(std::string(schema.children[5]->children[0]->format) == "u");
  ArrowArray first{}, second{}, end{};
  REQUIRE(stream.get_next(&stream, &first) == 0);
  REQUIRE(stream.get_next(&stream, &second) == 0);
  REQUIRE(stream.get_next(&stream, &end) == 0);
  CHECK((end.release == nullptr));
  stream.release(&stream);
  CHECK((stream.release == nullptr));
  first.release(&first);
  // A child that is moved out stays when its parent goes.
  ArrowArray child = *second.children[5];
  second.children[5]->release = nullptr;
  second.release(&second);
  const ArrowArray& items = *child.children[0];
  CHECK(std::string(static_cast<const char*>(items.buffers[2]), 2) == "ab");
  child.release(&child);
  schema.release(&schema);
}

TEST_CASE("a listing knows which rows of an earlier scan are still true") {
  const TemporaryFolder root;
  for (const char* name : {"a", "b", "c", "d"}) root.file(name, "x");
  const Batch batch = scan(plan({}), {root.path()});
  root.file("b", "changed");
  std::filesystem::remove(root.path("c"));
  root.file("bb", "new");
  const FileListing listing({root.path(), root.path("gone")}, {}, 1, {});
  const auto buffer = [&](std::size_t column, std::size_t index) { return batch->table.children[column].buffers[index].data(); };
  const auto numbers = [&](std::size_t column) {
    return std::span(reinterpret_cast<const std::int64_t*>(buffer(column, 1)), 4);
  };
  KnownFiles<std::int32_t> known{{reinterpret_cast<const std::int32_t*>(buffer(0, 1)), 5},
                                 {reinterpret_cast<const char*>(buffer(0, 2)), batch->table.children[0].buffers[2].size()},
                                 numbers(1), numbers(2), numbers(3)};
  CHECK(listing.count() == 5);
  CHECK(listing.path(1) == root.path("b"));
  CHECK(listing.match(known) == std::vector<std::int64_t>{0, -1, -1, 3, -1});
  const std::vector<std::int32_t> wrong = {0, -5, 1'000'000, 2, 1};
  known.offsets = wrong;
  CHECK(listing.match(known) == std::vector<std::int64_t>(5, -1));
  known.mtime = known.mtime.first(3);
  CHECK_THROWS_AS(listing.match(known), Error);
}
