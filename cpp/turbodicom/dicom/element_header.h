// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The header of one element (PS3.5 7.1): tag, VR and length field. Implicit VR takes the VR from the
// dictionary; two letters that are none mean an implicit element in an explicit stream, as writers
// that copy nested items do (pydicom issues 1035 and 1067).
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/base/bytes.h"
#include "turbodicom/dicom/tag.h"
#include "turbodicom/dicom/transfer_syntax.h"
#include "turbodicom/dicom/vr.h"
#include "turbodicom/dicom/vr_class.h"

namespace turbodicom::dicom {

inline constexpr std::size_t kShortHeader = 8;
inline constexpr std::size_t kLongHeader = 12;

struct ElementHeader {
  Tag tag;
  VR vr = VR::none;
  bool vr_is_written = false;
  std::uint32_t header_bytes = kShortHeader;  // more than there are: the data end within the header
  std::uint32_t length = 0;
};

// The VR an implicit element has: the first that PS3.6 lists, LO for private creators, UL for group
// lengths, UN for what is unknown.
VR implicit_vr(Tag tag) noexcept;

constexpr bool is_capital(std::uint8_t letter) noexcept { return letter >= 'A' && letter <= 'Z'; }

template <bool kBig>
Tag load_tag(const std::uint8_t* from) noexcept {
  if constexpr (kBig) return {load_be<std::uint32_t>(from)};
  const auto raw = load_le<std::uint32_t>(from);
  return {(raw << 16) | (raw >> 16)};
}

inline Tag load_tag(const std::uint8_t* from, bool big_endian) noexcept {
  return big_endian ? load_tag<true>(from) : load_tag<false>(from);
}

// `available` is at least kShortHeader.
template <bool kImplicit, bool kBig>
[[gnu::always_inline]] inline ElementHeader read_header(const std::uint8_t* from, std::size_t available) noexcept {
  ElementHeader header;
  header.tag = load_tag<kBig>(from);
  if constexpr (!kImplicit) {
    header.vr = make_vr(from[4], from[5]);
    const VrClass kind = vr_class(from[4], from[5]);
    header.vr_is_written = true;
    if (kind == VrClass::short_length) {
      header.length = load<std::uint16_t>(from + 6, kBig);
      return header;
    }
    if (kind == VrClass::long_length) {
      header.header_bytes = kLongHeader;
      if (available >= kLongHeader) header.length = load<std::uint32_t>(from + 8, kBig);
      return header;
    }
    // As pydicom: anything between "AA" and "ZZ" is a VR to come, with a 16-bit length.
    if (header.vr >= make_vr('A', 'A') && header.vr <= make_vr('Z', 'Z')) {
      header.length = load<std::uint16_t>(from + 6, kBig);
      return header;
    }
    header.vr_is_written = false;
  }
  header.vr = implicit_vr(header.tag);
  header.length = load<std::uint32_t>(from + 4, kBig);
  return header;
}

ElementHeader read_header(const std::uint8_t* from, std::size_t available, Encoding encoding) noexcept;

// The encoding of an item whose first element is at `first`: explicit VR data sets may hold implicit
// items, not the other way round (PS3.5 6.2.2). As pydicom's reader decides.
Encoding item_encoding(ByteView first, Encoding around) noexcept;

// The encoding of the items of a sequence whose value begins with `value`: in big-endian data sets
// the items of a UN are implicit VR little endian nevertheless (PS3.5 6.2.2).
Encoding sequence_encoding(ByteView value, Encoding around) noexcept;

}  // namespace turbodicom::dicom
