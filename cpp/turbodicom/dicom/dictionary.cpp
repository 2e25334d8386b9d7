// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Look-ups in the generated tables: two hash tables (tag, keyword) with linear probing, a scan of
// the 88 repeating groups, and binary search in the private dictionary.
#include "turbodicom/dicom/dictionary.h"

#include <algorithm>
#include <tuple>

#include "turbodicom/dicom/dictionary_table.h"

namespace turbodicom::dicom {
namespace {

using table::kEntries;
using table::kSlotBits;

// Fibonacci hashing; hash_tag() and hash_text() of cmake/generate_dictionary.py.
std::uint32_t hash_slot(std::uint32_t value) noexcept { return (value * 0x9E37'79B1u) >> (32 - kSlotBits); }

// FNV-1a.
std::uint32_t hash_text(std::string_view text) noexcept {
  std::uint32_t value = 0x811C'9DC5u;
  for (const char c : text) value = (value ^ static_cast<std::uint8_t>(c)) * 0x0100'0193u;
  return value;
}

// The tables are a third full, so an empty slot always ends the walk.
template <class Matches>
const DictionaryEntry* probe(const std::uint16_t* slots, std::uint32_t hash, Matches matches) noexcept {
  for (std::uint32_t slot = hash_slot(hash);; slot = (slot + 1) % (1u << kSlotBits)) {
    if (slots[slot] == table::kEmptySlot) return nullptr;
    const DictionaryEntry& entry = kEntries[slots[slot]];
    if (matches(entry)) return &entry;
  }
}

const DictionaryEntry* find_repeating_group(Tag tag) noexcept {
  for (const DictionaryEntry& entry : repeating_group_entries())
    if ((tag.value & entry.mask) == entry.tag.value) return &entry;
  return nullptr;
}

auto private_key(const PrivateDictionaryEntry& entry) noexcept {
  return std::tuple(entry.group, entry.group_mask, entry.any_block, entry.element);
}

std::uint16_t masked(std::uint16_t number, std::uint16_t mask) noexcept {
  return static_cast<std::uint16_t>(number & mask);
}

// All entries of one creator.
std::span<const PrivateDictionaryEntry> entries_of(std::string_view creator) noexcept {
  const auto all = private_dictionary_entries();
  const auto begin = std::lower_bound(
      all.begin(), all.end(), creator, [](const auto& entry, auto text) { return entry.creator.view() < text; });
  const auto end =
      std::partition_point(begin, all.end(), [creator](const auto& entry) { return entry.creator.view() == creator; });
  return {begin, end};
}

}  // namespace

std::string_view PooledText::view() const noexcept { return {table::kTextPool + (packed >> 12), packed & 0xFFF}; }

std::span<const DictionaryEntry> dictionary_entries() noexcept { return {kEntries, table::kFirstRepeating}; }

std::span<const DictionaryEntry> repeating_group_entries() noexcept {
  return {kEntries + table::kFirstRepeating, kEntries + table::kEntriesSize};
}

std::span<const PrivateDictionaryEntry> private_dictionary_entries() noexcept {
  return {table::kPrivateEntries, table::kPrivateEntriesSize};
}

const DictionaryEntry* find_entry(Tag tag) noexcept {
  if (tag.is_private()) return nullptr;
  const DictionaryEntry* found =
      probe(table::kTagSlots, tag.value, [tag](const DictionaryEntry& entry) { return entry.tag == tag; });
  return found != nullptr ? found : find_repeating_group(tag);
}

const DictionaryEntry* find_keyword(std::string_view keyword) noexcept {
  return probe(table::kKeywordSlots, hash_text(keyword),
               [keyword](const DictionaryEntry& entry) { return entry.keyword.view() == keyword; });
}

const PrivateDictionaryEntry* find_private_entry(Tag tag, std::string_view creator) noexcept {
  const auto entries = entries_of(creator);
  struct Pattern {
    std::uint16_t group_mask;
    bool any_block;
  };
  // The closest pattern wins, as in pydicom.
  for (const auto [group_mask, any_block] : {Pattern{0xFFFF, false}, {0xFFFF, true}, {0xFF00, true}}) {
    const auto wanted = std::tuple(masked(tag.group(), group_mask), group_mask, any_block,
                                   masked(tag.element(), any_block ? 0xFF : 0xFFFF));
    const auto found = std::lower_bound(entries.begin(), entries.end(), wanted,
                                        [](const auto& entry, const auto& key) { return private_key(entry) < key; });
    if (found != entries.end() && private_key(*found) == wanted) return &*found;
  }
  return nullptr;
}

}  // namespace turbodicom::dicom
