// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/byte_order.h"

#include "turbodicom/base/bytes.h"
#include "turbodicom/pixel/flat_loop.h"

namespace turbodicom::pixel {
namespace {

struct SwapBytes {
  template <typename T>
  [[gnu::always_inline]] T operator()(T sample) const noexcept { return byte_swapped(sample); }
};

}  // namespace

void swap_bytes(void* data, std::size_t count, std::size_t sample_bytes) noexcept {
  switch (sample_bytes) {
    case 2: return transform_in_place<std::uint16_t>(data, count, SwapBytes{});
    case 4: return transform_in_place<std::uint32_t>(data, count, SwapBytes{});
    case 8: return transform_in_place<std::uint64_t>(data, count, SwapBytes{});
    default: return;
  }
}

void copy_from_swapped_words(const std::uint8_t* words, std::uint64_t first, std::uint8_t* out,
                             std::size_t count) noexcept {
  words += first;
  if ((first & 1) != 0 && count > 0) {
    *out++ = words[-1];
    ++words;
    --count;
  }
  std::memcpy(out, words, count & ~std::size_t{1});
  swap_bytes(out, count / 2, 2);
  if ((count & 1) != 0) out[count - 1] = words[count];
}

}  // namespace turbodicom::pixel
