// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Scaling of one plane. Integers come out as DCMTK 3.6.7 computes them (dcmimgle/discalet.h), each rounding included;
// floats by the same rules without rounding or bounds. python/turbodicom/_geometry.py chooses the algorithm.
#pragma once

#include <cstddef>

#include "turbodicom/base/image_view.h"
#include "turbodicom/pixel/block_work.h"

namespace turbodicom::pixel {

enum class Resampling {
  mean,      // of the area, in 12-bit fixed point, rows first (pbmplus); integers; no axis shrinks to less than 1/4096
  enlarge,   // of the area under a result, at least as large on both axes (c't)
  reduce,    // of the area under a result, at most as large on both axes (c't)
  bilinear,  // enlarging, from 2 x 2 pixels
  bicubic,   // enlarging, from 3 x 3 pixels (Catmull-Rom)
};

struct PlaneSize {
  std::size_t rows = 1, columns = 1;
};

// Dense planes of one type, not f16 nor 64-bit integers. `bits` of a sample bound the results of `mean` and `bicubic`.
struct ResampleJob {
  Resampling how = Resampling::mean;
  SampleType type = SampleType::u8;
  PlaneSize source, target;
  unsigned bits = 8;
};

// Throws for sizes the algorithm is not made for. On the calling thread; polls now and then.
void resample(const ResampleJob& job, const void* from, void* to, const WorkOptions& options);

}  // namespace turbodicom::pixel
