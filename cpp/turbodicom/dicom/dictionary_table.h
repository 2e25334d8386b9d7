// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What cmake/generate_dictionary.py writes and dictionary.cpp reads; nobody else includes this.
#pragma once

#include <cstddef>

#include "turbodicom/dicom/dictionary.h"

namespace turbodicom::dicom::table {

inline constexpr unsigned kSlotBits = 14;          // SLOT_BITS of the generator
inline constexpr std::uint16_t kEmptySlot = 0xFFFF;

extern const DictionaryEntry kEntries[];           // PS3.6 by tag, then the repeating groups by tag
extern const std::size_t kEntriesSize;
extern const std::size_t kFirstRepeating;
extern const PrivateDictionaryEntry kPrivateEntries[];  // by creator, then private_key() of dictionary.cpp
extern const std::size_t kPrivateEntriesSize;
extern const std::uint16_t kTagSlots[];            // 1 << kSlotBits indexes into kEntries, linear probing
extern const std::uint16_t kKeywordSlots[];
extern const char kTextPool[];

}  // namespace turbodicom::dicom::table
