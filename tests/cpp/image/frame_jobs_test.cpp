// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/frame_jobs.h"

#include <array>

#include "image/image_writer.h"
#include "image/rle_frame.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;
using turbodicom::dicom::test::kExplicitLittle;
using turbodicom::dicom::test::kRle;
using Words = std::vector<std::uint16_t>;

namespace {

constexpr std::uint16_t kRows = 6, kColumns = 5;
constexpr std::size_t kPixels = kRows * kColumns;

Words pixels_of(std::size_t file) {
  Words words(kPixels);
  for (std::size_t i = 0; i < kPixels; ++i) words[i] = static_cast<std::uint16_t>(file * 1000 + i * i + 3);
  return words;
}

Bytes as_bytes(const Words& words) {
  Bytes bytes(words.size() * 2);
  for (std::size_t i = 0; i < words.size(); ++i) store_le(bytes.data() + 2 * i, words[i]);
  return bytes;
}

ImageFile image_file(std::string_view syntax, std::size_t number) {
  ImageFile file;
  file.syntax = syntax;
  file.rows = kRows;
  file.columns = kColumns;
  file.bits_allocated = 16;
  file.pixels = as_bytes(pixels_of(number));
  file.encapsulated = syntax == kRle;
  if (file.encapsulated) file.fragments = {rle_frame(file.pixels, file)};
  if (file.encapsulated && file.fragments[0].size() % 2 != 0) file.fragments[0].push_back(0);
  return file;
}

std::shared_ptr<const FrameReader> reader_of(const ImageFile& file, Residence residence = Residence::pieces) {
  return std::make_shared<const FrameReader>(open(file, {}, residence));
}

std::shared_ptr<const pixel::ValueTransform> rescale(double slope, double intercept, SampleType output) {
  pixel::ValueStages stages;
  stages.input = SampleType::u16;
  stages.output = output;
  stages.rescale = pixel::Rescale{slope, intercept};
  return std::make_shared<const pixel::ValueTransform>(stages);
}

template <typename T>
ImageView view_of(std::vector<T>& memory, SampleType type, std::uint32_t rows = kRows, std::uint32_t columns = kColumns) {
  return interleaved_view(reinterpret_cast<std::uint8_t*>(memory.data()), type, rows, columns, 1);
}

std::vector<FrameReport> run(const std::vector<FrameJob>& jobs, codec::OnError on_error = codec::OnError::raise, std::size_t workers = 1) {
  return read_jobs(jobs, {Color::rgb, ColourPolicy::standard, on_error, workers}, {});
}

// A fragment that ends in the header of RLE.
ImageFile broken_file() {
  ImageFile file = image_file(kRle, 1);
  file.fragments[0].resize(30);
  return file;
}

}  // namespace

TEST_CASE("frames of files of every road come out as of their readers, for any number of workers") {
  for (const std::size_t workers : {1, 2, 5}) {
    std::vector<Words> found(40, Words(kPixels, 0xA5A5));
    std::vector<FrameJob> jobs(found.size());
    for (std::size_t i = 0; i < jobs.size(); ++i)
      jobs[i] = {reader_of(image_file(i % 2 == 0 ? kRle : kExplicitLittle, i)), 0, {{nullptr, view_of(found[i], SampleType::u16)}}, {}};
    const auto reports = run(jobs, codec::OnError::raise, workers);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      CHECK(found[i] == pixels_of(i));
      CHECK(reports[i].valid_rows == kRows);
      CHECK_FALSE(reports[i].error);
    }
  }
}

TEST_CASE("large frames are shared out among the pool's threads, and the caller polls") {
  ImageFile file = image_file(kExplicitLittle, 0);
  file.rows = file.columns = 1200;
  Words words(std::size_t{1200} * 1200);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint16_t>(i * 7);
  file.pixels = as_bytes(words);
  const auto reader = reader_of(file);
  std::vector<Words> found(12, Words(words.size()));
  std::vector<FrameJob> jobs;
  for (Words& one : found) jobs.push_back({reader, 0, {{nullptr, view_of(one, SampleType::u16, 1200, 1200)}}, {}});
  run(jobs, codec::OnError::raise, 3);
  for (const Words& one : found) CHECK(one == words);
}

TEST_CASE("one frame is decoded once for several transforms") {
  std::vector<float> first(kPixels), second(kPixels);
  const FrameJob job{reader_of(image_file(kRle, 2)), 0,
                     {{rescale(1, -1000, SampleType::f32), view_of(first, SampleType::f32)}, {rescale(2, 0, SampleType::f32), view_of(second, SampleType::f32)}}, {}};
  run({job});
  const Words words = pixels_of(2);
  for (std::size_t i = 0; i < kPixels; ++i) {
    CHECK(first[i] == static_cast<float>(words[i]) - 1000);
    CHECK(second[i] == static_cast<float>(words[i]) * 2);
  }
}

TEST_CASE("values are made before they are resized, borders are what stored 0 becomes or the fill") {
  std::vector<float> whole(4), padded(kPixels * 2), filled(kPixels * 2);
  const auto reader = reader_of(image_file(kExplicitLittle, 1));
  const auto transform = rescale(2, -50, SampleType::f32);
  run({{reader, 0, {{transform, view_of(whole, SampleType::f32, 1, 1)}}, JobResize{{1, 1, 0, 0}, {}}},
       {reader, 0, {{transform, view_of(padded, SampleType::f32, kRows * 2, kColumns)}}, JobResize{{kRows, kColumns, -3, 0}, {}}},
       {reader, 0, {{transform, view_of(filled, SampleType::f32, kRows * 2, kColumns)}}, JobResize{{kRows, kColumns, -3, 0}, 9.0}}});
  const Words words = pixels_of(1);
  CHECK(whole[0] > 2 * 1000 - 50);
  for (std::size_t i = 0; i < padded.size(); ++i) {
    const bool is_inside = i >= 3 * kColumns && i < 3 * kColumns + kPixels;
    const float value = is_inside ? static_cast<float>(words[i - 3 * kColumns]) * 2 - 50 : -50;
    CHECK(padded[i] == value);
    CHECK(filled[i] == (is_inside ? value : 9));
  }
}

TEST_CASE("the error of the lowest job is raised, with its number") {
  for (const std::size_t workers : {1, 4}) {
    Words memory(kPixels);
    const ImageView view = view_of(memory, SampleType::u16);
    const auto good = reader_of(image_file(kRle, 0)), bad = reader_of(broken_file());
    const std::vector<FrameJob> jobs{{good, 0, {{nullptr, view}}, {}}, {bad, 0, {{nullptr, view}}, {}}, {bad, 0, {{nullptr, view}}, {}}};
    try {
      run(jobs, codec::OnError::raise, workers);
      FAIL("not reported");
    } catch (const JobError& error) {
      CHECK(error.job == 1);
      CHECK(error.where == "frame 0");
      CHECK(error.codec == "rle");
    }
  }
}

TEST_CASE("errors as data: the others are whole, the frame is what stored 0 becomes, in every type") {
  std::vector<float> values(kPixels, 1), resized(4, 1);
  std::vector<std::uint8_t> bytes(4, 1);
  Words good(kPixels), stored(kPixels, 1);
  ImageFile truncated = broken_file();
  truncated.number_of_frames = "2 ";
  const auto bad = reader_of(truncated);
  const auto transform = rescale(1, 12, SampleType::f32);
  const auto reports = run({{bad, 1, {{transform, view_of(values, SampleType::f32)}}, {}},
                            {bad, 1, {{transform, view_of(resized, SampleType::f32, 2, 2)}}, JobResize{{2, 2, 0, 0}, {}}},
                            {bad, 1, {{transform, view_of(bytes, SampleType::u8, 2, 2)}}, JobResize{{2, 2, 0, 0}, {}}},
                            {bad, 1, {{nullptr, view_of(stored, SampleType::u16)}}, {}},
                            {reader_of(image_file(kRle, 7)), 0, {{nullptr, view_of(good, SampleType::u16)}}, {}}},
                           codec::OnError::report);
  CHECK(values == std::vector<float>(kPixels, 12));
  for (const float value : resized) CHECK(value == doctest::Approx(12));
  CHECK(bytes == std::vector<std::uint8_t>(4, 12));
  CHECK(stored == Words(kPixels, 0));
  CHECK(good == pixels_of(7));
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE(reports[i].error);
    CHECK(reports[i].frame == 1);
    CHECK(reports[i].valid_rows == 0);
  }
  CHECK_FALSE(reports[4].error);
}

TEST_CASE("a value that does not fit is the caller's mistake, also where errors are data") {
  std::vector<std::uint8_t> bytes(kPixels);
  const FrameJob job{reader_of(image_file(kRle, 5)), 0, {{rescale(1, 0, SampleType::u8), view_of(bytes, SampleType::u8)}}, {}};
  CHECK_THROWS_WITH_AS(run({job}, codec::OnError::report), "frame 0: the value at row 0, column 0 does not fit the dtype asked for", JobError);
}

TEST_CASE("what poll throws ends the work") {
  ImageFile file = image_file(kExplicitLittle, 0);
  file.rows = file.columns = 2048;
  file.pixels.assign(std::size_t{2048} * 2048 * 2, 1);
  const auto reader = reader_of(file);
  Words memory(std::size_t{2048} * 2048);
  const std::vector<FrameJob> jobs(4000, {reader, 0, {{nullptr, view_of(memory, SampleType::u16, 2048, 2048)}}, {}});
  struct Enough {};
  CHECK_THROWS_AS(read_jobs(jobs, {}, [] { throw Enough{}; }), Enough);
}
