// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/block_work.h"

#include <algorithm>

#include "turbodicom/base/thread_pool.h"

namespace turbodicom::pixel {
namespace {

// As for frames (image/frame_reader.cpp): below the first, waking a thread costs more than it saves; above the second,
// even one worker runs in the pool so that the caller can look for Ctrl-C.
constexpr std::uint64_t kInlineBytes = std::uint64_t{2} << 20;
constexpr std::uint64_t kPollBytes = std::uint64_t{64} << 20;
constexpr std::size_t kBlocksAtOnce = 32;

bool is_inline(std::uint64_t bytes, const WorkOptions& options) noexcept {
  return bytes <= (options.workers <= 1 ? kPollBytes : kInlineBytes);
}

}  // namespace

std::size_t threads_for(std::uint64_t bytes, const WorkOptions& options) noexcept {
  return is_inline(bytes, options) ? 1 : std::max<std::size_t>(options.workers, 1);
}

void for_each_block(const BlockWalk& walk, std::uint64_t bytes, const WorkOptions& options,
                    const std::function<void(std::size_t, std::size_t)>& body) {
  const std::size_t blocks = walk.blocks();
  if (is_inline(bytes, options)) {
    for (std::size_t block = 0; block < blocks; ++block) body(block, 0);
    return;
  }
  const auto group = [&](std::size_t index, std::size_t worker) {
    const std::size_t first = index * kBlocksAtOnce;
    for (std::size_t block = first; block < std::min(first + kBlocksAtOnce, blocks); ++block) body(block, worker);
  };
  CancelToken cancel;
  const std::size_t groups = (blocks + kBlocksAtOnce - 1) / kBlocksAtOnce;
  parallel_for(groups, threads_for(bytes, options), group, cancel, options.poll);
}

}  // namespace turbodicom::pixel
