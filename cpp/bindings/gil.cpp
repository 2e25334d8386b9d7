// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Work without the GIL, and the end of the interpreter (RELIABILITY H8).
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "bindings.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

// Process-wide by nature: there is one interpreter exit.
std::atomic<bool> exiting{false};
std::atomic<long> at_work{0};

// Called by atexit, while threads can still take the GIL: new work is refused, what runs may finish.
void wait_for_work() {
  exiting = true;
  const py::gil_scoped_release unlocked;
  while (at_work > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

GilRelease::GilRelease() {
  if (exiting) throw std::runtime_error("the interpreter is shutting down");
  ++at_work;
  state_ = PyEval_SaveThread();
}

GilRelease::~GilRelease() {
  PyEval_RestoreThread(state_);
  --at_work;
}

void bind_exit(py::module_&) {
  py::module_::import("atexit").attr("register")(py::cpp_function(wait_for_work));
  // The threads at work are not in a forked child.
  pthread_atfork(nullptr, nullptr, [] { at_work = 0; });
}

}  // namespace turbodicom::bindings
