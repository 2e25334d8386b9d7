// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Work on the blocks of a BlockWalk: on the calling thread when it is little, else in the pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "turbodicom/pixel/block_walk.h"

namespace turbodicom::pixel {

// How the caller wants work done. `poll` is called now and then on the calling thread and may throw.
struct WorkOptions {
  std::size_t workers = 1;
  std::function<void()> poll{};
};

// How many threads work on `bytes` of input and output.
std::size_t threads_for(std::uint64_t bytes, const WorkOptions& options) noexcept;

// body(block, worker) for every block; `worker` is below threads_for(bytes, options).
void for_each_block(const BlockWalk& walk, std::uint64_t bytes, const WorkOptions& options,
                    const std::function<void(std::size_t, std::size_t)>& body);

// One thread's room for a block that is not dense; made when first needed.
class Tile {
 public:
  std::uint8_t* get() {
    if (memory_ == nullptr) memory_.reset(new std::uint8_t[kTileSamples * 8]);
    return memory_.get();
  }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
};

}  // namespace turbodicom::pixel
