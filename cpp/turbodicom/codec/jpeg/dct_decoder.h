// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The DCT-based processes with Huffman coding (T.81 Annexes F and G): scans to coefficients, coefficients to the
// Reconstructor. One scan of all components, sequential, goes through row by row; anything else is
// gathered in a buffer of coefficients for the whole image first.
#pragma once

#include <memory>

#include "turbodicom/codec/codec.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {

class DctDecoder {
 public:
  // References stay the caller's and live as long as the decoder.
  DctDecoder(ByteView source, const FrameHeader& frame, const Output& output, const DecodeOptions& options, Damage& damage);
  ~DctDecoder();
  DctDecoder(const DctDecoder&) = delete;
  DctDecoder& operator=(const DctDecoder&) = delete;

  // Decodes one scan; returns the byte from which the next marker is to be looked for.
  std::size_t scan(const ScanHeader& header, const Tables& tables);

  // After the last scan. `offset`: where the scans ended; `has_end`: there was an EOI.
  void finish(std::size_t offset, bool has_end);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turbodicom::codec::jpeg
