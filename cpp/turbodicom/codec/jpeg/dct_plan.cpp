// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "turbodicom/base/error.h"
#include "turbodicom/codec/jpeg/dct_encoder.h"
#include "turbodicom/codec/jpeg/quantise.h"

namespace turbodicom::codec::jpeg {
namespace {

[[noreturn, gnu::cold]] void refuse(const std::string& message) { fail(Errc::invalid_argument, 0, "jpeg: " + message); }

void check(const FrameInfo& image, std::uint32_t precision, const Parameters& parameters) {
  if (image.type != SampleType::u8 && image.type != SampleType::u16)
    refuse("samples for the DCT processes are unsigned, of 8 or 16 bits");
  const bool is_12 = precision == 12 && parameters.process != Process::baseline;
  if (precision != 8 && !is_12) {
    const bool is_baseline = parameters.process == Process::baseline;
    refuse("precision of " + std::to_string(precision) + " bits, " +
           (is_baseline ? "baseline has 8" : "extended and progressive have 8 or 12") + " (T.81 Table B.2)");
  }
  if (image.samples != 1 && image.samples != 3 && image.samples != 4)
    refuse(std::to_string(image.samples) + " samples a pixel, expected 1, 3 or 4");
  if (image.rows == 0 || image.columns == 0 || image.rows > 65535 || image.columns > 65535)
    refuse(std::to_string(image.rows) + " x " + std::to_string(image.columns) + " pixels, expected 1 to 65535 of each (T.81 B.2.2)");
  const std::uint32_t h = parameters.horizontal_sampling, v = parameters.vertical_sampling;
  if ((h != 1 && h != 2 && h != 4) || (v != 1 && v != 2))
    refuse("sampling factors " + std::to_string(h) + " x " + std::to_string(v) + ", expected 1, 2 or 4 by 1 or 2");
  if (parameters.quality < 1 || parameters.quality > 100)
    refuse("quality of " + std::to_string(parameters.quality) + ", expected 1 to 100");
  if (parameters.restart_interval > 65535)
    refuse("restart interval of " + std::to_string(parameters.restart_interval) + ", at most 65535 (T.81 B.2.4.4)");
}

// B.2.4.1: quantisation tables of 8-bit frames have 8 bits.
void check_table(const QuantTable& table, std::uint32_t precision) {
  const auto [least, most] = std::minmax_element(table.begin(), table.end());
  if (*least == 0 || (precision == 8 && *most > 255))
    refuse("quantisation step of " + std::to_string(*least == 0 ? 0 : *most) + ", expected 1 to " + (precision == 8 ? "255" : "65535") +
           " (T.81 B.2.4.1)");
}

std::array<QuantTable, 2> quant_tables(std::uint32_t precision, const Parameters& parameters) {
  const auto& luminance = parameters.luminance ? parameters.luminance : parameters.chrominance;
  const auto& chrominance = parameters.chrominance ? parameters.chrominance : parameters.luminance;
  if (!luminance) return {scaled_quant_table(false, parameters.quality), scaled_quant_table(true, parameters.quality)};
  check_table(*luminance, precision);
  check_table(*chrominance, precision);
  return {*luminance, *chrominance};
}

// Identifiers as libjpeg gives them: numbers for gray and YCbCr, letters for samples coded as they are.
void set_components(FrameHeader& frame, bool is_ycc, std::uint32_t h, std::uint32_t v) {
  constexpr std::array<std::uint8_t, 3> kRgb = {'R', 'G', 'B'};
  constexpr std::array<std::uint8_t, 4> kCmyk = {'C', 'M', 'Y', 'K'};
  for (std::uint32_t c = 0; c < frame.count; ++c) {
    Component& component = frame.components[c];
    component.id = static_cast<std::uint8_t>(c + 1);
    if (frame.count == 3 && !is_ycc) component.id = kRgb[c];
    if (frame.count == 4) component.id = kCmyk[c];
    component.tq = is_ycc && c > 0 ? 1 : 0;
  }
  if (frame.count != 3) return;  // nothing is subsampled
  frame.components[0].h = static_cast<std::uint8_t>(h);
  frame.components[0].v = static_cast<std::uint8_t>(v);
}

}  // namespace

DctPlan::DctPlan(const FrameInfo& image, std::uint32_t precision, const Parameters& parameters)
    : restart_interval_(parameters.restart_interval), restart_every_row_(parameters.restart_every_row) {
  check(image, precision, parameters);
  quant = quant_tables(precision, parameters);
  optimise_huffman = parameters.optimise_huffman || precision == 12 || parameters.process == Process::progressive;
  successive_approximation = parameters.successive_approximation;
  is_ycc = image.samples == 3 && parameters.rgb_to_ycc;
  frame.process = parameters.process;
  frame.precision = precision;
  frame.rows = image.rows;
  frame.columns = image.columns;
  frame.count = image.samples;
  set_components(frame, is_ycc, parameters.horizontal_sampling, parameters.vertical_sampling);
  derive_geometry(frame);
}

std::uint32_t DctPlan::restart_interval(std::uint32_t mcus_per_row) const noexcept {
  return restart_every_row_ ? std::min<std::uint32_t>(mcus_per_row, 65535) : restart_interval_;
}

}  // namespace turbodicom::codec::jpeg
