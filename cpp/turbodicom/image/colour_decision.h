// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Who decides what the samples of a JPEG frame are: the data set, unless the codestream knows better; or one of
// the six policies of DCMTK's dcmdjpeg.
#pragma once

#include <string_view>

#include "turbodicom/codec/codec.h"
#include "turbodicom/image/frame_layout.h"

namespace turbodicom::image {

enum class ColourPolicy {
  standard,     // Photometric Interpretation; APP14, component ids RGB, JFIF or subsampled chroma override it
  photometric,  // +cp: Photometric Interpretation alone
  lossy,        // +cl: YCbCr if the process is lossy
  guess,        // +cg: what libjpeg guesses from the markers
  guess_lossy,  // +cgl: the guess, if the process is lossy
  always,       // +ca
  never,        // +cn
};

struct ColourDecision {
  bool is_ycc = false;
  codec::Quirk quirk;  // the contradiction that was settled, or empty
};

ColourDecision decide_colour(const codec::StreamInfo& info, const FrameLayout& layout, ColourPolicy policy) noexcept;

}  // namespace turbodicom::image
