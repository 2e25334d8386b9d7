// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/vr.h"

#include "turbodicom/dicom/vr_class.h"

namespace turbodicom::dicom {

bool is_standard(VR vr) noexcept { return vr_class(vr) != VrClass::unknown; }

bool has_32bit_length(VR vr) noexcept { return vr_class(vr) == VrClass::long_length; }

// Letters of a file need not be text: what is not printable ASCII shows as a question mark.
std::string to_string(VR vr) {
  if (vr == VR::none) return {};
  const auto shown = [](unsigned letter) { return letter > 0x20 && letter < 0x7F ? static_cast<char>(letter) : '?'; };
  const auto letters = static_cast<unsigned>(vr);
  return {shown(letters >> 8), shown(letters & 255U)};
}

}  // namespace turbodicom::dicom
