// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/colour.h"

#include "turbodicom/codec/jpeg/colour_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

template <typename Sample>
void rgb(const Sample* const* planes, Sample* out, std::size_t pixels) noexcept {
  loops::rgb(planes, out, pixels);
}

template <typename Sample>
void planar_rgb(const Sample* const* planes, Sample* const* out, std::size_t pixels) noexcept {
  loops::planar_rgb(planes, out, pixels);
}

template <typename Sample>
void interleave(const Sample* const* planes, Sample* out, std::size_t pixels) noexcept {
  loops::interleave(planes, out, pixels);
}

}  // namespace

ColourKernels colour_kernels(Isa isa) noexcept {
  ColourKernels kernels{{rgb<std::uint8_t>, planar_rgb<std::uint8_t>, interleave<std::uint8_t>},
                        {rgb<std::uint16_t>, planar_rgb<std::uint16_t>, interleave<std::uint16_t>}};
  return with_vectors(kernels, isa);
}

const ColourKernels& colour_kernels() noexcept {
  static const ColourKernels kernels = colour_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
