// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// How long work learns that nobody wants it any more: codecs and kernels poll once per row block.
#pragma once

#include <atomic>

#include "turbodicom/base/error.h"

namespace turbodicom {

class CancelToken {
 public:
  void cancel() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  void check() const {
    if (requested()) fail(Errc::cancelled, 0, "interrupted");
  }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace turbodicom
