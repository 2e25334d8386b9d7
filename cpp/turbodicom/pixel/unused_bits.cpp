// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/unused_bits.h"

#include "turbodicom/pixel/flat_loop.h"

namespace turbodicom::pixel {
namespace {

// A field that begins at bit 0, the usual case. Flipping its sign bit and taking it off again extends
// it: nothing but lane-wise and, xor and minus, so compilers use full vectors for every type.
template <typename T>
struct LowField {
  T mask;
  T sign;  // the sign bit of the field, 0 for unsigned samples

  [[gnu::always_inline]] T operator()(T sample) const noexcept {
    return static_cast<T>(((sample & mask) ^ sign) - sign);
  }
};

// Any field. A shift of narrow lanes by a variable number costs compilers half of the speed or more.
template <typename T>
struct ShiftedField {
  LowField<T> low;
  unsigned low_bit;

  [[gnu::always_inline]] T operator()(T sample) const noexcept { return low(static_cast<T>(sample >> low_bit)); }
};

template <typename T>
void clean(void* data, std::size_t count, bool is_signed, std::uint32_t bits_stored, std::uint32_t high_bit) noexcept {
  const T sign = static_cast<T>(T{1} << (bits_stored - 1));
  const LowField<T> low{static_cast<T>(sign | (sign - 1)), is_signed ? sign : T{0}};
  const unsigned low_bit = high_bit + 1 - bits_stored;
  if (low_bit == 0) transform_in_place<T>(data, count, low);
  else transform_in_place<T>(data, count, ShiftedField<T>{low, low_bit});
}

constexpr bool is_signed([[maybe_unused]] SampleType type) noexcept {
#if defined(TURBODICOM_PLANT_unused_bits_no_sign)
  return false;
#else
  return type == SampleType::i8 || type == SampleType::i16 || type == SampleType::i32 || type == SampleType::i64;
#endif
}

}  // namespace

void clean_unused_bits(void* data, std::size_t count, SampleType type, std::uint32_t bits_stored,
                       std::uint32_t high_bit) noexcept {
  switch (bytes_of(type)) {
    case 1: return clean<std::uint8_t>(data, count, is_signed(type), bits_stored, high_bit);
    case 2: return clean<std::uint16_t>(data, count, is_signed(type), bits_stored, high_bit);
    case 4: return clean<std::uint32_t>(data, count, is_signed(type), bits_stored, high_bit);
    default: return clean<std::uint64_t>(data, count, is_signed(type), bits_stored, high_bit);
  }
}

}  // namespace turbodicom::pixel
