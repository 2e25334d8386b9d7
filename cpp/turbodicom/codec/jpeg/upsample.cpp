// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/upsample.h"

#include "turbodicom/codec/jpeg/upsample_loops.h"

namespace turbodicom::codec::jpeg {
namespace {

template <typename Sample>
void h2(const Sample* in, Sample* out, std::size_t count) noexcept {
  loops::h2(in, out, count);
}

template <typename Sample>
void v2(const Sample* near, const Sample* far, int bias, Sample* out, std::size_t count) noexcept {
  loops::v2(near, far, bias, out, count);
}

template <typename Sample>
void h2v2(const Sample* near, const Sample* far, Sample* out, std::size_t count) noexcept {
  loops::h2v2(near, far, out, count);
}

}  // namespace

UpsampleKernels upsample_kernels(Isa isa) noexcept {
  UpsampleKernels kernels{{h2<std::uint8_t>, v2<std::uint8_t>, h2v2<std::uint8_t>},
                          {h2<std::uint16_t>, v2<std::uint16_t>, h2v2<std::uint16_t>}};
  return with_vectors(kernels, isa);
}

const UpsampleKernels& upsample_kernels() noexcept {
  static const UpsampleKernels kernels = upsample_kernels(active_isa());
  return kernels;
}

}  // namespace turbodicom::codec::jpeg
