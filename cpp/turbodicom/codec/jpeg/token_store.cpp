// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/token_store.h"

#include <algorithm>

#include "turbodicom/codec/jpeg/huffman_optimise.h"

namespace turbodicom::codec::jpeg {
namespace {

// Pieces behind the first: 256 KiB, or what is asked for several times, so that little is left over at their ends.
constexpr std::size_t kPieceTokens = std::size_t{1} << 16;
constexpr std::size_t kRoomsInPiece = 4;

}  // namespace

Token* TokenStore::room(std::size_t count) {
  count += kTokenSlack;
  if (pieces_.empty() || pieces_.back().size - pieces_.back().used < count) {
    const std::size_t size = pieces_.empty() ? count : std::max(kRoomsInPiece * count, kPieceTokens);
    pieces_.push_back({std::make_unique_for_overwrite<Token[]>(size), size, 0});
  }
  return pieces_.back().tokens.get() + pieces_.back().used;
}

void TokenStore::end_at(const Token* end) {
  Piece& piece = pieces_.back();
  const Token* begin = piece.tokens.get() + piece.used;
  const auto count = static_cast<std::size_t>(end - begin);
  const bool continues = !restart_next_ && !runs_.empty() && runs_.back().tokens.data() + runs_.back().tokens.size() == begin;
  if (continues) {
    runs_.back().tokens = {runs_.back().tokens.data(), runs_.back().tokens.size() + count};
  } else {
    runs_.push_back({{begin, count}, restart_next_});
  }
  restart_next_ = false;
  piece.used += count;
}

void TokenStore::clear() noexcept {
  runs_.clear();
  if (pieces_.empty()) return;
  std::swap(pieces_.front(), pieces_.back());
  pieces_.erase(pieces_.begin() + 1, pieces_.end());
  pieces_.front().used = 0;
}

void TokenStore::count(Histogram& histogram) const noexcept {
  for (const Run& run : runs_) count_tokens(run.tokens, histogram);
}

void TokenStore::write(TokenWriter& writer, const CodeTable& table) noexcept {
  for (const Run& run : runs_) {
    if (run.restart_before) writer.restart(restarts_++);
    writer.write(run.tokens, table);
  }
}

CodeTable write_optimal_tables(const Histogram& histogram, bool has_band_runs, SegmentWriter& writer) {
  CodeTable codes;
  const auto counts = [&](std::uint32_t index) { return std::span(histogram).subspan(index, 256); };
  const auto occurs = [](std::span<const std::uint64_t> symbols) {
    return std::any_of(symbols.begin(), symbols.end(), [](std::uint64_t count) { return count > 0; });
  };
  for (std::uint32_t table = 0; table < 2; ++table) {
    if (const auto symbols = counts(dc_index(table)); occurs(symbols)) {
      const HuffmanSpec spec = optimal_huffman(symbols);
      writer.dht(false, table, spec);
      codes.set_dc(table, huffman_encoder(spec));
    }
    if (const auto symbols = counts(ac_index(table)); occurs(symbols)) {
      const HuffmanSpec spec = optimal_huffman(symbols);
      writer.dht(true, table, spec);
      codes.set_ac(table, huffman_encoder(spec), has_band_runs);
    }
  }
  return codes;
}

}  // namespace turbodicom::codec::jpeg
