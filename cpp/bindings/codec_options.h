// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Options of the codecs as they cross the border: dictionaries that hold every key (python/turbodicom/codecs/
// fills them), or None for a codec without any; and what codecs say, as words.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

#include "turbodicom/codec/codec.h"

namespace turbodicom::bindings {

// "colour", "reduce", "window", "workers", "predictor6_overflow", "cornell_huffman".
codec::DecodeOptions decode_options_from(pybind11::handle settings);

// "precision" and the fields of jpeg::Parameters.
codec::EncodeParameters encode_parameters_from(pybind11::handle settings);

// "rgb", "ycc"; "app14", "component_ids", "jfif"; empty where the codestream says nothing.
std::string_view name_of(codec::CodedColour colour) noexcept;
std::string_view name_of(codec::ColourSource source) noexcept;

}  // namespace turbodicom::bindings
