// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <cstring>
#include <vector>

#include "doctest/doctest.h"
#include "turbodicom/codec/jpeg/huffman.h"
#include "turbodicom/codec/jpeg/segment_writer.h"

using namespace turbodicom;
using namespace turbodicom::codec::jpeg;

namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename Write>
Bytes written(Write&& write) {
  Bytes out(4096);
  SegmentWriter writer(out);
  write(writer);
  out.resize(writer.size());
  return out;
}

FrameHeader frame_of(Process process, std::uint32_t components) {
  FrameHeader frame;
  frame.process = process;
  frame.precision = 12;
  frame.rows = 0x0102;
  frame.columns = 0x0304;
  frame.count = components;
  for (std::uint32_t i = 0; i < components; ++i) {
    frame.components[i].id = static_cast<std::uint8_t>(i + 1);
    frame.components[i].tq = static_cast<std::uint8_t>(i > 0);
  }
  return frame;
}

}  // namespace

TEST_SUITE("codec/jpeg segment writer") {
  TEST_CASE("frame_header_holds_size_precision_and_components") {
    FrameHeader frame = frame_of(Process::progressive, 3);
    frame.components[0].h = 2;
    frame.components[0].v = 1;
    CHECK(written([&](SegmentWriter& w) { w.sof(frame); }) ==
          Bytes{0xFF, 0xC2, 0, 17, 12, 1, 2, 3, 4, 3, 1, 0x21, 0, 2, 0x11, 1, 3, 0x11, 1});
  }

  TEST_CASE("each_process_has_its_own_frame_marker") {
    const auto code = [](Process p) { return written([&](SegmentWriter& w) { w.sof(frame_of(p, 1)); })[1]; };
    CHECK(code(Process::baseline) == 0xC0);
    CHECK(code(Process::extended) == 0xC1);
    CHECK(code(Process::progressive) == 0xC2);
    CHECK(code(Process::lossless) == 0xC3);
  }

  TEST_CASE("scan_header_names_components_by_id_with_their_tables") {
    const FrameHeader frame = frame_of(Process::progressive, 3);
    ScanHeader scan{};
    scan.count = 2;
    scan.component = {0, 2};
    scan.dc_table = {0, 1};
    scan.ac_table = {2, 3};
    scan.spectral_start = 1;
    scan.spectral_end = 63;
    scan.high_bit = 2;
    scan.low_bit = 1;
    CHECK(written([&](SegmentWriter& w) { w.sos(frame, scan); }) ==
          Bytes{0xFF, 0xDA, 0, 10, 2, 1, 0x02, 3, 0x13, 1, 63, 0x21});
  }

  TEST_CASE("quantisation_table_takes_16_bits_only_where_8_do_not_do") {
    QuantTable table;
    table.fill(255);
    const Bytes small = written([&](SegmentWriter& w) { w.dqt(1, table); });
    CHECK(small.size() == 69);
    CHECK(small[3] == 67);
    CHECK(small[4] == 0x01);
    table[63] = 256;
    const Bytes large = written([&](SegmentWriter& w) { w.dqt(3, table); });
    CHECK(large.size() == 133);
    CHECK(large[3] == 131);
    CHECK(large[4] == 0x13);
    CHECK(large[131] == 1);
    CHECK(large[132] == 0);
  }

  TEST_CASE("huffman_table_is_written_as_printed_in_table_K_3") {
    CHECK(written([](SegmentWriter& w) { w.dht(false, 0, typical_dc(false)); }) ==
          Bytes{0xFF, 0xC4, 0, 31, 0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0,
                0,    1,    2, 3,  4,    5, 6, 7, 8, 9, 10, 11});
    const Bytes ac = written([](SegmentWriter& w) { w.dht(true, 1, typical_ac(true)); });
    CHECK(ac.size() == 2 + 2 + 17 + 162);
    CHECK(ac[4] == 0x11);
  }

  TEST_CASE("application_segments_have_their_printed_bytes") {
    CHECK(written([](SegmentWriter& w) { w.jfif(); }) ==
          Bytes{0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
    CHECK(written([](SegmentWriter& w) { w.adobe(1); }) ==
          Bytes{0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 1});
  }

  TEST_CASE("restart_interval_has_two_bytes") {
    CHECK(written([](SegmentWriter& w) { w.dri(0x1234); }) == Bytes{0xFF, 0xDD, 0, 4, 0x12, 0x34});
  }

  TEST_CASE("an_odd_number_of_bytes_gets_a_fill_byte_in_front_of_EOI") {
    Bytes out(16);
    SegmentWriter writer(out);
    writer.soi();
    *writer.position() = 0x11;
    writer.move_to(writer.position() + 1);
    writer.eoi();
    CHECK(writer.size() == 6);
    CHECK(Bytes(out.begin(), out.begin() + 6) == Bytes{0xFF, 0xD8, 0x11, 0xFF, 0xFF, 0xD9});
    CHECK(written([](SegmentWriter& w) { w.soi(), w.eoi(); }) == Bytes{0xFF, 0xD8, 0xFF, 0xD9});
  }

  TEST_CASE("a_destination_too_small_is_refused_and_nothing_is_written_behind_it") {
    const Bytes whole = written([](SegmentWriter& w) { w.soi(), w.dht(false, 0, typical_dc(false)), w.eoi(); });
    for (std::size_t room = 0; room < whole.size(); ++room) {
      Bytes out(whole.size(), 0x55);
      SegmentWriter writer(MutableByteView(out).first(room));
      CHECK_THROWS_AS((writer.soi(), writer.dht(false, 0, typical_dc(false)), writer.eoi()), Error);
      for (std::size_t i = room; i < out.size(); ++i) REQUIRE(out[i] == 0x55);
    }
  }

  TEST_CASE("the_reader_reads_what_the_writer_wrote") {
    const FrameHeader frame = frame_of(Process::lossless, 2);
    ScanHeader scan{};
    scan.count = 2;
    scan.component = {0, 1};
    scan.spectral_start = 4;
    scan.low_bit = 2;
    const Bytes bytes = written([&](SegmentWriter& w) {
      w.soi(), w.adobe(0), w.sof(frame), w.dht(false, 0, typical_dc(true)), w.dri(0x304), w.sos(frame, scan), w.eoi();
    });
    MarkerReader reader(bytes);
    REQUIRE(reader.next() == MarkerReader::Stop::frame);
    CHECK(reader.frame().rows == frame.rows);
    CHECK(reader.frame().columns == frame.columns);
    REQUIRE(reader.next() == MarkerReader::Stop::scan);
    CHECK(reader.scan().spectral_start == 4);
    CHECK(reader.scan().low_bit == 2);
    CHECK(reader.tables().restart_interval == 0x304);
    CHECK(reader.tables().dc[0].values == typical_dc(true).values);
    CHECK(reader.application().adobe_transform == 0);
  }
}
