// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/palette_kernels.h"

#if defined(TURBODICOM_X86)

#include "turbodicom/pixel/palette_loops.h"

namespace turbodicom::pixel {
namespace {

template <typename T>
TURBODICOM_TARGET_AVX2 std::size_t offsets_avx2(const std::uint8_t* indexes, std::size_t count, ClipRule rule,
                                                std::uint16_t* offsets) noexcept {
  return clipped_offsets<T>(indexes, count, rule, offsets);
}

}  // namespace

void use_avx2(PaletteKernels& kernels) noexcept {
  kernels.offsets_u8 = offsets_avx2<std::uint8_t>;
  kernels.offsets_i8 = offsets_avx2<std::int8_t>;
  kernels.offsets_u16 = offsets_avx2<std::uint16_t>;
  kernels.offsets_i16 = offsets_avx2<std::int16_t>;
}

}  // namespace turbodicom::pixel

#endif
