// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/progressive_encoder.h"

#include <bit>
#include <cstdlib>

namespace turbodicom::codec::jpeg {
namespace {

// Longest run of end-of-bands (G.1.2.2), and libjpeg's limit on correction bits that wait behind one.
constexpr std::uint32_t kMostBandEnds = 0x7FFF;
constexpr std::size_t kMostWaitingBits = 937;

// Tokens of a block at most: a symbol, and a token of correction bits, for each coefficient, with runs of 16, and what waited.
constexpr std::size_t kBlockTokens = 2 * 64 + 8;
constexpr std::size_t kWaitingTokens = (kMostWaitingBits + 64) / 16 + 4;

constexpr std::uint8_t table_of(bool is_ycc, std::uint32_t component) noexcept { return is_ycc && component > 0 ? 1 : 0; }

// Correction bits, packed most significant first into tokens of at most 16.
class BitQueue {
 public:
  void append(std::uint32_t bit) { bits_[size_++] = static_cast<std::uint8_t>(bit); }
  void append(const BitQueue& other) {
    for (std::size_t i = 0; i < other.size_; ++i) append(other.bits_[i]);
  }
  std::size_t size() const noexcept { return size_; }
  Token* flush(Token* out) noexcept {
    for (std::size_t first = 0; first < size_; first += 16) {
      const std::size_t count = size_ - first < 16 ? size_ - first : 16;
      std::uint32_t value = 0;
      for (std::size_t i = 0; i < count; ++i) value = value << 1 | bits_[first + i];
      *out++ = token(kBareBits + static_cast<std::uint32_t>(count), value);
    }
    size_ = 0;
    return out;
  }

 private:
  std::array<std::uint8_t, kMostWaitingBits + 64> bits_;
  std::size_t size_ = 0;
};

// One scan; `out_` is where the next token goes.
class Scan {
 public:
  Scan(const FrameHeader& frame, const QuantisedBlocks& blocks, const ScanHeader& header, std::uint32_t restart_interval,
       TokenStore& store)
      : frame_(frame), blocks_(blocks), header_(header), interval_(restart_interval), left_(restart_interval), store_(store) {}

  void run() {
    if (header_.count > 1) {
      for (std::uint32_t row = 0; row < frame_.mcu_rows; ++row) interleaved_row(row);
    } else {
      const std::uint32_t c = header_.component[0];
      for (std::uint32_t row = 0; row < frame_.components[c].own_block_rows; ++row) component_row(c, row);
    }
    out_ = store_.room(kWaitingTokens);
    end_bands();
    store_.end_at(out_);
  }

 private:
  void component_row(std::uint32_t c, std::uint32_t row) {
    const Component& component = frame_.components[c];
    const std::uint32_t first = blocks_.block_number(c, row % component.v, 0);
    for (std::uint32_t x = 0; x < component.own_blocks_per_row; ++x) {
      begin_mcu(1);
      code_block(c, row / component.v, first + x);
      store_.end_at(out_);
    }
  }

  void interleaved_row(std::uint32_t row) {
    for (std::uint32_t mcu = 0; mcu < frame_.mcus_per_row; ++mcu) {
      begin_mcu(10);
      for (std::uint32_t c = 0; c < frame_.count; ++c) {
        const Component& component = frame_.components[c];
        for (std::uint32_t y = 0; y < component.v; ++y)
          for (std::uint32_t x = 0; x < component.h; ++x) code_block(c, row, blocks_.block_number(c, y, mcu * component.h + x));
      }
      store_.end_at(out_);
    }
  }

  void begin_mcu(std::size_t blocks) {
    out_ = store_.room(blocks * kBlockTokens + 2 * kWaitingTokens);
    if (interval_ == 0) return;
    if (left_ == 0) {
      end_bands();
      store_.end_at(out_);
      out_ = store_.room(blocks * kBlockTokens + kWaitingTokens);
      store_.restart();
      prediction_ = {};
      left_ = interval_;
    }
    --left_;
  }

  void code_block(std::uint32_t c, std::uint32_t row, std::uint32_t number) {
    const std::int16_t* block = blocks_.blocks(row)[number].coefficients.data();
    const std::uint64_t mask = blocks_.masks(row)[number];
    if (header_.spectral_start == 0) {
      header_.high_bit == 0 ? dc_first(c, block[0]) : dc_refine(block[0]);
    } else {
      const std::uint64_t band = (~std::uint64_t{0} >> (63 - header_.spectral_end)) & (~std::uint64_t{0} << header_.spectral_start);
      header_.high_bit == 0 ? ac_first(block, mask & band) : ac_refine(block, mask & band);
    }
  }

  // G.1.2.1: the point transform of DC is an arithmetic shift.
  void dc_first(std::uint32_t c, std::int32_t dc) {
    const std::int32_t shifted = dc >> header_.low_bit;
    const Magnitude difference = magnitude_of(shifted - prediction_[c]);
    prediction_[c] = shifted;
    *out_++ = token(dc_index(header_.dc_table[c]) + difference.size, difference.bits);
  }
  void dc_refine(std::int32_t dc) { *out_++ = token(kBareBits + 1, static_cast<std::uint32_t>(dc >> header_.low_bit) & 1); }

  // That of AC divides towards 0.
  std::int32_t magnitude(std::int16_t coefficient) const { return std::abs(int{coefficient}) >> header_.low_bit; }

  // G.1.2.2.
  void ac_first(const std::int16_t* block, std::uint64_t mask) {
    std::uint32_t next = header_.spectral_start;  // behind the last coefficient coded
    for (; mask != 0; mask &= mask - 1) {
      const auto k = static_cast<std::uint32_t>(std::countr_zero(mask));
      const std::int32_t value = magnitude(block[k]);
      if (value == 0) continue;
      end_bands();
      const std::uint32_t run = zero_runs(k - next);
      next = k + 1;
      const Magnitude coded = magnitude_of(block[k] < 0 ? -value : value);
      *out_++ = token(ac() + (run << 4) + coded.size, coded.bits);
    }
    if (next <= header_.spectral_end && ++band_ends_ == kMostBandEnds) end_bands();
  }

  // Symbols for whole runs of 16 zeros; returns the rest.
  std::uint32_t zero_runs(std::uint32_t run) {
    for (; run > 15; run -= 16) *out_++ = token(ac() + kRunOf16, 0);
    return run;
  }

  // G.1.2.3. Correction bits of coefficients passed over go behind the next symbol.
  void ac_refine(const std::int16_t* block, std::uint64_t mask) {
    const std::uint32_t last_new = last_newly_nonzero(block, mask);
    BitQueue passed;
    std::uint32_t run = 0, next = header_.spectral_start;
    for (; mask != 0; mask &= mask - 1) {
      const auto k = static_cast<std::uint32_t>(std::countr_zero(mask));
      const auto value = static_cast<std::uint32_t>(magnitude(block[k]));
      if (value == 0) continue;
      run += k - next;
      next = k + 1;
      for (; run > 15 && k <= last_new; run -= 16) {
        end_bands();
        *out_++ = token(ac() + kRunOf16, 0);
        out_ = passed.flush(out_);
      }
      if (value > 1) {
        passed.append(value & 1);
        continue;
      }
      end_bands();
      *out_++ = token(ac() + (run << 4) + 1, block[k] > 0);
      out_ = passed.flush(out_);
      run = 0;
    }
    run += header_.spectral_end + 1 - next;
    if (run > 0 || passed.size() > 0) end_band(passed);
  }

  // 0 if there is none.
  std::uint32_t last_newly_nonzero(const std::int16_t* block, std::uint64_t mask) const {
    std::uint32_t last = 0;
    for (; mask != 0; mask &= mask - 1) {
      const auto k = static_cast<std::uint32_t>(std::countr_zero(mask));
      if (magnitude(block[k]) == 1) last = k;
    }
    return last;
  }

  void end_band(const BitQueue& passed) {
    waiting_.append(passed);
    if (++band_ends_ == kMostBandEnds || waiting_.size() > kMostWaitingBits) end_bands();
  }

  // The symbol of the end-of-band run so far, and the correction bits within it.
  void end_bands() {
    if (band_ends_ == 0) return;
    const auto size = static_cast<std::uint32_t>(std::bit_width(band_ends_) - 1);
    *out_++ = token(ac() + (size << 4), band_ends_ & ((1u << size) - 1));
    out_ = waiting_.flush(out_);
    band_ends_ = 0;
  }

  std::uint32_t ac() const noexcept { return ac_index(header_.ac_table[0]); }

  const FrameHeader& frame_;
  const QuantisedBlocks& blocks_;
  const ScanHeader& header_;
  std::uint32_t interval_, left_;
  TokenStore& store_;
  Token* out_ = nullptr;
  std::array<std::int32_t, kMaxComponents> prediction_{};
  std::uint32_t band_ends_ = 0;
  BitQueue waiting_;
};

// All components with `of_each` copies of a scan, or one.
struct Script {
  const FrameHeader& frame;
  bool is_ycc;
  std::vector<ScanHeader> scans;

  void dc(std::uint32_t high, std::uint32_t low) {
    ScanHeader scan;
    scan.count = frame.count;
    for (std::uint32_t c = 0; c < frame.count; ++c) {
      scan.component[c] = static_cast<std::uint8_t>(c);
      scan.dc_table[c] = high == 0 ? table_of(is_ycc, c) : std::uint8_t{0};
      scan.ac_table[c] = 0;
    }
    scan.high_bit = high;
    scan.low_bit = low;
    scans.push_back(scan);
  }
  void ac(std::uint32_t c, std::uint32_t first, std::uint32_t last, std::uint32_t high, std::uint32_t low) {
    ScanHeader scan;
    scan.count = 1;
    scan.component[0] = static_cast<std::uint8_t>(c);
    scan.dc_table[0] = 0;
    scan.ac_table[0] = table_of(is_ycc, c);
    scan.spectral_start = first;
    scan.spectral_end = last;
    scan.high_bit = high;
    scan.low_bit = low;
    scans.push_back(scan);
  }
  void ac_of_all(std::uint32_t first, std::uint32_t last, std::uint32_t high, std::uint32_t low) {
    for (std::uint32_t c = 0; c < frame.count; ++c) ac(c, first, last, high, low);
  }
};

void ycc_script(Script& script) {
  script.dc(0, 1);
  script.ac(0, 1, 5, 0, 2);
  script.ac(2, 1, 63, 0, 1);
  script.ac(1, 1, 63, 0, 1);
  script.ac(0, 6, 63, 0, 2);
  script.ac(0, 1, 63, 2, 1);
  script.dc(1, 0);
  script.ac(2, 1, 63, 1, 0);
  script.ac(1, 1, 63, 1, 0);
  script.ac(0, 1, 63, 1, 0);
}

void general_script(Script& script) {
  script.dc(0, 1);
  script.ac_of_all(1, 5, 0, 2);
  script.ac_of_all(6, 63, 0, 2);
  script.ac_of_all(1, 63, 2, 1);
  script.dc(1, 0);
  script.ac_of_all(1, 63, 1, 0);
}

}  // namespace

std::vector<ScanHeader> simple_progression(const FrameHeader& frame, bool is_ycc) {
  Script script{frame, is_ycc, {}};
  is_ycc ? ycc_script(script) : general_script(script);
  return script.scans;
}

std::vector<ScanHeader> spectral_selection(const FrameHeader& frame, bool is_ycc) {
  Script script{frame, is_ycc, {}};
  script.dc(0, 0);
  script.ac_of_all(1, 5, 0, 0);
  script.ac_of_all(6, 63, 0, 0);
  return script.scans;
}

void tokenise_progressive(const FrameHeader& frame, const QuantisedBlocks& blocks, const ScanHeader& scan,
                          std::uint32_t restart_interval, TokenStore& store) {
  Scan(frame, blocks, scan, restart_interval, store).run();
}

std::uint32_t mcus_per_row(const FrameHeader& frame, const ScanHeader& scan) noexcept {
  return scan.count > 1 ? frame.mcus_per_row : frame.components[scan.component[0]].own_blocks_per_row;
}

}  // namespace turbodicom::codec::jpeg
