// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From an element to a value of a column: the bytes by the VR in force, then what fits the column's
// type. What does not fit is null, and its text joins the unparsed ones. Padding, splitting and parsing
// are those of cpp/bindings/values.cpp, so that a column equals what a Dataset gives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/dicom/column.h"
#include "turbodicom/dicom/data_set.h"

namespace turbodicom::dicom {

inline constexpr std::uint64_t kLargestColumnValue = 16u << 20;  // our limit: bytes of one value

// For character sets that the core does not know: value, Specific Character Set as it stands, VR; UTF-8.
using TextDecoder = std::function<std::string(ByteView, std::string_view, VR)>;

// Writes values of one data set.
class ValueWriter {
 public:
  // All of it outlives the writer. `decoder` may be empty: bytes that mean nothing become U+FFFD.
  ValueWriter(const DataSet& data_set, const TextDecoder& decoder) : data_set_(data_set), decoder_(decoder) {}

  // Adds one row to `column`, or throws; then the caller cuts what was begun.
  void write(const Element& element, std::string_view name, Column& column, UnparsedColumn& unparsed);

 private:
  enum class Repertoire { unknown, latin1, utf8, other };
  struct Target;
  struct Items;

  void write_text(VR vr, ByteView bytes, const Target& target);
  void write_parsed(const Items& items, const Target& target);
  template <typename Number>
  void write_numbers(ByteView bytes, const Target& target, bool first_is_unsigned = false);
  void write_tags(ByteView bytes, const Target& target);
  void write_bytes(ByteView bytes, const Target& target);
  void add_words(const std::vector<std::string>& words, const Target& target);
  std::string_view decoded(VR vr, ByteView bytes);
  void find_repertoire();

  const DataSet& data_set_;
  const TextDecoder& decoder_;
  Repertoire repertoire_ = Repertoire::unknown;
  bool keeps_ascii_ = true;
  std::string character_set_;
  std::uint64_t offset_ = 0;  // of the value at hand
  std::string text_;   // decoded
  std::vector<std::optional<std::int64_t>> parsed_;
};

}  // namespace turbodicom::dicom
