// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Marker segments into the caller's buffer (T.81 Annex B), the counterpart of MarkerReader. Every byte is checked
// against the buffer's end; entropy-coded segments are written between position() and move_to().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/jpeg/markers.h"

namespace turbodicom::codec::jpeg {

class SegmentWriter {
 public:
  explicit SegmentWriter(MutableByteView destination) noexcept : destination_(destination) {}

  void soi();
  void jfif();                                                        // APP0, version 1.01, no density (T.871 10.1)
  void adobe(std::uint8_t transform);                                 // APP14 (T.872 6.5.3)
  void dqt(std::uint32_t index, const QuantTable& table);             // 16 bits where 8 do not do (B.2.4.1)
  void dht(bool is_ac, std::uint32_t index, const HuffmanSpec& table);  // B.2.4.2
  void sof(const FrameHeader& frame);                                 // SOF0 to SOF3 by frame.process (B.2.2)
  void dri(std::uint32_t restart_interval);                           // B.2.4.4
  void sos(const FrameHeader& frame, const ScanHeader& scan);         // B.2.3
  // Ends the image; a fill byte (B.1.1.2) in front of the marker makes the number of bytes even.
  void eoi();

  // Entropy-coded segments go here.
  std::uint8_t* position() const noexcept { return destination_.data() + size_; }
  std::size_t room() const noexcept { return destination_.size() - size_; }
  void move_to(const std::uint8_t* end) noexcept { size_ = static_cast<std::size_t>(end - destination_.data()); }

  std::size_t size() const noexcept { return size_; }  // bytes so far

 private:
  void marker(std::uint8_t code);
  void byte(std::uint32_t value);
  void two_bytes(std::uint32_t value);
  void bytes(std::span<const std::uint8_t> values);

  MutableByteView destination_;
  std::size_t size_ = 0;
};

// What the segments around the scans take at most: SOI, JFIF, Adobe, 4 DQT of 16 bits, SOF, DRI, EOI and fill.
inline constexpr std::size_t kMaxFrameSegmentsBytes = 2 + 18 + 16 + 4 * 133 + 22 + 6 + 3;
// The same of one scan: 8 DHT of 256 codes and SOS.
inline constexpr std::size_t kMaxScanSegmentsBytes = 8 * (21 + 256) + 16;

}  // namespace turbodicom::codec::jpeg
