// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/element_header.h"

#include "turbodicom/dicom/dictionary.h"

namespace turbodicom::dicom {

VR implicit_vr(Tag tag) noexcept {
  if (tag.is_private()) return tag.is_private_creator() ? VR::LO : VR::UN;
  if (tag == tags::kPixelData) return VR::OW;  // PS3.5 A.1
  if (const DictionaryEntry* entry = find_entry(tag)) return entry->vr;
  return tag.is_group_length() ? VR::UL : VR::UN;
}

ElementHeader read_header(const std::uint8_t* from, std::size_t available, Encoding encoding) noexcept {
  if (encoding.big_endian)
    return encoding.implicit_vr ? read_header<true, true>(from, available) : read_header<false, true>(from, available);
  return encoding.implicit_vr ? read_header<true, false>(from, available) : read_header<false, false>(from, available);
}

Encoding item_encoding(ByteView first, Encoding around) noexcept {
  if (around.implicit_vr || first.size() < 6) return around;
  return {.implicit_vr = !(is_capital(first[4]) && is_capital(first[5])), .big_endian = around.big_endian};
}

Encoding sequence_encoding(ByteView value, Encoding around) noexcept {
  if (around.big_endian && value.size() >= 4 && load_tag<false>(value.data()) == tags::kItem)
    return {.implicit_vr = true, .big_endian = false};
  return around;
}

}  // namespace turbodicom::dicom
