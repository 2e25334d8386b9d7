// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The stages of value_stages.h as loops over a short row of doubles: load, one loop a stage, store. Plain C++ that
// compilers vectorise by themselves; each loop is compiled once per instruction set (value_kernels.cpp and its
// vector files). Rows are a few KiB, so that what one loop leaves behind is in the first-level cache for the next.
//
// No loop calls into a mathematical library or branches on a value: floor, round and exp are spelt out in additions,
// the same ones on every machine. The build forbids fused multiply-add (cmake/compile_options.cmake).
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "turbodicom/pixel/value_kernels.h"

#define TURBODICOM_LOOP [[gnu::always_inline]] inline

namespace turbodicom::pixel::loops {

// Arrays need not be aligned.
template <typename T>
TURBODICOM_LOOP T load_at(const void* from, std::size_t i) noexcept {
  T value;
  std::memcpy(&value, static_cast<const unsigned char*>(from) + i * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
TURBODICOM_LOOP void store_at(void* to, std::size_t i, T value) noexcept {
  std::memcpy(static_cast<unsigned char*>(to) + i * sizeof(T), &value, sizeof(T));
}

// Added to a number below 2^51 in size, this leaves no bit below the unit: the sum is rounded to nearest, ties to even,
// and its low bits are that integer in two's complement.
inline constexpr double kRound = 0x1.8p52;

TURBODICOM_LOOP double rounded(double value) noexcept { return (value + kRound) - kRound; }

TURBODICOM_LOOP std::int64_t nearest(double value) noexcept {
  return static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(value + kRound) - std::bit_cast<std::uint64_t>(kRound));
}

// NaN becomes `low`.
TURBODICOM_LOOP double clamped(double value, double low, double high) noexcept {
  value = value > low ? value : low;
  return value < high ? value : high;
}

// -- load ------------------------------------------------------------------------------------------------

template <typename In>
struct Load {
  TURBODICOM_LOOP static void run(const void* from, double* __restrict to, std::size_t count, const Rescale&) noexcept {
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<double>(load_at<In>(from, i));
  }
};

// PS3.3 C.11.1.1.2
template <typename In>
struct LoadRescaled {
  TURBODICOM_LOOP static void run(const void* from, double* __restrict to, std::size_t count, const Rescale& by) noexcept {
    const double slope = by.slope, intercept = by.intercept;
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<double>(load_at<In>(from, i)) * slope + intercept;
  }
};

// -- stages, in place --------------------------------------------------------------------------------------

// PS3.3 C.11.2.1.2, C.11.2.1.3.2
struct ApplyRamp {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count, const Ramp& by) noexcept {
    const Ramp ramp = by;
    for (std::size_t i = 0; i < count; ++i) {
      const double x = values[i];
      double v = (x - ramp.middle) / ramp.width + ramp.at_middle;
      v = x <= ramp.low ? 0 : v;
      values[i] = x > ramp.high ? 1 : v;
    }
  }
};

// e^x for -700 <= x <= 700, within 2 units of the last place: x = k ln 2 + r, e^r by its Taylor series (the first term
// left out, r^14 / 14!, is below 2^-56), 2^k through the exponent bits.
TURBODICOM_LOOP double exponential(double x) noexcept {
  constexpr double kLog2E = 0x1.71547652b82fep0;
  constexpr double kLn2High = 0x1.62e42fefa0000p-1, kLn2Low = 0x1.cf79abc9e3b3ap-40;  // the high part has 20 zero bits
  const double shifted = x * kLog2E + kRound;
  const double k = shifted - kRound;
  const double r = (x - k * kLn2High) - k * kLn2Low;
  constexpr double kInverseFactorials[] = {1.0,           1.0,           1.0 / 2,        1.0 / 6,         1.0 / 24,
                                           1.0 / 120,     1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                           1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
  double power = kInverseFactorials[13];
  for (int n = 12; n >= 0; --n) power = power * r + kInverseFactorials[n];
  const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(kRound) + 1023) << 52;
  return power * std::bit_cast<double>(exponent);
}

// PS3.3 C.11.2.1.3.1. Beyond 700 the result is 0 or 1 to 300 places.
struct ApplySigmoid {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count, const Sigmoid& by) noexcept {
    const double center = by.center, width = by.width;
    for (std::size_t i = 0; i < count; ++i) {
#if defined(TURBODICOM_PLANT_sigmoid_sign)
      double x = 4 * (values[i] - center) / width;
#else
      double x = -4 * (values[i] - center) / width;
#endif
      x = x < -700 ? -700 : x;
      x = x > 700 ? 700 : x;
      values[i] = 1 / (1 + exponential(x));
    }
  }
};

// floor(x) - first, clipped to the table.
struct LookUp {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count, const ValueTable& by) noexcept {
    const double* const table = by.values.data();
    const double first = by.first, last = first + static_cast<double>(by.values.size() - 1);
    for (std::size_t i = 0; i < count; ++i) {
      const double x = values[i];
      const double within = clamped(x, first, last);
      const double integer = rounded(within);
      const double lower = integer > within ? integer - 1 : integer;
      const double entry = table[nearest(lower - first)];
      values[i] = x == x ? entry : x;
    }
  }
};

// The entry nearest to v * (entries - 1) (PS3.3 C.11.6: the table spans the whole range of P-Values' inputs).
struct LookUpFraction {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count, const ValueTable& by) noexcept {
    const double* const table = by.values.data();
    const double last = static_cast<double>(by.values.size() - 1);
    for (std::size_t i = 0; i < count; ++i) {
      const double v = values[i];
      const double entry = table[nearest(clamped(v * last, 0, last))];
      values[i] = v == v ? entry : v;
    }
  }
};

struct Invert {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) values[i] = 1 - values[i];
  }
};

struct Stretch {
  TURBODICOM_LOOP static void run(double* __restrict values, std::size_t count, const OutputRange& by) noexcept {
    const double low = by.low, span = by.high - by.low;
    for (std::size_t i = 0; i < count; ++i) values[i] = low + values[i] * span;
  }
};

// -- store -------------------------------------------------------------------------------------------------

// Floats; true always.
template <typename Out>
struct StoreFloat {
  TURBODICOM_LOOP static bool run(const double* __restrict values, void* to, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) store_at<Out>(to, i, static_cast<Out>(values[i]));
    return true;
  }
};

// Nearest half, ties to even; beyond 65519 infinity. One rounding, from all bits of the double: half a unit of the
// last place is added by way of a power of two that pushes the surplus bits out.
TURBODICOM_LOOP std::uint16_t half_bits(double value) noexcept {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  const double size = std::bit_cast<double>(bits & ~(std::uint64_t{1} << 63));
  const std::uint64_t sign = bits >> 63 << 15;
  // Ten bits below the leading one are kept, but none below 2^-24: the sum with 2^(exponent + 42) keeps just these.
  const double within = size < 131072 ? size : 131072;
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(within) >> 52;
  const std::uint64_t kept = exponent > 1023 - 14 ? exponent : 1023 - 14;
  const double push = std::bit_cast<double>((kept + 42) << 52) * 1.5;
  const double rounded_size = (within + push) - push;
  const std::uint64_t fresh = std::bit_cast<std::uint64_t>(rounded_size);
  const std::uint64_t normal = ((fresh >> 52) - (1023 - 15)) << 10 | (fresh >> 42 & 0x3FF);
  const std::uint64_t subnormal = std::bit_cast<std::uint64_t>(rounded_size * 0x1p24 + kRound) & 0x7FF;
  std::uint64_t magnitude = rounded_size < 0x1p-14 ? subnormal : normal;
  magnitude = rounded_size > 65504 ? 0x7C00 : magnitude;
  magnitude = size == size ? magnitude : 0x7E00;
  return static_cast<std::uint16_t>(sign | magnitude);
}

struct StoreHalf {
  TURBODICOM_LOOP static bool run(const double* __restrict values, void* to, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) store_at(to, i, half_bits(values[i]));
    return true;
  }
};

// Integers: nearest, ties to even, clamped to the type.
template <typename Out>
struct StoreClamped {
  TURBODICOM_LOOP static bool run(const double* __restrict values, void* to, std::size_t count) noexcept {
    constexpr double kLow = std::numeric_limits<Out>::min(), kHigh = std::numeric_limits<Out>::max();
    for (std::size_t i = 0; i < count; ++i) store_at(to, i, static_cast<Out>(nearest(clamped(values[i], kLow, kHigh))));
    return true;
  }
};

// The same, and false where a value does not fit after rounding. NaN does not.
template <typename Out>
struct StoreChecked {
  TURBODICOM_LOOP static bool run(const double* __restrict values, void* to, std::size_t count) noexcept {
    constexpr double kLow = std::numeric_limits<Out>::min(), kHigh = std::numeric_limits<Out>::max();
    std::int64_t misfits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double value = rounded(clamped(values[i], kLow - 1, kHigh + 1));
      misfits |= static_cast<std::int64_t>(value < kLow) | static_cast<std::int64_t>(value > kHigh);
      store_at(to, i, static_cast<Out>(nearest(value)));
    }
    return misfits == 0;
  }
};

// -- padding ---------------------------------------------------------------------------------------------

// 1 where a stored value is padding.
template <typename In>
struct FindPadding {
  TURBODICOM_LOOP static void run(const void* from, std::uint8_t* __restrict mask, std::size_t count, const Padding& by) noexcept {
    In first, last;
    if constexpr (std::numeric_limits<In>::is_integer) {
      first = static_cast<In>(by.first_bits);
      last = static_cast<In>(by.last_bits);
    } else {
      first = static_cast<In>(by.first);
      last = static_cast<In>(by.last);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const In value = load_at<In>(from, i);
#if defined(TURBODICOM_PLANT_padding_last_exclusive)
      mask[i] = static_cast<std::uint8_t>((value >= first) & (value < last));
#else
      mask[i] = static_cast<std::uint8_t>((value >= first) & (value <= last));
#endif
    }
  }
};

template <typename Bits>
struct Fill {
  TURBODICOM_LOOP static void run(const std::uint8_t* __restrict mask, void* to, std::size_t count, std::uint64_t fill) noexcept {
    const Bits value = static_cast<Bits>(fill);
    for (std::size_t i = 0; i < count; ++i) {
      const Bits before = load_at<Bits>(to, i);
      store_at(to, i, mask[i] != 0 ? value : before);
    }
  }
};

// -- whole chains in one loop, where value_transform.cpp has proved that they give the same ----------------------

// The chain as one line of float32, to bytes. Around 0, where float32 is finest, and 128 added at the end: the sum is
// rounded in steps of 2^-17 or finer.
template <typename In>
struct LineToByte {
  TURBODICOM_LOOP static void run(const void* from, void* to, std::size_t count, const FloatLine& by) noexcept {
    const float scale = by.scale, offset = by.offset;
    const std::int32_t center = by.center;
    for (std::size_t i = 0; i < count; ++i) {
      float value = static_cast<float>(load_at<In>(from, i) - center) * scale + offset;
      value = value > -128.0f ? value : -128.0f;
      value = value < 127.0f ? value : 127.0f;
      store_at(to, i, static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(value + 0x1.8p23f) ^ 0x80));
    }
  }
};

// The rescaled value in float32.
template <typename In>
struct LineToFloat {
  TURBODICOM_LOOP static void run(const void* from, void* to, std::size_t count, const FloatLine& by) noexcept {
    const float scale = by.scale, offset = by.offset;
    for (std::size_t i = 0; i < count; ++i) store_at(to, i, static_cast<float>(load_at<In>(from, i)) * scale + offset);
  }
};

// table[x]; negative x lie before `table`. Eight a turn: 0.6 cycles each, half of what one a turn takes.
template <typename In, typename Bits>
struct LookUpBits {
  TURBODICOM_LOOP static void run(const void* from, void* to, std::size_t count, const void* table) noexcept {
    const auto* const entries = static_cast<const Bits*>(table);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
      const Bits found[8] = {entries[load_at<In>(from, i)],     entries[load_at<In>(from, i + 1)],
                             entries[load_at<In>(from, i + 2)], entries[load_at<In>(from, i + 3)],
                             entries[load_at<In>(from, i + 4)], entries[load_at<In>(from, i + 5)],
                             entries[load_at<In>(from, i + 6)], entries[load_at<In>(from, i + 7)]};
      for (std::size_t k = 0; k < 8; ++k) store_at(to, i + k, found[k]);
    }
    for (; i < count; ++i) store_at(to, i, entries[load_at<In>(from, i)]);
  }
};

// -- statistics --------------------------------------------------------------------------------------------

// Extremes of what is not padding; `low` and `high` come with what is known. NaN compares false and never gets in.
template <typename T>
struct Widen {
  TURBODICOM_LOOP static void run(const void* from, std::size_t count, const Bounds<T>& padding, T* low, T* high) noexcept {
    constexpr std::size_t kLanes = 64 / sizeof(T);
    T lows[kLanes], highs[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lows[lane] = *low;
      highs[lane] = *high;
    }
    const T first = padding.first, last = padding.last;
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const T value = load_at<T>(from, i + lane);
#if defined(TURBODICOM_PLANT_statistics_keep_padding)
        const bool is_padding = false;
#else
        const bool is_padding = (value >= first) & (value <= last);
#endif
        const T for_low = is_padding ? lows[lane] : value, for_high = is_padding ? highs[lane] : value;
        lows[lane] = for_low < lows[lane] ? for_low : lows[lane];
        highs[lane] = for_high > highs[lane] ? for_high : highs[lane];
      }
    for (; i < count; ++i) {
      const T value = load_at<T>(from, i);
      if ((value >= first) & (value <= last)) continue;
      lows[0] = value < lows[0] ? value : lows[0];
      highs[0] = value > highs[0] ? value : highs[0];
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      *low = lows[lane] < *low ? lows[lane] : *low;
      *high = highs[lane] > *high ? highs[lane] : *high;
    }
  }
};

}  // namespace turbodicom::pixel::loops
