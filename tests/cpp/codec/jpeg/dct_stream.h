// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Builds DCT-based codestreams symbol by symbol, right or wrong on purpose (T.81 Annexes B, F, G). Its Huffman table is
// the same for everything: each of the symbols that `kSymbols` lists has a code of 5 bits, its place in the list.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "turbodicom/codec/jpeg/markers.h"

namespace dct_test {

using Bytes = std::vector<std::uint8_t>;

// RRRRSSSS. The first 16 are all a DC table may have.
inline constexpr std::array<std::uint8_t, 28> kSymbols = {0,    1,    2,    3,    4,    5,    6,    7,    8,    9,
                                                          10,   11,   12,   13,   14,   15,   0xF0, 0x11, 0x21, 0xF1,
                                                          0x10, 0x20, 0x30, 0xE0, 0x12, 0x72, 0x41, 0x31};

// Entropy-coded bits, stuffed and filled up with ones.
class Bits {
 public:
  Bits& bits(std::uint32_t value, int count) {
    while (count-- > 0) bits_ += (value >> count & 1) != 0 ? '1' : '0';
    return *this;
  }
  Bits& symbol(std::uint8_t rs) {
    const auto place = std::find(kSymbols.begin(), kSymbols.end(), rs) - kSymbols.begin();
    return bits(static_cast<std::uint32_t>(place), 5);
  }
  // A code and the magnitude of `value` behind it.
  Bits& coefficient(std::uint8_t run, int value) {
    int size = 0;
    while (std::abs(value) >> size != 0) ++size;
    symbol(static_cast<std::uint8_t>(run << 4 | size));
    return bits(static_cast<std::uint32_t>(value < 0 ? value + (1 << size) - 1 : value), size);
  }
  Bits& dc(int difference) { return coefficient(0, difference); }
  Bits& eob() { return symbol(0); }
  Bits& no_code() { return bits(0x1FFFF, 17); }

  Bytes bytes() const {
    Bytes out;
    std::string padded = bits_;
    while (padded.size() % 8 != 0) padded += '1';
    for (std::size_t i = 0; i < padded.size(); i += 8) {
      out.push_back(static_cast<std::uint8_t>(std::stoi(padded.substr(i, 8), nullptr, 2)));
      if (out.back() == 0xFF) out.push_back(0);
    }
    return out;
  }

 private:
  std::string bits_;
};

struct Sampling {
  std::uint8_t h, v;
};

class Stream {
 public:
  // `sof`: the low byte of the marker.
  Stream(std::uint8_t sof, std::uint8_t precision, std::uint16_t rows, std::uint16_t columns, std::vector<Sampling> sampling) {
    raw({0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0});
    bytes_.insert(bytes_.end(), 64, 1);
    raw({0xFF, sof, 0, static_cast<std::uint8_t>(8 + 3 * sampling.size()), precision, high(rows), low(rows), high(columns),
         low(columns), static_cast<std::uint8_t>(sampling.size())});
    for (std::size_t i = 0; i < sampling.size(); ++i)
      raw({static_cast<std::uint8_t>(i + 1), static_cast<std::uint8_t>(sampling[i].h << 4 | sampling[i].v), 0});
    table(0x00, 16);
    table(0x10, kSymbols.size());
  }

  Stream& restart_interval(std::uint16_t mcus) { return raw({0xFF, 0xDD, 0, 4, high(mcus), low(mcus)}); }
  Stream& scan(std::vector<std::uint8_t> ids, std::uint8_t ss = 0, std::uint8_t se = 63, std::uint8_t ah_al = 0) {
    raw({0xFF, 0xDA, 0, static_cast<std::uint8_t>(6 + 2 * ids.size()), static_cast<std::uint8_t>(ids.size())});
    for (const std::uint8_t id : ids) raw({id, 0});
    return raw({ss, se, ah_al});
  }
  Stream& data(const Bits& bits) { return append(bits.bytes()); }
  Stream& restart(int number) { return raw({0xFF, static_cast<std::uint8_t>(0xD0 + number)}); }
  Stream& end() { return raw({0xFF, 0xD9}); }
  Stream& raw(std::initializer_list<std::uint8_t> values) {
    for (const std::uint8_t byte : values) bytes_.push_back(byte);
    return *this;
  }
  Stream& append(const Bytes& bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  static std::uint8_t high(std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); }
  static std::uint8_t low(std::uint16_t value) { return static_cast<std::uint8_t>(value); }
  void table(std::uint8_t where, std::size_t symbols) {
    raw({0xFF, 0xC4, 0, static_cast<std::uint8_t>(19 + symbols), where, 0, 0, 0, 0, static_cast<std::uint8_t>(symbols)});
    bytes_.insert(bytes_.end(), 11, 0);
    bytes_.insert(bytes_.end(), kSymbols.begin(), kSymbols.begin() + static_cast<std::ptrdiff_t>(symbols));
  }

  Bytes bytes_;
};

// The stream's markers, read up to its first scan.
inline turbodicom::codec::jpeg::MarkerReader first_scan(const Bytes& bytes) {
  turbodicom::codec::jpeg::MarkerReader markers(bytes);
  while (markers.next() == turbodicom::codec::jpeg::MarkerReader::Stop::frame) {
  }
  return markers;
}

}  // namespace dct_test
