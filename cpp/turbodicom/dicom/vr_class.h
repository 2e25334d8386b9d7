// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What the element scanner must know of two VR letters, by one table look-up (PS3.5 7.1.2): is the
// length field 16 or 32 bits wide, and is the VR one of the standard's.
#pragma once

#include <array>
#include <cstdint>

#include "turbodicom/dicom/vr.h"

namespace turbodicom::dicom {

enum class VrClass : std::uint8_t { unknown, short_length, long_length };

constexpr VR kShortLengthVrs[] = {VR::AE, VR::AS, VR::AT, VR::CS, VR::DA, VR::DS, VR::DT, VR::FD, VR::FL, VR::IS, VR::LO,
                                  VR::LT, VR::PN, VR::SH, VR::SL, VR::SS, VR::ST, VR::TM, VR::UI, VR::UL, VR::US};
constexpr VR kLongLengthVrs[] = {VR::OB, VR::OD, VR::OF, VR::OL, VR::OV, VR::OW, VR::SQ,
                                 VR::SV, VR::UC, VR::UN, VR::UR, VR::UT, VR::UV};
static_assert(std::size(kShortLengthVrs) + std::size(kLongLengthVrs) == 34, "PS3.5 Table 6.2-1 has 34 VRs");

// Capital letters differ in their low five bits: ten bits are an index without gaps to speak of.
constexpr std::size_t vr_index(unsigned first, unsigned second) noexcept {
  return ((first & 31U) << 5) | (second & 31U);
}

constexpr std::array<VrClass, 1024> make_vr_classes() {
  std::array<VrClass, 1024> classes{};
  for (const VR vr : kShortLengthVrs)
    classes[vr_index(static_cast<unsigned>(vr) >> 8, static_cast<unsigned>(vr) & 255U)] = VrClass::short_length;
  for (const VR vr : kLongLengthVrs)
    classes[vr_index(static_cast<unsigned>(vr) >> 8, static_cast<unsigned>(vr) & 255U)] = VrClass::long_length;
  return classes;
}

inline constexpr std::array<VrClass, 1024> kVrClasses = make_vr_classes();

// 0x40..0x5F in both bytes: the capital letters and five neighbours, which the table calls unknown.
constexpr VrClass vr_class(std::uint8_t first, std::uint8_t second) noexcept {
  if (((first & 0xE0U) != 0x40U) | ((second & 0xE0U) != 0x40U)) return VrClass::unknown;
  return kVrClasses[vr_index(first, second)];
}

constexpr VrClass vr_class(VR vr) noexcept {
  return vr_class(static_cast<std::uint8_t>(static_cast<unsigned>(vr) >> 8), static_cast<std::uint8_t>(vr));
}

}  // namespace turbodicom::dicom
