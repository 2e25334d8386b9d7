// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Damaged files and hostile ones (RELIABILITY P1, D1, D2, D3, D7): an Error that says which frame, or
// what could be decoded, zeros for the rest, and the reason in the report.
#include <cstring>

#include "codec/rle/stream_writer.h"
#include "image/image_writer.h"
#include "image/rle_frame.h"
#include "turbodicom/image/frame_reader.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;
using turbodicom::dicom::test::kExplicitBig;
using turbodicom::dicom::test::kExplicitLittle;
using turbodicom::dicom::test::kRle;

namespace {

constexpr auto kReport = codec::OnError::report;
constexpr auto kRaise = codec::OnError::raise;

// Two frames of 4 x 3 pixels with every byte set, so that a zero is a filled one.
ImageFile two_frames(std::uint16_t bits = 8) {
  ImageFile file;
  file.rows = 4;
  file.bits_allocated = bits;
  file.number_of_frames = "2 ";
  file.pixels = Bytes((24u * bits + 7) / 8);
  for (std::size_t at = 0; at < file.pixels.size(); ++at) file.pixels[at] = static_cast<std::uint8_t>(at * 7 % 255 + 1);
  return file;
}

ImageFile rle_frames(std::initializer_list<Bytes> frames) {
  ImageFile file;
  file.syntax = kRle;
  file.number_of_frames = std::to_string(frames.size()) + " ";
  file.encapsulated = true;
  file.fragments = frames;
  return file;
}

Bytes flat_frame(std::uint8_t value) {
  ImageFile file;
  return rle_frame(Bytes(6, value), file);
}

// A decode into 0x00 and one into 0xFF must not differ: nothing is left as it was.
Decoded read_twice(const FrameReader& reader, Color color = Color::coded) {
  const Decoded zeros = read_all(reader, {.color = color, .on_error = kReport, .before = 0x00});
  const Decoded ones = read_all(reader, {.color = color, .on_error = kReport, .before = 0xFF});
  CHECK(zeros.bytes == ones.bytes);
  return zeros;
}

void check_all_or_error(const Bytes& bytes) {
  Limits limits;
  limits.bytes_per_frame = limits.pixels_per_frame = 4096;
  for (const Residence residence : {Residence::memory, Residence::pieces}) try {
      const FrameReader reader = open(bytes, limits, residence);
      if (reader.number_of_frames() > 8) continue;
      reader.check_frames(all_frames(reader), kReport);
      read_twice(reader, Color::rgb);
    } catch (const Error& error) {
      CHECK(error.code != Errc::io_error);
    }
}

}  // namespace

TEST_CASE("of a native frame cut anywhere the whole rows are valid, equal the whole frame's, and the rest is zero") {
  for (const std::uint16_t bits : Depths{8, 16, 32}) {
    const ImageFile whole = two_frames(bits);
    const std::size_t frame_bytes = whole.pixels.size() / 2;
    const std::size_t row_bytes = frame_bytes / 4;
    for (std::size_t present = frame_bytes / 32 + 1; present < 2 * frame_bytes; ++present) {
      CAPTURE(present);
      ImageFile cut = whole;
      cut.pixels.resize(present);
      const Decoded decoded = read_twice(open(cut));
      Bytes expected = whole.pixels;
      std::fill(expected.begin() + static_cast<std::ptrdiff_t>(present), expected.end(), std::uint8_t{0});
      CHECK(decoded.bytes == expected);
      for (std::size_t frame = 0; frame < 2; ++frame) {
        const std::size_t bytes = std::clamp(present, frame * frame_bytes, (frame + 1) * frame_bytes) - frame * frame_bytes;
        CHECK(decoded.reports[frame].valid_rows == bytes / row_bytes);
        CHECK(decoded.reports[frame].error.has_value() == (bytes < frame_bytes));
      }
      CHECK(decoded.reports[1].error->code == Errc::truncated_data);
      CHECK(decoded.reports[1].error->where == "frame 1");
    }
  }
}

TEST_CASE("of packed cells the whole rows are valid too, wherever the frame begins within a byte") {
  for (const std::uint16_t bits : Depths{1, 12}) {
    ImageFile file = two_frames(bits);
    file.rows = 5;  // 15 cells a frame: the second one begins amid a unit
    file.pixels.resize((30u * bits + 7) / 8, 0xFF);
    const Decoded whole = read_all(open(file));
    for (std::size_t present = file.pixels.size() / 2 + 1; present < file.pixels.size(); ++present) {
      CAPTURE(present);
      ImageFile cut = file;
      cut.pixels.resize(present);
      const Decoded decoded = read_twice(open(cut));
      CHECK(decoded.reports[0].valid_rows == 5);
      CHECK(decoded.reports[1].valid_rows == (present * 8 / bits - 15) / 3);
      const std::size_t kept = present * 8 / bits * (bits == 1 ? 1 : 2);
      CHECK(part(decoded.bytes, 0, kept) == part(whole.bytes, 0, kept));
      CHECK(decoded.bytes[decoded.bytes.size() - 1] == 0);
    }
  }
}

TEST_CASE("of planes and of odd rows that share chroma no row is counted, of even rows the whole ones") {
  const auto valid_rows = [](const char* photometric, std::uint16_t columns, std::uint16_t planar, std::size_t present) {
    ImageFile file;
    file.photometric = photometric;
    file.samples_per_pixel = 3;
    file.rows = 4;
    file.columns = columns;
    file.planar_configuration = planar;
    file.pixels = Bytes(present, 128);
    const Decoded decoded = read_twice(open(file), Color::rgb);
    REQUIRE(decoded.reports[0].error);
    const std::size_t valid_bytes = std::size_t{decoded.reports[0].valid_rows} * columns * 3;
    CHECK(part(decoded.bytes, 0, valid_bytes) == Bytes(valid_bytes, 128));
    return decoded.reports[0].valid_rows;
  };
  CHECK(valid_rows("RGB", 4, 1, 47) == 0);
  CHECK(valid_rows("RGB", 4, 0, 47) == 3);
  CHECK(valid_rows("YBR_FULL_422", 4, 0, 31) == 3);
  CHECK(valid_rows("YBR_FULL_422", 4, 0, 16) == 2);
  CHECK(valid_rows("YBR_FULL_422", 3, 0, 23) == 0);
}

TEST_CASE("a cut native frame of YBR_FULL is black, not green, where nothing is left of it") {
  ImageFile file;
  file.photometric = "YBR_FULL";
  file.samples_per_pixel = 3;
  file.pixels = Bytes(9, 128);
  const Decoded decoded = read_twice(open(file), Color::rgb);
  CHECK(decoded.reports[0].valid_rows == 1);
  CHECK(decoded.bytes == Bytes{128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("the default is an error that names the frame and comes before anything is decoded") {
  ImageFile cut = two_frames();
  cut.pixels.resize(20);
  const FrameReader reader = open(cut);
  CHECK(reader.frames_present() == 1);
  CHECK(reader.number_of_frames() == 2);
  const Error error = error_of([&] { read_all(reader); });
  CHECK(error.code == Errc::truncated_data);
  CHECK(error.where == "frame 1");
  CHECK(read_frames(reader, {0}).bytes == part(cut.pixels, 0, 12));
}

TEST_CASE("an odd last byte of swapped words is half a word: the frame that needs the other half is cut") {
  ImageFile file;
  file.syntax = kExplicitBig;
  file.pixel_vr = VR::OW;
  file.rows = 1;
  file.number_of_frames = "3 ";
  file.pixels = reversed_groups({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2);
  CHECK(read_all(open(file)).bytes == Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9});
  file.pixels.pop_back();  // 9 bytes are three frames, but sample 9 is the byte that is gone
  const FrameReader reader = open(file);
  CHECK(reader.frames_present() == 2);
  const Decoded decoded = read_twice(reader);
  CHECK(part(decoded.bytes, 0, 8) == Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(decoded.reports[2].valid_rows == 0);
  CHECK(decoded.reports[2].error->code == Errc::truncated_data);
  CHECK(error_of([&] { read_all(reader); }).code == Errc::truncated_data);
}

TEST_CASE("a bad RLE frame in the middle does not lose its neighbours") {
  const Bytes cut = rle_test::FrameWriter().segment(rle_test::SegmentWriter().replicate(4, 5)).bytes();  // 4 of 6 bytes
  const Bytes no_header(64);
  for (const Bytes& bad : {cut, no_header}) {
    const FrameReader reader = open(rle_frames({flat_frame(7), bad, flat_frame(9)}));
    const Decoded decoded = read_twice(reader);
    CHECK(part(decoded.bytes, 0, 6) == Bytes(6, 7));
    CHECK(part(decoded.bytes, 12, 6) == Bytes(6, 9));
    CHECK_FALSE(decoded.reports[0].error);
    CHECK_FALSE(decoded.reports[2].error);
    REQUIRE(decoded.reports[1].error);
    CHECK(decoded.reports[1].error->where == "frame 1");
    CHECK(decoded.reports[1].error->codec == "rle");
    CHECK(decoded.reports[1].valid_rows == (bad == cut ? 1 : 0));
    CHECK(part(decoded.bytes, 6, 6) == (bad == cut ? Bytes{5, 5, 5, 5, 0, 0} : Bytes(6)));
    const Error error = error_of([&] { read_all(reader); });
    CHECK(error.where == "frame 1");
    CHECK(error.codec == "rle");
  }
}

TEST_CASE("a damaged RLE frame of YBR_FULL is black below its valid rows, and one of 1 bit is zero") {
  ImageFile file = rle_frames({});
  file.number_of_frames.clear();
  file.photometric = "YBR_FULL";
  file.samples_per_pixel = 3;
  const auto grey = [](int count) { return rle_test::SegmentWriter().replicate(count, '\x40'); };
  const auto neutral = [](int count) { return rle_test::SegmentWriter().replicate(count, '\x80'); };
  file.fragments = {rle_test::FrameWriter().segment(grey(6)).segment(neutral(3)).segment(neutral(6)).bytes()};
  file.fragments[0].resize(file.fragments[0].size() + file.fragments[0].size() % 2);
  Decoded decoded = read_twice(open(file), Color::rgb);
  CHECK(decoded.reports[0].valid_rows == 1);
  CHECK(part(decoded.bytes, 0, 9) == Bytes(9, 0x40));
  CHECK(part(decoded.bytes, 9, 9) == Bytes(9));
  file = rle_frames({rle_test::FrameWriter().word(0, 1).word(1, 64).bytes()});
  file.bits_allocated = 1;
  file.rows = 8;
  decoded = read_twice(open(file));
  CHECK(decoded.reports[0].valid_rows == 0);
  CHECK(decoded.bytes == Bytes(24));
}

TEST_CASE("fewer fragments than frames: the others are there, the missing ones zero with a reason") {
  ImageFile file = rle_frames({flat_frame(7), flat_frame(8)});
  file.number_of_frames = "4 ";
  const FrameReader reader = open(file);
  CHECK(reader.frames_present() == 2);
  CHECK(reader.number_of_frames() == 4);
  CHECK(reader.spans(3).empty());
  CHECK(error_of([&] { reader.codestream(3); }).code == Errc::truncated_data);
  const Decoded decoded = read_twice(reader);
  CHECK(part(decoded.bytes, 6, 6) == Bytes(6, 8));
  CHECK(part(decoded.bytes, 12, 12) == Bytes(12));
  for (const std::size_t frame : {2u, 3u}) {
    REQUIRE(decoded.reports[frame].error);
    CHECK(decoded.reports[frame].error->code == Errc::truncated_data);
    CHECK(decoded.reports[frame].error->where == "frame " + std::to_string(frame));
    CHECK(decoded.reports[frame].valid_rows == 0);
  }
  CHECK(error_of([&] { read_all(reader); }).where == "frame 3");
}

TEST_CASE("a short raw fragment loses its own frame only") {
  ImageFile file = rle_frames({Bytes(6, 7), Bytes(4, 8), Bytes(6, 9)});
  file.syntax = kRawFragments;
  const Decoded decoded = read_twice(open(file));
  CHECK(decoded.reports[1].error->code == Errc::truncated_data);
  CHECK(decoded.reports[1].error->where == "frame 1");
  CHECK(part(decoded.bytes, 0, 6) == Bytes(6, 7));
  CHECK(part(decoded.bytes, 6, 6) == Bytes(6));
  CHECK(part(decoded.bytes, 12, 6) == Bytes(6, 9));
}

TEST_CASE("a frame nobody has is the caller's mistake") {
  const FrameReader reader = open(two_frames());
  for (const auto on_error : {kRaise, kReport})
    CHECK(error_of([&] { reader.check_frames(std::vector<std::uint64_t>{2}, on_error); }).code == Errc::invalid_argument);
}

TEST_CASE("few bytes do not justify a large frame on any road, whatever is to be done about errors") {
  for (const std::string_view syntax : {kExplicitLittle, kRle, kRawFragments}) {
    ImageFile file;
    file.syntax = syntax;
    file.encapsulated = syntax != kExplicitLittle;
    file.fragments = {Bytes(1000)};
    file.pixels = Bytes(1000);
    file.rows = file.columns = 65535;
    Limits limits;
    limits.pixels_per_frame = std::uint64_t{1} << 32;
    const FrameReader reader = open(file, limits);
    for (const auto on_error : {kRaise, kReport}) {
      const Error error = error_of([&] { reader.check_frames(std::vector<std::uint64_t>{0}, on_error); });
      CHECK(error.code == Errc::truncated_data);
      CHECK(error.where == "frame 0");
    }
  }
}

TEST_CASE("the best that RLE can do is justified, a byte more is not") {
  const auto check = [](std::uint16_t rows, std::uint16_t bits) {
    ImageFile file = rle_frames({Bytes(130)});  // two bytes make 128: 8,320 bytes, or 66,560 1-bit pixels
    file.rows = rows;
    file.columns = 64;
    file.bits_allocated = bits;
    open(file).check_frames(std::vector<std::uint64_t>{0}, kRaise);
  };
  check(130, 8);
  check(130 * 8, 1);
  CHECK(error_of([&] { check(131, 8); }).code == Errc::truncated_data);
  CHECK(error_of([&] { check(130 * 8 + 1, 1); }).code == Errc::truncated_data);
}

TEST_CASE("two thousand million frames in a tiny file cost nothing") {
  for (const std::string_view syntax : {kExplicitLittle, kRle, kRawFragments}) {
    ImageFile file;
    file.syntax = syntax;
    file.encapsulated = syntax != kExplicitLittle;
    file.fragments = {flat_frame(1)};
    file.pixels = Bytes(6, 1);
    file.number_of_frames = "2147483647";
    const FrameReader reader = open(file);
    CHECK(reader.number_of_frames() == 2147483647);
    CHECK(reader.frames_present() == 1);
    const std::vector<std::uint64_t> last(1000, 2147483646);
    for (const auto on_error : {kRaise, kReport})
      CHECK(error_of([&] { reader.check_frames(last, on_error); }).code == Errc::truncated_data);
  }
}

TEST_CASE("an encoded frame beyond Limits is refused before it is gathered") {
  ImageFile file = rle_frames({Bytes(200)});
  file.number_of_frames.clear();
  Limits limits;
  limits.bytes_per_frame = 100;
  const FrameReader reader = open(file, limits, Residence::pieces);
  CHECK(error_of([&] { read_all(reader); }).code == Errc::limit_exceeded);
  CHECK(read_twice(reader).reports[0].error->code == Errc::limit_exceeded);
}

TEST_CASE("native YBR at odd sizes is an Error in every mode, never a crash") {
  for (const char* word : {"YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"})
    for (const auto& [rows, columns] : {std::pair<std::uint16_t, std::uint16_t>{1, 1}, {1, 3}, {3, 5}})
      for (const std::uint16_t bits : Depths{1, 8, 12, 16}) {
        ImageFile file;
        file.photometric = word;
        file.samples_per_pixel = 3;
        file.rows = rows;
        file.columns = columns;
        file.bits_allocated = bits;
        const std::size_t pixels = std::size_t{rows} * columns;
        const std::size_t stored = std::string_view(word).ends_with("420") ? pixels + (pixels + 1) / 2 : 2 * pixels;
        file.pixels = Bytes((stored * bits + 7) / 8);
        const FrameReader reader = open(file);
        CHECK(reader.frames_present() >= 1);
        CHECK(error_of([&] { read_all(reader); }).code == Errc::unsupported);
        const Decoded decoded = read_twice(reader, Color::rgb);
        CHECK(decoded.reports[0].error->code == Errc::unsupported);
        CHECK(decoded.bytes == Bytes(decoded.bytes.size()));
      }
}

TEST_CASE("every prefix and every changed byte of an image file gives frames or an Error, and no byte is left unwritten") {
  ImageFile colour = two_frames();
  colour.photometric = "YBR_FULL";
  colour.samples_per_pixel = 3;
  colour.pixels = Bytes(72, 100);
  ImageFile words = two_frames();
  words.syntax = kExplicitBig;
  words.pixel_vr = VR::OW;
  ImageFile raw = rle_frames({Bytes(6, 1), Bytes(6, 2)});
  raw.syntax = kRawFragments;
  for (const ImageFile& file : {two_frames(1), two_frames(12), two_frames(16), colour, words, raw, rle_frames({flat_frame(1), flat_frame(2)})}) {
    const Bytes bytes = bytes_of(file);
    for (std::size_t size = 140; size < bytes.size(); ++size) check_all_or_error(part(bytes, 0, size));
    for (std::size_t at = 140; at < bytes.size(); ++at)
      for (const int flip : {0x01, 0x80, 0xFF}) {
        Bytes changed = bytes;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
        check_all_or_error(changed);
      }
  }
}
