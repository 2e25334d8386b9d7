// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/output.h"

#include <cstring>

namespace turbodicom::codec::jpeg {
namespace {

template <typename To, typename From>
void store_component(std::uint8_t* to, std::ptrdiff_t stride, const From* from, std::uint32_t columns) {
  for (std::uint32_t column = 0; column < columns; ++column, to += stride) {
    const To value = static_cast<To>(from[column]);
    std::memcpy(to, &value, sizeof value);
  }
}

template <typename From>
void store(const ImageView& image, std::uint32_t row, const From* const* components) {
  for (std::uint32_t sample = 0; sample < image.samples; ++sample) {
    std::uint8_t* const to = image.at(row, 0, sample);
    if (image.sample_bytes() == sizeof(From) && image.column_stride == static_cast<std::ptrdiff_t>(sizeof(From)))
      std::memcpy(to, components[sample], std::size_t{image.columns} * sizeof(From));
    else if (image.sample_bytes() == 1)
      store_component<std::uint8_t>(to, image.column_stride, components[sample], image.columns);
    else
      store_component<std::uint16_t>(to, image.column_stride, components[sample], image.columns);
  }
}

}  // namespace

void store_row(const ImageView& image, std::uint32_t row, const std::uint8_t* const* components) {
  store(image, row, components);
}

void store_row(const ImageView& image, std::uint32_t row, const std::uint16_t* const* components) {
  store(image, row, components);
}

}  // namespace turbodicom::codec::jpeg
