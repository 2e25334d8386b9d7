// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The contract of every codec. A codec is a folder with one door of four functions; it knows bytes
// and samples, never tags or UIDs; it keeps nothing after it returns. registry.cpp is the one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
#include "turbodicom/codec/jpeg/parameters.h"

namespace turbodicom::codec {

// What the codestream itself says its samples are, and where it says so.
enum class CodedColour { unsaid, rgb, ycc };
enum class ColourSource { nothing, app14, component_ids, jfif };

// What a codestream says of itself. Codecs that carry no dimensions (RLE) leave rows and columns 0.
struct StreamInfo {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t components = 0;
  std::uint32_t precision = 0;  // bits of a sample
  bool is_signed = false;
  bool lossless = true;
  bool is_subsampled = false;   // some component has fewer samples than the image has pixels
  CodedColour colour = CodedColour::unsaid;
  ColourSource colour_source = ColourSource::nothing;
  bool guessed_ycc = false;     // what libjpeg takes the samples for when nobody tells it
  bool has_restarts = false;    // parts can be decoded on their own: DecodeOptions::workers may help
  std::string_view process;     // the coding standard's name of the process, as in the codec's README
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
  report,  // decode what can be decoded, fill the rest as the codec's README says, say so in the report
};

// Colour that a coding leaves to its container (JPEG's YCbCr). Transforms inside a coding (RCT, ICT) are
// always undone.
enum class ColourTransform {
  none,        // samples as coded
  ycc_to_rgb,  // three components are Y, Cb, Cr: make them R, G, B
  by_stream,   // whatever the codestream's own markers say
};

// The destination is part of the image: its top left pixel in the coordinates of the (reduced) image.
struct Window {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
};

struct DecodeOptions {
  OnError on_error = OnError::raise;
  Limits limits;
  const CancelToken* cancel = nullptr;
  Scratch* scratch = nullptr;
  ColourTransform colour = ColourTransform::none;
  std::uint32_t reduce = 0;      // halvings of the resolution; the image then has ceil(n / 2^reduce) rows and columns
  std::optional<Window> window;  // nothing: the destination is the whole image
  std::size_t workers = 1;       // threads for this one image
  bool passes_caches = false;    // of so much memory that what is written is no longer in a cache when it is read:
                                 // a codec may write past them (RLE does)
  const std::function<void()>* poll = nullptr;  // with workers > 1: called now and then by the calling thread; may throw
  bool predictor6_overflow = false;  // JPEG: workarounds for products in the field, see codec/jpeg/README.md
  bool cornell_huffman = false;
};

// A tolerated violation of the standard, by name; sources are in the codec's README.
using Quirk = std::string_view;

struct DecodeReport {
  std::size_t consumed_bytes = 0;
  std::uint32_t valid_rows = 0;  // rows, from the top, whose every sample is as coded
  std::optional<Error> error;    // only with OnError::report: why valid_rows < rows
  std::vector<Quirk> quirks;
};

struct EncodeParameters {
  std::uint32_t precision = 0;  // significant bits of a sample, for codecs that code them; 0 = all of the type
  jpeg::Parameters jpeg;
  const CancelToken* cancel = nullptr;  // looked at by JPEG, whose images may take seconds
};

struct Codec {
  std::string_view name;
  std::uint32_t max_ratio;      // decoded bytes that one byte of a codestream can stand for, at most
  bool can_window, can_reduce;  // takes DecodeOptions::window, DecodeOptions::reduce
  StreamInfo (*read_info)(ByteView source);
  DecodeReport (*decode)(ByteView source, ImageView destination, const DecodeOptions& options);
  std::size_t (*max_encoded_size)(const FrameInfo& frame, const EncodeParameters& parameters);
  std::size_t (*encode)(ConstImageView source, MutableByteView destination, const EncodeParameters& parameters);
};

// The registry (registry.cpp): every codec of our own, in one table.
std::span<const Codec> all_codecs() noexcept;
const Codec* find_codec(std::string_view name) noexcept;

}  // namespace turbodicom::codec
