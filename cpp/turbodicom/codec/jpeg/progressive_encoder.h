// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Progressive scans (T.81 Annex G, Huffman): libjpeg's script of scans, and the tokens of one of them.
#pragma once

#include <cstdint>
#include <vector>

#include "turbodicom/codec/jpeg/quantised_blocks.h"
#include "turbodicom/codec/jpeg/token_store.h"

namespace turbodicom::codec::jpeg {

// What libjpeg's jpeg_simple_progression() makes: spectral selection and successive approximation, ten scans for YCbCr.
std::vector<ScanHeader> simple_progression(const FrameHeader& frame, bool is_ycc);

// Scans with all bits of their coefficients (G.1.1.1.1), as processes 6 and 8 want them: DC, low bands, the rest.
std::vector<ScanHeader> spectral_selection(const FrameHeader& frame, bool is_ycc);

// Tokens of `scan` over the whole frame, in intervals of `restart_interval` MCUs (0: one), appended to `store`.
void tokenise_progressive(const FrameHeader& frame, const QuantisedBlocks& blocks, const ScanHeader& scan,
                          std::uint32_t restart_interval, TokenStore& store);

// MCUs in a row of `scan` (A.2).
std::uint32_t mcus_per_row(const FrameHeader& frame, const ScanHeader& scan) noexcept;

// Bits of a block in all scans together, at most.
inline constexpr std::uint64_t kMaxProgressiveBlockBits = 64 * (16 + 16) + 10 * (64 + 5 * 16);

}  // namespace turbodicom::codec::jpeg
