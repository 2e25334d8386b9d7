// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The Reconstructor against a plain model of libjpeg-turbo's rules: whole planes, then pixel by pixel. That these are
// its rules is for the tests with peers to show.
#include "turbodicom/codec/jpeg/reconstructor.h"

#include <algorithm>
#include <random>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/idct.h"

using namespace turbodicom;
using namespace turbodicom::codec;
using namespace turbodicom::codec::jpeg;

namespace {

struct Factors {
  std::uint8_t h, v;
};
using Sampling = std::vector<Factors>;

constexpr std::uint32_t ceil_div(std::uint32_t value, std::uint32_t by) { return (value + by - 1) / by; }

FrameHeader frame_of(std::uint32_t rows, std::uint32_t columns, const Sampling& sampling, std::uint32_t precision) {
  FrameHeader frame;
  frame.precision = precision;
  frame.rows = rows;
  frame.columns = columns;
  frame.count = static_cast<std::uint32_t>(sampling.size());
  for (const Factors& factors : sampling) {
    frame.h_max = std::max<std::uint32_t>(frame.h_max, factors.h);
    frame.v_max = std::max<std::uint32_t>(frame.v_max, factors.v);
  }
  frame.mcus_per_row = ceil_div(columns, 8 * frame.h_max);
  frame.mcu_rows = ceil_div(rows, 8 * frame.v_max);
  for (std::size_t c = 0; c < sampling.size(); ++c) {
    Component& component = frame.components[c];
    component.h = sampling[c].h;
    component.v = sampling[c].v;
    component.blocks_per_row = frame.mcus_per_row * component.h;
    component.block_rows = frame.mcu_rows * component.v;
  }
  return frame;
}

// A frame's coefficients, at random, and what is to become of them.
template <typename Sample>
class Picture {
 public:
  Picture(std::uint32_t rows, std::uint32_t columns, const Sampling& sampling, std::uint32_t halvings = 0)
      : frame(frame_of(rows, columns, sampling, sizeof(Sample) == 1 ? 8 : 12)), reduce(halvings) {
    std::mt19937 generator(rows * 1000 + columns);
    for (auto& table : tables) table.fill(3);
    for (std::size_t c = 0; c < frame.count; ++c) {
      const std::size_t blocks = std::size_t{frame.components[c].blocks_per_row} * frame.components[c].block_rows;
      coefficients[c].assign(64 * blocks + 32, 0);
      last[c].assign(blocks, 63);
      for (std::size_t b = 0; b < blocks; ++b) fill(block(c, b), last[c][b], generator);
    }
    make_planes();
  }

  std::uint32_t rows() const { return ceil_div(frame.rows << 3 >> reduce, 8); }
  std::uint32_t columns() const { return ceil_div(frame.columns << 3 >> reduce, 8); }

  Output output(ImageView image, bool ycc_to_rgb, std::uint32_t first_row = 0, std::uint32_t first_column = 0) const {
    return {image, ycc_to_rgb, reduce, first_row, first_column};
  }

  void reconstruct(const Output& output, std::uint32_t first, std::uint32_t end) const {
    Reconstructor reconstructor(frame, tables, output, first, end);
    for (std::uint32_t mcu_row = reconstructor.first_needed(); mcu_row < reconstructor.end_needed(); ++mcu_row) {
      McuRow row;
      for (std::size_t c = 0; c < frame.count; ++c) {
        const std::size_t at = std::size_t{mcu_row} * frame.components[c].v * frame.components[c].blocks_per_row;
        row.blocks[c] = block(c, at);
        row.last[c] = last[c].data() + at;
      }
      reconstructor.push(mcu_row, row);
    }
  }

  // The model: one sample of the image.
  int sample(std::size_t c, std::int64_t row, std::int64_t column) const {
    const Component& component = frame.components[c];
    const std::int64_t smallest = 8 >> reduce;
    const std::int64_t h = component.h * edges[c] / smallest, v = component.v * edges[c] / smallest;
    const std::int64_t near_row = row * v / frame.v_max, near = column * h / frame.h_max;
    const bool is_fancy = smallest > 1, is_wide = is_fancy && widths[c] > 2;
    const std::int64_t far = near + (column % 2 == 0 ? -1 : 1), far_row = near_row + (row % 2 == 0 ? -1 : 1);
    const bool halves_h = 2 * h == frame.h_max, halves_v = 2 * v == frame.v_max;
    const bool same_h = h == frame.h_max, same_v = v == frame.v_max;
    if (halves_h && same_v && is_wide)
      return (3 * at(c, near_row, near) + at(c, near_row, far) + (column % 2 == 0 ? 1 : 2)) / 4;
    if (same_h && halves_v && is_fancy)
      return (3 * at(c, near_row, near) + at(c, far_row, near) + (row % 2 == 0 ? 1 : 2)) / 4;
    if (halves_h && halves_v && is_wide)
      return (3 * (3 * at(c, near_row, near) + at(c, far_row, near)) + 3 * at(c, near_row, far) + at(c, far_row, far) +
              (column % 2 == 0 ? 8 : 7)) / 16;
    return at(c, near_row, near);
  }

  // ... with colour.
  int pixel(std::size_t c, std::uint32_t row, std::uint32_t column, bool ycc_to_rgb) const {
    if (!ycc_to_rgb || c == 3) return sample(c, row, column);
    constexpr int kLargest = sizeof(Sample) == 1 ? 255 : 4095;
    const int y = sample(0, row, column);
    const int cb = sample(1, row, column) - (kLargest + 1) / 2, cr = sample(2, row, column) - (kLargest + 1) / 2;
    const int sums[3] = {91881 * cr, -22554 * cb - 46802 * cr, 116130 * cb};
    const int value = std::clamp(y + ((sums[c] + 32768) >> 16), 0, kLargest);
    return frame.count == 4 ? kLargest - value : value;
  }

  FrameHeader frame;
  ComponentTables tables;
  std::uint32_t reduce;

 private:
  static void fill(std::int16_t* block, std::uint8_t& last, std::mt19937& generator) {
    const int largest = sizeof(Sample) == 1 ? 250 : 4000;
    const auto coefficient = [&] {
      return static_cast<std::int16_t>(static_cast<int>(generator() % static_cast<unsigned>(2 * largest)) - largest);
    };
    block[0] = coefficient();
    if (generator() % 3 == 0) last = 0;
    else
      for (int i = 0; i < 6; ++i) block[generator() % 64] = coefficient();
  }

  std::int16_t* block(std::size_t c, std::size_t index) {
    return const_cast<std::int16_t*>(std::as_const(*this).block(c, index));
  }
  const std::int16_t* block(std::size_t c, std::size_t index) const {
    const std::int16_t* first = coefficients[c].data();
    while (reinterpret_cast<std::uintptr_t>(first) % 64 != 0) ++first;
    return first + 64 * index;
  }

  void make_planes() {
    for (std::size_t c = 0; c < frame.count; ++c) {
      const Component& component = frame.components[c];
      const std::uint32_t smallest = 8u >> reduce;
      std::uint32_t halvings = reduce;
      for (std::uint32_t edge = smallest; edge < 8; edge *= 2) {
        if (frame.h_max * smallest % (component.h * edge * 2) != 0 || frame.v_max * smallest % (component.v * edge * 2) != 0)
          break;
        --halvings;
      }
      edges[c] = 8 >> halvings;
      const std::uint32_t edge = 8u >> halvings;
      widths[c] = ceil_div(frame.columns * component.h * edge, frame.h_max * 8);
      heights[c] = ceil_div(frame.rows * component.v * edge, frame.v_max * 8);
      strides[c] = component.blocks_per_row * edge;
      planes[c].resize(std::size_t{strides[c]} * component.block_rows * edge);
      for (std::uint32_t row = 0; row < component.block_rows; ++row)
        idct_kernels(Isa::scalar).of<Sample>(halvings)(
            block(c, std::size_t{row} * component.blocks_per_row), nullptr, component.blocks_per_row,
            dequantiser(tables[c]), planes[c].data() + std::size_t{row} * edge * strides[c], strides[c]);
    }
  }

  // Edges repeat.
  int at(std::size_t c, std::int64_t row, std::int64_t column) const {
    const auto r = static_cast<std::size_t>(std::clamp<std::int64_t>(row, 0, heights[c] - 1));
    const auto x = static_cast<std::size_t>(std::clamp<std::int64_t>(column, 0, widths[c] - 1));
    return planes[c][r * strides[c] + x];
  }

  std::array<std::vector<std::int16_t>, 4> coefficients;
  std::array<std::vector<std::uint8_t>, 4> last;
  std::array<std::vector<Sample>, 4> planes;
  std::array<int, 4> edges{};
  std::array<std::uint32_t, 4> widths{}, heights{}, strides{};
};

// A destination with a margin that nobody may touch.
class Destination {
 public:
  Destination(SampleType type, std::uint32_t rows, std::uint32_t columns, std::uint32_t samples, bool is_planar)
      : bytes_(bytes_of(type) * rows * columns * samples + 2 * kMargin, 0xA5),
        view(is_planar ? planar_view(bytes_.data() + kMargin, type, rows, columns, samples)
                       : interleaved_view(bytes_.data() + kMargin, type, rows, columns, samples)) {}

  int at(std::uint32_t row, std::uint32_t column, std::uint32_t sample) const {
    const std::uint8_t* const from = view.at(row, column, sample);
    return view.sample_bytes() == 1 ? *from : from[0] | from[1] << 8;
  }
  bool is_margin_untouched() const {
    const auto is_untouched = [](std::uint8_t byte) { return byte == 0xA5; };
    return std::all_of(bytes_.begin(), bytes_.begin() + kMargin, is_untouched) &&
           std::all_of(bytes_.end() - kMargin, bytes_.end(), is_untouched);
  }

 private:
  static constexpr std::ptrdiff_t kMargin = 64;
  std::vector<std::uint8_t> bytes_;

 public:
  const ImageView view;
};

template <typename Sample>
constexpr SampleType kType = sizeof(Sample) == 1 ? SampleType::u8 : SampleType::u16;

// Pixels that differ from the model's.
template <typename Sample>
std::size_t wrong_pixels(const Picture<Sample>& picture, const Destination& found, const Output& output) {
  std::size_t wrong = 0;
  for (std::uint32_t row = 0; row < found.view.rows; ++row)
    for (std::uint32_t column = 0; column < found.view.columns; ++column)
      for (std::uint32_t c = 0; c < found.view.samples; ++c)
        wrong += found.at(row, column, c) !=
                 picture.pixel(c, row + output.first_row, column + output.first_column, output.ycc_to_rgb);
  return wrong;
}

template <typename Sample>
void check_whole(const Picture<Sample>& picture, bool ycc_to_rgb, bool is_planar) {
  const Destination found(kType<Sample>, picture.rows(), picture.columns(), picture.frame.count, is_planar);
  const Output output = picture.output(found.view, ycc_to_rgb);
  picture.reconstruct(output, 0, picture.frame.mcu_rows);
  const std::size_t wrong = wrong_pixels(picture, found, output);
  REQUIRE_MESSAGE(wrong == 0, picture.frame.rows, " x ", picture.frame.columns, ", ", int{picture.frame.components[0].h},
                  "x", int{picture.frame.components[0].v}, ", reduce ", picture.reduce, ", planar ", is_planar);
  REQUIRE(found.is_margin_untouched());
}

const Sampling kSamplings[] = {{{1, 1}},
                               {{2, 2}},
                               {{1, 1}, {1, 1}},
                               {{1, 1}, {1, 1}, {1, 1}},
                               {{2, 1}, {1, 1}, {1, 1}},
                               {{1, 2}, {1, 1}, {1, 1}},
                               {{2, 2}, {1, 1}, {1, 1}},
                               {{2, 2}, {2, 1}, {1, 2}},
                               {{4, 1}, {1, 1}, {1, 1}},
                               {{4, 2}, {1, 1}, {1, 1}},
                               {{1, 4}, {1, 2}, {1, 1}},
                               {{3, 2}, {2, 1}, {1, 2}},
                               {{2, 3}, {1, 2}, {2, 1}},
                               {{2, 2}, {1, 1}, {1, 1}, {2, 2}}};
constexpr std::uint32_t kRows[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 33, 40};

}  // namespace

TEST_CASE("images of every small size and sampling equal the model's") {
  for (const Sampling& sampling : kSamplings)
    for (const std::uint32_t rows : kRows)
      for (std::uint32_t columns = 1; columns <= 40; ++columns) {
        const bool ycc_to_rgb = columns % 2 == 0 && sampling.size() >= 3;
        const bool is_planar = rows % 2 == 0;
        if (columns % 5 == 0) check_whole(Picture<std::uint16_t>(rows, columns, sampling), ycc_to_rgb, is_planar);
        else check_whole(Picture<std::uint8_t>(rows, columns, sampling), ycc_to_rgb, is_planar);
      }
}

TEST_CASE("reduced images of every sampling equal the model's") {
  for (const Sampling& sampling : kSamplings)
    for (std::uint32_t reduce = 1; reduce <= 3; ++reduce)
      for (const std::uint32_t rows : kRows)
        for (std::uint32_t columns = 1; columns <= 40; columns += 3) {
          const bool ycc_to_rgb = columns % 2 == 0 && sampling.size() >= 3;
          check_whole(Picture<std::uint8_t>(rows, columns, sampling, reduce), ycc_to_rgb, rows % 2 == 0);
          if (columns % 7 == 0) check_whole(Picture<std::uint16_t>(rows, columns, sampling, reduce), ycc_to_rgb, false);
        }
}

TEST_CASE("an image wider than any vector equals the model's") {
  for (const Sampling& sampling : kSamplings) {
    check_whole(Picture<std::uint8_t>(19, 421, sampling), sampling.size() >= 3, false);
    check_whole(Picture<std::uint8_t>(19, 421, sampling), false, false);
    check_whole(Picture<std::uint8_t>(19, 421, sampling), sampling.size() >= 3, true);
    check_whole(Picture<std::uint16_t>(19, 421, sampling), sampling.size() >= 3, true);
  }
}

TEST_CASE("a window is that part of the image, and nothing else is written") {
  std::mt19937 generator(17);
  for (const Sampling& sampling : kSamplings)
    for (int round = 0; round < 60; ++round) {
      const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(generator() % limit); };
      const Picture<std::uint8_t> picture(50 + below(20), 60 + below(20), sampling, below(3));
      const std::uint32_t first_row = below(picture.rows()), first_column = below(picture.columns());
      const Destination found(SampleType::u8, 1 + below(picture.rows() - first_row),
                              1 + below(picture.columns() - first_column), picture.frame.count, round % 2 == 0);
      const Output output = picture.output(found.view, sampling.size() >= 3 && round % 3 != 0, first_row, first_column);
      picture.reconstruct(output, 0, picture.frame.mcu_rows);
      REQUIRE(wrong_pixels(picture, found, output) == 0);
      REQUIRE(found.is_margin_untouched());
    }
}

TEST_CASE("rows of MCUs may be reconstructed in parts, each with the neighbours it asks for") {
  for (const Sampling& sampling : kSamplings)
    for (const std::uint32_t part : {1u, 2u}) {
      const Picture<std::uint8_t> picture(100, 33, sampling);
      const Destination found(SampleType::u8, 100, 33, picture.frame.count, false);
      const Output output = picture.output(found.view, false);
      for (std::uint32_t first = 0; first < picture.frame.mcu_rows; first += part)
        picture.reconstruct(output, first, std::min(first + part, picture.frame.mcu_rows));
      REQUIRE(wrong_pixels(picture, found, output) == 0);
    }
}

TEST_CASE("8 bits go into 16-bit destinations, signed or not, even at odd addresses") {
  for (const SampleType type : {SampleType::u16, SampleType::i16}) {
    const Picture<std::uint8_t> picture(20, 21, {{2, 2}, {1, 1}, {1, 1}});
    const Destination found(type, 20, 21, 3, false);
    picture.reconstruct(picture.output(found.view, true), 0, picture.frame.mcu_rows);
    CHECK(wrong_pixels(picture, found, picture.output(found.view, true)) == 0);
  }
  const Picture<std::uint16_t> picture(20, 21, {{1, 1}});
  std::vector<std::uint8_t> bytes(2 * 20 * 21 + 1);
  const ImageView odd = interleaved_view(bytes.data() + 1, SampleType::u16, 20, 21, 1);
  picture.reconstruct(picture.output(odd, false), 0, picture.frame.mcu_rows);
  const auto sample = [&](std::uint32_t row, std::uint32_t column) {
    const std::uint8_t* const at = odd.at(row, column, 0);
    return at[0] | at[1] << 8;
  };
  CHECK(sample(19, 20) == picture.sample(0, 19, 20));
  CHECK(sample(3, 4) == picture.sample(0, 3, 4));
}

TEST_CASE("rows of the destination may run upwards") {
  const Picture<std::uint8_t> picture(20, 21, {{1, 1}});
  std::vector<std::uint8_t> bytes(20 * 21);
  ImageView image = interleaved_view(bytes.data(), SampleType::u8, 20, 21, 1);
  image.data += 19 * image.row_stride;
  image.row_stride = -image.row_stride;
  picture.reconstruct(picture.output(image, false), 0, picture.frame.mcu_rows);
  for (std::uint32_t row = 0; row < 20; ++row)
    for (std::uint32_t column = 0; column < 21; ++column)
      REQUIRE(*image.at(row, column, 0) == picture.sample(0, row, column));
}

TEST_CASE("only vertical filters touch rows above, and ask for neighbours") {
  const auto touched = [](const Sampling& sampling, std::uint32_t columns) {
    return rows_above_touched(frame_of(64, columns, sampling, 8));
  };
  CHECK(touched({{2, 2}, {1, 1}, {1, 1}}, 64) == 1);
  CHECK(touched({{1, 2}, {1, 1}, {1, 1}}, 64) == 1);
  CHECK(touched({{2, 2}, {1, 1}, {1, 1}}, 4) == 0);  // too narrow to be filtered
  CHECK(touched({{2, 1}, {1, 1}, {1, 1}}, 64) == 0);
  CHECK(touched({{2, 2}}, 64) == 0);

  const Picture<std::uint8_t> picture(100, 40, {{2, 2}, {1, 1}, {1, 1}});
  const Destination found(SampleType::u8, 100, 40, 3, false);
  const Reconstructor middle(picture.frame, picture.tables, picture.output(found.view, false), 2, 4);
  CHECK(middle.first_needed() == 1);
  CHECK(middle.end_needed() == 5);
  const Reconstructor whole(picture.frame, picture.tables, picture.output(found.view, false), 0, 7);
  CHECK(whole.first_needed() == 0);
  CHECK(whole.end_needed() == 7);
  const Destination row(SampleType::u8, 1, 40, 3, false);
  const Reconstructor window(picture.frame, picture.tables, picture.output(row.view, false, 50), 0, 7);
  CHECK(window.first_needed() == 3);
  CHECK(window.end_needed() == 4);
  const Reconstructor nothing(picture.frame, picture.tables, picture.output(row.view, false, 50), 5, 7);
  CHECK(nothing.first_needed() == nothing.end_needed());
}
