// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/colour_decision.h"

namespace turbodicom::image {
namespace {

using codec::CodedColour;
using codec::ColourSource;

ColourDecision by_standard(const codec::StreamInfo& info, const FrameLayout& layout) noexcept {
  const bool declared_ycc = layout.is_ybr();
  const bool declared_rgb = layout.photometric == Photometric::rgb;
  const auto settled = [&](bool is_ycc, codec::Quirk quirk) {
    const bool contradicts = is_ycc ? !declared_ycc : !declared_rgb;
    return ColourDecision{is_ycc, contradicts ? quirk : codec::Quirk()};
  };
  switch (info.colour_source) {
    case ColourSource::app14: return settled(info.colour == CodedColour::ycc, "photometric_interpretation_from_app14");
    case ColourSource::component_ids: return settled(false, "photometric_interpretation_from_component_ids");
    case ColourSource::jfif: return settled(true, "photometric_interpretation_from_jfif");
    case ColourSource::nothing: break;
  }
  if (info.is_subsampled && declared_rgb) return {true, "rgb_with_subsampled_chroma"};
  return {declared_ycc, {}};
}

}  // namespace

ColourDecision decide_colour(const codec::StreamInfo& info, const FrameLayout& layout, ColourPolicy policy) noexcept {
  if (info.components != 3) return {};
  switch (policy) {
    case ColourPolicy::standard: return by_standard(info, layout);
    case ColourPolicy::photometric: return {layout.is_ybr(), {}};
    case ColourPolicy::lossy: return {!info.lossless, {}};
    case ColourPolicy::guess: return {info.guessed_ycc, {}};
    case ColourPolicy::guess_lossy: return {!info.lossless && info.guessed_ycc, {}};
    case ColourPolicy::always: return {true, {}};
    case ColourPolicy::never: return {};
  }
  return {};
}

}  // namespace turbodicom::image
