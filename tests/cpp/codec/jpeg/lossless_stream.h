// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A plain writer of process 14 for tests, straight from T.81 Annex H: bit by bit, sample by sample, any sampling factors.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "turbodicom/codec/jpeg/huffman.h"

namespace lossless_test {

using Bytes = std::vector<std::uint8_t>;

// Plain std::uint32_t, so that tests can do sums with it.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

struct Plane {
  std::uint32_t h = 1, v = 1;
  std::uint32_t rows = 0, columns = 0;
  std::vector<std::uint16_t> samples{};
  std::uint16_t at(std::uint32_t row, std::uint32_t column) const {  // samples beyond the edge repeat it
    return samples[std::size_t{std::min(row, rows - 1)} * columns + std::min(column, columns - 1)];
  }
};

struct Image {
  std::uint32_t rows = 0, columns = 0, precision = 8;
  std::vector<Plane> planes{};
};

struct Coding {
  std::uint32_t selection = 1, point_transform = 0;
  std::uint32_t rows_per_interval = 0;
  bool interleaved = true;
  bool long_codes = false;       // most codes longer than any look-up
  bool signed_halves = false;    // the encoder that predictor6_overflow is for
};

inline turbodicom::codec::jpeg::HuffmanSpec table(bool long_codes) {
  turbodicom::codec::jpeg::HuffmanSpec spec;
  spec.is_defined = true;
  if (long_codes) {
    spec.counts[1] = 1;
    spec.counts[16] = 16;
  } else {
    spec.counts[3] = 7;
    for (std::size_t length = 4; length <= 13; ++length) spec.counts[length] = 1;
  }
  for (std::uint8_t category = 0; category <= 16; ++category) spec.values[category] = category;
  return spec;
}

class Bits {
 public:
  explicit Bits(Bytes& out) : out_(out) {}
  void put(std::uint32_t bits, std::uint32_t count) {
    for (std::uint32_t i = count; i-- > 0;) {
      byte_ = byte_ << 1 | (bits >> i & 1);
      if (++used_ == 8) flush_byte();
    }
  }
  void finish() {
    while (used_ != 0) put(1, 1);
  }

 private:
  void flush_byte() {
    out_.push_back(static_cast<std::uint8_t>(byte_));
    if ((byte_ & 0xFF) == 0xFF) out_.push_back(0);
    byte_ = used_ = 0;
  }
  Bytes& out_;
  std::uint32_t byte_ = 0, used_ = 0;
};

class Writer {
 public:
  Writer(const Image& image, const Coding& coding) : image_(image), coding_(coding), codes_(turbodicom::codec::jpeg::huffman_codes(table(coding.long_codes), 16)) {}

  Bytes write() {
    for (const Plane& plane : image_.planes) {
      h_max_ = std::max(h_max_, plane.h);
      v_max_ = std::max(v_max_, plane.v);
    }
    out_ = {0xFF, 0xD8};
    frame_header();
    huffman_table();
    if (coding_.interleaved) {
      std::vector<std::size_t> all;
      for (std::size_t i = 0; i < image_.planes.size(); ++i) all.push_back(i);
      scan(all);
    } else {
      for (std::size_t i = 0; i < image_.planes.size(); ++i) scan({i});
    }
    put({0xFF, 0xD9});
    return out_;
  }

  // Table H.1 on samples after the point transform.
  int prediction(const Plane& plane, std::uint32_t row, std::uint32_t column, bool first_row) const {
    const auto value = [&](std::uint32_t r, std::uint32_t c) {
      const auto sample = static_cast<std::uint16_t>(plane.at(r, c) >> coding_.point_transform);
      return coding_.signed_halves ? int{static_cast<std::int16_t>(sample)} : int{sample};
    };
    if (first_row && column == 0) return 1 << (image_.precision - coding_.point_transform - 1);
    if (first_row) return value(row, column - 1);
    if (column == 0) return value(row - 1, 0);
    const int ra = value(row, column - 1), rb = value(row - 1, column), rc = value(row - 1, column - 1);
    switch (coding_.selection) {
      case 1: return ra;
      case 2: return rb;
      case 3: return rc;
      case 4: return ra + rb - rc;
      case 5: return ra + ((rb - rc) >> 1);
      case 6: return rb + ((ra - rc) >> 1);
      default: return (ra + rb) >> 1;
    }
  }

 private:
  void put(std::initializer_list<std::uint32_t> bytes) {
    for (const std::uint32_t byte : bytes) out_.push_back(static_cast<std::uint8_t>(byte));
  }
  void frame_header() {
    const auto count = static_cast<std::uint32_t>(image_.planes.size());
    put({0xFF, 0xC3, 0, 8 + 3 * count, image_.precision, image_.rows >> 8, image_.rows, image_.columns >> 8, image_.columns, count});
    for (std::uint32_t i = 0; i < count; ++i) put({i + 1, image_.planes[i].h << 4 | image_.planes[i].v, 0});
  }
  void huffman_table() {
    const auto spec = table(coding_.long_codes);
    put({0xFF, 0xC4, 0, 2 + 17 + 17, 0});
    out_.insert(out_.end(), spec.counts.begin() + 1, spec.counts.end());
    out_.insert(out_.end(), spec.values.begin(), spec.values.begin() + 17);
  }

  void scan(const std::vector<std::size_t>& positions) {
    const bool alone = positions.size() == 1;
    const Plane& first = image_.planes[positions[0]];
    const std::uint32_t across = alone ? first.columns : (image_.columns + h_max_ - 1) / h_max_;
    const std::uint32_t down = alone ? first.rows : (image_.rows + v_max_ - 1) / v_max_;
    const std::uint32_t interval = coding_.rows_per_interval * across;
    put({0xFF, 0xDD, 0, 4, interval >> 8, interval});
    put({0xFF, 0xDA, 0, 6 + 2 * static_cast<std::uint32_t>(positions.size()), static_cast<std::uint32_t>(positions.size())});
    for (const std::size_t position : positions) put({static_cast<std::uint32_t>(position) + 1, 0});
    put({coding_.selection, 0, coding_.point_transform});
    Bits bits(out_);
    for (std::uint32_t row = 0; row < down; ++row) {
      const bool restarts = coding_.rows_per_interval != 0 && row % coding_.rows_per_interval == 0;
      if (restarts && row != 0) {
        bits.finish();
        put({0xFF, 0xD0 + (row / coding_.rows_per_interval - 1) % 8});
      }
      for (std::uint32_t mcu = 0; mcu < across; ++mcu)
        for (const std::size_t position : positions) write_mcu(bits, image_.planes[position], row, mcu, alone, restarts || row == 0);
    }
    bits.finish();
  }

  void write_mcu(Bits& bits, const Plane& plane, std::uint32_t row, std::uint32_t mcu, bool alone, bool is_interval_start) {
    const std::uint32_t h = alone ? 1 : plane.h, v = alone ? 1 : plane.v;
    for (std::uint32_t y = 0; y < v; ++y)
      for (std::uint32_t x = 0; x < h; ++x) write_sample(bits, plane, row * v + y, mcu * h + x, is_interval_start && y == 0);
  }

  void write_sample(Bits& bits, const Plane& plane, std::uint32_t row, std::uint32_t column, bool first_row) {
    const bool is_beyond = row >= plane.rows || column >= plane.columns;
    const int sample = plane.at(row, column) >> coding_.point_transform;
    const int difference = is_beyond ? 0 : static_cast<std::int16_t>(sample - prediction(plane, row, column, first_row));
    std::uint32_t category = 0;  // H.1.2.2
    while (difference == -32768 ? category < 16 : std::abs(difference) >> category != 0) ++category;
    bits.put(codes_.code[category], codes_.length[category]);
    if (category > 0 && category < 16)
      bits.put(static_cast<std::uint32_t>(difference > 0 ? difference : difference - 1) & ((1u << category) - 1), category);
  }

  const Image& image_;
  const Coding& coding_;
  turbodicom::codec::jpeg::HuffmanCodes codes_;
  std::uint32_t h_max_ = 1, v_max_ = 1;
  Bytes out_;
};

// Half noise, half steps, so that short and long differences come; low bits that the point transform drops are 0.
inline Image random_image(Random& random, std::uint32_t rows, std::uint32_t columns, std::uint32_t precision,
                          const std::vector<std::pair<std::uint32_t, std::uint32_t>>& sampling, std::uint32_t point_transform = 0) {
  Image image{rows, columns, precision};
  std::uint32_t h_max = 1, v_max = 1;
  for (const auto& [h, v] : sampling) h_max = std::max(h_max, h), v_max = std::max(v_max, v);
  for (const auto& [h, v] : sampling) {
    Plane plane{h, v, (rows * v + v_max - 1) / v_max, (columns * h + h_max - 1) / h_max};
    plane.samples.resize(std::size_t{plane.rows} * plane.columns);
    std::uint32_t value = 0;
    for (auto& sample : plane.samples) {
      const std::uint32_t kind = random() % 8;
      value = kind < 4 ? value : kind < 7 ? value + random() % 5 : random();
      sample = static_cast<std::uint16_t>((value & ((1u << precision) - 1)) >> point_transform << point_transform);
    }
    image.planes.push_back(std::move(plane));
  }
  return image;
}

}  // namespace lossless_test
