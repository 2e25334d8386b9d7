// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/slice_header.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "turbodicom/dicom/text_values.h"

namespace turbodicom::image {
namespace {

using dicom::Element;
using dicom::Tag;
using dicom::VR;
using Text = std::string_view;

constexpr Tag kImageType{0x0008'0008};
constexpr Tag kImagerPixelSpacing{0x0018'1164}, kPixelSpacing{0x0028'0030};
constexpr Tag kSliceThickness{0x0018'0050}, kSpacingBetweenSlices{0x0018'0088};
constexpr Tag kSeriesInstanceUID{0x0020'000E}, kFrameOfReferenceUID{0x0020'0052}, kInstanceNumber{0x0020'0013};
constexpr Tag kImagePositionPatient{0x0020'0032}, kImageOrientationPatient{0x0020'0037};
constexpr Tag kRescaleIntercept{0x0028'1052}, kRescaleSlope{0x0028'1053}, kRescaleType{0x0028'1054}, kUnits{0x0054'1001};
constexpr std::array kMoreToKnow{Tag{0x0028'3000}, Tag{0x5200'9229}, Tag{0x5200'9230}};  // Modality LUT, functional groups

constexpr std::size_t kLongestText = 128;  // our limit; 64 characters in PS3.5 6.2
constexpr std::size_t kLongestInteger = 12;  // PS3.5 6.2, IS

// Reads what it is asked for until something is not plain.
class PlainValues {
 public:
  explicit PlainValues(const dicom::DataSet& data_set) : data_set_(data_set) {}

  bool all_plain() const noexcept { return plain_; }

  // Finite numbers; false without the element, or with an empty one.
  bool decimals(Tag tag, std::span<double> numbers) {
    Text text = value(tag, VR::DS);
    if (text.empty()) return false;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::size_t length = std::min(text.find('\\'), text.size());
      const bool is_last = i + 1 == numbers.size();
#if defined(TURBODICOM_PLANT_image_fourth_number_ignored)
      if (!is_last && length == text.size()) return refuse();
#else
      if (is_last != (length == text.size())) return refuse();
#endif
      const auto number = dicom::parse_decimal_text(dicom::trim(text.substr(0, length), " "));
      if (!number || !std::isfinite(*number)) return refuse();
      numbers[i] = *number;
      if (!is_last) text.remove_prefix(length + 1);
    }
    return true;
  }

  std::optional<double> decimal(Tag tag) {
    double number = 0;
    return decimals(tag, {&number, 1}) ? std::optional(number) : std::nullopt;
  }

  std::optional<std::int64_t> integer(Tag tag) {
    const Text text = dicom::trim(value(tag, VR::IS), " ");
    if (text.empty()) return std::nullopt;
    const bool is_plain = text.size() <= kLongestInteger && text.find_first_not_of("+-0123456789") == Text::npos;
    const auto number = is_plain ? dicom::parse_integer_text(text) : std::nullopt;
    if (!number) refuse();
    return number;
  }

  std::optional<std::string> text(Tag tag, VR vr) {
    const Element* const element = data_set_.find(tag);
    if (element == nullptr) return std::nullopt;
    const Text text = value(*element, vr);
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    if (text.starts_with(' ') || !std::ranges::all_of(text, is_plain)) refuse();
    if (!text.empty() && vr == VR::LO && !dicom::keeps_ascii(data_set_.specific_character_set())) refuse();
    return std::string(text);
  }

  // Refuses a CS that has the word, and what is no CS.
  void refuse_code(Tag tag, Text word) {
    const Element* const element = data_set_.find(tag);
    if (element == nullptr) return;
    if (element->vr != VR::CS || as_text(data_set_.value(*element).view).find(word) != Text::npos) refuse();
  }

 private:
  static Text as_text(ByteView bytes) noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

  bool refuse() noexcept { return plain_ = false; }

  Text value(Tag tag, VR vr) {
    const Element* const element = data_set_.find(tag);
    return element == nullptr ? Text() : value(*element, vr);
  }

  // Without the padding at its end; what is padding and nothing else is not plain.
  Text value(const Element& element, VR vr) {
    if (element.vr != vr || element.length > kLongestText) return refuse(), Text();
    if (element.declared_length == 0) return {};
    const dicom::ValueBytes bytes = data_set_.value(element);
    if (bytes.keep != nullptr) refuse();  // not in the header, which outlives the text
    const Text text = dicom::trim_right(as_text(bytes.view), dicom::kTextPadding);
    if (text.empty()) refuse();
    return plain_ ? text : Text();
  }

  const dicom::DataSet& data_set_;
  bool plain_ = true;
};

std::optional<double> step_of(PlainValues& values) {
  for (const Tag tag : {kSpacingBetweenSlices, kSliceThickness})
    if (const auto length = values.decimal(tag); length && *length != 0) return std::abs(*length);
  return std::nullopt;
}

}  // namespace

std::optional<SliceHeader> read_slice_header(const dicom::DataSet& data_set) {
  for (const Tag tag : kMoreToKnow)
    if (data_set.find(tag) != nullptr) return std::nullopt;
  PlainValues values(data_set);
  SliceHeader header;
  const bool is_placed = values.decimals(kImagePositionPatient, header.position) &&
                         values.decimals(kImageOrientationPatient, header.orientation) &&
                         (values.decimals(kPixelSpacing, header.spacing) || values.decimals(kImagerPixelSpacing, header.spacing));
  if (!is_placed) return std::nullopt;
  values.refuse_code(kImageType, "MOSAIC");
  header.number = values.integer(kInstanceNumber);
  header.step = step_of(values);
  header.slope = values.decimal(kRescaleSlope);
  header.intercept = values.decimal(kRescaleIntercept);
  header.series = values.text(kSeriesInstanceUID, VR::UI);
  header.frame_of_reference = values.text(kFrameOfReferenceUID, VR::UI);
  header.rescale_type = values.text(kRescaleType, VR::LO);
  header.units = values.text(kUnits, VR::CS);
  if (!values.all_plain()) return std::nullopt;
  return header;
}

}  // namespace turbodicom::image
