// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/vr.h"

#include "turbodicom/dicom/vr_class.h"

namespace turbodicom::dicom {

bool is_standard(VR vr) noexcept { return vr_class(vr) != VrClass::unknown; }

bool has_32bit_length(VR vr) noexcept { return vr_class(vr) == VrClass::long_length; }

std::string to_string(VR vr) {
  if (vr == VR::none) return {};
  const auto letters = static_cast<unsigned>(vr);
  return {static_cast<char>(letters >> 8), static_cast<char>(letters & 255U)};
}

}  // namespace turbodicom::dicom
