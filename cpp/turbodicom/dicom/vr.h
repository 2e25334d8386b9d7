// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Value Representations (PS3.5 6.2): the two letters are the value, so an unknown VR keeps its name.
#pragma once

#include <cstdint>
#include <string>

namespace turbodicom::dicom {

enum class VR : std::uint16_t {
  none = 0,
#define TURBODICOM_VR(a, b) a##b = (static_cast<std::uint16_t>(#a[0]) << 8) | static_cast<std::uint16_t>(#b[0])
  TURBODICOM_VR(A, E), TURBODICOM_VR(A, S), TURBODICOM_VR(A, T), TURBODICOM_VR(C, S), TURBODICOM_VR(D, A),
  TURBODICOM_VR(D, S), TURBODICOM_VR(D, T), TURBODICOM_VR(F, D), TURBODICOM_VR(F, L), TURBODICOM_VR(I, S),
  TURBODICOM_VR(L, O), TURBODICOM_VR(L, T), TURBODICOM_VR(O, B), TURBODICOM_VR(O, D), TURBODICOM_VR(O, F),
  TURBODICOM_VR(O, L), TURBODICOM_VR(O, V), TURBODICOM_VR(O, W), TURBODICOM_VR(P, N), TURBODICOM_VR(S, H),
  TURBODICOM_VR(S, L), TURBODICOM_VR(S, Q), TURBODICOM_VR(S, S), TURBODICOM_VR(S, T), TURBODICOM_VR(S, V),
  TURBODICOM_VR(T, M), TURBODICOM_VR(U, C), TURBODICOM_VR(U, I), TURBODICOM_VR(U, L), TURBODICOM_VR(U, N),
  TURBODICOM_VR(U, R), TURBODICOM_VR(U, S), TURBODICOM_VR(U, T), TURBODICOM_VR(U, V),
#undef TURBODICOM_VR
};

constexpr VR make_vr(std::uint8_t first, std::uint8_t second) noexcept {
  return static_cast<VR>((std::uint16_t{first} << 8) | second);
}

bool is_standard(VR vr) noexcept;           // one of the 34 above
bool has_32bit_length(VR vr) noexcept;      // explicit VR: two reserved bytes and a 32-bit length (PS3.5 7.1.2)
std::string to_string(VR vr);               // "CS"; unknown letters as they stand

}  // namespace turbodicom::dicom
