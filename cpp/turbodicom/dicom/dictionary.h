// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The data dictionary (PS3.6), generated at build time from pydicom's by cmake/generate_dictionary.py.
// Immutable tables; look-ups allocate nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "turbodicom/dicom/tag.h"
#include "turbodicom/dicom/vr.h"

namespace turbodicom::dicom {

// A text of the table's pool. An offset instead of a pointer: 60 000 relocations fewer at load time.
struct PooledText {
  std::uint32_t packed;  // offset << 12 | length in bytes (UTF-8)

  std::string_view view() const noexcept;
  operator std::string_view() const noexcept { return view(); }
  bool empty() const noexcept { return (packed & 0xFFF) == 0; }
};

struct DictionaryEntry {
  Tag tag;             // of a repeating group: x digits are 0
  std::uint32_t mask;  // 0xFFFFFFFF, or 0 bits where a repeating group's tag has an x
  VR vr;               // the first of `vrs`; none where PS3.6 gives no VR (items, delimiters)
  PooledText vrs;      // as PS3.6 writes it: "US or SS"; "NONE" for items and delimiters
  PooledText vm;
  PooledText keyword;  // empty where PS3.6 has none
  PooledText name;
  bool retired;
};

struct PrivateDictionaryEntry {
  PooledText creator;
  std::uint16_t group;
  std::uint16_t group_mask;  // 0xFFFF, or 0xFF00 for the few that stand in any group of 70xx
  std::uint16_t element;     // any_block: the low byte, the block is the reader's; else the whole element number
  bool any_block;            // "0019xx10" in pydicom's private dictionary; few entries are bound to one block
  VR vr;
  PooledText vrs;
  PooledText vm;
  PooledText name;
};

std::span<const DictionaryEntry> dictionary_entries() noexcept;        // sorted by tag, no repeating groups
std::span<const DictionaryEntry> repeating_group_entries() noexcept;   // sorted by tag
std::span<const PrivateDictionaryEntry> private_dictionary_entries() noexcept;  // sorted by creator

// Standard entry, then repeating groups; nullptr when unknown. A few ns for a standard entry.
const DictionaryEntry* find_entry(Tag tag) noexcept;
// Repeating groups too: "OverlayRows" gives the entry of (60xx,0010), whose `tag` is (6000,0010).
const DictionaryEntry* find_keyword(std::string_view keyword) noexcept;
// `creator` trimmed of padding.
const PrivateDictionaryEntry* find_private_entry(Tag tag, std::string_view creator) noexcept;

}  // namespace turbodicom::dicom
