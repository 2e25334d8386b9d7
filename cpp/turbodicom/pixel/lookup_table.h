// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Lookup tables as data sets carry them: three numbers (the descriptor) and bytes. One reader for Modality and VOI
// LUTs (PS3.3 C.11.1.1, C.11.2.1.1), Presentation LUTs and palettes (C.7.6.3.1.5, C.7.6.3.1.6), one for segmented
// palettes (C.7.9.2). Begin at read_lookup_table. Source: PS3.3; the notes: see each.
//
// Where data and descriptor disagree, a rule decides and a note with this code tells:
//   lut_8_bit_cells     one byte an entry although more bits are declared: entries of 8 bits (DCMTK, pydicom)
//   lut_16_bit_cells    two bytes an entry although 8 bits are declared (PS3.3 C.7.6.3.1.5 Note 1; DCMTK, pydicom)
//   lut_bits_too_small  entries need more bits than declared: 16 where 8 are declared, else as many as the largest
//                       needs. Entries stay as they are (pydicom; DCMTK drops the bits above)
//   lut_too_short       the last entry stands for those that are missing, as for inputs beyond the table (DCMTK)
//   lut_too_long        bytes behind the last entry are left out (pydicom), one of padding is no note
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/base/bytes.h"

namespace turbodicom::pixel {

struct LutDescriptor {
  std::uint32_t entries = 0;  // 1..65536
  std::int32_t first = 0;     // the input of entry 0: -32768..65535
  std::uint32_t bits = 0;     // of an entry: 8..16
};

// The three values as stored, 16 bits each, whether the VR is US or SS. 0 entries means 65536. The second is signed
// where `is_signed` says so (Pixel Representation is 1), whatever the VR. Bits: 8..16, else an error.
LutDescriptor read_lut_descriptor(std::span<const std::int64_t> stored, bool is_signed);

struct LutNote {
  std::string_view code;
  std::string message;
};

struct LookupTable {
  std::int32_t first = 0;
  std::uint32_t bits = 0;               // every entry is below 2^bits; 8..16
  std::vector<std::uint16_t> entries;   // as many as the descriptor says
  std::vector<LutNote> notes;
};

// `data` as stored. `is_big_endian`: words of OW or US data have the high byte first, and entries of 8 bits lie two in
// a word, the first in its low byte; for OB data pass false. Throws where there is not one whole entry.
LookupTable read_lookup_table(const LutDescriptor& descriptor, ByteView data, bool is_big_endian);

// The table that segments describe (PS3.3 C.7.9.2): cells of 8 bits for entries of 8 bits, else of 16. Whatever is not
// exactly a table of the descriptor's number of entries is an error: an unknown opcode, a segment without an entry or
// beyond the table, bytes behind the last entry other than zeros, a linear or indirect segment in the first place, an
// indirect one that leads to another or out of the data.
std::vector<std::uint16_t> expand_lut_segments(const LutDescriptor& descriptor, ByteView data, bool is_big_endian);

}  // namespace turbodicom::pixel
