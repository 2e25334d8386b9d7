// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "codec/contract.h"

using namespace turbodicom;

TEST_CASE("rle_keeps_the_contract_of_every_codec") {
  codec::contract::Subject subject;
  subject.codec = codec::find_codec("rle");
  subject.types = {SampleType::u8, SampleType::f64, SampleType::u32, SampleType::i16};
  subject.samples = {1, 3, 2, 4};
  subject.max_pixel_bytes = 15;
  subject.header_bytes = 64;
  subject.carries_dimensions = false;
  codec::contract::run_contract_suite(subject);
}
