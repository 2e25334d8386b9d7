// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Marker segments (T.81 Annex B) as values, and the reader that walks from one to the next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "turbodicom/base/bytes.h"
#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::jpeg {

// T.81 Table B.1.
namespace marker {
inline constexpr std::uint8_t SOF0 = 0xC0, SOF1 = 0xC1, SOF2 = 0xC2, SOF3 = 0xC3, DHT = 0xC4, JPG = 0xC8, DAC = 0xCC,
                              SOF15 = 0xCF, RST0 = 0xD0, RST7 = 0xD7, SOI = 0xD8, EOI = 0xD9, SOS = 0xDA, DQT = 0xDB,
                              DNL = 0xDC, DRI = 0xDD, DHP = 0xDE, EXP = 0xDF, APP0 = 0xE0, APP14 = 0xEE, TEM = 0x01;
}
constexpr bool is_restart(std::uint8_t code) noexcept { return code >= marker::RST0 && code <= marker::RST7; }

inline constexpr std::size_t kMaxComponents = 4;  // our limit, as DICOM's; T.81 allows 255

// One component of the frame (B.2.2) and what follows from the sampling factors (A.1.1, A.2.4).
struct Component {
  std::uint8_t id = 0;
  std::uint8_t h = 1, v = 1;
  std::uint8_t tq = 0;                 // quantisation table selector
  std::uint32_t columns = 0, rows = 0;  // x_i, y_i: samples
  std::uint32_t blocks_per_row = 0;    // whole MCUs of the frame: multiples of h and v
  std::uint32_t block_rows = 0;
  std::uint32_t own_blocks_per_row = 0;  // what a scan of this component alone has (A.2.2)
  std::uint32_t own_block_rows = 0;
};

struct FrameHeader {
  Process process = Process::baseline;
  std::uint32_t precision = 8;
  std::uint32_t rows = 0, columns = 0;
  std::uint32_t count = 0;             // components
  std::array<Component, kMaxComponents> components;
  std::uint32_t h_max = 1, v_max = 1;
  std::uint32_t edge = 8;              // samples of a data unit: 8, or 1 for lossless
  std::uint32_t mcus_per_row = 0, mcu_rows = 0;  // of a scan of all components
  std::size_t offset = 0;              // byte of the marker

  bool is_lossless() const noexcept { return process == Process::lossless; }
};

// A.1.1 and A.2: what process, size and sampling factors make of the rest.
void derive_geometry(FrameHeader& frame);

// B.2.3. For lossless Ss is the predictor's selection value and Al the point transform.
struct ScanHeader {
  std::uint32_t count = 0;
  std::array<std::uint8_t, kMaxComponents> component{};  // indexes into FrameHeader::components
  std::array<std::uint8_t, kMaxComponents> dc_table{}, ac_table{};  // Td, Ta: 0..3, unused ones 0
  std::uint32_t spectral_start = 0, spectral_end = 0;  // Ss, Se
  std::uint32_t high_bit = 0, low_bit = 0;             // Ah, Al
  std::size_t offset = 0;              // byte of the marker
  std::size_t data = 0;                // first byte of the entropy-coded segment
};

// B.2.4.2: lengths and values as sent. Whether they make a code is found out when a decoder is built from them.
struct HuffmanSpec {
  bool is_defined = false;
  std::array<std::uint8_t, 17> counts{};  // counts[i]: codes of i bits; [0] is unused
  std::array<std::uint8_t, 256> values{};
  std::size_t offset = 0;
};

// The tables as they stand at a point of the codestream.
struct Tables {
  std::array<std::optional<QuantTable>, 4> quant;  // zig-zag order
  std::array<HuffmanSpec, 4> dc, ac;               // dc also serves lossless
  std::uint32_t restart_interval = 0;              // MCUs, 0: none
};

// What the application segments say.
struct Application {
  bool has_jfif = false;
  std::optional<std::uint8_t> adobe_transform;     // T.872 6.5.3
};

// The next marker at or behind `offset`: its code and the byte of its 0xFF. Fill bytes (B.1.1.2) are skipped; so is,
// with `skipped` counting it, anything else, as every decoder in the field does. code 0: the bytes end.
struct MarkerPosition {
  std::uint8_t code = 0;
  std::size_t offset = 0;   // of the last 0xFF in front of the code
  std::size_t skipped = 0;
};
MarkerPosition find_marker(ByteView source, std::size_t offset) noexcept;

// Walks the segments between scans. Throws corrupt_data, truncated_data or unsupported, with the byte.
class MarkerReader {
 public:
  explicit MarkerReader(ByteView source);  // checks SOI

  enum class Stop { frame, scan, end, end_of_bytes };
  // Reads on from `offset()` up to and including the next frame header, scan header or EOI. Tables, application
  // segments and DNL on the way are taken in.
  Stop next();

  const FrameHeader& frame() const noexcept { return frame_; }
  bool has_frame() const noexcept { return has_frame_; }
  const ScanHeader& scan() const noexcept { return scan_; }
  const Tables& tables() const noexcept { return tables_; }
  const Application& application() const noexcept { return application_; }
  std::size_t offset() const noexcept { return offset_; }
  // Behind a scan's data. What is skipped from there to the next marker is the scan's affair.
  void set_offset(std::size_t offset) noexcept {
    offset_ = offset;
    is_behind_scan_ = true;
  }
  std::size_t skipped_bytes() const noexcept { return skipped_; }     // between segments, in all

 private:
  ByteView segment(std::uint8_t code, std::size_t at);
  void read_quant(ByteView body, std::size_t at);
  void read_huffman(ByteView body, std::size_t at);
  void read_restart_interval(ByteView body, std::size_t at);
  void read_frame(std::uint8_t code, ByteView body, std::size_t at);
  void read_scan(ByteView body, std::size_t at);
  void read_application(std::uint8_t code, ByteView body);
  std::uint32_t rows_from_dnl(std::size_t at) const;

  ByteView source_;
  std::size_t offset_ = 0;
  std::size_t skipped_ = 0;
  bool is_behind_scan_ = false;
  bool has_frame_ = false;
  FrameHeader frame_;
  ScanHeader scan_;
  Tables tables_;
  Application application_;
};

// What libjpeg makes of the markers when nobody tells it: YCbCr or not, for three components.
struct ColourGuess {
  CodedColour colour = CodedColour::unsaid;
  ColourSource source = ColourSource::nothing;
  bool libjpeg_says_ycc = false;   // 3 components: YCbCr; 4 components: YCCK
};
ColourGuess guess_colour(const FrameHeader& frame, const Application& application) noexcept;

// "baseline", "extended sequential", "progressive", "lossless".
std::string_view process_name(Process process) noexcept;

}  // namespace turbodicom::codec::jpeg
