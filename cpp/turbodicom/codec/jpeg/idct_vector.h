// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The 8 x 8 transform of kBlocks blocks at once, one in each 128 bits of a register, in 16-bit lanes: a body that
// idct_avx2.cpp and idct_avx512.cpp include. They define before
//   Reg, kBlocks, TURBODICOM_V(name)   the register, blocks in it, the intrinsic of that name and width
//   TURBODICOM_TARGET                  the function attribute
//   kFirstOfFour                       the pattern that spreads the first of four 32-bit lanes
//   bits_of_both, masked, first_words, is_zero, has_zero_lane, load_blocks, store_8_bits, store_12_bits
//
//   rows = dequantised rows of the blocks
//   rows = pass(rows), transposed; rows = pass(rows); store
//
// Products of 16-bit lanes are added in pairs to 32 bits (madd): a sum of two products is one instruction, which is why
// the factors come in pairs.

struct Block8 {
  Reg row[8];
};

// A register of pairs (low, high).
TURBODICOM_TARGET inline Reg pairs(std::int32_t low, std::int32_t high) noexcept {
  return TURBODICOM_V(set1_epi32)(static_cast<int>((static_cast<std::uint32_t>(high) << 16) |
                                                   (static_cast<std::uint32_t>(low) & 0xFFFF)));
}

// 32-bit sums of the first and the second four lanes of each block.
struct Halves {
  Reg low, high;
};
TURBODICOM_TARGET inline Halves paired(Reg a, Reg b) noexcept {
  return {TURBODICOM_V(unpacklo_epi16)(a, b), TURBODICOM_V(unpackhi_epi16)(a, b)};
}
TURBODICOM_TARGET inline Halves times(Halves pair, std::int32_t a, std::int32_t b) noexcept {
  const Reg factors = pairs(a, b);
  return {TURBODICOM_V(madd_epi16)(pair.low, factors), TURBODICOM_V(madd_epi16)(pair.high, factors)};
}
TURBODICOM_TARGET inline Halves plus(Halves a, Halves b) noexcept {
  return {TURBODICOM_V(add_epi32)(a.low, b.low), TURBODICOM_V(add_epi32)(a.high, b.high)};
}
TURBODICOM_TARGET inline Halves minus(Halves a, Halves b) noexcept {
  return {TURBODICOM_V(sub_epi32)(a.low, b.low), TURBODICOM_V(sub_epi32)(a.high, b.high)};
}
template <int kShift>
TURBODICOM_TARGET inline Reg shifted(Halves wide) noexcept {
  return TURBODICOM_V(packs_epi32)(TURBODICOM_V(srai_epi32)(wide.low, kShift),
                                   TURBODICOM_V(srai_epi32)(wide.high, kShift));
}

struct Four {
  Halves at[4];
};

// 8 bits, as Narrow has it: sums wrap at 16 bits. The rounding is a product too.
template <int kShift>
TURBODICOM_TARGET inline Four even_part_8(const Block8& in) noexcept {
  using namespace factor;
  constexpr int kOne = kShift > 14 ? 1 << (kShift - 14) : 1;  // rounding = kOne * kHalf
  constexpr int kHalf = (1 << (kShift - 1)) / kOne;
  const Reg one = TURBODICOM_V(set1_epi16)(kOne);
  const Halves sum = times(paired(TURBODICOM_V(add_epi16)(in.row[0], in.row[4]), one), 1 << kConstBits, kHalf);
  const Halves difference = times(paired(TURBODICOM_V(sub_epi16)(in.row[0], in.row[4]), one), 1 << kConstBits, kHalf);
  const Halves in26 = paired(in.row[2], in.row[6]);
  const Halves even26 = times(in26, f0541 + f0765, f0541);
  const Halves odd26 = times(in26, f0541, f0541 - f1847);
  return {{plus(sum, even26), plus(difference, odd26), minus(difference, odd26), minus(sum, even26)}};
}

TURBODICOM_TARGET inline Four odd_part_8(const Block8& in) noexcept {
  using namespace factor;
  const Halves sums = paired(TURBODICOM_V(add_epi16)(in.row[7], in.row[3]),
                             TURBODICOM_V(add_epi16)(in.row[5], in.row[1]));
  const Halves z3 = times(sums, f1175 - f1961, f1175);
  const Halves z4 = times(sums, f1175, f1175 - f0390);
  const Halves in71 = paired(in.row[7], in.row[1]);
  const Halves in53 = paired(in.row[5], in.row[3]);
  return {{plus(times(in71, -f0899, f1501 - f0899), z4), plus(times(in53, -f2562, f3072 - f2562), z3),
           plus(times(in53, f2053 - f2562, -f2562), z4), plus(times(in71, f0298 - f0899, -f0899), z3)}};
}

// 12 bits: no sums before the products, so that nothing wraps. `rounding` holds more than the rounding, see below.
TURBODICOM_TARGET inline Four even_part_12(const Block8& in, Reg rounding) noexcept {
  using namespace factor;
  constexpr std::int32_t one = 1 << kConstBits;
  const Halves in04 = paired(in.row[0], in.row[4]);
  const Halves sum = plus(times(in04, one, one), {rounding, rounding});
  const Halves difference = plus(times(in04, one, -one), {rounding, rounding});
  const Halves in26 = paired(in.row[2], in.row[6]);
  const Halves even26 = times(in26, f0541 + f0765, f0541);
  const Halves odd26 = times(in26, f0541, f0541 - f1847);
  return {{plus(sum, even26), plus(difference, odd26), minus(difference, odd26), minus(sum, even26)}};
}

TURBODICOM_TARGET inline Four odd_part_12(const Block8& in) noexcept {
  using namespace factor;
  const Halves in71 = paired(in.row[7], in.row[1]);
  const Halves in53 = paired(in.row[5], in.row[3]);
  return {{plus(times(in71, f1175 - f0899, f1501 - f0899 + f1175 - f0390), times(in53, f1175 - f0390, f1175)),
           plus(times(in71, f1175 - f1961, f1175), times(in53, f1175 - f2562, f3072 - f2562 + f1175 - f1961)),
           plus(times(in71, f1175, f1175 - f0390), times(in53, f2053 - f2562 + f1175 - f0390, f1175 - f2562)),
           plus(times(in71, f0298 - f0899 + f1175 - f1961, f1175 - f0899), times(in53, f1175, f1175 - f1961))}};
}

template <int kShift>
TURBODICOM_TARGET inline Block8 joined(const Four& even, const Four& odd) noexcept {
  Block8 out;
  for (int k = 0; k < 4; ++k) {
    out.row[k] = shifted<kShift>(plus(even.at[k], odd.at[k]));
    out.row[7 - k] = shifted<kShift>(minus(even.at[k], odd.at[k]));
  }
  return out;
}

// Within each 128 bits.
TURBODICOM_TARGET inline Block8 transposed(const Block8& in) noexcept {
  Reg words[8], longs[8];
  for (int i = 0; i < 4; ++i) {  // rows i and i + 4 interleaved
    words[2 * i] = TURBODICOM_V(unpacklo_epi16)(in.row[i], in.row[i + 4]);
    words[2 * i + 1] = TURBODICOM_V(unpackhi_epi16)(in.row[i], in.row[i + 4]);
  }
  for (int i = 0; i < 4; ++i) {  // ... and again: rows 0 2 4 6 and 1 3 5 7 of each column side by side
    longs[2 * i] = TURBODICOM_V(unpacklo_epi16)(words[i], words[i + 4]);
    longs[2 * i + 1] = TURBODICOM_V(unpackhi_epi16)(words[i], words[i + 4]);
  }
  Block8 out;
  for (int i = 0; i < 4; ++i) {
    out.row[2 * i] = TURBODICOM_V(unpacklo_epi16)(longs[i], longs[i + 4]);
    out.row[2 * i + 1] = TURBODICOM_V(unpackhi_epi16)(longs[i], longs[i + 4]);
  }
  return out;
}

// True: done. False: blocks of a first row only may be among them, with a value that libjpeg-turbo's short way wraps
// where this saturates.
TURBODICOM_TARGET inline bool transform_8(const std::int16_t* blocks, const Dequantiser& table, std::uint8_t* out,
                                          std::ptrdiff_t stride) noexcept {
  Reg overflow = TURBODICOM_V(set1_epi16)(0);
  Block8 rows = load_blocks<false>(blocks, table, overflow);
  const Reg quadrupled = TURBODICOM_V(slli_epi16)(rows.row[0], Narrow::kPass1Bits);
  const Reg lost = TURBODICOM_V(sub_epi16)(TURBODICOM_V(srai_epi16)(quadrupled, Narrow::kPass1Bits), rows.row[0]);
  if (!is_zero(lost)) return false;
  constexpr int kShift1 = kConstBits - Narrow::kPass1Bits;
  constexpr int kShift2 = kConstBits + Narrow::kPass1Bits + 3;
  rows = transposed(joined<kShift1>(even_part_8<kShift1>(rows), odd_part_8(rows)));
  rows = joined<kShift2>(even_part_8<kShift2>(rows), odd_part_8(rows));
  store_8_bits(rows, out, stride);
  return true;
}

// Samples near black or white have values between the passes that just do not fit 16 bits, all of them in column 0: a DC
// coefficient nearer to 0 keeps them there. Its other part, +-8192, passes both passes by, in the second one's rounding.
struct Split {
  Reg dc_part;    // to be subtracted from row 0
  Reg in_pass_2;  // what it makes in the sums of the second pass
};
TURBODICOM_TARGET inline Split split_dc(Reg row0) noexcept {
  // +8192 or -8192, in each block's first lane, and that lane's 32 bits in all of the block's.
  const Reg sign = TURBODICOM_V(srai_epi16)(row0, 15);
  const Reg part = bits_of_both(TURBODICOM_V(slli_epi16)(sign, 14), TURBODICOM_V(set1_epi16)(8192));
  const Reg spread = TURBODICOM_V(shuffle_epi32)(TURBODICOM_V(shufflelo_epi16)(part, 0), kFirstOfFour);
  // Twice the part (kPass1Bits), kConstBits further up: from the upper 16 of 32 bits 2 down.
  const Reg upper = TURBODICOM_V(slli_epi32)(spread, 16);
  return {masked(part, first_words()), TURBODICOM_V(srai_epi32)(upper, 16 - kConstBits - Broad::kPass1Bits)};
}

// The low 14 bits, signed, limited to 12, unsigned.
TURBODICOM_TARGET inline Reg limited_12(Reg value) noexcept {
  const Reg low14 = TURBODICOM_V(slli_epi16)(value, 2);
  const Reg limited = TURBODICOM_V(max_epi16)(TURBODICOM_V(min_epi16)(low14, TURBODICOM_V(set1_epi16)(2047 * 4)),
                                              TURBODICOM_V(set1_epi16)(-2048 * 4));
  return TURBODICOM_V(add_epi16)(TURBODICOM_V(srai_epi16)(limited, 2), TURBODICOM_V(set1_epi16)(2048));
}

TURBODICOM_TARGET inline bool reaches_limits(const Block8& rows) noexcept {
  Reg least = rows.row[0], most = rows.row[0];
  for (int i = 1; i < 8; ++i) {
    least = TURBODICOM_V(min_epi16)(least, rows.row[i]);
    most = TURBODICOM_V(max_epi16)(most, rows.row[i]);
  }
  // 32767 - most, least + 32768 as unsigned numbers: 0 at the limit.
  const Reg room = TURBODICOM_V(min_epu16)(TURBODICOM_V(sub_epi16)(TURBODICOM_V(set1_epi16)(32767), most),
                                           TURBODICOM_V(add_epi16)(least, TURBODICOM_V(set1_epi16)(-32768)));
  return has_zero_lane(room);
}

// True: done. False: some value does not fit 16 bits.
// 32 bits hold every sum: 8 values of 32768 times the largest factors are 2.006e9, the part of DC adds 0.134e9.
TURBODICOM_TARGET inline bool transform_12(const std::int16_t* blocks, const Dequantiser& table, std::uint16_t* out,
                                           std::ptrdiff_t stride) noexcept {
  Reg overflow = TURBODICOM_V(set1_epi16)(0);
  Block8 rows = load_blocks<true>(blocks, table, overflow);
  if (!is_zero(overflow)) return false;
  const Split split = split_dc(rows.row[0]);
  rows.row[0] = TURBODICOM_V(sub_epi16)(rows.row[0], split.dc_part);
  constexpr int kShift1 = kConstBits - Broad::kPass1Bits;
  constexpr int kShift2 = kConstBits + Broad::kPass1Bits + 3;
  rows = joined<kShift1>(even_part_12(rows, TURBODICOM_V(set1_epi32)(1 << (kShift1 - 1))), odd_part_12(rows));
  if (reaches_limits(rows)) return false;
  rows = transposed(rows);
  const Reg rounding = TURBODICOM_V(add_epi32)(split.in_pass_2, TURBODICOM_V(set1_epi32)(1 << (kShift2 - 1)));
  rows = joined<kShift2>(even_part_12(rows, rounding), odd_part_12(rows));
  for (Reg& row : rows.row) row = limited_12(row);
  store_12_bits(transposed(rows), out, stride);
  return true;
}

template <typename P>
TURBODICOM_TARGET inline bool transform(const std::int16_t* blocks, const Dequantiser& table, typename P::Sample* out,
                                        std::ptrdiff_t stride) noexcept {
  if constexpr (sizeof(typename P::Sample) == 1) return transform_8(blocks, table, out, stride);
  else return transform_12(blocks, table, out, stride);
}

template <typename P>
constexpr IdctFn<typename P::Sample> scalar_form() noexcept {
  if constexpr (sizeof(typename P::Sample) == 1) return scalar::idct_8_bits;
  else return scalar::idct_12_bits;
}

// kBlocks blocks without AC coefficients.
template <typename P>
TURBODICOM_TARGET inline void fill(const std::int16_t* blocks, const Dequantiser& table, typename P::Sample* out,
                                   std::ptrdiff_t stride) noexcept {
  alignas(64) typename P::Sample row[8 * kBlocks];
  for (std::size_t i = 0; i < kBlocks; ++i) std::fill_n(row + 8 * i, 8, dc_sample<P>(blocks[64 * i], table.step[0]));
  for (int i = 0; i < 8; ++i, out += stride) std::memcpy(out, row, sizeof row);
}

template <typename P>
TURBODICOM_TARGET inline void transform_some(const std::int16_t* blocks, const std::uint8_t* last, const Dequantiser& table,
                                             typename P::Sample* out, std::ptrdiff_t stride) noexcept {
  if (last != nullptr && std::all_of(last, last + kBlocks, [](std::uint8_t index) { return index == 0; }))
    fill<P>(blocks, table, out, stride);
  else if (!transform<P>(blocks, table, out, stride)) [[unlikely]]
    scalar_form<P>()(blocks, last, kBlocks, table, out, stride);
}

// The last blocks of a row are done together with some that are done already; too few for that, in a copy.
template <typename P>
TURBODICOM_TARGET void transform_blocks(const std::int16_t* blocks, const std::uint8_t* last, std::size_t count,
                                        const Dequantiser& table, typename P::Sample* out, std::ptrdiff_t stride) noexcept {
  std::size_t done = 0;
  for (; done + kBlocks <= count; done += kBlocks)
    transform_some<P>(blocks + 64 * done, last == nullptr ? nullptr : last + done, table, out + 8 * done, stride);
  if (done == count) return;
  if (count >= kBlocks) {
    done = count - kBlocks;
    return transform_some<P>(blocks + 64 * done, last == nullptr ? nullptr : last + done, table, out + 8 * done, stride);
  }
  alignas(64) std::int16_t some[64 * kBlocks] = {};
  alignas(64) typename P::Sample samples[8 * 8 * kBlocks];
  std::copy_n(blocks, 64 * count, some);
  transform_some<P>(some, nullptr, table, samples, 8 * kBlocks);
  for (int row = 0; row < 8; ++row) std::copy_n(samples + 8 * kBlocks * row, 8 * count, out + row * stride);
}
