// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The tokens of a scan, cut at restart intervals, in memory that grows by pieces.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "turbodicom/codec/jpeg/block_coder.h"
#include "turbodicom/codec/jpeg/segment_writer.h"

namespace turbodicom::codec::jpeg {

class TokenStore {
 public:
  // Room for `count` tokens and kTokenSlack. What is written there is kept by end_at().
  Token* room(std::size_t count);
  void end_at(const Token* end);
  // A restart marker comes before the next token.
  void restart() { restart_next_ = true; }
  // Forgets the tokens, keeps memory for `room`, and the number of the next restart marker.
  void clear() noexcept;

  void count(Histogram& histogram) const noexcept;
  void write(TokenWriter& writer, const CodeTable& table) noexcept;

 private:
  struct Piece {
    std::unique_ptr<Token[]> tokens;
    std::size_t size, used;
  };
  struct Run {
    std::span<const Token> tokens;
    bool restart_before;
  };
  std::vector<Piece> pieces_;
  std::vector<Run> runs_;
  bool restart_next_ = false;
  std::uint32_t restarts_ = 0;  // written so far
};

// Tables for the histogram's symbols: those that occur, written as DHT segments in the order of their numbers.
CodeTable write_optimal_tables(const Histogram& histogram, bool has_band_runs, SegmentWriter& writer);

}  // namespace turbodicom::codec::jpeg
