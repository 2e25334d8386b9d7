// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The stages of PS3.3 C.11 one after the other, a row of a few KiB at a time: what every faster form has to equal.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turbodicom/pixel/value_kernels.h"
#include "turbodicom/pixel/value_stages.h"

namespace turbodicom::pixel {

class ValueChain {
 public:
  // Throws invalid_argument for stages that exclude one another, empty tables and a fill the output cannot hold.
  ValueChain(ValueStages stages, const ValueKernels& kernels);

  const ValueStages& stages() const noexcept { return stages_; }

  // Dense samples; `to` may be `from` where both types have as many bytes. `mask` is null, or gets a 1 for each padded
  // sample and a 0 for the others. False where a value does not fit the integers it should become: what stands in `to`
  // is then of no use.
  bool run(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept;

 private:
  void check() const;
  bool run_row(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept;
  void run_stages(double* values, std::size_t count) const noexcept;

  ValueStages stages_;
  const ValueKernels& kernels_;
};

}  // namespace turbodicom::pixel
