// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "watched_work.h"

#include <pybind11/pybind11.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "turbodicom/base/error.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

constexpr std::chrono::milliseconds kPollInterval{20};  // as the pool's

// Shared with the working thread, which may outlive the wait only in the parent of a fork.
struct State {
  std::mutex mutex;
  std::condition_variable finished;
  bool is_done = false;
  std::exception_ptr failure;
};

void finish(State& state, std::exception_ptr failure) {
  const std::lock_guard lock(state.mutex);
  state.is_done = true;
  state.failure = std::move(failure);
  state.finished.notify_one();
}

std::exception_ptr outcome_of(const std::function<void()>& work) {
  try {
    work();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

// On a thread without signals, which belong to the program's own; false when there is no thread to be had.
template <class Body>
bool start(Body body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread(std::move(body)).detach();
  } catch (const std::system_error&) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

std::exception_ptr pending_signal() {
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() == 0) return nullptr;
  return std::make_exception_ptr(py::error_already_set());
}

}  // namespace

void run_watched(CancelToken& cancel, const std::function<void()>& work) {
  const auto state = std::make_shared<State>();
  if (!start([state, &work] { finish(*state, outcome_of(work)); })) return work();  // unwatched, then
  const pid_t process = getpid();
  std::exception_ptr interruption;
  std::unique_lock lock(state->mutex);
  while (!state->finished.wait_for(lock, kPollInterval, [&] { return state->is_done; })) {
    if (interruption != nullptr) continue;
    lock.unlock();
    interruption = pending_signal();
    // A handler forked: the working thread, and so its share of `state`, are not in this process.
    if (getpid() != process) fail(Errc::cancelled, 0, "interrupted: the process was forked during decoding");
    if (interruption != nullptr) cancel.cancel();
    lock.lock();
  }
  lock.unlock();
  if (interruption != nullptr) std::rethrow_exception(interruption);
  if (state->failure != nullptr) std::rethrow_exception(state->failure);
}

}  // namespace turbodicom::bindings
