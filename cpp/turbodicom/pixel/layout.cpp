// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// copy_image() picks the longest runs the two views share: the whole image, whole rows, rows of
// planes, or single samples.
#include "turbodicom/pixel/layout.h"

#include <cstring>

#include "turbodicom/pixel/layout_kernels.h"

namespace turbodicom::pixel {
namespace {

template <typename Sample>
void interleave3(Planes from, std::uint8_t* pixels, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t s = 0; s < 3; ++s)
      std::memcpy(pixels + (3 * i + s) * sizeof(Sample), from.plane[s] + i * sizeof(Sample), sizeof(Sample));
}

template <typename Sample>
void deinterleave3(const std::uint8_t* pixels, MutablePlanes to, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t s = 0; s < 3; ++s)
      std::memcpy(to.plane[s] + i * sizeof(Sample), pixels + (3 * i + s) * sizeof(Sample), sizeof(Sample));
}

// Samples of a pixel side by side, pixels side by side.
template <typename Byte>
bool has_interleaved_rows(const BasicImageView<Byte>& view) noexcept {
  const auto sample = static_cast<std::ptrdiff_t>(view.sample_bytes());
  return (view.samples == 1 || view.sample_stride == sample) && view.column_stride == sample * view.samples;
}

// Samples of one plane side by side.
template <typename Byte>
bool has_planar_rows(const BasicImageView<Byte>& view) noexcept {
  return view.column_stride == static_cast<std::ptrdiff_t>(view.sample_bytes());
}

// Rows without gaps become one long row, so that small images pay for one call.
template <typename Byte>
bool has_no_row_gaps(const BasicImageView<Byte>& view) noexcept {
  return view.row_stride == view.column_stride * static_cast<std::ptrdiff_t>(view.columns);
}

struct Run {
  std::size_t rows;
  std::size_t columns;
};

Run longest_run(const ConstImageView& from, const ImageView& to) noexcept {
  const std::size_t rows = to.rows, columns = to.columns;
  if (has_no_row_gaps(from) && has_no_row_gaps(to)) return {1, rows * columns};
  return {rows, columns};
}

void copy_rows(const ConstImageView& from, const ImageView& to, Run run) noexcept {
  const std::size_t bytes = run.columns * to.samples * to.sample_bytes();
  for (std::size_t r = 0; r < run.rows; ++r) std::memcpy(to.row(r), from.row(r), bytes);
}

void copy_plane_rows(const ConstImageView& from, const ImageView& to, Run run) noexcept {
  const std::size_t bytes = run.columns * to.sample_bytes();
  for (std::size_t s = 0; s < to.samples; ++s)
    for (std::size_t r = 0; r < run.rows; ++r) std::memcpy(to.at(r, 0, s), from.at(r, 0, s), bytes);
}

void interleave_rows(const ConstImageView& from, const ImageView& to, Run run) noexcept {
  const LayoutKernels& kernels = layout_kernels();
  const InterleaveFn row = to.sample_bytes() == 1 ? kernels.interleave3_u8 : kernels.interleave3_u16;
  for (std::size_t r = 0; r < run.rows; ++r)
    row(Planes{{from.at(r, 0, 0), from.at(r, 0, 1), from.at(r, 0, 2)}}, to.row(r), run.columns);
}

void deinterleave_rows(const ConstImageView& from, const ImageView& to, Run run) noexcept {
  const LayoutKernels& kernels = layout_kernels();
  const DeinterleaveFn row = to.sample_bytes() == 1 ? kernels.deinterleave3_u8 : kernels.deinterleave3_u16;
  for (std::size_t r = 0; r < run.rows; ++r)
    row(from.row(r), MutablePlanes{{to.at(r, 0, 0), to.at(r, 0, 1), to.at(r, 0, 2)}}, run.columns);
}

template <std::size_t kBytes>
void copy_samples(const ConstImageView& from, const ImageView& to) noexcept {
  for (std::size_t r = 0; r < to.rows; ++r)
    for (std::size_t s = 0; s < to.samples; ++s) {
      const std::uint8_t* source = from.at(r, 0, s);
      std::uint8_t* target = to.at(r, 0, s);
      for (std::size_t c = 0; c < to.columns; ++c, source += from.column_stride, target += to.column_stride)
        std::memcpy(target, source, kBytes);
    }
}

void copy_one_by_one(const ConstImageView& from, const ImageView& to) noexcept {
  switch (to.sample_bytes()) {
    case 1: return copy_samples<1>(from, to);
    case 2: return copy_samples<2>(from, to);
    case 4: return copy_samples<4>(from, to);
    default: return copy_samples<8>(from, to);
  }
}

}  // namespace

LayoutKernels layout_kernels_of([[maybe_unused]] Isa isa) noexcept {
  LayoutKernels kernels{interleave3<std::uint8_t>, interleave3<std::uint16_t>, deinterleave3<std::uint8_t>,
                        deinterleave3<std::uint16_t>};
#if defined(TURBODICOM_X86)
  if (isa >= Isa::avx2) use_avx2(kernels);
#endif
  return kernels;
}

const LayoutKernels& layout_kernels() noexcept {
  static const LayoutKernels kernels = layout_kernels_of(active_isa());
  return kernels;
}

void copy_image(ConstImageView from, ImageView to) noexcept {
  if (to.rows == 0 || to.columns == 0 || to.samples == 0) return;
  const Run run = longest_run(from, to);
  const bool three_small = to.samples == 3 && to.sample_bytes() <= 2;
  if (has_interleaved_rows(from) && has_interleaved_rows(to)) return copy_rows(from, to, run);
  if (has_planar_rows(from) && has_planar_rows(to)) return copy_plane_rows(from, to, run);
  if (three_small && has_planar_rows(from) && has_interleaved_rows(to)) return interleave_rows(from, to, run);
  if (three_small && has_interleaved_rows(from) && has_planar_rows(to)) return deinterleave_rows(from, to, run);
  copy_one_by_one(from, to);
}

}  // namespace turbodicom::pixel
