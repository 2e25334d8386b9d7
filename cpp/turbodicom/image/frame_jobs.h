// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Frames of any number of files in one parallel piece of work: each decoded into memory of its own, made into values
// there, and resized where that is asked for. What volumes and batches are filled by. Begin with read_jobs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "turbodicom/base/error.h"
#include "turbodicom/base/image_view.h"
#include "turbodicom/image/frame_reader.h"
#include "turbodicom/pixel/antialias.h"
#include "turbodicom/pixel/value_transform.h"

namespace turbodicom::image {

// What becomes of the stored values, and where it goes: of the transform's output type, or without one of the stored type.
// Where it is resized, the transform gives float32, and the destination is of any type that pixel::Resizer writes.
struct JobOutput {
  std::shared_ptr<const pixel::ValueTransform> transform;
  ImageView destination;
};

struct JobResize {
  pixel::Placement placement;
  std::optional<double> fill;  // where no image is; nothing: what stored value 0 becomes
};

// One frame, decoded once for all its outputs.
struct FrameJob {
  std::shared_ptr<const FrameReader> reader;
  std::uint64_t frame = 0;
  std::vector<JobOutput> outputs;
  std::optional<JobResize> resize;
};

struct JobOptions {
  Color color = Color::rgb;
  ColourPolicy colour_policy = ColourPolicy::standard;
  codec::OnError on_error = codec::OnError::raise;
  std::size_t workers = 1;
};

// What read_jobs throws under OnError::raise: the error of the first job that has one.
struct JobError final : Error {
  JobError(const Error& error, std::size_t index) : Error(error), job(index) {}
  std::size_t job;
};

// One report per job, in order. `poll` is called now and then on the calling thread and may throw. With OnError::report a
// frame of which nothing can be had, be it that the file cannot be opened any more, is what stored value 0 becomes.
std::vector<FrameReport> read_jobs(std::span<const FrameJob> jobs, const JobOptions& options, const std::function<void()>& poll);

}  // namespace turbodicom::image
