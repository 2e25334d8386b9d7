// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Long work on a thread of its own, while the calling one, which may be Python's main thread, looks for Ctrl-C.
// Not a thread of the pool: from there, work could not be shared out again (base/thread_pool.h).
#pragma once

#include <functional>

#include "turbodicom/base/cancel.h"

namespace turbodicom::bindings {

// Runs `work` and waits; called without the GIL. On a signal whose handler raises, `cancel` is requested, the end of
// the work awaited, and the exception goes on. Exceptions of `work` come out here.
void run_watched(CancelToken& cancel, const std::function<void()>& work);

}  // namespace turbodicom::bindings
