// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/value_chain.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "turbodicom/base/error.h"

namespace turbodicom::pixel {
namespace {

constexpr std::size_t kRow = 512;  // doubles: 4 KiB, which every first-level cache holds

constexpr double kFarthest = 0x1p50;  // of a table's inputs from 0: LookUp's sums are exact up to 2^51

constexpr std::size_t index_of(SampleType type) noexcept { return static_cast<std::size_t>(type); }

void check_table(const std::optional<ValueTable>& table) {
  if (!table) return;
  if (table->values.empty()) fail(Errc::invalid_argument, 0, "a table of values must have at least one entry");
  const double first = table->first;
  if (!(std::fabs(first) <= kFarthest) || std::floor(first) != first)
    fail(Errc::invalid_argument, 0, "the first input of a table must be an integer of up to 50 bits");
}

}  // namespace

ValueChain::ValueChain(ValueStages stages, const ValueKernels& kernels) : stages_(std::move(stages)), kernels_(kernels) { check(); }

void ValueChain::check() const {
  const ValueStages& s = stages_;
  if (s.rescale && s.modality_table) fail(Errc::invalid_argument, 0, "there is one modality stage: rescale or a table");
  if (int{s.ramp.has_value()} + int{s.sigmoid.has_value()} + int{s.voi_table.has_value()} > 1)
    fail(Errc::invalid_argument, 0, "there is one VOI stage: a window or a table");
  for (const auto* table : {&s.modality_table, &s.voi_table, &s.presentation}) check_table(*table);
  const auto finite = [](double a, double b) { return std::isfinite(a) && std::isfinite(b); };
  if (s.rescale && !finite(s.rescale->slope, s.rescale->intercept)) fail(Errc::invalid_argument, 0, "slope and intercept must be finite");
  if (s.range && !finite(s.range->low, s.range->high)) fail(Errc::invalid_argument, 0, "the output range must be finite");
  std::uint8_t room[8];
  if (s.padding && !kernels_.store_checked[index_of(s.output)](&s.padding->fill, room, 1))
    fail(Errc::invalid_argument, 0, "fill does not fit the dtype of the output");
}

bool ValueChain::run(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept {
  const auto* source = static_cast<const unsigned char*>(from);
  auto* target = static_cast<unsigned char*>(to);
  const std::size_t in_bytes = bytes_of(stages_.input), out_bytes = bytes_of(stages_.output);
  bool fits = true;
  for (std::size_t done = 0; done < count; done += kRow)
    fits &= run_row(source + done * in_bytes, target + done * out_bytes, std::min(kRow, count - done),
                    mask == nullptr ? nullptr : mask + done);
  return fits;
}

bool ValueChain::run_row(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept {
  alignas(64) double values[kRow];
  const Rescale rescale = stages_.rescale.value_or(Rescale{});
  (stages_.rescale ? kernels_.load_rescaled : kernels_.load)[index_of(stages_.input)](from, values, count, rescale);
  run_stages(values, count);
  if (stages_.padding) {
    std::uint8_t row_mask[kRow];
    std::uint8_t* const padded = mask == nullptr ? row_mask : mask;
    kernels_.find_padding[index_of(stages_.input)](from, padded, count, *stages_.padding);
    kernels_.fill[8](padded, values, count, std::bit_cast<std::uint64_t>(stages_.padding->fill));
  } else if (mask != nullptr) {
    std::memset(mask, 0, count);
  }
  return (stages_.range ? kernels_.store : kernels_.store_checked)[index_of(stages_.output)](values, to, count);
}

void ValueChain::run_stages(double* values, std::size_t count) const noexcept {
  if (stages_.modality_table) kernels_.look_up(values, count, *stages_.modality_table);
  if (stages_.ramp) kernels_.ramp(values, count, *stages_.ramp);
  if (stages_.sigmoid) kernels_.sigmoid(values, count, *stages_.sigmoid);
  if (stages_.voi_table) kernels_.look_up(values, count, *stages_.voi_table);
  if (stages_.presentation) kernels_.look_up_fraction(values, count, *stages_.presentation);
  if (stages_.is_inverse) kernels_.invert(values, count);
  if (stages_.range) kernels_.stretch(values, count, *stages_.range);
}

}  // namespace turbodicom::pixel
