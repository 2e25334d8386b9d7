// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// parallel_for() posts a Job; parked threads take indices from it one by one. The pool is leaked on
// purpose and its threads are detached: nothing is joined or destroyed at exit, so a process may end
// while work is under way. After fork() the child forgets the parent's pool and starts an own one.
#include "turbodicom/base/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace turbodicom {
namespace {

using Body = std::function<void(std::size_t, std::size_t)>;

constexpr std::chrono::milliseconds kPollInterval{20};
constexpr std::size_t kMaxThreads = 256;  // our limit, whatever the callers ask for

thread_local bool is_pool_thread = false;

// Work on one job. Everything but next_index is guarded by the pool's mutex.
struct Job {
  const Body& body;
  CancelToken& cancel;
  std::size_t count;
  std::size_t workers;
  std::atomic<std::size_t> next_index{0};
  std::size_t joined = 0;   // threads that ever took part: their worker numbers
  std::size_t running = 0;  // threads taking part now
  std::size_t failed_index = 0;
  std::exception_ptr failure{};
  std::condition_variable done{};

  bool has_work() const noexcept { return next_index.load(std::memory_order_relaxed) < count && !cancel.requested(); }
  bool wants_thread() const noexcept { return joined < workers && has_work(); }
  bool is_done() const noexcept { return running == 0 && !has_work(); }
  bool take(std::size_t& index) noexcept {
    if (cancel.requested()) return false;
    index = next_index.fetch_add(1, std::memory_order_relaxed);
    return index < count;
  }
  void skip_the_rest() noexcept { next_index.store(count, std::memory_order_relaxed); }
};

class Pool {
 public:
  // False, and nothing done, when the system gives us no thread at all.
  bool run(Job& job, const std::function<void()>& poll);

 private:
  bool grow(std::size_t threads);
  void serve();
  void work_on(Job& job, std::size_t worker, std::unique_lock<std::mutex>& lock);
  Job* job_that_wants_a_thread() noexcept;

  std::mutex mutex_;
  std::condition_variable posted_;
  std::vector<Job*> jobs_;
  std::size_t wanted_ = 0;  // workers of all jobs together
  std::size_t threads_ = 0;
};

// Counts forks: a thread that waits in parallel_for() while its poll forks must not wait in the child.
std::atomic<unsigned> generation{0};
std::atomic<Pool*> current_pool{nullptr};

void forget_pool() noexcept {
  current_pool.store(nullptr);
  generation.fetch_add(1);
  is_pool_thread = false;
}

Pool& pool() {
  static const int registered = pthread_atfork(nullptr, nullptr, forget_pool);
  static_cast<void>(registered);
  Pool* found = current_pool.load();
  if (found != nullptr) return *found;
  auto fresh = std::make_unique<Pool>();
  if (current_pool.compare_exchange_strong(found, fresh.get())) return *fresh.release();
  return *found;
}

// Signals belong to the threads of the program, Python's main thread first of all.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

bool Pool::grow(std::size_t threads) {
  const SignalsBlocked blocked;
  while (threads_ < std::min(threads, kMaxThreads)) {
    try {
      std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
      break;  // fewer threads than asked for still finish the work
    }
    ++threads_;
  }
  return threads_ > 0;
}

Job* Pool::job_that_wants_a_thread() noexcept {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [](const Job* job) { return job->wants_thread(); });
  return found == jobs_.end() ? nullptr : *found;
}

void Pool::serve() {
  is_pool_thread = true;
  std::unique_lock lock(mutex_);
  for (;;) {
    Job* job = nullptr;
    posted_.wait(lock, [&] { return (job = job_that_wants_a_thread()) != nullptr; });
    const std::size_t worker = job->joined++;
    ++job->running;
    work_on(*job, worker, lock);
    --job->running;
    if (job->is_done()) job->done.notify_one();
  }
}

// Indices are handed out in order, so all below a failed one are done or under way: the lowest index
// that fails is the same for any number of workers.
void Pool::work_on(Job& job, std::size_t worker, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  std::size_t index = 0;
  std::exception_ptr failure;
  while (failure == nullptr && job.take(index)) {
    try {
      job.body(index, worker);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  lock.lock();
  if (failure == nullptr) return;
  job.skip_the_rest();
  if (job.failure == nullptr || index < job.failed_index) {
    job.failure = failure;
    job.failed_index = index;
  }
}

bool Pool::run(Job& job, const std::function<void()>& poll) {
  const unsigned forks = generation.load();
  std::unique_lock lock(mutex_);
  if (!grow(wanted_ + job.workers)) return false;  // each caller has threads of its own up to kMaxThreads
  jobs_.push_back(&job);
  wanted_ += job.workers;
  posted_.notify_all();

  std::exception_ptr interruption;
  while (!job.done.wait_for(lock, kPollInterval, [&] { return job.is_done(); })) {
    if (!poll || interruption != nullptr) continue;
    lock.unlock();
    try {
      poll();
    } catch (...) {
      interruption = std::current_exception();
      job.cancel.cancel();
    }
    if (generation.load() != forks) {
      lock.release();  // the parent's mutex: its threads do not exist here
      fail(Errc::cancelled, 0, "interrupted: the process was forked during parallel work");
    }
    lock.lock();
  }
  std::erase(jobs_, &job);
  wanted_ -= job.workers;
  lock.unlock();
  if (interruption != nullptr) std::rethrow_exception(interruption);
  if (job.failure != nullptr) std::rethrow_exception(job.failure);
  return true;
}

void run_alone(std::size_t count, const Body& body, const CancelToken& cancel, const std::function<void()>& poll) {
  for (std::size_t index = 0; index < count; ++index) {
    if (poll) poll();
    cancel.check();
    body(index, 0);
  }
}

}  // namespace

std::size_t usable_cores() noexcept {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
#endif
  return std::max(1u, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, std::size_t workers, const Body& body, CancelToken& cancel,
                  const std::function<void()>& poll) {
  cancel.check();
  if (count == 0) return;
  // Work inside work is done by the thread that asks, so that threads cannot run out.
  if (is_pool_thread) return run_alone(count, body, cancel, {});
  Job job{body, cancel, count, std::clamp<std::size_t>(workers, 1, count)};
  if (!pool().run(job, poll)) return run_alone(count, body, cancel, poll);
  cancel.check();
}

}  // namespace turbodicom
