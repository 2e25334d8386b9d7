// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The beginning of a file (PS3.10 7.1): preamble or none, file meta information or none, and from
// there the encoding of the data set. Written words lose to what the first element looks like.
#pragma once

#include <string>

#include "turbodicom/dicom/header_bytes.h"
#include "turbodicom/dicom/nested.h"
#include "turbodicom/dicom/scanner.h"
#include "turbodicom/dicom/transfer_syntax.h"

namespace turbodicom::dicom {

struct FileMeta {
  bool has_preamble = false;
  Encoding encoding;  // explicit VR little endian but for broken files
  Level level;        // group 0002; `end` is where the data set begins
};

// Throws "not a DICOM file" when neither the prefix nor a plausible first element is there.
FileMeta read_file_meta(HeaderWindow& window, const Reporter& reporter);

// The row in force for a Transfer Syntax UID as written; one with codec "-" for an unknown UID.
const TransferSyntax& transfer_syntax_of(const std::string& uid);

// The encoding that the first element at `offset` really has; `expected` when it cannot tell.
Encoding detect_encoding(HeaderWindow& window, std::uint64_t offset, Encoding expected, const Reporter& reporter);

// The same for a data set without a transfer syntax (as pydicom: implicit little endian unless a VR says otherwise).
const TransferSyntax& guess_transfer_syntax(HeaderWindow& window, std::uint64_t offset);

}  // namespace turbodicom::dicom
