// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Right files, along every road from file to samples. Damaged ones are in frame_reader_report_test.cpp,
// threads in frame_reader_workers_test.cpp.
#include "turbodicom/image/frame_reader.h"

#include <string_view>

#include "image/image_writer.h"
#include "image/rle_frame.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;
using turbodicom::dicom::test::kExplicitBig;
using turbodicom::dicom::test::kExplicitLittle;
using turbodicom::dicom::test::kImplicitLittle;
using turbodicom::dicom::test::kRle;

namespace {

constexpr Residence kResidences[] = {Residence::memory, Residence::pieces};

std::size_t sample_bytes(unsigned bits) { return bits == 1 ? 1 : bits == 12 ? 2 : bits / 8; }

// Three frames of 1 x 3 pixels: with 1 and 12 bits no frame but the first begins with a unit.
struct Case {
  ImageFile file;
  Bytes expected;
};

Case three_frames(std::string_view syntax, std::uint16_t bits) {
  Case example;
  example.file.syntax = syntax;
  example.file.rows = 1;
  example.file.bits_allocated = bits;
  example.file.number_of_frames = "3 ";
  const std::vector<std::uint64_t> values = Noise().values(9, bits);
  example.expected = samples(values, sample_bytes(bits));
  example.file.pixels = cells(values, bits);
  if (example.file.pixels.size() % 2 != 0) example.file.pixels.push_back(0);
  return example;
}

// The same frames as RLE, or as fragments of native bytes.
ImageFile encapsulated(const Case& native, std::string_view syntax) {
  ImageFile file = native.file;
  file.syntax = syntax;
  file.encapsulated = true;
  const std::size_t frame_bytes = native.expected.size() / 3;
  for (std::size_t frame = 0; frame < 3; ++frame) {
    const Bytes decoded = part(native.expected, frame * frame_bytes, frame_bytes);
    file.fragments.push_back(syntax == kRle ? rle_frame(decoded, file) : decoded);
    if (file.fragments.back().size() % 2 != 0) file.fragments.back().push_back(0);
  }
  return file;
}

// One file of every kind that read() treats differently, two frames each.
std::vector<ImageFile> every_kind() {
  std::vector<ImageFile> files;
  const auto add = [&](std::string_view syntax, std::string_view photometric, std::uint16_t samples_per_pixel, std::uint16_t bits,
                       std::uint16_t stored, std::uint16_t planar) {
    ImageFile file;
    file.syntax = syntax;
    file.rows = 4;
    file.columns = 6;
    file.photometric = photometric;
    file.samples_per_pixel = samples_per_pixel;
    file.bits_allocated = bits;
    file.bits_stored = stored;
    file.planar_configuration = planar;
    file.number_of_frames = "2 ";
    file.encapsulated = syntax == kRle || syntax == kRawFragments;
    const std::size_t count = std::size_t{24} * samples_per_pixel;
    for (std::size_t frame = 0; frame < 2; ++frame) {
      const std::vector<std::uint64_t> values = Noise().values(count * 2, bits);
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(frame * count);
      const std::vector<std::uint64_t> own(first, first + static_cast<std::ptrdiff_t>(count));
      const Bytes native = cells(own, bits);
      file.pixels.insert(file.pixels.end(), native.begin(), native.end());
      file.fragments.push_back(syntax == kRle ? rle_frame(samples(own, sample_bytes(bits)), file) : native);
      if (file.fragments.back().size() % 2 != 0) file.fragments.back().push_back(0);
    }
    if (photometric == "YBR_FULL_422" && syntax != kRle) file.pixels.resize(2 * 24 * 2);
    files.push_back(file);
  };
  for (const std::string_view syntax : {kExplicitLittle, kRle, kRawFragments}) {
    for (const std::uint16_t bits : Depths{1, 8, 12, 16, 32, 64}) add(syntax, "MONOCHROME2", 1, bits, bits, 0);
    add(syntax, "MONOCHROME2", 1, 16, 11, 0);
    add(syntax, "RGB", 3, 8, 8, 0);
    add(syntax, "RGB", 3, 8, 8, 1);
    add(syntax, "RGB", 3, 16, 16, 1);
    add(syntax, "YBR_FULL", 3, 8, 8, 0);
    add(syntax, "YBR_FULL_422", 3, 8, 8, 0);
  }
  add(kExplicitBig, "MONOCHROME2", 1, 16, 12, 0);
  return files;
}

}  // namespace

TEST_CASE("native frames of every Bits Allocated come out as written, in memory or piece by piece") {
  for (const std::string_view syntax : {kImplicitLittle, kExplicitLittle})
    for (const std::uint16_t bits : Depths{1, 8, 12, 16, 32, 64})
      for (const Residence residence : kResidences) {
        CAPTURE(bits);
        const Case example = three_frames(syntax, bits);
        const FrameReader reader = open(example.file, {}, residence);
        CHECK(reader.road() == Road::native);
        const Decoded decoded = read_all(reader);
        CHECK(decoded.bytes == example.expected);
        for (std::size_t frame = 0; frame < 3; ++frame) {
          CHECK(decoded.reports[frame].frame == frame);
          CHECK(decoded.reports[frame].valid_rows == 1);
          CHECK_FALSE(decoded.reports[frame].error);
        }
      }
}

TEST_CASE("big-endian frames come out in the order of this machine, 8 bits in OW words too") {
  for (const std::uint16_t bits : Depths{8, 16, 32, 64})
    for (const VR vr : {VR::OB, VR::OW})
      for (const Residence residence : kResidences) {
        CAPTURE(bits);
        Case example = three_frames(kExplicitBig, bits);
        example.file.pixel_vr = vr;
        example.file.pixels = reversed_groups(example.file.pixels, bits == 8 ? (vr == VR::OW ? 2 : 1) : bits / 8u);
        CHECK(read_all(open(example.file, {}, residence)).bytes == example.expected);
      }
}

TEST_CASE("the private GE syntax has big-endian pixels behind a little-endian header") {
  for (const std::uint16_t bits : Depths{8, 16}) {
    Case example = three_frames(kGePrivate, bits);
    example.file.pixels = reversed_groups(example.file.pixels, 2);
    CHECK(read_all(open(example.file)).bytes == example.expected);
  }
}

TEST_CASE("frames can be had in any order and more than once") {
  for (const std::uint16_t bits : Depths{1, 8, 12, 16}) {
    const Case example = three_frames(kExplicitLittle, bits);
    const std::size_t size = example.expected.size() / 3;
    const Decoded decoded = read_frames(open(example.file), {2, 0, 2});
    CHECK(part(decoded.bytes, 0, size) == part(example.expected, 2 * size, size));
    CHECK(part(decoded.bytes, size, size) == part(example.expected, 0, size));
    CHECK(part(decoded.bytes, 2 * size, size) == part(example.expected, 2 * size, size));
  }
}

TEST_CASE("spans are the whole units that hold a bit of the frame") {
  const auto spans_of = [](const ImageFile& file, std::uint64_t frame) {
    const FrameReader reader = open(file);
    const std::uint64_t start = reader.spans(0)[0].offset;
    const dicom::Span span = reader.spans(frame)[0];
    return std::pair(span.offset - start, span.length);
  };
  using Pair = std::pair<std::uint64_t, std::uint64_t>;
  ImageFile bits1;  // frames of 6 bits
  bits1.bits_allocated = 1;
  bits1.number_of_frames = "4 ";
  bits1.pixels = Bytes(4);
  CHECK(spans_of(bits1, 0) == Pair(0, 1));
  CHECK(spans_of(bits1, 1) == Pair(0, 2));
  CHECK(spans_of(bits1, 2) == Pair(1, 2));
  CHECK(spans_of(bits1, 3) == Pair(2, 1));
  const ImageFile bits12 = three_frames(kExplicitLittle, 12).file;  // frames of 3 cells, 4.5 bytes; 14 bytes in all
  CHECK(spans_of(bits12, 0) == Pair(0, 6));
  CHECK(spans_of(bits12, 1) == Pair(3, 6));
  CHECK(spans_of(bits12, 2) == Pair(9, 5));
  ImageFile words = three_frames(kExplicitBig, 8).file;  // frames of 3 bytes in words
  words.pixel_vr = VR::OW;
  CHECK(spans_of(words, 0) == Pair(0, 4));
  CHECK(spans_of(words, 1) == Pair(2, 4));
  CHECK(spans_of(words, 2) == Pair(6, 4));
}

TEST_CASE("RLE frames and raw fragments give what native frames give, at every Bits Allocated") {
  for (const std::string_view syntax : {kRle, kRawFragments})
    for (const std::uint16_t bits : Depths{8, 16, 32, 64})
      for (const Residence residence : kResidences) {
        const Case example = three_frames(kExplicitLittle, bits);
        const FrameReader reader = open(encapsulated(example, syntax), {}, residence);
        CHECK(reader.road() == (syntax == kRle ? Road::codec : Road::raw_fragments));
        CHECK(read_all(reader).bytes == example.expected);
      }
}

TEST_CASE("1-bit frames in fragments each begin with a new byte") {
  for (const std::string_view syntax : {kRle, kRawFragments}) {
    ImageFile file;
    file.syntax = syntax;
    file.bits_allocated = 1;
    file.rows = 3;
    file.number_of_frames = "2 ";
    file.encapsulated = true;
    for (const Bytes& packed : {Bytes{0b1010'0101, 0b1}, Bytes{0b0000'1111, 0b0}})
      file.fragments.push_back(syntax == kRle ? rle_bytes(packed) : packed);
    const Bytes expected = {1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
    CHECK(read_all(open(file)).bytes == expected);
  }
}

TEST_CASE("the fragments of a single frame are joined") {
  ImageFile file;
  file.syntax = kRawFragments;
  file.encapsulated = true;
  file.fragments = {{1, 2}, {3, 4}, {5, 6}};
  for (const Residence residence : kResidences) {
    const FrameReader reader = open(file, {}, residence);
    CHECK(reader.number_of_frames() == 1);
    CHECK(reader.spans(0).size() == 3);
    CHECK(reader.codestream(0) == Bytes{1, 2, 3, 4, 5, 6});
    CHECK(read_all(reader).bytes == Bytes{1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("destinations with gaps, planes and reversed rows hold the samples of dense ones") {
  std::size_t at = 0;
  for (const ImageFile& file : every_kind()) {
    const std::size_t kind = at++;
    CAPTURE(kind);
    for (const Residence residence : kResidences)
      for (const Color color : {Color::coded, Color::rgb}) {
        const FrameReader reader = open(file, {}, residence);
        const FrameLayout& layout = reader.layout();
        const Decoded dense = read_all(reader, {.color = color});
        const ConstImageView expected = interleaved_view<const std::uint8_t>(dense.bytes.data(), layout.type, layout.rows, layout.columns,
                                                                            layout.samples_per_pixel);
        const auto unit = static_cast<std::ptrdiff_t>(turbodicom::bytes_of(layout.type));
        const std::ptrdiff_t samples_per_pixel = layout.samples_per_pixel;
        const std::ptrdiff_t columns = layout.columns;
        const std::ptrdiff_t rows = layout.rows;
        struct Strides { std::ptrdiff_t row, column, sample, start; };
        const Strides table[] = {
            {columns * unit, unit, rows * columns * unit, 0},                                              // planar
            {(columns * samples_per_pixel + 3) * unit, samples_per_pixel * unit, unit, 0},                  // gaps between rows
            {columns * samples_per_pixel * 2 * unit, samples_per_pixel * 2 * unit, 2 * unit, 0},            // every other sample
            {-columns * samples_per_pixel * unit, samples_per_pixel * unit, unit, (rows - 1) * columns * samples_per_pixel * unit},
        };
        for (const Strides& strides : table) {
          const std::ptrdiff_t frame_stride = 4 * rows * columns * samples_per_pixel * unit;
          Bytes block(static_cast<std::size_t>(2 * frame_stride), 0xA5);
          ReadRequest request;
          request.frames = {0, 1};
          request.first = {block.data() + strides.start, layout.type, layout.rows, layout.columns, layout.samples_per_pixel,
                           strides.row, strides.column, strides.sample};
          request.frame_stride = frame_stride;
          request.color = color;
          reader.read(request, [] {});
          std::size_t wrong = 0;
          for (std::ptrdiff_t frame = 0; frame < 2; ++frame) {
            ImageView here = request.first;
            here.data += frame * frame_stride;
            for (std::size_t row = 0; row < layout.rows; ++row)
              for (std::size_t column = 0; column < layout.columns; ++column)
                for (std::size_t sample = 0; sample < layout.samples_per_pixel; ++sample) {
                  std::uint8_t* const found = here.at(row, column, sample);
                  const std::uint8_t* const wanted = expected.at(row, column, sample) + frame * static_cast<std::ptrdiff_t>(layout.frame_bytes);
                  wrong += std::equal(wanted, wanted + unit, found) ? 0 : 1;
                  std::fill(found, found + unit, std::uint8_t{0xA5});
                }
          }
          CHECK(wrong == 0);
          CHECK(std::ranges::count(block, 0xA5) == 2 * frame_stride);  // nothing was written in between
        }
      }
  }
}

TEST_CASE("samples that need no step at all can be shown where they lie") {
  const auto verbatim = [](const ImageFile& file, Color color = Color::rgb) { return open(file).is_verbatim(color); };
  ImageFile file = three_frames(kExplicitLittle, 16).file;
  CHECK(verbatim(file));
  file.bits_stored = 12;
  CHECK_FALSE(verbatim(file));
  CHECK_FALSE(verbatim(three_frames(kExplicitBig, 16).file));
  CHECK(verbatim(three_frames(kExplicitBig, 8).file));
  file = three_frames(kExplicitBig, 8).file;
  file.pixel_vr = VR::OW;
  CHECK_FALSE(verbatim(file));
  CHECK_FALSE(verbatim(three_frames(kExplicitLittle, 1).file));
  CHECK_FALSE(verbatim(encapsulated(three_frames(kExplicitLittle, 8), kRle)));
  file = {};
  file.photometric = "YBR_FULL";
  file.samples_per_pixel = 3;
  file.pixels = Bytes(18);
  CHECK_FALSE(verbatim(file, Color::rgb));
  CHECK(verbatim(file, Color::coded));
}

TEST_CASE("whole frames beyond Number of Frames count, padding does not") {
  ImageFile file;
  file.pixels = Bytes(12, 7);
  const FrameReader reader = open(file);
  CHECK(reader.number_of_frames() == 2);
  CHECK(dicom::test::has_issue(reader.issues(), "excess_frames"));
  CHECK(read_all(reader).bytes == Bytes(12, 7));
  file.columns = 1;  // frames of 2 bytes
  file.rows = 1;     // frames of 1 byte: the second one is padding
  file.pixels = {7, 0};
  CHECK(open(file).number_of_frames() == 1);
  CHECK(open(file).issues().empty());
}

TEST_CASE("YBR_FULL_422 with as many bytes as RGB is refused for what it is") {
  ImageFile file;
  file.photometric = "YBR_FULL_422";
  file.samples_per_pixel = 3;
  file.pixels = Bytes(18);
  CHECK(error_of([&] { open(file); }).code == Errc::conformance);
  file.pixels = Bytes(12);
  CHECK(read_all(open(file)).bytes == Bytes(18));
}

TEST_CASE("frames of a codec that is not ours are handed out as they are, not read") {
  ImageFile file;
  file.syntax = "1.2.840.10008.1.2.4.80";
  file.encapsulated = true;
  file.fragments = {{0xFF, 0xD8, 0xFF, 0xD9}};
  const FrameReader reader = open(file);
  CHECK(reader.road() == Road::foreign);
  CHECK(reader.codestream(0) == Bytes{0xFF, 0xD8, 0xFF, 0xD9});
  CHECK(error_of([&] { read_all(reader); }).code == Errc::unsupported);
}

TEST_CASE("frames finished for somebody else equal frames read here") {
  ImageFile file;
  file.photometric = "YBR_FULL";
  file.samples_per_pixel = 3;
  file.pixels = samples(Noise().values(18, 8), 1);
  const FrameReader reader = open(file);
  for (const Color color : {Color::coded, Color::rgb}) {
    const Bytes expected = read_all(reader, {.color = color}).bytes;
    Bytes interleaved(18);
    Bytes planes(18);
    const ImageView target = interleaved_view(interleaved.data(), SampleType::u8, 2, 3, 3);
    reader.finish_native(file.pixels, color, target);
    CHECK(interleaved == expected);
    const ConstImageView decoded = interleaved_view<const std::uint8_t>(file.pixels.data(), SampleType::u8, 2, 3, 3);
    interleaved.assign(18, 0);
    reader.finish_decoded(decoded, Photometric::ybr_full, color, target);
    CHECK(interleaved == expected);
    reader.finish_decoded(decoded, Photometric::ybr_full, color, planar_view(planes.data(), SampleType::u8, 2, 3, 3));
    for (std::size_t i = 0; i < 18; ++i) CHECK(planes[i % 3 * 6 + i / 3] == expected[i]);
  }
  const Error error = error_of([&] { reader.finish_native(part(file.pixels, 0, 17), Color::coded, {}); });
  CHECK(error.code == Errc::truncated_data);
  CHECK(error.offset == 17);
}
