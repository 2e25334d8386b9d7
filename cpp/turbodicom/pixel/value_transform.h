// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From stored values to what is asked for, in one pass (PS3.3 C.11). value_stages.h says what is done to a value,
// value_chain.h does it, value_form.h finds faster forms with equal results. Begin with ValueTransform::run;
// array_transform.h does it to arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "turbodicom/pixel/value_chain.h"
#include "turbodicom/pixel/value_form.h"

namespace turbodicom::pixel {

// Immutable; may be shared between threads.
class ValueTransform {
 public:
  // One thread's memory, carried from call to call: results for the values that have occurred so far. Not to be used
  // with two transforms.
  class Memory {
    friend class ValueTransform;
    std::unique_ptr<std::uint8_t[]> table;
    std::int32_t low = 0, high = -1;  // what the table knows
    std::size_t credit = 0;           // entries that may be computed: the samples seen, less the entries so far
    bool is_useless = false;          // some entry does not fit the output
  };

  // Throws as ValueChain. For the kernels of one instruction set, which differ in speed only.
  explicit ValueTransform(ValueStages stages, const ValueKernels& kernels = value_kernels());

  SampleType input() const noexcept { return chain_.stages().input; }
  SampleType output() const noexcept { return chain_.stages().output; }
  ValueForm::Kind form() const noexcept { return form_.kind; }

  // As ValueChain::run. `to` may be `from` where both types have as many bytes.
  bool run(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const;

  // Whether one sample's value fits the output.
  bool fits(const void* sample) const noexcept;

 private:
  bool run_line(const void* from, void* to, std::size_t count, std::uint8_t* mask) const noexcept;
  void find_padding(const void* from, std::size_t count, std::uint8_t* mask) const noexcept;
  bool run_table(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const;
  template <typename In>
  bool run_table_of(const void* from, void* to, std::size_t count, std::uint8_t* mask, Memory& memory) const;
  template <typename In>
  bool prepare(Memory& memory, std::int32_t low, std::int32_t high, std::size_t samples) const;
  template <typename In>
  bool fill_table(Memory& memory, std::int32_t low, std::int32_t high) const;

  ValueChain chain_;
  const ValueKernels& kernels_;
  ValueForm form_;
  std::uint64_t fill_bits_ = 0;  // of padded samples, as the output's type
};

}  // namespace turbodicom::pixel
