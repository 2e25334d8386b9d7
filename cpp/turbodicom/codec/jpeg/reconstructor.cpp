// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One row of MCUs at a time: push() transforms the blocks (transform_plane), then stores the image rows that are complete
// (store_image_row). Of a plane only the samples of that row of MCUs exist, and the row above them; where a filter looks
// down, the last image row waits for the next row of MCUs. A plane that is stored as it is goes straight from the
// transform into the destination.
#include "turbodicom/codec/jpeg/reconstructor.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "turbodicom/codec/jpeg/colour.h"
#include "turbodicom/codec/jpeg/idct.h"
#include "turbodicom/codec/jpeg/reconstruction_plan.h"
#include "turbodicom/codec/jpeg/upsample.h"

namespace turbodicom::codec::jpeg {

struct Reconstructor::State {
  explicit State(const ReconstructionPlan& the_plan) : plan(the_plan) {}
  virtual ~State() = default;
  virtual void push(std::uint32_t mcu_row, const McuRow& row) noexcept = 0;
  const ReconstructionPlan plan;
};

namespace {

// How a row of planes becomes a row of the destination.
enum class Store : std::uint8_t { rgb, interleaved, by_plane };

// Rows of samples with kRowPadding to spare on both sides.
template <typename Sample>
class Rows {
 public:
  // Rows -`above` .. `below` - 1.
  void allocate(std::size_t above, std::size_t below, std::size_t width) {
    stride_ = (width + kRowPadding - 1) / kRowPadding * kRowPadding + 2 * kRowPadding;
    samples_.resize((above + below) * stride_ + kRowPadding);
    const auto address = reinterpret_cast<std::uintptr_t>(samples_.data()) / sizeof(Sample);
    first_ = samples_.data() + (kRowPadding - address % kRowPadding) % kRowPadding + above * stride_ + kRowPadding;
  }
  Sample* operator[](std::int64_t row) const noexcept { return first_ + row * stride(); }
  std::ptrdiff_t stride() const noexcept { return static_cast<std::ptrdiff_t>(stride_); }

 private:
  std::vector<Sample> samples_;
  Sample* first_ = nullptr;  // row 0, column 0; at a cache line
  std::size_t stride_ = 0;
};

template <typename Sample>
class Reconstruction final : public Reconstructor::State {
 public:
  Reconstruction(const ReconstructionPlan& plan, const ComponentTables& tables, const Output& output);
  void push(std::uint32_t mcu_row, const McuRow& row) noexcept override;

 private:
  using Planes = std::array<const Sample*, kMaxComponents>;
  struct Plane {
    Dequantiser table;
    Rows<Sample> rows;  // of this row of MCUs; row -1: the last one of the row of MCUs before
    Rows<Sample> wide;  // one row, upsampled
    bool is_direct = false;
  };

  std::size_t wide_samples(const PlanePlan& of) const noexcept;
  bool has_own_samples() const noexcept;
  Store choose_store() const noexcept;
  bool goes_direct(std::uint32_t c) const noexcept;
  bool is_stored_direct(std::uint32_t c, std::uint32_t row) const noexcept;

  void transform_plane(std::uint32_t c, std::uint32_t mcu_row, const McuRow& row) noexcept;
  void transform_blocks(std::uint32_t c, std::uint32_t block_row, Range blocks, const McuRow& row, Sample* out,
                        std::ptrdiff_t stride) noexcept;
  void transform_direct(std::uint32_t c, std::uint32_t block_row, std::uint32_t first_row, const McuRow& row) noexcept;
  void pad_rows(std::uint32_t c) noexcept;

  void store_image_row(std::uint32_t image_row, std::uint32_t mcu_row) noexcept;
  const Sample* upsampled(std::uint32_t c, std::uint32_t image_row, std::uint32_t mcu_row) noexcept;
  const Sample* replicated(std::uint32_t c, const Sample* from) noexcept;
  void convert(Planes& planes) noexcept;
  void store_by_plane(const Planes& planes, std::uint32_t image_row) noexcept;

  Output output_;
  bool ycc_to_rgb_;
  Store store_;
  std::array<Plane, kMaxComponents> planes_;
  Rows<Sample> converted_;  // three rows: colour that is not stored interleaved
  const IdctKernels& idct_ = idct_kernels();
  const UpsampleFns<Sample>& upsample_ = upsample_kernels().template of<Sample>();
  const ColourFns<Sample>& colour_ = colour_kernels().template of<Sample>();
};

template <typename Sample>
Reconstruction<Sample>::Reconstruction(const ReconstructionPlan& the_plan, const ComponentTables& tables,
                                       const Output& output)
    : State(the_plan), output_(output), ycc_to_rgb_(output.ycc_to_rgb && plan.count >= 3), store_(choose_store()) {
  for (std::uint32_t c = 0; c < plan.count; ++c) {
    const PlanePlan& of = plan.planes[c];
    planes_[c].table = dequantiser(tables[c]);
    planes_[c].rows.allocate(1, of.mcu_row_samples(), std::size_t{of.blocks_per_row} * of.edge);
    if (of.upsampling != Upsampling::none) planes_[c].wide.allocate(0, 1, wide_samples(of));
    planes_[c].is_direct = goes_direct(c);
  }
  if (ycc_to_rgb_ && store_ == Store::by_plane) converted_.allocate(0, 3, plan.columns.end);
}

// Filters make two samples of each that the transforms made, needed or not.
template <typename Sample>
std::size_t Reconstruction<Sample>::wide_samples(const PlanePlan& of) const noexcept {
  return std::max(std::size_t{plan.columns.end}, 2 * std::size_t{of.blocks.end} * of.edge);
}

// The destination has samples of our type, which may be written as such.
template <typename Sample>
bool Reconstruction<Sample>::has_own_samples() const noexcept {
  const ImageView& image = output_.image;
  const auto is_aligned = [](auto value) { return static_cast<std::uintptr_t>(value) % sizeof(Sample) == 0; };
  return image.sample_bytes() == sizeof(Sample) && is_aligned(reinterpret_cast<std::uintptr_t>(image.data)) &&
         is_aligned(image.row_stride) && is_aligned(image.sample_stride);
}

template <typename Sample>
Store Reconstruction<Sample>::choose_store() const noexcept {
  constexpr auto kBytes = static_cast<std::ptrdiff_t>(sizeof(Sample));
  const bool is_interleaved = plan.count == 3 && output_.image.sample_stride == kBytes &&
                              output_.image.column_stride == 3 * kBytes && has_own_samples();
  if (!is_interleaved) return Store::by_plane;
  return ycc_to_rgb_ ? Store::rgb : Store::interleaved;
}

// The plane's samples are the destination's, side by side, and its blocks begin where the destination does.
template <typename Sample>
bool Reconstruction<Sample>::goes_direct(std::uint32_t c) const noexcept {
  return store_ == Store::by_plane && (!ycc_to_rgb_ || c == 3) && plan.planes[c].upsampling == Upsampling::none &&
         output_.image.column_stride == static_cast<std::ptrdiff_t>(sizeof(Sample)) && has_own_samples() &&
         plan.columns.begin % plan.planes[c].edge == 0;
}

// ... and so are all rows of the row of blocks that holds this row of the image.
template <typename Sample>
bool Reconstruction<Sample>::is_stored_direct(std::uint32_t c, std::uint32_t row) const noexcept {
  const std::uint32_t edge = plan.planes[c].edge;
  const std::uint32_t first = row / edge * edge;
  return planes_[c].is_direct && plan.rows.holds(Range{first, first + edge});
}

template <typename Sample>
void Reconstruction<Sample>::push(std::uint32_t mcu_row, const McuRow& row) noexcept {
  if (!plan.needed_mcu_rows.holds(mcu_row)) return;
  for (std::uint32_t c = 0; c < plan.count; ++c) transform_plane(c, mcu_row, row);

  const std::uint32_t waiting = plan.has_vertical_filter ? 1 : 0;
  const std::uint32_t begin = mcu_row * plan.mcu_row_pixels;
  const std::uint32_t end = begin + plan.mcu_row_pixels;
  const std::uint32_t first = std::max(mcu_row > 0 ? begin - waiting : begin, plan.rows.begin);
  const std::uint32_t behind = std::min(mcu_row + 1 < plan.mcu_rows ? end - waiting : end, plan.rows.end);
  for (std::uint32_t image_row = first; image_row < behind; ++image_row) store_image_row(image_row, mcu_row);
}

// Of a row of MCUs that only a neighbour looks at, no more than the nearest row of blocks.
template <typename Sample>
void Reconstruction<Sample>::transform_plane(std::uint32_t c, std::uint32_t mcu_row, const McuRow& row) noexcept {
  const PlanePlan& of = plan.planes[c];
  const Rows<Sample>& rows = planes_[c].rows;
  if (plan.has_vertical_filter)
    std::memcpy(rows[-1] - kRowPadding, rows[of.mcu_row_samples() - 1] - kRowPadding,
                static_cast<std::size_t>(rows.stride()) * sizeof(Sample));
  const std::uint32_t first_image_row = mcu_row * plan.mcu_row_pixels;
  const bool is_above = first_image_row + plan.mcu_row_pixels < plan.rows.begin + 1;
  const bool is_below = first_image_row >= plan.rows.end;
  const Range block_rows{is_above ? of.block_rows - 1 : 0, is_below ? 1 : of.block_rows};
  for (std::uint32_t block_row = block_rows.begin; block_row < block_rows.end; ++block_row) {
    const std::uint32_t first_row = (mcu_row * of.block_rows + block_row) * of.edge;
    if (first_row >= of.rows) break;
    if (is_stored_direct(c, first_row)) transform_direct(c, block_row, first_row, row);
    else
      transform_blocks(c, block_row, of.blocks, row, rows[block_row * of.edge] + of.blocks.begin * of.edge,
                       rows.stride());
  }
  if (of.upsampling == Upsampling::h2 || of.upsampling == Upsampling::h2v2) pad_rows(c);
}

template <typename Sample>
void Reconstruction<Sample>::transform_blocks(std::uint32_t c, std::uint32_t block_row, Range blocks, const McuRow& row,
                                              Sample* out, std::ptrdiff_t stride) noexcept {
  const PlanePlan& of = plan.planes[c];
  const std::size_t first = std::size_t{block_row} * of.blocks_per_row + blocks.begin;
  const std::uint8_t* const last = row.last[c] == nullptr ? nullptr : row.last[c] + first;
  idct_.of<Sample>(of.halvings)(row.blocks[c] + 64 * first, last, blocks.end - blocks.begin, planes_[c].table, out,
                                stride);
}

// Whole blocks go into the image; of one that the right border cuts, the part inside is copied.
template <typename Sample>
void Reconstruction<Sample>::transform_direct(std::uint32_t c, std::uint32_t block_row, std::uint32_t first_row,
                                              const McuRow& row) noexcept {
  const PlanePlan& of = plan.planes[c];
  const Range whole{plan.columns.begin / of.edge, plan.columns.end / of.edge};
  std::uint8_t* const to = output_.image.at(first_row - output_.first_row, 0, c);
  if (whole.begin < whole.end)
    transform_blocks(c, block_row, whole, row, reinterpret_cast<Sample*>(to),
                     output_.image.row_stride / static_cast<std::ptrdiff_t>(sizeof(Sample)));
  const std::uint32_t left = plan.columns.end - whole.end * of.edge;
  if (left == 0) return;
  const Rows<Sample>& rows = planes_[c].rows;
  const std::uint32_t first = block_row * of.edge;
  transform_blocks(c, block_row, {whole.end, whole.end + 1}, row, rows[first], rows.stride());
  for (std::uint32_t i = 0; i < of.edge; ++i)
    std::memcpy(to + output_.image.row_stride * static_cast<std::ptrdiff_t>(i) +
                    (whole.end - whole.begin) * of.edge * sizeof(Sample),
                rows[first + i], left * sizeof(Sample));
}

// Filters see the edge samples repeated (upsample.h).
template <typename Sample>
void Reconstruction<Sample>::pad_rows(std::uint32_t c) noexcept {
  const PlanePlan& of = plan.planes[c];
  for (std::uint32_t i = 0; i < of.mcu_row_samples(); ++i) {
    Sample* const row = planes_[c].rows[i];
    row[-1] = row[0];
    row[of.columns] = row[of.columns - 1];
  }
}

template <typename Sample>
void Reconstruction<Sample>::store_image_row(std::uint32_t image_row, std::uint32_t mcu_row) noexcept {
  Planes planes{};
  for (std::uint32_t c = 0; c < plan.count; ++c)
    if (!is_stored_direct(c, image_row)) planes[c] = upsampled(c, image_row, mcu_row) + plan.columns.begin;
  const std::size_t pixels = plan.columns.end - plan.columns.begin;
  auto* const to = reinterpret_cast<Sample*>(output_.image.row(image_row - output_.first_row));
  if (store_ == Store::rgb) return colour_.rgb(planes.data(), to, pixels);
  if (store_ == Store::interleaved) return colour_.interleave(planes.data(), to, pixels);
  if (ycc_to_rgb_) convert(planes);
  store_by_plane(planes, image_row);
}

// The plane's samples of a row of the image; column 0 is the image's.
template <typename Sample>
auto Reconstruction<Sample>::upsampled(std::uint32_t c, std::uint32_t image_row, std::uint32_t mcu_row) noexcept
    -> const Sample* {
  const PlanePlan& of = plan.planes[c];
  const Rows<Sample>& rows = planes_[c].rows;
  // Counted from the first row of this row of MCUs; -1 is the one that has waited.
  const std::int64_t pixel_row = std::int64_t{image_row} - std::int64_t{mcu_row} * plan.mcu_row_pixels;
  const std::int64_t near = pixel_row < 0 ? -1 : pixel_row * of.v / plan.v;
  if (of.upsampling == Upsampling::none) return rows[near];
  if (of.upsampling == Upsampling::replicate) return replicated(c, rows[near]);

  const std::size_t begin = of.blocks.begin * of.edge;
  const std::size_t count = std::min(of.blocks.end * of.edge, of.columns) - begin;
  Sample* const wide = planes_[c].wide[0];
  if (of.upsampling == Upsampling::h2) {
    upsample_.h2(rows[near] + begin, wide + 2 * begin, count);
    return wide;
  }
  // Beyond the first and the last row they repeat.
  const bool is_upper = image_row % 2 == 0;
  const std::int64_t row = std::int64_t{mcu_row} * of.mcu_row_samples() + near;
  const std::int64_t far = is_upper ? near - (row > 0 ? 1 : 0) : near + (row + 1 < of.rows ? 1 : 0);
  if (of.upsampling == Upsampling::v2)
    upsample_.v2(rows[near] + begin, rows[far] + begin, is_upper ? 1 : 2, wide + begin, count);
  else
    upsample_.h2v2(rows[near] + begin, rows[far] + begin, wide + 2 * begin, count);
  return wide;
}

template <typename Sample>
auto Reconstruction<Sample>::replicated(std::uint32_t c, const Sample* from) noexcept -> const Sample* {
  const PlanePlan& of = plan.planes[c];
  Sample* const wide = planes_[c].wide[0];
  for (std::uint32_t column = plan.columns.begin; column < plan.columns.end; ++column)
    wide[column] = from[std::uint64_t{column} * of.h / plan.h];
  return wide;
}

// Three planes to RGB; with a fourth, K, they are what is missing to white (T.872 6.5.3).
template <typename Sample>
void Reconstruction<Sample>::convert(Planes& planes) noexcept {
  const std::size_t pixels = plan.columns.end - plan.columns.begin;
  Sample* const rgb[3] = {converted_[0], converted_[1], converted_[2]};
  colour_.planar_rgb(planes.data(), rgb, pixels);
  for (std::size_t c = 0; c < 3; ++c) planes[c] = rgb[c];
  if (plan.count == 3) return;
  constexpr auto kLargest = static_cast<Sample>(sizeof(Sample) == 1 ? 255 : 4095);
  for (Sample* const row : rgb)
    for (std::size_t i = 0; i < pixels; ++i) row[i] = static_cast<Sample>(kLargest - row[i]);
}

template <typename Sample>
void Reconstruction<Sample>::store_by_plane(const Planes& planes, std::uint32_t image_row) noexcept {
  ImageView plane = output_.image;
  plane.samples = 1;
  for (std::uint32_t c = 0; c < plan.count; ++c, plane.data += plane.sample_stride)
    if (planes[c] != nullptr) store_row(plane, image_row - output_.first_row, &planes[c]);
}

std::unique_ptr<Reconstructor::State> make_state(const FrameHeader& frame, const ComponentTables& tables,
                                                 const Output& output, std::uint32_t first, std::uint32_t end) {
  const ReconstructionPlan plan(frame, output, first, end);
  if (frame.precision > 8) return std::make_unique<Reconstruction<std::uint16_t>>(plan, tables, output);
  return std::make_unique<Reconstruction<std::uint8_t>>(plan, tables, output);
}

}  // namespace

Reconstructor::Reconstructor(const FrameHeader& frame, const ComponentTables& tables, const Output& output,
                             std::uint32_t first, std::uint32_t end)
    : state_(make_state(frame, tables, output, first, end)) {}
Reconstructor::~Reconstructor() = default;

std::uint32_t Reconstructor::first_needed() const noexcept { return state_->plan.needed_mcu_rows.begin; }
std::uint32_t Reconstructor::end_needed() const noexcept { return state_->plan.needed_mcu_rows.end; }
void Reconstructor::push(std::uint32_t mcu_row, const McuRow& row) { state_->push(mcu_row, row); }

std::uint32_t rows_above_touched(const FrameHeader& frame) noexcept {
  return ReconstructionPlan(frame, {}, 0, 0).has_vertical_filter ? 1 : 0;
}

}  // namespace turbodicom::codec::jpeg
