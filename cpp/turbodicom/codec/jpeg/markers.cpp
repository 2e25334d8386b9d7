// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/markers.h"

#include <algorithm>
#include <string>

namespace turbodicom::codec::jpeg {
namespace {

constexpr std::array<const char*, 16> kProcessNames{
    "baseline", "extended sequential", "progressive", "lossless", "", "hierarchical sequential", "hierarchical progressive",
    "hierarchical lossless", "", "arithmetic sequential", "arithmetic progressive", "arithmetic lossless", "",
    "hierarchical arithmetic sequential", "hierarchical arithmetic progressive", "hierarchical arithmetic lossless"};

std::string at_byte(std::size_t offset) { return ", at byte " + std::to_string(offset); }

[[noreturn, gnu::cold]] void corrupt(std::size_t offset, const std::string& what, const char* clause) {
  fail(Errc::corrupt_data, offset, "jpeg: " + what + at_byte(offset) + " (T.81 " + clause + ")");
}

constexpr bool is_frame_header(std::uint8_t code) noexcept {
  return code >= marker::SOF0 && code <= marker::SOF15 && code != marker::DHT && code != marker::JPG && code != marker::DAC;
}

constexpr bool is_standalone(std::uint8_t code) noexcept { return code == marker::TEM || is_restart(code); }

// Whether what a segment says matters to decoding.
constexpr bool is_read(std::uint8_t code) noexcept {
  return is_frame_header(code) || code == marker::DQT || code == marker::DHT || code == marker::DRI || code == marker::SOS;
}

constexpr std::uint32_t divide_up(std::uint64_t a, std::uint32_t b) noexcept { return static_cast<std::uint32_t>((a + b - 1) / b); }

std::uint32_t number(ByteView body, std::size_t at) { return load_be<std::uint16_t>(body.data() + at); }

void check_precision(const FrameHeader& frame, std::size_t at) {
  const std::uint32_t bits = frame.precision;
  const bool is_legal = frame.is_lossless() ? bits >= 2 && bits <= 16 : bits == 8 || bits == 12;
  if (!is_legal)
    corrupt(at, "precision of " + std::to_string(bits) + " bits, expected " + (frame.is_lossless() ? "2 to 16" : "8 or 12"), "Table B.2");
}

Component read_component(const std::uint8_t* bytes, std::size_t at) {
  Component component;
  component.id = bytes[0];
  component.h = bytes[1] >> 4;
  component.v = bytes[1] & 15;
  component.tq = bytes[2];
  if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4)
    corrupt(at, "sampling factors " + std::to_string(component.h) + " x " + std::to_string(component.v) + ", expected 1 to 4", "B.2.2");
  return component;
}

// Selectors that the scan has no use for may be anything; they become 0.
void check_selectors(ScanHeader& scan, Process process) {
  const bool is_progressive = process == Process::progressive;
  const bool uses_dc = !is_progressive || scan.spectral_start == 0;
  const bool uses_ac = is_progressive ? scan.spectral_start != 0 : process != Process::lossless;
  for (std::uint32_t i = 0; i < scan.count; ++i) {
    if (!uses_dc) scan.dc_table[i] = 0;
    if (!uses_ac) scan.ac_table[i] = 0;
    if (scan.dc_table[i] > 3 || scan.ac_table[i] > 3)
      corrupt(scan.offset, "Huffman table selectors " + std::to_string(scan.dc_table[i]) + " and " + std::to_string(scan.ac_table[i]) + ", expected 0 to 3", "B.2.3");
  }
}

}  // namespace

void derive_geometry(FrameHeader& frame) {
  frame.edge = frame.is_lossless() ? 1 : 8;
  frame.h_max = frame.v_max = 1;
  for (std::uint32_t i = 0; i < frame.count; ++i) {
    frame.h_max = std::max<std::uint32_t>(frame.h_max, frame.components[i].h);
    frame.v_max = std::max<std::uint32_t>(frame.v_max, frame.components[i].v);
  }
  frame.mcus_per_row = divide_up(frame.columns, frame.h_max * frame.edge);
  frame.mcu_rows = divide_up(frame.rows, frame.v_max * frame.edge);
  for (std::uint32_t i = 0; i < frame.count; ++i) {
    Component& component = frame.components[i];
    component.columns = divide_up(std::uint64_t{frame.columns} * component.h, frame.h_max);
    component.rows = divide_up(std::uint64_t{frame.rows} * component.v, frame.v_max);
    component.blocks_per_row = frame.mcus_per_row * component.h;
    component.block_rows = frame.mcu_rows * component.v;
    component.own_blocks_per_row = divide_up(component.columns, frame.edge);
    component.own_block_rows = divide_up(component.rows, frame.edge);
  }
}

MarkerPosition find_marker(ByteView source, std::size_t offset) noexcept {
  MarkerPosition found;
  std::size_t at = offset;
  while (at < source.size()) {
    if (source[at] != 0xFF) {
      ++found.skipped;
      ++at;
      continue;
    }
    while (at + 1 < source.size() && source[at + 1] == 0xFF) ++at;  // fill bytes
    if (at + 1 >= source.size()) break;
    if (source[at + 1] != 0) {
      found.code = source[at + 1];
      found.offset = at;
      return found;
    }
    found.skipped += 2;
    at += 2;
  }
  found.offset = source.size();
  return found;
}

std::string_view process_name(Process process) noexcept { return kProcessNames[static_cast<std::size_t>(process)]; }

MarkerReader::MarkerReader(ByteView source) : source_(source), offset_(2) {
  if (source.size() < 2) fail(Errc::truncated_data, source.size(), "jpeg: " + std::to_string(source.size()) + " bytes, no SOI marker (T.81 B.2.1)");
  if (source[0] != 0xFF || source[1] != marker::SOI) corrupt(0, "no SOI marker", "B.2.1");
}

MarkerReader::Stop MarkerReader::next() {
  for (;;) {
    const MarkerPosition found = find_marker(source_, offset_);
    if (found.code != 0 && !is_behind_scan_) skipped_ += found.skipped;
    is_behind_scan_ &= is_restart(found.code);  // intervals that nobody wanted
    if (found.code == 0) return Stop::end_of_bytes;
    const std::size_t at = found.offset;
    offset_ = at + 2;
    if (is_standalone(found.code)) continue;
    if (found.code == marker::EOI) return Stop::end;
    if (found.code == marker::SOI) corrupt(at, "a second SOI marker", "B.2.1");
    if (is_frame_header(found.code)) {
      read_frame(found.code, segment(found.code, at), at);
      return Stop::frame;
    }
    const ByteView body = segment(found.code, at);
    switch (found.code) {
      case marker::DQT: read_quant(body, at); break;
      case marker::DHT: read_huffman(body, at); break;
      case marker::DRI: read_restart_interval(body, at); break;
      case marker::SOS: read_scan(body, at); return Stop::scan;
      case marker::DHP: case marker::EXP:
        fail(Errc::unsupported, at, "jpeg: hierarchical coding, marker " + std::to_string(found.code) + at_byte(at) + " (T.81 Annex J)");
      default: read_application(found.code, body);
    }
  }
}

// The bytes behind the length of the segment whose marker is at `at`; offset_ moves behind them.
ByteView MarkerReader::segment(std::uint8_t code, std::size_t at) {
  if (source_.size() - at < 4)
    fail(Errc::truncated_data, source_.size(), "jpeg: the bytes end in the marker segment at byte " + std::to_string(at));
  const std::size_t length = load_be<std::uint16_t>(source_.data() + at + 2);
  if (length < 2 && !is_read(code)) {  // nobody looks into it: libjpeg takes it as empty
    offset_ = at + 4;
    return {};
  }
  if (length < 2) corrupt(at, "marker segment of length " + std::to_string(length) + ", at least 2 expected", "B.1.1.4");
  if (length > source_.size() - at - 2)
    fail(Errc::truncated_data, source_.size(),
         "jpeg: marker " + std::to_string(code) + " at byte " + std::to_string(at) + " has " + std::to_string(length) +
             " bytes, " + std::to_string(source_.size() - at - 2) + " are there (T.81 B.1.1.4)");
  offset_ = at + 2 + length;
  return source_.subspan(at + 4, length - 2);
}

// B.2.4.1.
void MarkerReader::read_quant(ByteView body, std::size_t at) {
  while (!body.empty()) {
    const unsigned precision = body[0] >> 4, index = body[0] & 15;
    if (index > 3) corrupt(at, "quantisation table " + std::to_string(index) + ", expected 0 to 3", "B.2.4.1");
    const std::size_t element = precision == 0 ? 1 : 2;
    if (body.size() < 1 + 64 * element) corrupt(at, "a quantisation table is cut short", "B.2.4.1");
    QuantTable table;
    for (std::size_t k = 0; k < 64; ++k)
      table[k] = element == 1 ? body[1 + k] : static_cast<std::uint16_t>(number(body, 1 + 2 * k));
    tables_.quant[index] = table;
    body = body.subspan(1 + 64 * element);
  }
}

// B.2.4.2.
void MarkerReader::read_huffman(ByteView body, std::size_t at) {
  while (!body.empty()) {
    if (body.size() < 17) corrupt(at, "a Huffman table is cut short", "B.2.4.2");
    const unsigned table_class = body[0] >> 4, index = body[0] & 15;
    if (table_class > 1 || index > 3)
      corrupt(at, "Huffman table " + std::to_string(index) + " of class " + std::to_string(table_class) + ", expected 0 to 3 of 0 or 1", "B.2.4.2");
    HuffmanSpec spec;
    spec.is_defined = true;
    spec.offset = at;
    std::size_t count = 0;
    for (std::size_t i = 1; i <= 16; ++i) count += spec.counts[i] = body[i];
    if (count > 256 || body.size() < 17 + count)
      corrupt(at, "a Huffman table of " + std::to_string(count) + " codes in " + std::to_string(body.size()) + " bytes", "B.2.4.2");
    std::copy_n(body.begin() + 17, count, spec.values.begin());
    (table_class == 0 ? tables_.dc : tables_.ac)[index] = spec;
    body = body.subspan(17 + count);
  }
}

// B.2.4.4.
void MarkerReader::read_restart_interval(ByteView body, std::size_t at) {
  if (body.size() != 2) corrupt(at, "DRI segment of " + std::to_string(body.size()) + " bytes, expected 2", "B.2.4.4");
  tables_.restart_interval = number(body, 0);
}

// B.2.2.
void MarkerReader::read_frame(std::uint8_t code, ByteView body, std::size_t at) {
  if (has_frame_) corrupt(at, "a second frame header", "B.2.1");
  if (code > marker::SOF3)
    fail(Errc::unsupported, at, std::string("jpeg: ") + kProcessNames[code & 15u] + " coding" + at_byte(at) + " (T.81 Table B.1)");
  const std::size_t count = body.size() > 5 ? body[5] : 0;
  if (count == 0 || body.size() != 6 + 3 * count)
    corrupt(at, "frame header of " + std::to_string(body.size()) + " bytes for " + std::to_string(count) + " components", "B.2.2");
  if (count > kMaxComponents)
    fail(Errc::unsupported, at, "jpeg: " + std::to_string(count) + " components, at most 4 are read" + at_byte(at));
  frame_.process = static_cast<Process>(code - marker::SOF0);
  frame_.precision = body[0];
  frame_.rows = number(body, 1);
  frame_.columns = number(body, 3);
  frame_.count = static_cast<std::uint32_t>(count);
  frame_.offset = at;
  check_precision(frame_, at);
  for (std::size_t i = 0; i < count; ++i) frame_.components[i] = read_component(body.data() + 6 + 3 * i, at);
  if (frame_.columns == 0) corrupt(at, "no columns", "B.2.2");
  if (frame_.rows == 0) frame_.rows = rows_from_dnl(at);
  derive_geometry(frame_);
  has_frame_ = true;
}

// B.2.5: the number of lines follows the first scan. Looked up ahead, so that sizes are known before anything is decoded.
std::uint32_t MarkerReader::rows_from_dnl(std::size_t at) const {
  std::size_t offset = offset_;
  bool in_scan = false;
  for (;;) {
    const MarkerPosition found = find_marker(source_, offset);
    if (found.code == 0) break;
    offset = found.offset + 2;
    if (is_standalone(found.code)) continue;
    if (in_scan && found.code != marker::DNL) break;
    if (source_.size() - offset < 4) break;
    if (found.code == marker::DNL) {
      const std::uint32_t rows = number(source_, offset + 2);
      if (number(source_, offset) != 4 || rows == 0) corrupt(found.offset, "DNL segment without a number of lines", "B.2.5");
      return rows;
    }
    in_scan = found.code == marker::SOS;
    offset += std::max<std::size_t>(number(source_, offset), 2);
  }
  corrupt(at, "no number of lines, neither here nor in a DNL segment behind the first scan", "B.2.5");
}

// B.2.3.
void MarkerReader::read_scan(ByteView body, std::size_t at) {
  if (!has_frame_) corrupt(at, "a scan before the frame header", "B.2.1");
  const std::size_t count = body.empty() ? 0 : body[0];
  if (count < 1 || count > 4 || body.size() != 4 + 2 * count)
    corrupt(at, "scan header of " + std::to_string(body.size()) + " bytes for " + std::to_string(count) + " components", "B.2.3");
  ScanHeader scan{};
  std::array<bool, kMaxComponents> is_taken{};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t id = body[1 + 2 * i], selectors = body[2 + 2 * i];
    std::uint8_t c = 0;
    while (c < frame_.count && (frame_.components[c].id != id || is_taken[c])) ++c;
    if (c == frame_.count) corrupt(at, "component " + std::to_string(id) + " of the scan is not in the frame, or twice in the scan", "B.2.3");
    is_taken[c] = true;
    scan.component[i] = c;
    scan.dc_table[i] = selectors >> 4;
    scan.ac_table[i] = selectors & 15;
  }
  scan.count = static_cast<std::uint32_t>(count);
  scan.spectral_start = body[1 + 2 * count];
  scan.spectral_end = body[2 + 2 * count];
  scan.high_bit = body[3 + 2 * count] >> 4;
  scan.low_bit = body[3 + 2 * count] & 15;
  scan.offset = at;
  scan.data = offset_;
  check_selectors(scan, frame_.process);
  scan_ = scan;
}

// B.2.4.6; JFIF: T.871 10.1, Adobe: T.872 6.5.3.
void MarkerReader::read_application(std::uint8_t code, ByteView body) {
  const auto begins_with = [&](std::string_view text) {
    return body.size() >= text.size() && std::equal(text.begin(), text.end(), body.begin());
  };
  if (code == marker::APP0 && body.size() >= 14 && begins_with(std::string_view("JFIF\0", 5))) application_.has_jfif = true;
  if (code == marker::APP14 && body.size() >= 12 && begins_with("Adobe")) application_.adobe_transform = body[11];
}

ColourGuess guess_colour(const FrameHeader& frame, const Application& application) noexcept {
  ColourGuess guess;
  const auto& transform = application.adobe_transform;
  if (frame.count == 4) guess.libjpeg_says_ycc = transform && *transform != 0;
  if (frame.count != 3) return guess;
  const auto ids_are = [&](char r, char g, char b) {
    return frame.components[0].id == r && frame.components[1].id == g && frame.components[2].id == b;
  };
  const bool says_rgb_by_ids = ids_are('R', 'G', 'B');
  if (application.has_jfif)
    guess.libjpeg_says_ycc = true;
  else if (transform)
    guess.libjpeg_says_ycc = *transform != 0;
  else
    guess.libjpeg_says_ycc = frame.is_lossless() ? ids_are(1, 2, 3) : !says_rgb_by_ids;
  if (transform && *transform <= 1)
    guess = {*transform == 0 ? CodedColour::rgb : CodedColour::ycc, ColourSource::app14, guess.libjpeg_says_ycc};
  else if (says_rgb_by_ids || ids_are('r', 'g', 'b'))
    guess = {CodedColour::rgb, ColourSource::component_ids, guess.libjpeg_says_ycc};
  else if (application.has_jfif)
    guess = {CodedColour::ycc, ColourSource::jfif, guess.libjpeg_says_ycc};
  return guess;
}

}  // namespace turbodicom::codec::jpeg
