// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One row per transfer syntax (PS3.5 clause 10, PS3.6 Annex A): how the data set is written and which
// codec its frames need. `codec` is a name of the codec registry or of the Python decoders
// (python/turbodicom/_python_codecs.py); empty for native pixels, "-" where nothing decodes it.
#pragma once

#include <span>
#include <string_view>

namespace turbodicom::dicom {

struct Encoding {
  bool implicit_vr = false;
  bool big_endian = false;
  bool operator==(const Encoding&) const = default;
};

struct TransferSyntax {
  std::string_view uid;
  std::string_view name;      // PS3.6 Annex A
  Encoding encoding;
  bool deflated = false;      // the data set after the file meta information is a deflate stream
  bool encapsulated = false;  // Pixel Data is a sequence of fragments
  bool big_endian_pixels = false;  // differs from the encoding only for GE's private syntax
  bool lossless = true;
  std::string_view codec;
};

std::span<const TransferSyntax> all_transfer_syntaxes() noexcept;
const TransferSyntax* find_transfer_syntax(std::string_view uid) noexcept;  // nullptr when unknown

}  // namespace turbodicom::dicom
