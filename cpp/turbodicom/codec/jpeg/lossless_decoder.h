// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Process 14 (T.81 Annex H): differences out of the entropy-coded segments, predictors undone, samples into the
// caller's image.
#pragma once

#include <memory>

#include "turbodicom/codec/codec.h"
#include "turbodicom/codec/jpeg/damage.h"
#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/output.h"

namespace turbodicom::codec::jpeg {

class LosslessDecoder {
 public:
  // References stay the caller's and live as long as the decoder.
  LosslessDecoder(ByteView source, const FrameHeader& frame, const Output& output, const DecodeOptions& options,
                  Damage& damage);
  ~LosslessDecoder();
  LosslessDecoder(const LosslessDecoder&) = delete;
  LosslessDecoder& operator=(const LosslessDecoder&) = delete;

  // Decodes one scan; returns the byte from which the next marker is to be looked for.
  std::size_t scan(const ScanHeader& header, const Tables& tables);

  // After the last scan. `offset`: where the scans ended; `has_end`: there was an EOI.
  void finish(std::size_t offset, bool has_end);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turbodicom::codec::jpeg
