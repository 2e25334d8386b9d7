// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Quantised coefficients between entropy decoding and the Reconstructor: of every component a plane of blocks, for one
// row of MCUs or for all of them, in the layout McuRow describes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <new>

#include "turbodicom/codec/jpeg/markers.h"
#include "turbodicom/codec/jpeg/reconstructor.h"

namespace turbodicom::codec::jpeg {

inline constexpr std::size_t kBlock = 64;  // coefficients of a block

// All coefficients 0. Eight stores: compilers make a slow string instruction of a memset of this length.
inline void clear_block(std::int16_t* block) noexcept {
  typedef std::int64_t Lane __attribute__((vector_size(16), may_alias));
  Lane* const lanes = reinterpret_cast<Lane*>(block);
  lanes[0] = lanes[1] = lanes[2] = lanes[3] = Lane{};
  lanes[4] = lanes[5] = lanes[6] = lanes[7] = Lane{};
}

class Coefficients {
 public:
  // Room for `mcu_rows` rows of MCUs, all coefficients 0.
  Coefficients(const FrameHeader& frame, std::uint32_t mcu_rows);

  // Bytes that the constructor asks for.
  static std::uint64_t bytes_for(const FrameHeader& frame, std::uint32_t mcu_rows);

  std::int16_t* block_row(std::uint32_t component, std::uint32_t row) noexcept {
    return planes_[component].blocks.get() + std::size_t{row} * planes_[component].blocks_per_row * kBlock;
  }
  std::uint8_t* last_row(std::uint32_t component, std::uint32_t row) noexcept {
    return planes_[component].last.get() + std::size_t{row} * planes_[component].blocks_per_row;
  }
  std::uint32_t blocks_per_row(std::uint32_t component) const noexcept { return planes_[component].blocks_per_row; }
  std::uint32_t block_rows(std::uint32_t component) const noexcept { return planes_[component].block_rows; }

  McuRow mcu_row(std::uint32_t row) noexcept;
  // All coefficients 0 again.
  void clear() noexcept;

 private:
  struct Release {
    void operator()(std::int16_t* blocks) const noexcept { ::operator delete[](blocks, std::align_val_t{64}); }
  };
  struct Plane {
    std::uint32_t v = 0;
    std::uint32_t blocks_per_row = 0, block_rows = 0;
    std::unique_ptr<std::int16_t[], Release> blocks;
    std::unique_ptr<std::uint8_t[]> last;
  };
  std::uint32_t count_;
  std::array<Plane, kMaxComponents> planes_;
};

}  // namespace turbodicom::codec::jpeg
