// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/base/thread_pool.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "doctest/doctest.h"

using namespace turbodicom;
using namespace std::chrono_literals;

// ThreadSanitizer ends a process that starts threads after fork().
#if defined(__SANITIZE_THREAD__)
#define TURBODICOM_FORK_TESTS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TURBODICOM_FORK_TESTS 0
#endif
#endif
#ifndef TURBODICOM_FORK_TESTS
#define TURBODICOM_FORK_TESTS 1
#endif

namespace {

const std::function<void()> no_poll;

std::size_t sum_below(std::size_t count, std::size_t workers) {
  CancelToken cancel;
  std::vector<std::size_t> per_worker(workers);  // plain memory: a worker number belongs to one thread
  parallel_for(count, workers, [&](std::size_t i, std::size_t worker) { per_worker.at(worker) += i; }, cancel, no_poll);
  std::size_t sum = 0;
  for (const std::size_t part : per_worker) sum += part;
  return sum;
}

#if TURBODICOM_FORK_TESTS
// What a forked child makes of `body`: its exit code, or -1 when it did not end within five seconds.
template <typename Body>
int exit_code_of_child(Body body) {
  std::cout.flush();  // a child that ends through exit() would print it again
  const pid_t child = fork();
  if (child == 0) _exit(body() ? 0 : 1);
  for (int i = 0; i < 500; ++i) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    std::this_thread::sleep_for(10ms);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return -1;
}
#endif

}  // namespace

TEST_CASE("every index is visited once for any number of workers") {
  for (const std::size_t workers : {1, 2, 3, 16})
    for (const std::size_t count : {0, 1, 2, 1000}) {
      std::vector<int> visits(count);
      CancelToken cancel;
      parallel_for(count, workers, [&](std::size_t i, std::size_t) { ++visits[i]; }, cancel, no_poll);
      CHECK(std::count(visits.begin(), visits.end(), 1) == static_cast<std::ptrdiff_t>(count));
    }
}

TEST_CASE("worker numbers stay below the number of workers and are not shared") {
  CHECK(sum_below(10000, 4) == 49995000);
}

TEST_CASE("no workers at all counts as one") {
  CancelToken cancel;
  std::size_t calls = 0;
  parallel_for(3, 0, [&](std::size_t, std::size_t worker) { calls += 1 + worker; }, cancel, no_poll);
  CHECK(calls == 3);
}

TEST_CASE("two workers run at the same time") {
  CancelToken cancel;
  std::atomic<int> arrived{0};
  parallel_for(2, 2, [&](std::size_t, std::size_t) {
    ++arrived;
    for (int i = 0; i < 5000 && arrived < 2; ++i) std::this_thread::sleep_for(1ms);
    CHECK(arrived == 2);
  }, cancel, no_poll);
}

TEST_CASE("the exception of the lowest failing index is rethrown for any number of workers") {
  for (int round = 0; round < 50; ++round) {
    CancelToken cancel;
    std::string caught;
    std::atomic<std::size_t> calls{0};
    try {
      parallel_for(1000, 1 + static_cast<std::size_t>(round) % 5, [&](std::size_t i, std::size_t) {
        ++calls;
        if (i >= 7 && i % 2 == 1) throw std::runtime_error(std::to_string(i));
      }, cancel, no_poll);
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    CHECK(caught == "7");
    CHECK(calls < 1000);
  }
}

TEST_CASE("an exception of poll stops the work and goes on to the caller") {
  CancelToken cancel;
  std::atomic<std::size_t> done{0};
  const auto wait_a_little = [&](std::size_t, std::size_t) {
    std::this_thread::sleep_for(2ms);
    ++done;
  };
  CHECK_THROWS_AS(parallel_for(100000, 2, wait_a_little, cancel, [] { throw std::domain_error("stop"); }),
                  std::domain_error);
  CHECK(cancel.requested());
  CHECK(done < 1000);
}

TEST_CASE("poll is called by the calling thread while the work goes on") {
  CancelToken cancel;
  const std::thread::id caller = std::this_thread::get_id();
  int polls = 0;
  parallel_for(1, 1, [](std::size_t, std::size_t) { std::this_thread::sleep_for(150ms); }, cancel, [&] {
    CHECK(std::this_thread::get_id() == caller);
    ++polls;
  });
  CHECK(polls >= 1);
}

TEST_CASE("a cancelled token stops the work with the code cancelled") {
  CancelToken cancel;
  std::atomic<std::size_t> done{0};
  const auto cancel_at_third = [&](std::size_t, std::size_t) {
    if (++done == 3) cancel.cancel();
  };
  try {
    parallel_for(100000, 2, cancel_at_third, cancel, no_poll);
    FAIL("not cancelled");
  } catch (const Error& error) {
    CHECK(error.code == Errc::cancelled);
  }
  CHECK(done < 100000);
}

TEST_CASE("callers in several threads all get their work done") {
  std::vector<std::thread> callers;
  std::vector<std::size_t> sums(8);
  for (std::size_t c = 0; c < sums.size(); ++c)
    callers.emplace_back([&sums, c] {
      for (int round = 0; round < 20; ++round) sums[c] = sum_below(500 + c, 3);
    });
  for (std::thread& caller : callers) caller.join();
  for (std::size_t c = 0; c < sums.size(); ++c) CHECK(sums[c] == (500 + c) * (499 + c) / 2);
}

TEST_CASE("a caller is served while another one's work is stuck") {
  CancelToken cancel;
  std::atomic<bool> release{false}, stuck{false};
  std::thread other([&] {
    parallel_for(2, 2, [&](std::size_t, std::size_t) {
      stuck = true;
      for (int i = 0; i < 5000 && !release; ++i) std::this_thread::sleep_for(1ms);
      CHECK(release);
    }, cancel, no_poll);
  });
  while (!stuck) std::this_thread::yield();
  CHECK(sum_below(100, 2) == 4950);
  release = true;
  other.join();
}

TEST_CASE("work inside work is done by the thread that asks for it") {
  CancelToken cancel;
  std::vector<std::size_t> sums(4);
  parallel_for(4, 4, [&](std::size_t i, std::size_t) { sums[i] = sum_below(100, 2); }, cancel, no_poll);
  for (const std::size_t sum : sums) CHECK(sum == 4950);
}

TEST_CASE("usable cores are at least one") { CHECK(usable_cores() >= 1); }

#if TURBODICOM_FORK_TESTS
TEST_CASE("a child of a process with a warm pool starts its own threads") {
  CHECK(sum_below(100, 2) == 4950);
  for (int round = 0; round < 20; ++round) CHECK(exit_code_of_child([] { return sum_below(1000, 2) == 499500; }) == 0);
  CHECK(sum_below(100, 2) == 4950);
}

TEST_CASE("a child forked while another thread's work is under way starts its own threads") {
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) sum_below(2000, 3);
  });
  for (int round = 0; round < 20; ++round) CHECK(exit_code_of_child([] { return sum_below(1000, 2) == 499500; }) == 0);
  stop = true;
  busy.join();
}

TEST_CASE("a child forked by poll is told that the work is not its own") {
  CancelToken cancel;
  pid_t child = -1;
  const auto wait_a_little = [](std::size_t, std::size_t) { std::this_thread::sleep_for(100ms); };
  try {
    parallel_for(2, 1, wait_a_little, cancel, [&] { child = child == -1 ? fork() : child; });
  } catch (const Error& error) {
    _exit(child == 0 && error.code == Errc::cancelled && sum_below(100, 2) == 4950 ? 0 : 1);
  }
  REQUIRE(child > 0);
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a process may end while work is under way") {
  const auto exit_during_work = [] {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) return false;  // LeakSanitizer is chatty about threads
    static CancelToken cancel;
    std::thread([] {
      parallel_for(1000, 2, [](std::size_t, std::size_t) { std::this_thread::sleep_for(1ms); }, cancel, no_poll);
    }).detach();
    std::this_thread::sleep_for(5ms);
    std::exit(0);
    return false;
  };
  for (int round = 0; round < 5; ++round) CHECK(exit_code_of_child(exit_during_work) == 0);
}
#endif
