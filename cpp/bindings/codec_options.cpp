// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "codec_options.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using codec::jpeg::Process;

template <class Value>
Value value_of(const py::dict& settings, const char* key) {
  if (!settings.contains(key)) throw py::key_error(key);
  try {
    return settings[key].cast<Value>();
  } catch (const py::cast_error&) {
    throw py::type_error(std::string(key) + ": a value of type " + Py_TYPE(settings[key].ptr())->tp_name);
  }
}

// One of the words of a table.
template <class Value, std::size_t kCount>
Value choice_of(const py::dict& settings, const char* key, const std::pair<std::string_view, Value> (&table)[kCount]) {
  const auto word = value_of<std::string>(settings, key);
  for (const auto& [name, value] : table)
    if (name == word) return value;
  throw py::value_error(std::string(key) + ": " + word);
}

std::optional<codec::jpeg::QuantTable> quant_table(const py::dict& settings, const char* key) {
  const auto given = value_of<std::optional<std::vector<std::uint16_t>>>(settings, key);
  if (!given) return std::nullopt;
  codec::jpeg::QuantTable table{};
  if (given->size() != table.size()) throw py::value_error(std::string(key) + ": " + std::to_string(given->size()) + " values");
  std::copy(given->begin(), given->end(), table.begin());
  return table;
}

codec::jpeg::Parameters jpeg_parameters(const py::dict& settings) {
  static constexpr std::pair<std::string_view, Process> kProcesses[] = {
      {"baseline", Process::baseline},
      {"extended", Process::extended},
      {"progressive", Process::progressive},
      {"lossless", Process::lossless},
  };
  codec::jpeg::Parameters result;
  result.process = choice_of(settings, "process", kProcesses);
  result.successive_approximation = value_of<bool>(settings, "successive_approximation");
  result.quality = value_of<std::uint32_t>(settings, "quality");
  result.luminance = quant_table(settings, "luminance");
  result.chrominance = quant_table(settings, "chrominance");
  result.horizontal_sampling = value_of<std::uint32_t>(settings, "horizontal_sampling");
  result.vertical_sampling = value_of<std::uint32_t>(settings, "vertical_sampling");
  result.rgb_to_ycc = value_of<bool>(settings, "rgb_to_ycc");
  result.predictor = value_of<std::uint32_t>(settings, "predictor");
  result.point_transform = value_of<std::uint32_t>(settings, "point_transform");
  result.optimise_huffman = value_of<bool>(settings, "optimise_huffman");
  result.restart_interval = value_of<std::uint32_t>(settings, "restart_interval");
  result.restart_every_row = value_of<bool>(settings, "restart_every_row");
  return result;
}

py::dict dictionary(py::handle settings) {
  if (!py::isinstance<py::dict>(settings)) throw py::type_error("codec options must be a dict");
  return py::reinterpret_borrow<py::dict>(settings);
}

}  // namespace

codec::DecodeOptions decode_options_from(py::handle settings) {
  static constexpr std::pair<std::string_view, codec::ColourTransform> kColours[] = {
      {"none", codec::ColourTransform::none},
      {"ycc_to_rgb", codec::ColourTransform::ycc_to_rgb},
      {"by_stream", codec::ColourTransform::by_stream},
  };
  codec::DecodeOptions result;
  if (settings.is_none()) return result;
  const py::dict given = dictionary(settings);
  result.colour = choice_of(given, "colour", kColours);
  result.reduce = value_of<std::uint32_t>(given, "reduce");
  if (const auto window = value_of<std::optional<std::pair<std::uint32_t, std::uint32_t>>>(given, "window"))
    result.window = codec::Window{window->first, window->second};
  result.workers = value_of<std::size_t>(given, "workers");
  result.predictor6_overflow = value_of<bool>(given, "predictor6_overflow");
  result.cornell_huffman = value_of<bool>(given, "cornell_huffman");
  return result;
}

codec::EncodeParameters encode_parameters_from(py::handle settings) {
  codec::EncodeParameters result;
  if (settings.is_none()) return result;
  const py::dict given = dictionary(settings);
  result.precision = value_of<std::uint32_t>(given, "precision");
  result.jpeg = jpeg_parameters(given);
  return result;
}

std::string_view name_of(codec::CodedColour colour) noexcept {
  switch (colour) {
    case codec::CodedColour::unsaid: return {};
    case codec::CodedColour::rgb: return "rgb";
    case codec::CodedColour::ycc: return "ycc";
  }
  return {};
}

std::string_view name_of(codec::ColourSource source) noexcept {
  switch (source) {
    case codec::ColourSource::nothing: return {};
    case codec::ColourSource::app14: return "app14";
    case codec::ColourSource::component_ids: return "component_ids";
    case codec::ColourSource::jfif: return "jfif";
  }
  return {};
}

}  // namespace turbodicom::bindings
