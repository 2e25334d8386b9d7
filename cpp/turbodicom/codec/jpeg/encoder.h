// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Writing codestreams. Both functions write everything between SOI and EOI, both included, and return the
// number of bytes written, which is even: a fill byte (T.81 B.1.1.2) stands in front of EOI where need be (PS3.5 8.2.1).
#pragma once

#include <cstddef>

#include "turbodicom/codec/codec.h"
#include "turbodicom/codec/jpeg/parameters.h"

namespace turbodicom::codec::jpeg {

// `precision`: significant bits of a sample, 2..16, at least what the samples need; checked against the source: a sample
// outside is an invalid_argument. `cancel` may be null. Signed samples are taken modulo 2^precision, as DICOM stores them (PS3.5 8.2.1).
std::size_t encode_lossless(ConstImageView source, std::uint32_t precision, MutableByteView destination,
                            const Parameters& parameters, const CancelToken* cancel = nullptr);
// precision 8, or 12 (extended and progressive). Samples are unsigned; signed ones are an invalid_argument.
std::size_t encode_dct(ConstImageView source, std::uint32_t precision, MutableByteView destination,
                       const Parameters& parameters, const CancelToken* cancel = nullptr);

// What `destination` must hold.
std::size_t max_lossless_size(const FrameInfo& frame, const Parameters& parameters);
std::size_t max_dct_size(const FrameInfo& frame, const Parameters& parameters);

}  // namespace turbodicom::codec::jpeg
