// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Frames read by several threads: equal results, and a way out.
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "image/image_writer.h"
#include "image/rle_frame.h"
#include "turbodicom/image/frame_reader.h"

using namespace turbodicom;
using namespace turbodicom::image;
using namespace turbodicom::image::test;
using turbodicom::dicom::test::kExplicitLittle;
using turbodicom::dicom::test::kRle;

namespace {

// Every worker waits in its first read until somebody polls; then each read takes a millisecond.
class GatedSource final : public dicom::Source {
 public:
  explicit GatedSource(Bytes head, std::uint64_t size) : head_(std::move(head)), size_(size) {}
  std::uint64_t size_bytes() const noexcept override { return size_; }
  std::unique_ptr<dicom::Reader> open() const override { return std::make_unique<GatedReader>(*this); }
  mutable std::atomic<int> reads = 0;
  mutable std::atomic<bool> gate_open = true;

 private:
  struct GatedReader final : dicom::Reader {
    explicit GatedReader(const GatedSource& source) : source_(source) {}
    void read_at(std::uint64_t offset, MutableByteView destination) const override {
      ++source_.reads;
      for (int waited = 0; !source_.gate_open && waited < 10'000; ++waited) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      for (std::size_t at = 0; at < destination.size(); ++at)
        destination[at] = offset + at < source_.head_.size() ? source_.head_[offset + at] : std::uint8_t{0};
    }
    const GatedSource& source_;
  };
  Bytes head_;
  std::uint64_t size_;
};

}  // namespace

TEST_CASE("one to four workers give equal results on every road") {
  for (const std::string_view syntax : {kExplicitLittle, kRle, kRawFragments}) {
    ImageFile file;
    file.syntax = syntax;
    file.rows = file.columns = 256;
    file.bits_allocated = 16;
    file.bits_stored = 12;
    file.number_of_frames = "20";
    file.encapsulated = syntax != kExplicitLittle;
    file.pixels = samples(Noise().values(std::size_t{20} * 65536, 16), 2);  // 2.5 MiB: beyond what stays inline
    for (std::size_t frame = 0; frame < 20; ++frame) {
      const Bytes one = part(file.pixels, frame * 131072, 131072);
      file.fragments.push_back(syntax == kRle ? rle_frame(one, file) : one);
    }
    const FrameReader reader = open(file);
    const Decoded one = read_all(reader);
    CHECK(one.bytes[1] == (file.pixels[1] & 0x0F));
    for (std::size_t workers = 2; workers <= 4; ++workers) CHECK(read_all(reader, {.workers = workers}).bytes == one.bytes);
  }
}

TEST_CASE("a poll that throws stops the work and its exception comes out") {
  ImageFile file;
  file.rows = file.columns = 1024;
  file.number_of_frames = "64";
  file.absent = {tags::kPixelData};
  constexpr std::uint32_t kBytes = 64u << 20;
  dicom::test::Writer writer;
  for (const Attribute& attribute : attributes_of(file)) writer.element(attribute.tag, attribute.vr, attribute.value);
  writer.header(tags::kPixelData, VR::OB, kBytes).file(kExplicitLittle);
  for (const std::size_t workers : {std::size_t{1}, std::size_t{3}}) {
    const auto source = std::make_shared<const GatedSource>(writer.bytes, writer.bytes.size() + kBytes);
    const dicom::DicomFile opened = dicom::read_file(source, nullptr, {});
    const FrameReader reader(opened, *opened.data_set, {});
    Bytes block(kBytes);
    ReadRequest request;
    request.frames = all_frames(reader);
    request.first = interleaved_view(block.data(), SampleType::u8, 1024, 1024, 1);
    request.frame_stride = 1 << 20;
    request.workers = workers;
    source->reads = 0;
    source->gate_open = false;
    const auto poll = [&] {
      source->gate_open = true;
      throw std::runtime_error("interrupted");
    };
    CHECK_THROWS_AS(reader.read(request, poll), std::runtime_error);
    CHECK(source->reads < 64 * 4);  // a frame is four chunks
  }
}
