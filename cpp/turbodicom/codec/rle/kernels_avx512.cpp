// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// AVX-512 kernels of RLE. unpack() goes round what makes short runs slow: the address of a control byte
// depends on the control byte before it, and the kind of a run is hard to predict. See list_runs() and
// write_runs(); follow_runs() serves segments of longer runs.
#include "turbodicom/codec/rle/kernels.h"

#if defined(TURBODICOM_X86)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

// GCC 12 takes the undefined merge operand inside its own unmasked intrinsics for a read (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace turbodicom::codec::rle {
namespace {

// A window is one register of input, of which the last lane stands for "beyond".
constexpr std::size_t kWindow = 63;
constexpr std::size_t kWindows = 4;
constexpr std::size_t kBatch = kWindow * kWindows;
// No run that begins in a batch reads further than this behind it, block loads included.
constexpr std::size_t kReadMargin = 1 + kMaxRun + 64;
// If the first batch has fewer runs than this (of more than 4 bytes each), the plain loop goes on. Our choice,
// and a rough one. On 135 computed segments of random runs and of phantom planes under noise, thresholds from 36 to
// 56 cost 5 to 8 % over always knowing the better loop, 0 costs 50 % and infinity 35 %. On whole computed images
// decoded in turn 40 to 80 differ by no more than the noise and infinity was fastest: a batch of long equal runs
// (a black border) looks dense but is easy to predict. 64 was settled on the benchmark's images; a criterion that
// sees predictability, or no listing at all, is to be tried on independent images.
constexpr std::size_t kFewRuns = 64;

alignas(64) constexpr std::uint8_t kLanes[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

// The runs that begin in a batch, in order, then some of no length. Slack for whole-register stores.
struct Runs {
  alignas(64) std::uint8_t length[kBatch + 64];  // bytes a run gives
  alignas(64) std::uint8_t step[kBatch + 64];    // bytes of input it takes
  std::size_t count;
};

// Where each window is left, by the lane it is entered at; lanes beyond it are left as they are.
struct Exits {
  alignas(64) std::uint8_t lane[192];
  Exits() noexcept {
    for (std::size_t i = 0; i < sizeof lane; ++i) lane[i] = static_cast<std::uint8_t>(i);
  }
};

// Finds all control bytes of a batch without following them one by one. For all lanes of a window at
// once, as if each held a control byte:
//   length, step  what the run gives and takes
//   jump          the next control byte in the window, or the lane itself if there is none; looked up
//                 in itself k times, it goes 2^k runs ahead (pointer doubling)
//   position      of the n-th run after the entry: one look-up for each bit of the lane number n
// From window to window only the entry lane is carried: one load from the table of exits.
TURBODICOM_TARGET_AVX512 inline std::size_t list_runs(const std::uint8_t* batch, std::size_t windows,
                                                      std::size_t entry, Exits& exits, Runs& runs) {
  constexpr __mmask64 kBitOfLane[6] = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                       0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};
  const __m512i lanes = _mm512_load_si512(kLanes);
  const __m512i beyond = _mm512_set1_epi8(kWindow);
  const __m512i one = _mm512_set1_epi8(1);
  const __m512i two = _mm512_set1_epi8(2);
  const __m512i no_operation = _mm512_set1_epi8(-128);
  std::size_t count = 0;
  for (std::size_t window = 0; window < windows; ++window) {
    const __m512i bytes = _mm512_loadu_si512(batch + window * kWindow);
    const __mmask64 replicate = _mm512_movepi8_mask(bytes);
    const __mmask64 nothing = _mm512_cmpeq_epi8_mask(bytes, no_operation);
    // PS3.5 G.3.2 with n as a signed number: n + 1 bytes for n >= 0, 1 - n below, none for -128.
    const __m512i length = _mm512_maskz_add_epi8(~nothing, _mm512_abs_epi8(bytes), one);
    const __m512i run_step = _mm512_mask_add_epi8(two, ~replicate, bytes, two);
    const __m512i step = _mm512_mask_mov_epi8(run_step, nothing, one);
    const __m512i after = _mm512_mask_add_epi8(lanes, ~(__mmask64{1} << kWindow), lanes, step);  // <= 62 + 129
    __m512i jump = _mm512_mask_mov_epi8(after, _mm512_cmpge_epu8_mask(after, beyond), lanes);
    const __m512i first = _mm512_min_epu8(_mm512_set1_epi8(static_cast<char>(entry)), beyond);
    __m512i position = first;
    for (const __mmask64 lanes_with_bit : kBitOfLane) {
      position = _mm512_mask_permutexvar_epi8(position, lanes_with_bit, position, jump);
      jump = _mm512_permutexvar_epi8(jump, jump);
    }
    _mm512_store_si512(exits.lane, _mm512_permutexvar_epi8(jump, after));
    const __m512i last = _mm512_permutexvar_epi8(first, jump);
    const __mmask64 not_last = _mm512_cmplt_epu8_mask(position, last);
    _mm512_storeu_si512(runs.length + count, _mm512_permutexvar_epi8(position, length));
    _mm512_storeu_si512(runs.step + count, _mm512_permutexvar_epi8(position, step));
    count += static_cast<std::size_t>(_mm_popcnt_u64(not_last)) + (entry < kWindow ? 1 : 0);
    entry = exits.lane[entry] - kWindow;
  }
  _mm512_storeu_si512(runs.length + count, _mm512_setzero_si512());
  _mm512_storeu_si512(runs.step + count, _mm512_setzero_si512());
  runs.count = count;
  return entry;
}

TURBODICOM_TARGET_AVX512 inline __mmask64 first_lanes(std::size_t count) {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count));  // all 64 for any count up to 255
}

// One run of up to 32 bytes, or the first 32 of it: a block of the input behind the control byte, each
// lane looking up itself (literal) or lane 0 (replicate).
TURBODICOM_TARGET_AVX512 inline void write_short(const std::uint8_t* from, std::uint8_t* out) {
  const auto literal = static_cast<__mmask32>(static_cast<std::int32_t>(*from >> 7) - 1);
  const __m256i choice = _mm256_maskz_mov_epi8(literal, _mm256_load_si256(reinterpret_cast<const __m256i*>(kLanes)));
  const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 1));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_permutexvar_epi8(choice, block));
}

// One run of any length.
TURBODICOM_TARGET_AVX512 inline void write_any(const std::uint8_t* from, std::size_t length, std::uint8_t* out) {
  const auto literal = static_cast<__mmask64>(static_cast<std::int64_t>(*from >> 7) - 1);
  const __m512i choice = _mm512_maskz_mov_epi8(literal, _mm512_load_si512(kLanes));
  _mm512_storeu_si512(out, _mm512_permutexvar_epi8(choice, _mm512_loadu_si512(from + 1)));
  if (length <= 64) return;
  const std::uint8_t* const second = from + 1 + (64 & literal);
  _mm512_storeu_si512(out + 64, _mm512_permutexvar_epi8(choice, _mm512_loadu_si512(second)));
}

// Writes the runs of a batch, eight at a time, until the goal is reached: without any branch if all are
// short (2.6 cycles a run here, against 4.5 with blocks of 64 bytes).
TURBODICOM_TARGET_AVX512 inline std::uint8_t* write_runs(const std::uint8_t*& source, const Runs& runs,
                                                         std::uint8_t* out, const std::uint8_t* out_end) {
  constexpr std::uint64_t kAnyOf32OrMore = 0xE0E0E0E0E0E0E0E0;
  static_assert(kRunsAtOnce == sizeof(std::uint64_t));
  const std::uint8_t* from = source;
  for (std::size_t i = 0; i < runs.count && out < out_end; i += kRunsAtOnce) {
    std::uint64_t lengths;
    std::memcpy(&lengths, runs.length + i, sizeof lengths);
    if ((lengths & kAnyOf32OrMore) == 0) {
#pragma GCC unroll 8
      for (std::size_t k = i; k < i + kRunsAtOnce; ++k) {
        write_short(from, out);
        out += runs.length[k];
        from += runs.step[k];
      }
    } else {
      for (std::size_t k = i; k < i + kRunsAtOnce; ++k) {
        write_any(from, runs.length[k], out);
        out += runs.length[k];
        from += runs.step[k];
      }
    }
  }
  source = from;
  return out;
}

// The plain loop, for segments of longer runs: there the listing costs more than it saves.
TURBODICOM_TARGET_AVX512 inline std::uint8_t* follow_runs(const std::uint8_t*& source, const std::uint8_t* end,
                                                          std::uint8_t* out, const std::uint8_t* out_end) {
  const std::uint8_t* from = source;
  while (out < out_end && end - from > static_cast<std::ptrdiff_t>(kReadMargin)) {
    const std::size_t control = *from;
    if (control < 128) {
      _mm512_storeu_si512(out, _mm512_loadu_si512(from + 1));
      if (control >= 64) _mm512_storeu_si512(out + 64, _mm512_loadu_si512(from + 65));
      out += control + 1;
      from += control + 2;
    } else if (control > 128) {
      const __m512i value = _mm512_set1_epi8(static_cast<char>(from[1]));
      _mm512_storeu_si512(out, value);
      if (replicate_length(control) > 64) _mm512_storeu_si512(out + 64, value);
      out += replicate_length(control);
      from += 2;
    } else {
      from += 1;
    }
  }
  source = from;
  return out;
}

// The same up to the last byte of the segment: nothing behind it is read, and a run it cuts stays.
TURBODICOM_TARGET_AVX512 inline std::uint8_t* follow_last_runs(const std::uint8_t*& source, const std::uint8_t* end,
                                                               std::uint8_t* out, const std::uint8_t* out_end) {
  const std::uint8_t* from = source;
  while (out < out_end && from < end) {
    const std::size_t control = *from;
    const auto left = static_cast<std::size_t>(end - from) - 1;
    if (control < 128) {
      const std::size_t length = control + 1;
      if (length > left) break;
      _mm512_storeu_si512(out, _mm512_maskz_loadu_epi8(first_lanes(length), from + 1));
      if (length > 64) _mm512_storeu_si512(out + 64, _mm512_maskz_loadu_epi8(first_lanes(length - 64), from + 65));
      out += length;
      from += length + 1;
    } else if (control > 128) {
      if (left == 0) break;
      const __m512i value = _mm512_set1_epi8(static_cast<char>(from[1]));
      _mm512_storeu_si512(out, value);
      if (replicate_length(control) > 64) _mm512_storeu_si512(out + 64, value);
      out += replicate_length(control);
      from += 2;
    } else {
      from += 1;
    }
  }
  source = from;
  return out;
}

// Batches lie on a fixed grid, so that listing one never waits for another; one is listed while the one
// before it is written. Gives up on the listing, before anything is written, if the first batch has few runs.
TURBODICOM_TARGET_AVX512 inline std::uint8_t* write_batches(const std::uint8_t*& source, const std::uint8_t* end,
                                                            std::uint8_t* out, const std::uint8_t* out_end) {
  const std::uint8_t* grid = source;
  const auto windows_left = [&] { return static_cast<std::size_t>(end - grid - kReadMargin) / kWindow; };
  Exits exits;
  Runs runs[2];
  std::size_t windows = std::min(kWindows, windows_left());
  std::size_t entry = list_runs(grid, windows, 0, exits, runs[0]);
  if (runs[0].count < kFewRuns * windows / kWindows) return out;
  for (std::size_t batch = 0;; ++batch) {
    grid += windows * kWindow;
    windows = std::min(kWindows, windows_left());
    if (windows > 0) entry = list_runs(grid, windows, entry, exits, runs[(batch + 1) % 2]);
    out = write_runs(source, runs[batch % 2], out, out_end);
    if (windows == 0 || out >= out_end) return out;
  }
}

TURBODICOM_TARGET_AVX512 std::size_t unpack(const std::uint8_t*& next, const std::uint8_t* end, std::uint8_t* out,
                                            std::size_t goal) {
  const std::uint8_t* const out_end = out + goal;
  std::uint8_t* to = out;
  if (goal > 0 && end - next >= static_cast<std::ptrdiff_t>(kWindow + kReadMargin))
    to = write_batches(next, end, to, out_end);
  to = follow_runs(next, end, to, out_end);
  to = follow_last_runs(next, end, to, out_end);
  return static_cast<std::size_t>(to - out);
}

TURBODICOM_TARGET_AVX512 void repeat_masks(const std::uint8_t* bytes, std::size_t count, std::uint64_t* masks) {
  for (std::size_t first = 0; first < count; first += kMaskBits) {
    const std::uint64_t mask =
        _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes + first), _mm512_loadu_si512(bytes + first + 1));
    const std::size_t pairs = count - 1 - first;
    masks[first / kMaskBits] = pairs < kMaskBits ? _bzhi_u64(mask, static_cast<unsigned>(pairs)) : mask;
  }
}

}  // namespace

void use_avx512(RleKernels& kernels) noexcept {
  kernels.unpack = unpack;
  kernels.repeat_masks = repeat_masks;
}

}  // namespace turbodicom::codec::rle

#endif
