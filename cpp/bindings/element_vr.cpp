// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "element_vr.h"

#include <algorithm>
#include <array>

#include "turbodicom/dicom/dictionary.h"

namespace turbodicom::bindings {
namespace {

using dicom::Tag;
using dicom::VR;

// "US or SS" by Pixel Representation, waveform data by its bits, LUT Data by its descriptor; Pixel Data.
constexpr std::array<std::uint32_t, 26> kDecidable = {
    0x0018'9810, 0x0022'1452, 0x0028'0104, 0x0028'0105, 0x0028'0106, 0x0028'0107, 0x0028'0108,
    0x0028'0109, 0x0028'0110, 0x0028'0111, 0x0028'0120, 0x0028'0121, 0x0028'1101, 0x0028'1102,
    0x0028'1103, 0x0028'3002, 0x0028'3006, 0x0040'9211, 0x0040'9216, 0x0060'3004, 0x0060'3006,
    0x5400'0110, 0x5400'0112, 0x5400'100A, 0x5400'1010, 0x7FE0'0010};
static_assert(std::ranges::is_sorted(kDecidable));

bool is_overlay_data(Tag tag) {
  return tag.element() == 0x3000 && tag.group() >= 0x6000 && tag.group() <= 0x601E && !tag.is_private();
}

bool is_decidable(Tag tag) {
  return std::binary_search(kDecidable.begin(), kDecidable.end(), tag.value) || is_overlay_data(tag);
}

// What the dictionaries say, letter by letter; empty when they do not know.
std::string_view dictionary_vrs(const dicom::DataSet& data_set, Tag tag) {
  if (!tag.is_private()) {
    const auto* entry = dicom::find_entry(tag);
    return entry == nullptr ? std::string_view{} : entry->vrs.view();
  }
  const std::string creator = tag.element() > 0xFF ? data_set.private_creator(tag) : std::string();
  const auto* entry = creator.empty() ? nullptr : dicom::find_private_entry(tag, creator);
  return entry == nullptr ? std::string_view{} : entry->vrs.view();
}

}  // namespace

ElementVr element_vr(const dicom::DataSet& data_set, const dicom::Element& element, int outer_pixel_representation) {
  if (element.vr_is_written && element.vr != VR::UN) return {element.vr, {}, false};
  ElementVr result{resolved_vr(data_set, element), {}, false};
  const std::string_view vrs = dictionary_vrs(data_set, element.tag);
  if (vrs.size() <= 2 || result.vr == VR::UN || result.vr == VR::SQ) return result;
  result.is_settled = true;
  if (!is_decidable(element.tag)) result.ambiguous = vrs;
  if (vrs == "US or SS" && outer_pixel_representation > 0 && !data_set.pixel_representation()) result.vr = VR::SS;
  return result;
}

}  // namespace turbodicom::bindings
