// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/frame_layout.h"

#include <array>
#include <charconv>
#include <utility>

#include "turbodicom/base/checked.h"
#include "turbodicom/base/error.h"

namespace turbodicom::image {
namespace {

using dicom::DataSet;
using dicom::Element;
using dicom::Tag;
namespace tags = dicom::tags;

[[noreturn]] void fail_at(Tag tag, std::uint64_t offset, const std::string& message) {
  Error error(Errc::conformance, offset, "image: " + message);
  error.where = dicom::to_string(tag);
  throw error;
}

// A US attribute of the Image Pixel module. Any other VR or length is refused: a 32-bit Rows is how
// sizes get out of hand (PS3.3 C.7.6.3).
std::uint32_t us_value(const DataSet& data_set, Tag tag, const char* keyword) {
  const Element* const element = data_set.find(tag);
  if (element == nullptr || element->length == 0) fail_at(tag, 0, std::string(keyword) + " is missing or empty");
  const bool two_bytes = element->vr == dicom::VR::US || element->vr == dicom::VR::SS || element->vr == dicom::VR::UN;
  if (!two_bytes || element->length < 2)
    fail_at(tag, element->offset, std::string(keyword) + " has VR " + to_string(element->vr) + " and " +
                                      std::to_string(element->length) + " bytes, expected one US (PS3.3 C.7.6.3)");
  return load<std::uint16_t>(data_set.value(*element).view.data(), data_set.encoding().big_endian);
}

std::uint32_t us_value_or(const DataSet& data_set, Tag tag, const char* keyword, std::uint32_t absent) {
  const Element* const element = data_set.find(tag);
  return element == nullptr || element->length == 0 ? absent : us_value(data_set, tag, keyword);
}

std::string text_value(const DataSet& data_set, Tag tag) {
  const Element* const element = data_set.find(tag);
  if (element == nullptr) return {};
  const dicom::ValueBytes value = data_set.value(*element);
  std::string text(reinterpret_cast<const char*>(value.view.data()), std::min<std::size_t>(value.view.size(), 64));
  const auto last = text.find_last_not_of(std::string_view(" \0", 2));
  text.erase(last == std::string::npos ? 0 : last + 1);
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first);
}

// Number of Frames is an IS; absent, empty and 0 mean 1, as peers read them.
std::uint64_t read_number_of_frames(const DataSet& data_set) {
  std::string text = text_value(data_set, tags::kNumberOfFrames);
  if (const auto separator = text.find('\\'); separator != std::string::npos) text.erase(separator);
  if (text.empty()) return 1;
  const char* const first = text.data() + (text.front() == '+' ? 1 : 0);
  const char* const last = text.data() + text.size();
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(first, last, count);
  if (status != std::errc() || end != last || count < 0)
    fail_at(tags::kNumberOfFrames, data_set.find(tags::kNumberOfFrames)->offset,
            "NumberOfFrames is not a whole number from 1 to 2^31-1 (PS3.3 C.7.6.6)");
  return count == 0 ? 1 : static_cast<std::uint64_t>(count);
}

SampleType integer_type(std::uint32_t bits_allocated, bool is_signed) {
  switch (bits_allocated) {
    case 1: return SampleType::u8;
    case 8: return is_signed ? SampleType::i8 : SampleType::u8;
    case 12:
    case 16: return is_signed ? SampleType::i16 : SampleType::u16;
    case 32: return is_signed ? SampleType::i32 : SampleType::u32;
    default: return is_signed ? SampleType::i64 : SampleType::u64;
  }
}

void read_float_depth(FrameLayout& layout, Tag pixel_tag) {
  layout.is_float = true;
  layout.type = pixel_tag == tags::kFloatPixelData ? SampleType::f32 : SampleType::f64;
  layout.bits_allocated = pixel_tag == tags::kFloatPixelData ? 32 : 64;
  layout.bits_stored = layout.bits_allocated;
  layout.high_bit = layout.bits_allocated - 1;
}

void read_integer_depth(const DataSet& data_set, FrameLayout& layout) {
  layout.bits_allocated = us_value(data_set, tags::kBitsAllocated, "BitsAllocated");
  const std::uint32_t bits = layout.bits_allocated;
  if (bits != 1 && bits != 8 && bits != 12 && bits != 16 && bits != 32 && bits != 64)
    fail_at(tags::kBitsAllocated, 0, "BitsAllocated is " + std::to_string(bits) + ", expected 1, 8, 12, 16, 32 or 64");
  layout.bits_stored = us_value(data_set, tags::kBitsStored, "BitsStored");
  if (layout.bits_stored < 1 || layout.bits_stored > bits)
    fail_at(tags::kBitsStored, 0, "BitsStored is " + std::to_string(layout.bits_stored) + ", expected 1 to BitsAllocated (" +
                                      std::to_string(bits) + ") (PS3.5 8.1.1)");
  layout.high_bit = us_value_or(data_set, tags::kHighBit, "HighBit", layout.bits_stored - 1);
  // A field that would begin below bit 0 or end above the cell cannot be meant: the low bits are taken.
  if (layout.high_bit >= bits || layout.high_bit + 1 < layout.bits_stored) layout.high_bit = layout.bits_stored - 1;
  const std::uint32_t representation = us_value(data_set, tags::kPixelRepresentation, "PixelRepresentation");
  if (representation > 1)
    fail_at(tags::kPixelRepresentation, 0, "PixelRepresentation is " + std::to_string(representation) + ", expected 0 or 1");
  layout.is_signed = representation == 1;
  layout.type = integer_type(bits, layout.is_signed);
}

void read_geometry(const DataSet& data_set, FrameLayout& layout) {
  layout.rows = us_value(data_set, tags::kRows, "Rows");
  layout.columns = us_value(data_set, tags::kColumns, "Columns");
  if (layout.rows == 0) fail_at(tags::kRows, 0, "Rows is 0");
  if (layout.columns == 0) fail_at(tags::kColumns, 0, "Columns is 0");
  layout.samples_per_pixel = us_value(data_set, tags::kSamplesPerPixel, "SamplesPerPixel");
  if (layout.samples_per_pixel < 1 || layout.samples_per_pixel == 2 || layout.samples_per_pixel > 4)
    fail_at(tags::kSamplesPerPixel, 0, "SamplesPerPixel is " + std::to_string(layout.samples_per_pixel) + ", expected 1, 3 or 4");
  layout.number_of_frames = read_number_of_frames(data_set);
  if (layout.samples_per_pixel > 1) {
    layout.planar_configuration = us_value_or(data_set, tags::kPlanarConfiguration, "PlanarConfiguration", 0);
    if (layout.planar_configuration > 1)
      fail_at(tags::kPlanarConfiguration, 0,
              "PlanarConfiguration is " + std::to_string(layout.planar_configuration) + ", expected 0 or 1");
  }
}

// Samples of one native frame: subsampled chroma is stored once per pair or quad (PS3.3 C.7.6.3.1.2).
std::uint64_t stored_samples(const FrameLayout& layout) {
  const std::uint64_t pixels = layout.frame_pixels;
  switch (layout.photometric) {
    case Photometric::ybr_full_422:
    case Photometric::ybr_partial_422: return pixels * 2;
    case Photometric::ybr_partial_420: return pixels + (pixels + 1) / 2;
    default: return layout.frame_samples;
  }
}

void check_subsampling(const FrameLayout& layout) {
  if (!layout.is_ybr()) return;
  if (layout.samples_per_pixel != 3)
    fail_at(tags::kSamplesPerPixel, 0, "SamplesPerPixel is " + std::to_string(layout.samples_per_pixel) +
                                           ", expected 3 for a YBR Photometric Interpretation");
}

void compute_sizes(FrameLayout& layout, const Limits& limits) {
  layout.frame_pixels = checked_product({layout.rows, layout.columns}, "image: Rows x Columns");
  layout.frame_samples = checked_product({layout.frame_pixels, layout.samples_per_pixel}, "image: samples of a frame");
  layout.frame_bytes = checked_product({layout.frame_samples, bytes_of(layout.type)}, "image: bytes of a frame");
  if (layout.frame_pixels > limits.pixels_per_frame || layout.frame_bytes > limits.bytes_per_frame)
    fail(Errc::limit_exceeded, 0,
         "image: a frame of " + std::to_string(layout.rows) + " x " + std::to_string(layout.columns) + " x " +
             std::to_string(layout.samples_per_pixel) + " samples exceeds Limits.pixels_per_frame or bytes_per_frame");
  layout.stored_frame_bits = checked_product({stored_samples(layout), layout.bits_allocated}, "image: bits of a frame");
  checked_product({layout.frame_bytes, layout.number_of_frames}, "image: bytes of all frames");
}

}  // namespace

Photometric parse_photometric(const std::string& word) {
  static constexpr std::array<std::pair<std::string_view, Photometric>, 13> kWords{{
      {"MONOCHROME1", Photometric::monochrome}, {"MONOCHROME2", Photometric::monochrome},
      {"PALETTE COLOR", Photometric::palette}, {"RGB", Photometric::rgb}, {"YBR_RCT", Photometric::rgb},
      {"YBR_ICT", Photometric::rgb}, {"YBR_FULL", Photometric::ybr_full}, {"YBR_FULL_422", Photometric::ybr_full_422},
      {"YBR_PARTIAL_422", Photometric::ybr_partial_422}, {"YBR_PARTIAL_420", Photometric::ybr_partial_420},
      {"HSV", Photometric::other}, {"ARGB", Photometric::other}, {"CMYK", Photometric::other},
  }};
  for (const auto& [text, photometric] : kWords)
    if (text == word) return photometric;
  fail_at(tags::kPhotometricInterpretation, 0, "PhotometricInterpretation is missing or not one of PS3.3 C.7.6.3.1.2");
}

const Element& find_pixel_data(const DataSet& data_set) {
  const Element* found = nullptr;
  for (const Tag tag : {tags::kPixelData, tags::kFloatPixelData, tags::kDoubleFloatPixelData}) {
    const Element* const element = data_set.find(tag);
    if (element == nullptr) continue;
    if (found != nullptr)
      fail_at(tag, element->offset, "more than one of PixelData, FloatPixelData and DoubleFloatPixelData (PS3.3 C.7.6.3)");
    found = element;
  }
  if (found == nullptr) fail_at(tags::kPixelData, 0, "the data set has no Pixel Data");
  return *found;
}

FrameLayout describe_frames(const DataSet& data_set, const Element& pixel_data, const Limits& limits) {
  FrameLayout layout;
  read_geometry(data_set, layout);
  if (pixel_data.tag == tags::kPixelData)
    read_integer_depth(data_set, layout);
  else
    read_float_depth(layout, pixel_data.tag);
  layout.photometric_interpretation = text_value(data_set, tags::kPhotometricInterpretation);
  layout.photometric = parse_photometric(layout.photometric_interpretation);
  check_subsampling(layout);
  compute_sizes(layout, limits);
  return layout;
}

}  // namespace turbodicom::image
