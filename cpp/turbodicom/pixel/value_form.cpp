// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/value_form.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace turbodicom::pixel {
namespace {

using Kind = ValueForm::Kind;

struct Interval {
  std::int32_t low, high;
};

// All values of an integer type of up to 16 bits.
Interval values_of(SampleType type) noexcept {
  switch (type) {
    case SampleType::u8: return {0, 255};
    case SampleType::i8: return {-128, 127};
    case SampleType::u16: return {0, 65535};
    default: return {-32768, 32767};
  }
}

// y = x * slope + offset
struct Line {
  double slope, offset;
};

// What a chain without tables and sigmoid is between the borders of its ramp.
Line line_of(const ValueStages& stages) noexcept {
  const Rescale rescale = stages.rescale.value_or(Rescale{});
  Line line{rescale.slope, rescale.intercept};
  if (stages.ramp) {
    line.slope /= stages.ramp->width;
    line.offset = (line.offset - stages.ramp->middle) / stages.ramp->width + stages.ramp->at_middle;
  }
  if (stages.is_inverse) line = {-line.slope, 1 - line.offset};
  const OutputRange range = stages.range.value_or(OutputRange{});
  const double span = range.high - range.low;
  return {line.slope * span, range.low + line.offset * span};
}

// A byte that never falls (or never rises) from one input to the next takes at most 255 steps. Two such functions are
// equal everywhere if they are at both sides of every step of one of them, and at the ends of the inputs. Each step is
// looked for where the line says it is, among four neighbouring inputs; a step that is elsewhere is no proof.
//
// The chain is monotone: each of its stages is, as rounded arithmetic, and so is the jump to a border's value once
// clamped. So is the line in float32.
class StepProof {
 public:
  StepProof(const ValueChain& chain, const Line& line) : type_(chain.stages().input), ends_(values_of(type_)) {
    inputs_[0] = ends_.low;
    inputs_[1] = ends_.high;
    for (int step = 0; step < kSteps; ++step) set_neighbours(step, (step + 0.5 - line.offset) / line.slope);
    const std::size_t bytes = bytes_of(type_);
    for (std::size_t i = 0; i < kInputs; ++i) std::memcpy(samples_.data() + i * bytes, &inputs_[i], bytes);
    chain.run(samples_.data(), expected_.data(), kInputs, nullptr);
    finds_all_steps_ = has_all_steps(line.slope > 0);
  }

  bool holds_for(ValueKernels::Line kernel, const FloatLine& line) const {
    if (!finds_all_steps_) return false;
    std::array<std::uint8_t, kInputs> found;
    kernel(samples_.data(), found.data(), kInputs, line);
    return std::memcmp(found.data(), expected_.data(), kInputs) == 0;
  }

 private:
  static constexpr int kSteps = 255;
  static constexpr std::size_t kInputs = 2 + 4 * kSteps;

  static std::size_t place_of(int step) noexcept { return 2 + 4 * static_cast<std::size_t>(step); }

  void set_neighbours(int step, double where) noexcept {
    const double clipped = std::clamp<double>(where, ends_.low - 4.0, ends_.high + 4.0);
    const auto below = static_cast<std::int32_t>(std::floor(clipped));
    for (std::int32_t k = 0; k < 4; ++k)
      inputs_[place_of(step) + static_cast<std::size_t>(k)] = std::clamp(below - 1 + k, ends_.low, ends_.high);
  }

  // Of the four inputs around step k the first must give k or less, the last more: or they are the ends of all inputs.
  bool has_all_steps(bool rises) const {
    for (int step = 0; step < kSteps; ++step) {
      const std::size_t at = place_of(step);
      const std::size_t low = rises ? at : at + 3, high = rises ? at + 3 : at;
      const bool below_is_seen = expected_[low] <= step || is_end(inputs_[low]);
      const bool above_is_seen = expected_[high] > step || is_end(inputs_[high]);
      if (!below_is_seen || !above_is_seen) return false;
    }
    return true;
  }

  bool is_end(std::int32_t x) const noexcept { return x == ends_.low || x == ends_.high; }

  SampleType type_;
  Interval ends_;
  std::array<std::int32_t, kInputs> inputs_;
  std::array<std::uint8_t, 2 * kInputs> samples_;
  std::array<std::uint8_t, kInputs> expected_;
  bool finds_all_steps_ = false;
};

// The line in float32, or one of its neighbours: where a step lies very near to an input, a unit in the last place decides.
std::optional<FloatLine> proven_line(const ValueChain& chain, const ValueKernels& kernels) {
  const Line line = line_of(chain.stages());
  if (!std::isfinite(line.offset) || !std::isnormal(line.slope) || std::fabs(line.slope) > 1e6) return std::nullopt;
  const StepProof proof(chain, line);
  const Interval ends = values_of(chain.stages().input);
  const double center = std::clamp<double>(std::floor((127.5 - line.offset) / line.slope), ends.low, ends.high);
  const auto scale = static_cast<float>(line.slope);
  const auto offset = static_cast<float>(line.offset - 128 + center * line.slope);
  if (!std::isfinite(offset)) return std::nullopt;
  const auto kernel = kernels.line_to_byte[static_cast<std::size_t>(chain.stages().input)];
  for (const float nudge : {0.0f, 0x1p-18f, -0x1p-18f, 0x1p-17f, -0x1p-17f})
    for (const float towards : {scale, 2 * scale, 0.0f}) {
      const FloatLine candidate{std::nextafter(scale, towards), offset + nudge, static_cast<std::int32_t>(center)};
      if (proof.holds_for(kernel, candidate)) return candidate;
    }
  return std::nullopt;
}

// Exponent of the lowest bit that is set; 1074 for 0, which hinders nothing.
int lowest_bit(double value) noexcept {
  if (value == 0) return 1074;
  int exponent = 0;
  const auto digits = static_cast<std::int64_t>(std::ldexp(std::frexp(std::fabs(value), &exponent), 53));
  return exponent - 53 + std::countr_zero(static_cast<std::uint64_t>(digits));
}

// x * slope + intercept in float32 is the double result rounded to float32 when neither the products (16 bits of x and at
// most 8 of the slope) nor the sums in double are rounded: then each is the exact sum, rounded once.
std::optional<FloatLine> exact_line(const Rescale& rescale) {
  const double slope = rescale.slope, intercept = rescale.intercept;
  const auto is_moderate = [](double v) { return v == 0 || (std::fabs(v) > 0x1p-60 && std::fabs(v) < 0x1p60); };
  if (!is_moderate(slope) || !is_moderate(intercept) || static_cast<double>(static_cast<float>(intercept)) != intercept) return std::nullopt;
  int exponent = 0;
  std::frexp(slope, &exponent);
  if (slope != 0 && exponent - lowest_bit(slope) > 8) return std::nullopt;
  const double largest = 0x1p16 * std::fabs(slope) + std::fabs(intercept);
  if (largest >= std::ldexp(1.0, std::min(lowest_bit(slope), lowest_bit(intercept)) + 53)) return std::nullopt;
  return FloatLine{static_cast<float>(slope), static_cast<float>(intercept), 0};
}

bool is_rescale_only(const ValueStages& s) noexcept {
  return !s.modality_table && !s.ramp && !s.sigmoid && !s.voi_table && !s.presentation && !s.is_inverse && !s.range;
}

bool fills_bytes(const ValueStages& s) noexcept {
  return s.output == SampleType::u8 && s.range && std::min(s.range->low, s.range->high) == 0 && std::max(s.range->low, s.range->high) == 255;
}

}  // namespace

ValueForm best_form(const ValueChain& chain, const ValueKernels& kernels) {
  const ValueStages& s = chain.stages();
  if (is_float(s.input) || bytes_of(s.input) > 2) return {};
  if (is_rescale_only(s) && s.output == SampleType::f32)
    if (const auto line = exact_line(s.rescale.value_or(Rescale{}))) return {Kind::line_to_float, *line};
  const bool has_tables = s.modality_table || s.sigmoid || s.voi_table || s.presentation;
  if (!has_tables && fills_bytes(s)) {
    ValueStages bare = s;
    bare.padding.reset();  // put in afterwards, it is no part of the line
    if (const auto line = proven_line(ValueChain(bare, kernels), kernels)) return {Kind::line_to_byte, *line};
  }
  const bool is_cheap = is_rescale_only(s) && (s.output == SampleType::f32 || s.output == SampleType::f64);
  return {is_cheap ? Kind::chain : Kind::table, {}};
}

}  // namespace turbodicom::pixel
