// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Tags (PS3.5 7.1) and the ones the core itself needs to know.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace turbodicom::dicom {

struct Tag {
  std::uint32_t value = 0;

  constexpr std::uint16_t group() const noexcept { return static_cast<std::uint16_t>(value >> 16); }
  constexpr std::uint16_t element() const noexcept { return static_cast<std::uint16_t>(value); }
  constexpr bool is_private() const noexcept { return (group() & 1) != 0; }
  constexpr bool is_private_creator() const noexcept { return is_private() && element() >= 0x10 && element() <= 0xFF; }
  constexpr bool is_group_length() const noexcept { return element() == 0; }
  constexpr auto operator<=>(const Tag&) const noexcept = default;
};

constexpr Tag make_tag(std::uint16_t group, std::uint16_t element) noexcept {
  return {(std::uint32_t{group} << 16) | element};
}

std::string to_string(Tag tag);  // "(0028,0010)", lower-case hex

namespace tags {
inline constexpr Tag kTransferSyntaxUID{0x0002'0010};
inline constexpr Tag kSpecificCharacterSet{0x0008'0005};
inline constexpr Tag kSamplesPerPixel{0x0028'0002};
inline constexpr Tag kPhotometricInterpretation{0x0028'0004};
inline constexpr Tag kPlanarConfiguration{0x0028'0006};
inline constexpr Tag kNumberOfFrames{0x0028'0008};
inline constexpr Tag kRows{0x0028'0010};
inline constexpr Tag kColumns{0x0028'0011};
inline constexpr Tag kBitsAllocated{0x0028'0100};
inline constexpr Tag kBitsStored{0x0028'0101};
inline constexpr Tag kHighBit{0x0028'0102};
inline constexpr Tag kPixelRepresentation{0x0028'0103};
inline constexpr Tag kExtendedOffsetTable{0x7FE0'0001};
inline constexpr Tag kExtendedOffsetTableLengths{0x7FE0'0002};
inline constexpr Tag kEncapsulatedPixelDataValueTotalLength{0x7FE0'0003};
inline constexpr Tag kFloatPixelData{0x7FE0'0008};
inline constexpr Tag kDoubleFloatPixelData{0x7FE0'0009};
inline constexpr Tag kPixelData{0x7FE0'0010};
inline constexpr Tag kDataSetTrailingPadding{0xFFFC'FFFC};
inline constexpr Tag kItem{0xFFFE'E000};
inline constexpr Tag kItemDelimitation{0xFFFE'E00D};
inline constexpr Tag kSequenceDelimitation{0xFFFE'E0DD};
inline constexpr Tag kNone{0xFFFF'FFFF};
}  // namespace tags

// PS3.3 C.7.9 and C.11.1.
constexpr bool is_lut_descriptor(Tag tag) noexcept {
  return (tag.value >= 0x0028'1101 && tag.value <= 0x0028'1103) || tag.value == 0x0028'3002;
}

}  // namespace turbodicom::dicom
