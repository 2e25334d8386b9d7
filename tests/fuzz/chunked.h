// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include "turbodicom/dicom/source.h"

namespace turbodicom::fuzz {

// The same bytes, but to be read piece by piece.
class Chunked final : public dicom::Source {
 public:
  explicit Chunked(std::shared_ptr<const dicom::Source> whole) : whole_(std::move(whole)) {}
  std::uint64_t size_bytes() const noexcept override { return whole_->size_bytes(); }
  std::unique_ptr<dicom::Reader> open() const override { return whole_->open(); }

 private:
  std::shared_ptr<const dicom::Source> whole_;
};

}  // namespace turbodicom::fuzz
