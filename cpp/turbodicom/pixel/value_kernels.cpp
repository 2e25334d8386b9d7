// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/value_kernels.h"

#include "turbodicom/pixel/value_kernel_table.h"

namespace turbodicom::pixel {
namespace {

template <class Loop>
struct OnBaseline {
  template <typename... Arguments>
  static auto run(Arguments... arguments) noexcept {
    return Loop::run(arguments...);
  }
};

}  // namespace

ValueKernels value_kernels_of(Isa isa) noexcept {
  ValueKernels kernels{};
  set_all<OnBaseline>(kernels);
  return with_vectors(kernels, isa);
}

const ValueKernels& value_kernels() noexcept {
  static const ValueKernels kernels = value_kernels_of(active_isa());
  return kernels;
}

}  // namespace turbodicom::pixel
