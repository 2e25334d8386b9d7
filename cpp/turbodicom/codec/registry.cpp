// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One row per codec. Nothing else in the house names a codec's functions.
#include <array>

#include "turbodicom/codec/codec.h"
#include "turbodicom/codec/jpeg/jpeg.h"
#include "turbodicom/codec/rle/rle.h"

namespace turbodicom::codec {
namespace {

constexpr std::array kCodecs{
    Codec{"jpeg", 4096, true, true, jpeg::read_info, jpeg::decode, jpeg::max_encoded_size, jpeg::encode},
    Codec{"rle", 64, false, false, rle::read_info, rle::decode, rle::max_encoded_size, rle::encode},
};

}  // namespace

std::span<const Codec> all_codecs() noexcept { return kCodecs; }

const Codec* find_codec(std::string_view name) noexcept {
  for (const Codec& codec : kCodecs)
    if (codec.name == name) return &codec;
  return nullptr;
}

}  // namespace turbodicom::codec
