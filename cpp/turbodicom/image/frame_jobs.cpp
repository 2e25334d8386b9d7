// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/image/frame_jobs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "turbodicom/base/thread_pool.h"
#include "turbodicom/image/frame_reader_worker.h"
#include "turbodicom/pixel/array_transform.h"
#include "turbodicom/pixel/layout.h"

namespace turbodicom::image {
namespace {

// As in frame_reader.cpp: below the first, work stays on the calling thread; above the second even one worker runs in the
// pool, so that the caller can poll for Ctrl-C.
constexpr std::uint64_t kInlineBytes = std::uint64_t{2} << 20;
constexpr std::uint64_t kPollBytes = std::uint64_t{16} << 20;

std::uint64_t bytes_of_all(std::span<const FrameJob> jobs) noexcept {
  std::uint64_t total = 0;
  for (const FrameJob& job : jobs)  // enough to tell, and no overflow
    total += std::min<std::uint64_t>(job.reader->layout().frame_bytes, kPollBytes);
  return total;
}

[[noreturn]] void fail_misfit(std::uint64_t frame, const pixel::ValueTransform& transform, const ConstImageView& stored) {
  const std::uint64_t pixel = pixel::first_misfit(transform, stored) / stored.samples;
  fail(Errc::invalid_argument, 0,
       "frame " + std::to_string(frame) + ": the value at row " + std::to_string(pixel / stored.columns) + ", column " +
           std::to_string(pixel % stored.columns) + " does not fit the dtype asked for");
}

using SampleBytes = std::array<std::uint8_t, 8>;

// What stored value 0 becomes, in the transform's output type.
SampleBytes zero_value(const pixel::ValueTransform* transform) {
  constexpr SampleBytes kStoredZero{};
  SampleBytes value{};
  pixel::ValueTransform::Memory memory;
  if (transform != nullptr) transform->run(kStoredZero.data(), value.data(), 1, nullptr, memory);
  return value;
}

void fill_with_zero(const pixel::ValueTransform* transform, const ImageView& view) {
  SampleBytes sample = zero_value(transform);
  if (transform != nullptr && transform->output() != view.type) {  // resized
    const auto value = std::bit_cast<std::array<float, 2>>(sample);
    pixel::from_float(view.type, value.data(), sample.data(), 1);
  }
  for (std::size_t row = 0; row < view.rows; ++row)
    for (std::size_t column = 0; column < view.columns; ++column)
      for (std::size_t s = 0; s < view.samples; ++s) std::memcpy(view.at(row, column, s), sample.data(), view.sample_bytes());
}

}  // namespace

// One thread's work, with memory that goes from job to job whatever their readers.
class FrameJobWork {
 public:
  FrameJobWork(const JobOptions& options, const CancelToken* cancel, bool passes_caches)
      : options_(options), passes_caches_(passes_caches) {
    worker_.cancel = cancel;
  }

  FrameReport run(const FrameJob& job) {
    try {
      return decode(job);
    } catch (const Error& error) {
      const bool is_callers = error.code == Errc::cancelled || error.code == Errc::invalid_argument;
      if (is_callers || options_.on_error == codec::OnError::raise) throw;
      for (const JobOutput& output : job.outputs) fill_with_zero(output.transform.get(), output.destination);
      FrameReport report;
      report.frame = job.frame;
      report.error = error;
      return report;
    }
  }

 private:
  ReadRequest request_for(const FrameJob& job) const {
    ReadRequest request;
    request.frames = {job.frame};
    request.color = options_.color;
    request.colour_policy = options_.colour_policy;
    request.on_error = options_.on_error;
    return request;
  }

  FrameReport decode(const FrameJob& job) {
    const FrameReader& reader = *job.reader;
    if (reader.road() == Road::foreign)
      fail(Errc::unsupported, 0, "image: no codec of our own for " + std::string(reader.transfer_syntax().name));
    ReadRequest request = request_for(job);
    reader.check_frames(request.frames, request.on_error);
    const auto bytes = reader.source_->open();
    worker_.reader = bytes.get();
    worker_.passes_caches = false;
    if (job.outputs.size() == 1 && !job.resize) return decode_straight(job, request);
    const FrameLayout& layout = reader.layout();
    const ImageView stored = interleaved_view(worker_.stored.get(layout.frame_bytes).data(), layout.type, layout.rows, layout.columns,
                                              layout.samples_per_pixel);
    FrameReport report = reader.read_frame(job.frame, stored, request, worker_);
    finish(job, stored);
    return report;
  }

  FrameReport decode_straight(const FrameJob& job, ReadRequest& request) {
    const JobOutput& output = job.outputs[0];
    request.first = output.destination;
    worker_.passes_caches = passes_caches_ && output.transform == nullptr;
    if (output.transform == nullptr) return job.reader->read_frame(job.frame, output.destination, request, worker_);
    request.transforms = {output.transform.get()};
    return job.reader->read_values(0, request, worker_);
  }

  void finish(const FrameJob& job, const ConstImageView& stored) {
    if (values_.size() < job.outputs.size()) values_.resize(job.outputs.size());
    if (job.resize) return resize(job, stored);
    for (std::size_t i = 0; i < job.outputs.size(); ++i) {
      const JobOutput& output = job.outputs[i];
      if (output.transform == nullptr)
        pixel::copy_image(stored, output.destination);
      else if (!pixel::transform_image(*output.transform, stored, output.destination, {}, values_[i].of_images))
        fail_misfit(job.frame, *output.transform, stored);
    }
  }

  // A row of the frame at a time is made into values; `stored` is dense.
  void resize(const FrameJob& job, const ConstImageView& stored) {
    const std::size_t samples = std::size_t{stored.columns} * stored.samples;
    for (std::size_t i = 0; i < job.outputs.size(); ++i) {
      const JobOutput& output = job.outputs[i];
      const pixel::ValueTransform* const transform = output.transform.get();
      pixel::ValueTransform::Memory& memory = values_[i].of_rows(transform);
      const auto read_row = [&](std::uint32_t row, float* to) {
        if (worker_.cancel != nullptr) worker_.cancel->check();
        if (transform == nullptr)
          pixel::to_float(stored.type, stored.row(row), to, samples);
        else
          transform->run(stored.row(row), to, samples, nullptr, memory);  // floats hold everything
      };
      const float zero = std::bit_cast<std::array<float, 2>>(zero_value(transform))[0];
      const float fill = job.resize->fill ? static_cast<float>(*job.resize->fill) : zero;
      resizer_.run({stored.rows, stored.columns, stored.samples}, job.resize->placement, read_row, fill, output.destination);
    }
  }

  // What one thread keeps of an output, from job to job.
  struct OutputMemory {
    pixel::ImageTransformMemory of_images;
    pixel::ValueTransform::Memory& of_rows(const pixel::ValueTransform* transform) {
      if (transform != transform_) rows_ = {};
      transform_ = transform;
      return rows_;
    }

   private:
    pixel::ValueTransform::Memory rows_;
    const pixel::ValueTransform* transform_ = nullptr;
  };

  const JobOptions& options_;
  const bool passes_caches_;
  FrameReader::Worker worker_;
  std::vector<OutputMemory> values_;
  pixel::Resizer resizer_;
};

std::vector<FrameReport> read_jobs(std::span<const FrameJob> jobs, const JobOptions& options, const std::function<void()>& poll) {
  std::vector<FrameReport> reports(jobs.size());
  CancelToken cancel;
  const auto one = [&](std::size_t i, FrameJobWork& work) {
    try {
      reports[i] = work.run(jobs[i]);
    } catch (const Error& error) {
      throw JobError(error, i);
    }
  };
  const std::size_t workers = std::clamp<std::size_t>(options.workers, 1, std::max<std::size_t>(jobs.size(), 1));
  const std::uint64_t bytes = bytes_of_all(jobs);
  if (bytes <= (workers == 1 ? kPollBytes : kInlineBytes)) {
    FrameJobWork work(options, nullptr, false);
    for (std::size_t i = 0; i < jobs.size(); ++i) one(i, work);
    return reports;
  }
  std::vector<std::unique_ptr<FrameJobWork>> memory(workers);
  for (auto& work : memory) work = std::make_unique<FrameJobWork>(options, &cancel, bytes >= kBeyondCaches);
  parallel_for(jobs.size(), workers, [&](std::size_t i, std::size_t w) { one(i, *memory[w]); }, cancel, poll);
  return reports;
}

}  // namespace turbodicom::image
