// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Writes files with an Image Pixel module for tests of the image room, right ones and wrong ones, and
// reads them back. An ImageFile is 2 rows of 3 columns of 8 bits until told otherwise.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dicom/dicom_writer.h"
#include "turbodicom/base/error.h"
#include "turbodicom/image/frame_reader.h"

namespace turbodicom::image::test {

namespace tags = dicom::tags;
using dicom::Tag;
using dicom::VR;
using Bytes = std::vector<std::uint8_t>;
using Depths = std::initializer_list<std::uint16_t>;

inline constexpr std::string_view kRawFragments = "1.2.840.10008.1.2.1.98";
inline constexpr std::string_view kGePrivate = "1.2.840.113619.5.2";

struct Attribute {
  Tag tag;
  VR vr;
  std::string value;  // as it stands in the file
};

struct ImageFile {
  std::string_view syntax = dicom::test::kExplicitLittle;
  std::uint16_t rows = 2;
  std::uint16_t columns = 3;
  std::uint16_t samples_per_pixel = 1;
  std::uint16_t bits_allocated = 8;
  std::uint16_t bits_stored = 0;  // 0: all of bits_allocated
  std::uint16_t pixel_representation = 0;
  std::uint16_t planar_configuration = 0;
  std::string photometric = "MONOCHROME2";
  std::string number_of_frames;   // empty: no such element
  Tag pixel_tag = tags::kPixelData;
  VR pixel_vr = VR::none;         // none: OB up to 8 bits, else OW
  Bytes pixels;                   // native
  std::vector<Bytes> fragments;   // encapsulated, with an empty Basic Offset Table before them
  bool encapsulated = false;
  std::vector<Attribute> overrides;  // replace or add
  std::vector<Tag> absent;
};

inline std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

inline const dicom::TransferSyntax& syntax_of(const ImageFile& image) {
  const dicom::TransferSyntax* const row = dicom::find_transfer_syntax(image.syntax);
  REQUIRE(row != nullptr);
  return *row;
}

inline std::string us(std::uint16_t value, bool big_endian = false) {
  Bytes bytes(2);
  big_endian ? store_be(bytes.data(), value) : store_le(bytes.data(), value);
  return text_of(bytes);
}

inline std::vector<Attribute> attributes_of(const ImageFile& image) {
  const bool big = syntax_of(image).encoding.big_endian;
  const auto stored = image.bits_stored == 0 ? image.bits_allocated : image.bits_stored;
  std::vector<Attribute> list = {
      {tags::kSamplesPerPixel, VR::US, us(image.samples_per_pixel, big)},
      {tags::kPhotometricInterpretation, VR::CS, image.photometric + (image.photometric.size() % 2 != 0 ? " " : "")},
      {tags::kRows, VR::US, us(image.rows, big)},
      {tags::kColumns, VR::US, us(image.columns, big)},
      {tags::kBitsAllocated, VR::US, us(image.bits_allocated, big)},
      {tags::kBitsStored, VR::US, us(stored, big)},
      {tags::kHighBit, VR::US, us(static_cast<std::uint16_t>(stored - 1), big)},
      {tags::kPixelRepresentation, VR::US, us(image.pixel_representation, big)},
  };
  if (image.samples_per_pixel > 1) list.push_back({tags::kPlanarConfiguration, VR::US, us(image.planar_configuration, big)});
  if (!image.number_of_frames.empty()) list.push_back({tags::kNumberOfFrames, VR::IS, image.number_of_frames});
  if (!image.encapsulated) {
    const VR vr = image.bits_allocated > 8 ? VR::OW : VR::OB;
    list.push_back({image.pixel_tag, image.pixel_vr == VR::none ? vr : image.pixel_vr, text_of(image.pixels)});
  }
  std::erase_if(list, [&](const Attribute& a) { return std::ranges::count(image.absent, a.tag) != 0; });
  for (const Attribute& other : image.overrides) {
    std::erase_if(list, [&](const Attribute& a) { return a.tag == other.tag; });
    list.push_back(other);
  }
  std::ranges::stable_sort(list, {}, &Attribute::tag);
  return list;
}

inline Bytes bytes_of(const ImageFile& image) {
  dicom::test::Writer writer(syntax_of(image).encoding);
  for (const Attribute& attribute : attributes_of(image)) writer.element(attribute.tag, attribute.vr, attribute.value);
  if (image.encapsulated) {
    writer.header(tags::kPixelData, VR::OB, dicom::kUndefinedLength).item(0);
    for (const Bytes& fragment : image.fragments) writer.fragment(text_of(fragment));
    writer.end_sequence();
  }
  return writer.file(image.syntax).bytes;
}

enum class Residence { memory, pieces };  // all in one block of memory, or read piece by piece

inline FrameReader open(const Bytes& bytes, const Limits& limits = {}, Residence residence = Residence::memory) {
  std::shared_ptr<const dicom::Source> source = dicom::test::source_of(bytes);
  if (residence == Residence::pieces) source = std::make_shared<const dicom::test::CountingSource>(bytes);
  const dicom::DicomFile file = dicom::read_file(source, nullptr, {});
  if (!file.data_set) fail(Errc::unsupported, 0, "image test: a deflated data set has to be inflated first");
  return {file, *file.data_set, limits};
}

inline FrameReader open(const ImageFile& image, const Limits& limits = {}, Residence residence = Residence::memory) {
  return open(bytes_of(image), limits, residence);
}

struct Decoded {
  Bytes bytes;
  std::vector<FrameReport> reports;
};

struct How {
  Color color = Color::coded;
  codec::OnError on_error = codec::OnError::raise;
  std::size_t workers = 1;
  std::uint8_t before = 0xA5;  // what the destination holds beforehand
};

inline std::vector<std::uint64_t> all_frames(const FrameReader& reader) {
  std::vector<std::uint64_t> frames(reader.number_of_frames());
  std::iota(frames.begin(), frames.end(), std::uint64_t{0});
  return frames;
}

inline Decoded read_frames(const FrameReader& reader, std::vector<std::uint64_t> frames, const How& how = {}) {
  const FrameLayout& layout = reader.layout();
  Decoded decoded;
  decoded.bytes.assign(layout.frame_bytes * frames.size(), how.before);
  ReadRequest request;
  request.frames = std::move(frames);
  request.first = interleaved_view(decoded.bytes.data(), layout.type, layout.rows, layout.columns, layout.samples_per_pixel);
  request.frame_stride = static_cast<std::ptrdiff_t>(layout.frame_bytes);
  request.color = how.color;
  request.on_error = how.on_error;
  request.workers = how.workers;
  decoded.reports = reader.read(request, [] {});
  return decoded;
}

inline Decoded read_all(const FrameReader& reader, const How& how = {}) { return read_frames(reader, all_frames(reader), how); }

// The Error that `body` throws; a failed test when it throws none.
template <typename Body>
Error error_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  FAIL_CHECK("nothing was thrown");
  return Error(Errc::io_error, 0, "nothing was thrown");
}

// Noise that is the same everywhere (Numerical Recipes' 32-bit generator).
class Noise {
 public:
  std::uint64_t next(unsigned bits) {
    std::uint64_t value = 0;
    for (unsigned done = 0; done < bits; done += 16) {
      state_ = state_ * 1664525u + 1013904223u;
      value = value << 16 | state_ >> 16;
    }
    return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
  }
  std::vector<std::uint64_t> values(std::size_t count, unsigned bits) {
    std::vector<std::uint64_t> list(count);
    for (std::uint64_t& value : list) value = next(bits);
    return list;
  }

 private:
  std::uint32_t state_ = 1;
};

// Cells of `bits` bits back to back, the first in the lowest bits (PS3.5 8.1.1 and Annex D).
inline Bytes cells(const std::vector<std::uint64_t>& values, unsigned bits) {
  Bytes packed((values.size() * bits + 7) / 8);
  for (std::size_t i = 0; i < values.size() * bits; ++i)
    packed[i / 8] = static_cast<std::uint8_t>(packed[i / 8] | (values[i / bits] >> (i % bits) & 1) << (i % 8));
  return packed;
}

// The same values as decoded samples of `bytes` bytes each.
inline Bytes samples(const std::vector<std::uint64_t>& values, std::size_t bytes) {
  Bytes list;
  for (const std::uint64_t value : values)
    for (std::size_t i = 0; i < bytes; ++i) list.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return list;
}

// Bytes reversed within each group of `size`: big-endian samples, or OW words of 8-bit ones.
inline Bytes reversed_groups(Bytes bytes, std::size_t size) {
  for (std::size_t at = 0; at + size <= bytes.size(); at += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
  return bytes;
}

inline Bytes part(const Bytes& bytes, std::size_t first, std::size_t count) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

}  // namespace turbodicom::image::test
