// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/tag.h"

namespace turbodicom::dicom {

std::string to_string(Tag tag) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "(0000,0000)";
  for (std::size_t digit = 0; digit < 8; ++digit)
    text[1 + digit + (digit > 3 ? 1 : 0)] = kDigits[(tag.value >> (28 - 4 * digit)) & 15];
  return text;
}

}  // namespace turbodicom::dicom
