// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: of any bytes read as a file a slice header is nothing, or finite numbers and plain texts, the same whether the
// file is in memory or read piece by piece (RELIABILITY D2, D4).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "chunked.h"
#include "turbodicom/base/error.h"
#include "turbodicom/image/slice_header.h"

namespace {

using namespace turbodicom;
using image::SliceHeader;

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Numbers>
void require_finite(const Numbers& numbers) {
  require(std::ranges::all_of(numbers, [](double number) { return std::isfinite(number); }));
}

void require_plain(const std::optional<std::string>& text) {
  if (!text) return;
  require(std::ranges::all_of(*text, [](char c) { return c >= ' ' && c <= '~' && c != '\\'; }));
  require(text->empty() || (text->front() != ' ' && text->back() != ' '));
}

std::optional<SliceHeader> visit(std::shared_ptr<const dicom::Source> source) {
  try {
    const dicom::DicomFile file = dicom::read_file(std::move(source), nullptr, {});
    if (!file.data_set) return std::nullopt;
    auto header = image::read_slice_header(*file.data_set);
    if (!header) return std::nullopt;
    require_finite(header->position);
    require_finite(header->orientation);
    require_finite(header->spacing);
    require(!header->step || (std::isfinite(*header->step) && *header->step > 0));
    for (const auto& number : {header->slope, header->intercept}) require(!number || std::isfinite(*number));
    for (const auto& text : {header->series, header->frame_of_reference, header->rescale_type, header->units}) require_plain(text);
    return header;
  } catch (const Error& error) {
    require(error.code != Errc::io_error && error.code != Errc::cancelled);
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto resident = dicom::memory_source({data, size}, nullptr);
  const auto whole = visit(resident), pieces = visit(std::make_shared<const fuzz::Chunked>(resident));
  require(whole.has_value() == pieces.has_value());
  if (whole) require(whole->position == pieces->position && whole->number == pieces->number && whole->series == pieces->series);
  return 0;
}
