// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The scalar kernels and the one selector.
#include "turbodicom/codec/jpeg/encode_colour.h"

#include "turbodicom/codec/jpeg/encode_colour_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

template <typename Sample, int kPrecision>
void to_ycc(Sample* r, Sample* g, Sample* b, std::size_t count) noexcept {
  loops::to_ycc<Sample, kPrecision>(r, g, b, count);
}

template <typename Sample>
void halve(const Sample* row, std::size_t count, Sample* out) noexcept {
  loops::halve(row, count, out);
}

template <typename Sample>
void quarter(const Sample* upper, const Sample* lower, std::size_t count, Sample* out) noexcept {
  loops::quarter(upper, lower, count, out);
}

void split(const std::uint8_t* pixels, std::size_t count, std::uint8_t* const* rows) noexcept { loops::split(pixels, count, rows); }

}  // namespace

EncodeColourKernels encode_colour_kernels(Isa isa) noexcept {
  EncodeColourKernels kernels{{to_ycc<std::uint8_t, 8>, halve<std::uint8_t>, quarter<std::uint8_t>},
                              {to_ycc<std::uint16_t, 12>, halve<std::uint16_t>, quarter<std::uint16_t>},
                              split};
  return with_vectors(kernels, isa);
}

const EncodeColourKernels& encode_colour_kernels() noexcept {
  static const EncodeColourKernels kernels = encode_colour_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
