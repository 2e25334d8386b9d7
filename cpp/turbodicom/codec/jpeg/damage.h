// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What went wrong while an image was decoded. Under OnError::raise the first damage is thrown; under
// OnError::report decoding goes on as libjpeg's does and the first damage and the rows above it are kept.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "turbodicom/codec/codec.h"

namespace turbodicom::codec::jpeg {

class Damage {
 public:
  Damage(OnError on_error, std::uint32_t rows) : on_error_(on_error), valid_rows_(rows) {}

  // Rows of the image from `first_bad_row` on are not as coded. Messages are built by the caller, once: ask
  // is_known(row) first in loops.
  [[gnu::cold]] void add(Errc code, std::size_t offset, std::uint32_t first_bad_row, std::string message) {
    Error found(code, offset, std::move(message));
    if (on_error_ == OnError::raise) throw found;
#if defined(TURBODICOM_PLANT_jpeg_valid_rows_off_by_one)
    ++first_bad_row;
#endif
    if (!error_ || first_bad_row < valid_rows_) error_ = std::move(found);
    valid_rows_ = std::min(valid_rows_, first_bad_row);
  }
  // Whether damage at this row would change nothing.
  bool is_known(std::uint32_t first_bad_row) const noexcept { return error_ && valid_rows_ <= first_bad_row; }

  void note(Quirk quirk) {
    if (std::find(quirks_.begin(), quirks_.end(), quirk) == quirks_.end()) quirks_.push_back(quirk);
  }

  // The findings of another thread, which worked on rows further down.
  void merge(Damage&& other) {
    if (other.error_ && (!error_ || other.valid_rows_ < valid_rows_)) error_ = std::move(other.error_);
    valid_rows_ = std::min(valid_rows_, other.valid_rows_);
    for (const Quirk quirk : other.quirks_) note(quirk);
  }

  OnError on_error() const noexcept { return on_error_; }
  const std::optional<Error>& error() const noexcept { return error_; }
  std::uint32_t valid_rows() const noexcept { return valid_rows_; }
  const std::vector<Quirk>& quirks() const noexcept { return quirks_; }

 private:
  OnError on_error_;
  std::uint32_t valid_rows_;
  std::optional<Error> error_;
  std::vector<Quirk> quirks_;
};

}  // namespace turbodicom::codec::jpeg
