// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/colour_decision.h"

#include <doctest/doctest.h>

using namespace turbodicom;
using namespace turbodicom::image;
using codec::CodedColour;
using codec::ColourSource;

namespace {

codec::StreamInfo stream(CodedColour colour, ColourSource source, bool lossless = false) {
  codec::StreamInfo info;
  info.components = 3;
  info.lossless = lossless;
  info.colour = colour;
  info.colour_source = source;
  info.guessed_ycc = colour != CodedColour::rgb;
  return info;
}

FrameLayout declared(Photometric photometric) {
  FrameLayout layout;
  layout.samples_per_pixel = 3;
  layout.photometric = photometric;
  return layout;
}

const codec::StreamInfo kSilent = stream(CodedColour::unsaid, ColourSource::nothing);

}  // namespace

TEST_CASE("where the markers say nothing the data set decides") {
  CHECK(decide_colour(kSilent, declared(Photometric::ybr_full_422), ColourPolicy::standard).is_ycc);
  CHECK_FALSE(decide_colour(kSilent, declared(Photometric::rgb), ColourPolicy::standard).is_ycc);
  CHECK(decide_colour(kSilent, declared(Photometric::rgb), ColourPolicy::standard).quirk.empty());
}

TEST_CASE("markers that contradict the data set win, and are named") {
  const auto adobe_rgb = stream(CodedColour::rgb, ColourSource::app14);
  const auto decision = decide_colour(adobe_rgb, declared(Photometric::ybr_full), ColourPolicy::standard);
  CHECK_FALSE(decision.is_ycc);
  CHECK(decision.quirk == "photometric_interpretation_from_app14");
  CHECK(decide_colour(adobe_rgb, declared(Photometric::rgb), ColourPolicy::standard).quirk.empty());

  const auto ids = stream(CodedColour::rgb, ColourSource::component_ids);
  CHECK(decide_colour(ids, declared(Photometric::ybr_full), ColourPolicy::standard).quirk ==
        "photometric_interpretation_from_component_ids");

  const auto jfif = stream(CodedColour::ycc, ColourSource::jfif);
  CHECK(decide_colour(jfif, declared(Photometric::rgb), ColourPolicy::standard).is_ycc);
  CHECK(decide_colour(jfif, declared(Photometric::rgb), ColourPolicy::standard).quirk == "photometric_interpretation_from_jfif");
}

TEST_CASE("RGB with subsampled chroma cannot be RGB") {
  auto info = kSilent;
  info.is_subsampled = true;
  const auto decision = decide_colour(info, declared(Photometric::rgb), ColourPolicy::standard);
  CHECK(decision.is_ycc);
  CHECK(decision.quirk == "rgb_with_subsampled_chroma");
}

TEST_CASE("one component has no colour to decide") {
  auto info = kSilent;
  info.components = 1;
  CHECK_FALSE(decide_colour(info, declared(Photometric::monochrome), ColourPolicy::always).is_ycc);
}

TEST_CASE("DCMTK's six policies do what their names say") {
  const auto is_ycc = [](const codec::StreamInfo& info, Photometric photometric, ColourPolicy policy) {
    return decide_colour(info, declared(photometric), policy).is_ycc;
  };
  const auto ids = stream(CodedColour::rgb, ColourSource::component_ids);
  const auto lossless = stream(CodedColour::unsaid, ColourSource::nothing, true);
  CHECK(is_ycc(ids, Photometric::ybr_full, ColourPolicy::photometric));
  CHECK_FALSE(is_ycc(kSilent, Photometric::rgb, ColourPolicy::photometric));
  CHECK(is_ycc(ids, Photometric::rgb, ColourPolicy::lossy));
  CHECK_FALSE(is_ycc(lossless, Photometric::ybr_full, ColourPolicy::lossy));
  CHECK(is_ycc(kSilent, Photometric::rgb, ColourPolicy::guess));
  CHECK_FALSE(is_ycc(ids, Photometric::ybr_full, ColourPolicy::guess));
  CHECK(is_ycc(lossless, Photometric::rgb, ColourPolicy::guess));
  CHECK_FALSE(is_ycc(lossless, Photometric::rgb, ColourPolicy::guess_lossy));
  CHECK(is_ycc(ids, Photometric::rgb, ColourPolicy::always));
  CHECK_FALSE(is_ycc(kSilent, Photometric::ybr_full, ColourPolicy::never));
}
