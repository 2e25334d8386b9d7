// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Which instruction set the vector kernels may use. Built for the baseline, chosen at run time;
// TURBODICOM_ISA=scalar|avx2|avx512|neon lowers the choice for tests. All levels give equal bits.
#pragma once

#include <span>
#include <string_view>

namespace turbodicom {

enum class Isa { scalar, neon, avx2, avx512 };

// The best level of this machine, lowered by TURBODICOM_ISA; detected once.
Isa active_isa() noexcept;

// Every level this machine can run, scalar first: what tests/kernels walks through.
std::span<const Isa> runnable_isas() noexcept;

std::string_view name(Isa isa) noexcept;

// While it lives, its thread may store past the caches; other threads see that before whatever it stores afterwards.
class StoresPastCaches {
 public:
  StoresPastCaches() = default;
  StoresPastCaches(const StoresPastCaches&) = delete;
  StoresPastCaches& operator=(const StoresPastCaches&) = delete;
  ~StoresPastCaches() {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
  }
};

}  // namespace turbodicom

// Function-level targets: an inline function of a shared header never gets compiled for a level
// the machine may lack. AVX-512 here means what Ice Lake and Zen 4 have.
#if defined(__x86_64__)
#define TURBODICOM_X86 1
#define TURBODICOM_TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define TURBODICOM_TARGET_AVX512 \
  __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")))
#elif defined(__aarch64__)
#define TURBODICOM_NEON 1
#endif

namespace turbodicom {

// A table of kernels for one level: the scalar ones, and what the vector files of its room put in their places, by
// use_avx2(Kernels&) and use_avx512(Kernels&).
template <class Kernels>
Kernels with_vectors(Kernels kernels, [[maybe_unused]] Isa isa) noexcept {
#if defined(TURBODICOM_X86)
  if (isa == Isa::avx2 || isa == Isa::avx512) use_avx2(kernels);
  if (isa == Isa::avx512) use_avx512(kernels);
#endif
  return kernels;
}

}  // namespace turbodicom
