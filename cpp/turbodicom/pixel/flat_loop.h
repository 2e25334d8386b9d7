// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One operation on every sample of a dense block. The loop is plain C++ that compilers vectorise by
// themselves; it is compiled once per instruction set and chosen at run time, because 32-byte vectors
// make it 1.5 to 6 times as fast in the L2 cache as the baseline's 16-byte ones (and beyond the cache
// wider ones gain nothing).
#pragma once

#include <cstddef>
#include <cstring>

#include "turbodicom/base/cpu.h"

namespace turbodicom::pixel {

// Loads and stores through memcpy: the block may be the caller's, aligned or not.
template <typename T, typename Operation>
[[gnu::always_inline]] inline void flat_loop(unsigned char* data, std::size_t count, Operation operation) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    T sample;
    std::memcpy(&sample, data + i * sizeof(T), sizeof(T));
    sample = operation(sample);
    std::memcpy(data + i * sizeof(T), &sample, sizeof(T));
  }
}

#if defined(TURBODICOM_X86)
template <typename T, typename Operation>
TURBODICOM_TARGET_AVX2 void flat_loop_avx2(unsigned char* data, std::size_t count, Operation operation) noexcept {
  flat_loop<T>(data, count, operation);
}
#endif

template <typename T, typename Operation>
void transform_in_place(void* data, std::size_t count, Operation operation, Isa isa = active_isa()) noexcept {
  auto* const bytes = static_cast<unsigned char*>(data);
#if defined(TURBODICOM_X86)
  if (isa >= Isa::avx2) return flat_loop_avx2<T>(bytes, count, operation);
#endif
  static_cast<void>(isa);
  flat_loop<T>(bytes, count, operation);
}

}  // namespace turbodicom::pixel
