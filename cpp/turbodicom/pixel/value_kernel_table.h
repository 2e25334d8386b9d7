// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Fills a ValueKernels with the loops of value_loops.h as `On` compiles them: On<Loop>::run is the loop, as a function
// of one instruction set. Included by value_kernels*.cpp only.
#pragma once

#include "turbodicom/pixel/value_kernels.h"
#include "turbodicom/pixel/value_loops.h"

namespace turbodicom::pixel {

template <template <class> class On, typename In>
void set_input(ValueKernels& kernels, SampleType type) noexcept {
  const auto i = static_cast<std::size_t>(type);
  kernels.load[i] = On<loops::Load<In>>::run;
  kernels.load_rescaled[i] = On<loops::LoadRescaled<In>>::run;
  kernels.find_padding[i] = On<loops::FindPadding<In>>::run;
  std::get<WidenFn<In>>(kernels.widen) = On<loops::Widen<In>>::run;
  if constexpr (sizeof(In) <= 2) {
    kernels.line_to_byte[i] = On<loops::LineToByte<In>>::run;
    kernels.line_to_float[i] = On<loops::LineToFloat<In>>::run;
    kernels.look_up_bits[i][1] = On<loops::LookUpBits<In, std::uint8_t>>::run;
    kernels.look_up_bits[i][2] = On<loops::LookUpBits<In, std::uint16_t>>::run;
    kernels.look_up_bits[i][4] = On<loops::LookUpBits<In, std::uint32_t>>::run;
    kernels.look_up_bits[i][8] = On<loops::LookUpBits<In, std::uint64_t>>::run;
  }
}

template <template <class> class On, typename Out>
void set_output(ValueKernels& kernels, SampleType type) noexcept {
  const auto i = static_cast<std::size_t>(type);
  kernels.store[i] = On<loops::StoreClamped<Out>>::run;
  kernels.store_checked[i] = On<loops::StoreChecked<Out>>::run;
}

template <template <class> class On, class Loop>
void set_float_output(ValueKernels& kernels, SampleType type) noexcept {
  const auto i = static_cast<std::size_t>(type);
  kernels.store[i] = kernels.store_checked[i] = On<Loop>::run;
}

template <template <class> class On>
void set_types(ValueKernels& kernels) noexcept {
  set_input<On, std::uint8_t>(kernels, SampleType::u8);
  set_input<On, std::int8_t>(kernels, SampleType::i8);
  set_input<On, std::uint16_t>(kernels, SampleType::u16);
  set_input<On, std::int16_t>(kernels, SampleType::i16);
  set_input<On, std::uint32_t>(kernels, SampleType::u32);
  set_input<On, std::int32_t>(kernels, SampleType::i32);
  set_input<On, std::uint64_t>(kernels, SampleType::u64);
  set_input<On, std::int64_t>(kernels, SampleType::i64);
  set_input<On, float>(kernels, SampleType::f32);
  set_input<On, double>(kernels, SampleType::f64);
  set_output<On, std::uint8_t>(kernels, SampleType::u8);
  set_output<On, std::int8_t>(kernels, SampleType::i8);
  set_output<On, std::uint16_t>(kernels, SampleType::u16);
  set_output<On, std::int16_t>(kernels, SampleType::i16);
  set_output<On, std::uint32_t>(kernels, SampleType::u32);
  set_output<On, std::int32_t>(kernels, SampleType::i32);
  set_float_output<On, loops::StoreFloat<float>>(kernels, SampleType::f32);
  set_float_output<On, loops::StoreFloat<double>>(kernels, SampleType::f64);
  set_float_output<On, loops::StoreHalf>(kernels, SampleType::f16);
}

template <template <class> class On>
void set_all(ValueKernels& kernels) noexcept {
  set_types<On>(kernels);
  kernels.ramp = On<loops::ApplyRamp>::run;
  kernels.sigmoid = On<loops::ApplySigmoid>::run;
  kernels.look_up = On<loops::LookUp>::run;
  kernels.look_up_fraction = On<loops::LookUpFraction>::run;
  kernels.invert = On<loops::Invert>::run;
  kernels.stretch = On<loops::Stretch>::run;
  kernels.fill[1] = On<loops::Fill<std::uint8_t>>::run;
  kernels.fill[2] = On<loops::Fill<std::uint16_t>>::run;
  kernels.fill[4] = On<loops::Fill<std::uint32_t>>::run;
  kernels.fill[8] = On<loops::Fill<std::uint64_t>>::run;
}

}  // namespace turbodicom::pixel
