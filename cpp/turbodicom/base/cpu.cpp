// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/base/cpu.h"

#include <array>
#include <cstdlib>

namespace turbodicom {
namespace {

struct Levels {
  std::array<Isa, 3> isas{};
  std::size_t count = 0;
};

Levels detect() noexcept {
  Levels levels;
  levels.isas[levels.count++] = Isa::scalar;
#if defined(TURBODICOM_X86)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (avx2) levels.isas[levels.count++] = Isa::avx2;
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2"))
    levels.isas[levels.count++] = Isa::avx512;
#elif defined(TURBODICOM_NEON)
  levels.isas[levels.count++] = Isa::neon;
#endif
  return levels;
}

const Levels& levels() noexcept {
  static const Levels found = detect();
  return found;
}

Isa choose() noexcept {
  const Levels& found = levels();
  const Isa best = found.isas[found.count - 1];
  const char* const wish = std::getenv("TURBODICOM_ISA");
  if (wish == nullptr) return best;
  for (std::size_t i = 0; i < found.count; ++i)
    if (name(found.isas[i]) == wish) return found.isas[i];
  return best;
}

}  // namespace

Isa active_isa() noexcept {
  static const Isa chosen = choose();
  return chosen;
}

std::span<const Isa> runnable_isas() noexcept { return {levels().isas.data(), levels().count}; }

std::string_view name(Isa isa) noexcept {
  switch (isa) {
    case Isa::scalar: return "scalar";
    case Isa::neon: return "neon";
    case Isa::avx2: return "avx2";
    case Isa::avx512: return "avx512";
  }
  return "unknown";
}

}  // namespace turbodicom
