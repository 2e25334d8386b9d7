// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// How a chain of stages may be computed faster with the same results: which forms there are, and the proof that one
// gives for every value of the input type what the chain gives.
#pragma once

#include <cstdint>

#include "turbodicom/pixel/value_chain.h"

namespace turbodicom::pixel {

struct ValueForm {
  enum class Kind : std::uint8_t {
    chain,          // nothing better: wide inputs, floats, and what is cheap anyway
    line_to_byte,   // a ramp from integers of up to 16 bits to uint8
    line_to_float,  // rescaled integers of up to 16 bits as float32
    table,          // everything else from integers of up to 16 bits
  };
  Kind kind = Kind::chain;
  FloatLine line;
};

ValueForm best_form(const ValueChain& chain, const ValueKernels& kernels);

}  // namespace turbodicom::pixel
