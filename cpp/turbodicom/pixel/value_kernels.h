// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The loops of value_loops.h, once per instruction set. Tables are indexed by SampleType.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "turbodicom/base/cpu.h"
#include "turbodicom/pixel/value_stages.h"

namespace turbodicom::pixel {

// (value - center) * scale + offset in float32, two roundings.
struct FloatLine {
  float scale = 1;
  float offset = 0;
  std::int32_t center = 0;  // line_to_byte only
};

// Padding as numbers of the type; by default an interval that no value is in.
template <typename T>
struct Bounds {
  T first = 1, last = 0;
};

template <typename T>
using WidenFn = void (*)(const void* from, std::size_t count, const Bounds<T>& padding, T* low, T* high) noexcept;

struct ValueKernels {
  template <typename Function>
  using ByType = std::array<Function, kSampleTypes>;
  template <typename Parameters>
  using Stage = void (*)(double* values, std::size_t count, const Parameters& parameters) noexcept;
  using Load = void (*)(const void* from, double* to, std::size_t count, const Rescale& rescale) noexcept;
  using Store = bool (*)(const double* values, void* to, std::size_t count) noexcept;

  ByType<Load> load;            // rescale ignored
  ByType<Load> load_rescaled;
  Stage<Ramp> ramp;
  Stage<Sigmoid> sigmoid;
  Stage<ValueTable> look_up;
  Stage<ValueTable> look_up_fraction;
  void (*invert)(double* values, std::size_t count) noexcept;
  Stage<OutputRange> stretch;
  ByType<Store> store;          // integers clamped
  ByType<Store> store_checked;  // false where an integer does not fit
  ByType<void (*)(const void* from, std::uint8_t* mask, std::size_t count, const Padding& padding) noexcept> find_padding;
  using Line = void (*)(const void* from, void* to, std::size_t count, const FloatLine& line) noexcept;
  ByType<Line> line_to_byte;    // the result plus 128, clamped; both: integers of up to 16 bits only
  ByType<Line> line_to_float;
  // table[x], x of 8 or 16 bits, by type and bytes of an entry; negative x lie before `table`.
  ByType<std::array<void (*)(const void* from, void* to, std::size_t count, const void* table) noexcept, 9>> look_up_bits;
  std::tuple<WidenFn<std::uint8_t>, WidenFn<std::int8_t>, WidenFn<std::uint16_t>, WidenFn<std::int16_t>, WidenFn<std::uint32_t>,
             WidenFn<std::int32_t>, WidenFn<std::uint64_t>, WidenFn<std::int64_t>, WidenFn<float>, WidenFn<double>>
      widen;
  std::array<void (*)(const std::uint8_t* mask, void* to, std::size_t count, std::uint64_t fill) noexcept, 9> fill;  // by bytes
};

const ValueKernels& value_kernels() noexcept;
ValueKernels value_kernels_of(Isa isa) noexcept;
#if defined(TURBODICOM_X86)
void use_avx2(ValueKernels& kernels) noexcept;
void use_avx512(ValueKernels& kernels) noexcept;
#endif

}  // namespace turbodicom::pixel
