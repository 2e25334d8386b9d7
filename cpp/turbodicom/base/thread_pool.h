// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The process-wide pool: no thread before the first parallel work, rebuilt after fork().
#pragma once

#include <cstddef>
#include <functional>

#include "turbodicom/base/cancel.h"

namespace turbodicom {

// Cores this process may use (affinity mask), at least 1.
std::size_t usable_cores() noexcept;

// Runs body(index, worker) for every index in [0, count) on at most `workers` pool threads and waits.
// `worker` is in [0, workers): per-worker memory needs no lock. The calling thread does no work of its
// own; every 20 ms it calls `poll` (may throw: the rest is cancelled, then the exception goes on).
// The first exception of a body (lowest index) is rethrown; later indices are then skipped.
void parallel_for(std::size_t count, std::size_t workers, const std::function<void(std::size_t, std::size_t)>& body,
                  CancelToken& cancel, const std::function<void()>& poll);

}  // namespace turbodicom
