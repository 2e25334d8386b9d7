// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The contract of every codec. A codec is a folder with one door of four functions; it knows bytes
// and samples, never tags or UIDs; it keeps nothing after it returns. registry.cpp is the one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/base/cancel.h"
#include "turbodicom/base/error.h"
#include "turbodicom/base/image_view.h"
#include "turbodicom/base/limits.h"

namespace turbodicom::codec {

// What a codestream says of itself. Codecs that carry no dimensions (RLE) leave rows and columns 0.
struct StreamInfo {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t components = 0;
  std::uint32_t precision = 0;  // bits of a sample
  bool is_signed = false;
  bool lossless = true;
};

// What is to be encoded.
struct FrameInfo {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t samples = 1;
  SampleType type = SampleType::u8;
  std::uint32_t precision = 0;  // significant bits of a sample; 0 = all of the type
};

// Memory carried from frame to frame, owned by the caller, never shared between threads.
class Scratch {
 public:
  // At least `bytes` writable bytes, contents undefined, valid until the next call.
  MutableByteView get(std::size_t bytes) {
    if (bytes > capacity_) {
      block_ = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
      capacity_ = bytes;
    }
    return {block_.get(), bytes};
  }

 private:
  std::unique_ptr<std::uint8_t[]> block_;
  std::size_t capacity_ = 0;
};

enum class OnError {
  raise,   // any damage throws; the destination's contents are then undefined
  report,  // decode what can be decoded, fill the rest with zeros, say so in the report
};

struct DecodeOptions {
  OnError on_error = OnError::raise;
  Limits limits;
  const CancelToken* cancel = nullptr;
  Scratch* scratch = nullptr;
};

// A tolerated violation of the standard, by name; sources are in the codec's README.
using Quirk = std::string_view;

struct DecodeReport {
  std::size_t consumed_bytes = 0;
  std::uint32_t valid_rows = 0;  // rows, from the top, whose every sample is as coded
  std::optional<Error> error;    // only with OnError::report: why valid_rows < rows
  std::vector<Quirk> quirks;
};

struct EncodeParameters {};

struct Codec {
  std::string_view name;
  StreamInfo (*read_info)(ByteView source);
  DecodeReport (*decode)(ByteView source, ImageView destination, const DecodeOptions& options);
  std::size_t (*max_encoded_size)(const FrameInfo& frame, const EncodeParameters& parameters);
  std::size_t (*encode)(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters);
};

// The registry (registry.cpp): every codec of our own, in one table.
std::span<const Codec> all_codecs() noexcept;
const Codec* find_codec(std::string_view name) noexcept;

}  // namespace turbodicom::codec
