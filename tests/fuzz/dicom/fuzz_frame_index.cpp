// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: the frame index of any Pixel Data is made of spans within the input, its frames cover the
// spans in order, and without a table every fragment belongs to one frame; or it is an Error.
// The first byte gives the number of frames and strictness, the rest is a data set.
#include <cstdlib>
#include <memory>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/encapsulation.h"

namespace {

using namespace turbodicom;
using namespace turbodicom::dicom;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const FrameIndex& index, std::uint64_t size) {
  for (const Span& span : index.spans_) require(span.offset <= size && span.length <= size - span.offset);
  std::size_t covered = 0;
  for (std::uint64_t frame = 0; frame < index.number_of_frames(); ++frame) {
    covered += index.spans(frame).size();
    require(index.codestream_bytes(frame) <= size);
  }
  require(covered == index.spans_.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::uint64_t frames = data[0] & 0x7F;
  const bool strict = (data[0] & 0x80) != 0;
  const ByteView bytes{data + 1, size - 1};
  try {
    const auto data_set = read_data_set(memory_source(bytes, nullptr), 0, {}, {});
    const Element* pixel_data = data_set->find(tags::kPixelData);
    if (pixel_data == nullptr) return 0;
    const FrameIndex index = index_encapsulated(*data_set, *pixel_data, frames, {}, strict);
    check(index, bytes.size());
    const std::size_t items = list_fragment_items(*data_set, *pixel_data, {}).size();
    if (index.offset_table != OffsetTable::extended) require(index.spans_.size() + 1 == items || items == 0);
  } catch (const Error&) {
  }
  return 0;
}
