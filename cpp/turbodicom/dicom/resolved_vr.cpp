// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Which VR a value has when the file does not say, or says UN, or PS3.6 offers a choice.
#include <string_view>

#include "turbodicom/base/bytes.h"
#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/element_header.h"

namespace turbodicom::dicom {

namespace {

constexpr Tag kLutDescriptor{0x0028'3002};
constexpr Tag kLutData{0x0028'3006};
constexpr Tag kWaveformBitsAllocated{0x5400'1004};
constexpr std::uint64_t kLongestPlausibleUn = 0xFFFE;  // pydicom: longer values were UN for want of a 16-bit length

std::optional<std::uint16_t> first_us(const DataSet& data_set, Tag tag) {
  const Element* element = data_set.find(tag);
  if (element == nullptr || element->length < 2) return std::nullopt;
  return load<std::uint16_t>(data_set.value(*element).view.data(), data_set.encoding().big_endian);
}

VR bytes_or_words(const DataSet& data_set, const Element& element) {
  if (element.tag == tags::kPixelData && element.has_undefined_length()) return VR::OB;  // PS3.5 A.4
  if (data_set.encoding().implicit_vr) return VR::OW;                                    // PS3.5 A.1
  const bool is_waveform = element.tag.group() == 0x5400;
  if (element.tag != tags::kPixelData && !is_waveform) return VR::OW;
  const auto bits = first_us(data_set, is_waveform ? kWaveformBitsAllocated : tags::kBitsAllocated);
  return bits.value_or(16) > 8 ? VR::OW : VR::OB;  // PS3.5 A.2
}

VR chosen(const DataSet& data_set, const Element& element, VR first, std::string_view choice) {
  if (choice.size() <= 2) return first;
  if (choice == "OB or OW") return bytes_or_words(data_set, element);
  if (choice == "US or SS") return data_set.pixel_representation().value_or(0) == 0 ? VR::US : VR::SS;
  if (element.tag == kLutData) return first_us(data_set, kLutDescriptor) == 1 ? VR::US : VR::OW;  // PS3.3 C.11.1.1.1
  return VR::OW;  // "US or OW", "US or SS or OW"
}

VR private_vr(const DataSet& data_set, const Element& element) {
  if (element.tag.is_private_creator()) return VR::LO;
  const std::string creator = data_set.private_creator(element.tag);
  if (creator.empty()) return VR::UN;
  const PrivateDictionaryEntry* entry = find_private_entry(element.tag, creator);
  return entry == nullptr ? VR::UN : chosen(data_set, element, entry->vr, entry->vrs);
}

}  // namespace

VR resolved_vr(const DataSet& data_set, const Element& element) {
  if (element.vr_is_written && element.vr != VR::UN) return element.vr;
  if (element.has_undefined_length() && (element.vr == VR::SQ || element.vr == VR::UN))
    return element.vr == VR::SQ || element.vr_is_written ? VR::SQ : VR::UN;
  if (element.tag.is_private()) return private_vr(data_set, element);
  if (element.vr_is_written && element.length > kLongestPlausibleUn) return VR::UN;
  if (const DictionaryEntry* entry = find_entry(element.tag)) return chosen(data_set, element, entry->vr, entry->vrs);
  return element.vr;
}

}  // namespace turbodicom::dicom
