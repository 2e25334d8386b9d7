// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: any bytes read as a file give frames or an Error; at most four frames read with
// OnError::report into a buffer of zeros and into one of ones give equal samples, reports that agree
// with them, and what is verbatim is what lies in the file (RELIABILITY D2, D4, D7).
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "chunked.h"
#include "turbodicom/base/error.h"
#include "turbodicom/image/frame_reader.h"

namespace {

using namespace turbodicom;
using namespace turbodicom::image;

void require(bool condition) {
  if (!condition) std::abort();
}

Limits small_limits() {
  Limits limits;
  limits.bytes_per_frame = limits.pixels_per_frame = std::uint64_t{1} << 20;
  limits.elements = 1000;
  return limits;
}

// The first three frames and the last one, where there are so many.
std::vector<std::uint64_t> some_frames(const FrameReader& reader) {
  std::vector<std::uint64_t> frames;
  for (std::uint64_t frame = 0; frame < std::min<std::uint64_t>(reader.number_of_frames(), 3); ++frame) frames.push_back(frame);
  if (reader.number_of_frames() > 3) frames.push_back(reader.number_of_frames() - 1);
  return frames;
}

std::vector<std::uint8_t> decode(const FrameReader& reader, Color color, bool planar, std::uint8_t before) {
  const FrameLayout& layout = reader.layout();
  ReadRequest request;
  request.frames = some_frames(reader);
  request.color = color;
  request.on_error = codec::OnError::report;
  reader.check_frames(request.frames, request.on_error);
  std::vector<std::uint8_t> samples(layout.frame_bytes * request.frames.size(), before);
  const auto view = planar ? planar_view<std::uint8_t> : interleaved_view<std::uint8_t>;
  request.first = view(samples.data(), layout.type, layout.rows, layout.columns, layout.samples_per_pixel);
  request.frame_stride = static_cast<std::ptrdiff_t>(layout.frame_bytes);
  const std::vector<FrameReport> reports = reader.read(request, [] {});
  require(reports.size() == request.frames.size());
  for (const FrameReport& report : reports) {
    require(report.valid_rows <= layout.rows);
    require(report.error.has_value() || report.valid_rows == layout.rows);
  }
  if (!planar && color == Color::coded && reader.is_verbatim(color) && !reports[0].error)
    require(std::equal(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(layout.frame_bytes), reader.codestream(0).begin()));
  return samples;
}

// The samples of both fills, or nothing where the file is refused.
std::vector<std::uint8_t> visit(const std::shared_ptr<const dicom::Source>& source, Color color, bool planar) {
  try {
    const Limits limits = small_limits();
    dicom::ReadOptions options;
    options.limits = limits;
    const dicom::DicomFile file = dicom::read_file(source, nullptr, options);
    if (!file.data_set) return {};
    const FrameReader reader(file, *file.data_set, limits);
    const std::vector<std::uint8_t> zeros = decode(reader, color, planar, 0x00);
    require(zeros == decode(reader, color, planar, 0xFF));
    return zeros;
  } catch (const Error& error) {
    require(error.code != Errc::io_error && error.code != Errc::cancelled);
    return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto resident = dicom::memory_source({data, size}, nullptr);
  const auto chunked = std::make_shared<const fuzz::Chunked>(resident);
  for (const Color color : {Color::coded, Color::rgb}) {
    const std::vector<std::uint8_t> whole = visit(resident, color, false);
    const std::vector<std::uint8_t> pieces = visit(chunked, color, true);
    require(whole.size() == pieces.size());
  }
  return 0;
}
