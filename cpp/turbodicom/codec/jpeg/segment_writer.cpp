// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/segment_writer.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "turbodicom/base/error.h"

namespace turbodicom::codec::jpeg {
namespace {

// T.81 Table B.1.
std::uint8_t sof_code(Process process) {
  switch (process) {
    case Process::baseline: return marker::SOF0;
    case Process::extended: return marker::SOF1;
    case Process::progressive: return marker::SOF2;
    default: return marker::SOF3;
  }
}

std::uint32_t high_low(std::uint32_t high, std::uint32_t low) { return high << 4 | low; }

}  // namespace

void SegmentWriter::byte(std::uint32_t value) {
  if (size_ >= destination_.size())
    fail(Errc::invalid_argument, 0,
         "jpeg: the destination's " + std::to_string(destination_.size()) + " bytes do not hold the codestream");
  destination_[size_++] = static_cast<std::uint8_t>(value);
}

void SegmentWriter::two_bytes(std::uint32_t value) {
  byte(value >> 8);
  byte(value & 0xFF);
}

void SegmentWriter::bytes(std::span<const std::uint8_t> values) {
  for (const std::uint8_t value : values) byte(value);
}

void SegmentWriter::marker(std::uint8_t code) {
  byte(0xFF);
  byte(code);
}

void SegmentWriter::soi() { marker(marker::SOI); }

void SegmentWriter::jfif() {
  marker(marker::APP0);
  bytes(std::array<std::uint8_t, 16>{0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
}

void SegmentWriter::adobe(std::uint8_t transform) {
  marker(marker::APP14);
  bytes(std::array<std::uint8_t, 14>{0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform});
}

void SegmentWriter::dqt(std::uint32_t index, const QuantTable& table) {
  const bool is_16_bit = std::any_of(table.begin(), table.end(), [](std::uint16_t q) { return q > 255; });
  marker(marker::DQT);
  two_bytes(is_16_bit ? 131 : 67);
  byte(high_low(is_16_bit, index));
  for (const std::uint16_t q : table) is_16_bit ? two_bytes(q) : byte(q);
}

void SegmentWriter::dht(bool is_ac, std::uint32_t index, const HuffmanSpec& table) {
  const std::uint32_t codes = std::accumulate(table.counts.begin() + 1, table.counts.end(), 0u);
  marker(marker::DHT);
  two_bytes(2 + 17 + codes);
  byte(high_low(is_ac, index));
  bytes(std::span(table.counts).subspan(1));
  bytes(std::span(table.values).first(codes));
}

void SegmentWriter::sof(const FrameHeader& frame) {
  marker(sof_code(frame.process));
  two_bytes(8 + 3 * frame.count);
  byte(frame.precision);
  two_bytes(frame.rows);
  two_bytes(frame.columns);
  byte(frame.count);
  for (const Component& component : std::span(frame.components).first(frame.count)) {
    byte(component.id);
    byte(high_low(component.h, component.v));
    byte(component.tq);
  }
}

void SegmentWriter::dri(std::uint32_t restart_interval) {
  marker(marker::DRI);
  two_bytes(4);
  two_bytes(restart_interval);
}

void SegmentWriter::sos(const FrameHeader& frame, const ScanHeader& scan) {
  marker(marker::SOS);
  two_bytes(6 + 2 * scan.count);
  byte(scan.count);
  for (std::uint32_t i = 0; i < scan.count; ++i) {
    byte(frame.components[scan.component[i]].id);
    byte(high_low(scan.dc_table[i], scan.ac_table[i]));
  }
  byte(scan.spectral_start);
  byte(scan.spectral_end);
  byte(high_low(scan.high_bit, scan.low_bit));
}

void SegmentWriter::eoi() {
#if !defined(TURBODICOM_PLANT_jpeg_odd_length)
  if (size_ % 2 != 0) byte(0xFF);
#endif
  marker(marker::EOI);
}

}  // namespace turbodicom::codec::jpeg
