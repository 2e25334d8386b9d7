// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The generated tables against their own look-ups, and against rows read off PS3.6.
// tests/python/test_dictionary.py compares every entry with pydicom's.
#include "turbodicom/dicom/dictionary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace turbodicom::dicom;

namespace {

std::string text(PooledText pooled) { return std::string(pooled.view()); }

}  // namespace

TEST_CASE("dictionary: every standard entry is found by its tag") {
  CHECK(dictionary_entries().size() > 5000);
  for (const DictionaryEntry& entry : dictionary_entries()) REQUIRE(find_entry(entry.tag) == &entry);
}

TEST_CASE("dictionary: every entry that has a keyword is found by it") {
  for (const auto entries : {dictionary_entries(), repeating_group_entries()})
    for (const DictionaryEntry& entry : entries)
      if (!entry.keyword.empty()) REQUIRE(find_keyword(entry.keyword) == &entry);
}

TEST_CASE("dictionary: entries are sorted by tag and unique") {
  const auto entries = dictionary_entries();
  CHECK(std::adjacent_find(entries.begin(), entries.end(),
                           [](const auto& a, const auto& b) { return a.tag >= b.tag; }) == entries.end());
}

TEST_CASE("dictionary: Rows is as PS3.6 table 6-1 prints it") {
  const DictionaryEntry* rows = find_entry(tags::kRows);
  REQUIRE(rows != nullptr);
  CHECK(rows->vr == VR::US);
  CHECK(rows->mask == 0xFFFF'FFFF);
  CHECK(text(rows->vm) == "1");
  CHECK(text(rows->keyword) == "Rows");
  CHECK(text(rows->name) == "Rows");
  CHECK_FALSE(rows->retired);
}

TEST_CASE("dictionary: of several VRs the first is the entry's") {
  const DictionaryEntry* entry = find_keyword("SmallestImagePixelValue");
  REQUIRE(entry != nullptr);
  CHECK(entry->vr == VR::US);
  CHECK(text(entry->vrs) == "US or SS");
  CHECK(text(find_keyword("PixelData")->vrs) == "OB or OW");
}

TEST_CASE("dictionary: items and delimiters have no VR") {
  for (const Tag tag : {tags::kItem, tags::kItemDelimitation, tags::kSequenceDelimitation}) {
    REQUIRE(find_entry(tag) != nullptr);
    CHECK(find_entry(tag)->vr == VR::none);
  }
}

TEST_CASE("dictionary: repeating groups are found in every group they cover") {
  for (const std::uint32_t group : {0x6000u, 0x6002u, 0x601Eu, 0x60FEu}) {
    const DictionaryEntry* entry = find_entry({group << 16 | 0x3000});
    REQUIRE(entry != nullptr);
    CHECK(text(entry->keyword) == "OverlayData");
    CHECK(entry->tag == Tag{0x6000'3000});
    CHECK(entry->mask == 0xFF00'FFFF);
  }
  CHECK(text(find_entry({0x0020'3142})->keyword) == "SourceImageIDs");
  CHECK(text(find_entry({0x0028'04A1})->keyword) == "ColumnsForNthOrderCoefficients");
}

TEST_CASE("dictionary: an odd group is never a repeating group") {
  CHECK(find_entry({0x6001'3000}) == nullptr);
  CHECK(find_entry({0x5001'0005}) == nullptr);
}

TEST_CASE("dictionary: what is not in PS3.6 is not found") {
  CHECK(find_entry({0x0008'0000}) == nullptr);
  CHECK(find_entry(tags::kNone) == nullptr);
  CHECK(find_keyword("") == nullptr);
  CHECK(find_keyword("rows") == nullptr);
  CHECK(find_keyword("Rows ") == nullptr);
  CHECK(find_keyword(std::string(100'000, 'R')) == nullptr);
}

TEST_CASE("dictionary: retired entries say so") { CHECK(find_keyword("ImageLocation")->retired); }

TEST_CASE("dictionary: every private entry is found in its block") {
  CHECK(private_dictionary_entries().size() > 10'000);
  for (const PrivateDictionaryEntry& entry : private_dictionary_entries()) {
    const std::uint16_t block = entry.any_block ? 0x7700 : 0;
    const Tag tag = make_tag(entry.group, static_cast<std::uint16_t>(block | entry.element));
    REQUIRE(find_private_entry(tag, entry.creator) == &entry);
  }
}

TEST_CASE("dictionary: a private tag needs the right creator and element") {
  REQUIRE(find_private_entry({0x0029'1010}, "SIEMENS CSA HEADER") != nullptr);
  CHECK(text(find_private_entry({0x0029'1110}, "SIEMENS CSA HEADER")->name) == "CSA Image Header Info");
  CHECK(find_private_entry({0x0029'10EE}, "SIEMENS CSA HEADER") == nullptr);
  CHECK(find_private_entry({0x0029'1010}, "SIEMENS CSA HEADERS") == nullptr);
  CHECK(find_private_entry({0x0029'1010}, "") == nullptr);
  CHECK(find_private_entry({0x0029'1010}, "zzz") == nullptr);
}

TEST_CASE("dictionary: a private entry for any group of 70xx is found in each") {
  for (const std::uint32_t group : {0x7001u, 0x7043u, 0x70FFu}) {
    REQUIRE(find_private_entry({group << 16 | 0x1004}, "DLX_ANNOT_01") != nullptr);
    CHECK(find_private_entry({group << 16 | 0x1004}, "DLX_ANNOT_01")->group_mask == 0xFF00);
  }
  CHECK(find_private_entry({0x7101'1004}, "DLX_ANNOT_01") == nullptr);
}

TEST_CASE("dictionary: a private entry bound to one block is not found in another") {
  REQUIRE(find_private_entry({0x0029'0089}, "CANON_MEC_MR3") != nullptr);
  CHECK_FALSE(find_private_entry({0x0029'0089}, "CANON_MEC_MR3")->any_block);
  CHECK(find_private_entry({0x0029'1089}, "CANON_MEC_MR3") == nullptr);
}
