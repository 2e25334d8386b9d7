// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Stages of the types a test is about, and their results for samples.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "turbodicom/pixel/value_transform.h"

namespace turbodicom::pixel::test {

using Bytes = std::vector<std::uint8_t>;

template <typename T>
constexpr SampleType type_of() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return SampleType::u8;
  else if constexpr (std::is_same_v<T, std::int8_t>) return SampleType::i8;
  else if constexpr (std::is_same_v<T, std::uint16_t>) return SampleType::u16;
  else if constexpr (std::is_same_v<T, std::int16_t>) return SampleType::i16;
  else if constexpr (std::is_same_v<T, std::uint32_t>) return SampleType::u32;
  else if constexpr (std::is_same_v<T, std::int32_t>) return SampleType::i32;
  else if constexpr (std::is_same_v<T, std::uint64_t>) return SampleType::u64;
  else if constexpr (std::is_same_v<T, float>) return SampleType::f32;
  else return SampleType::f64;
}

template <typename In, typename Out>
ValueStages stages() {
  ValueStages s;
  s.input = type_of<In>();
  s.output = type_of<Out>();
  return s;
}

// Results, or nothing where some value does not fit.
template <typename In, typename Out>
std::vector<Out> run(const ValueStages& s, const std::vector<In>& from) {
  const ValueTransform transform(s);
  ValueTransform::Memory memory;
  std::vector<Out> to(from.size());
  if (!transform.run(from.data(), to.data(), from.size(), nullptr, memory)) to.clear();
  return to;
}

}  // namespace turbodicom::pixel::test
