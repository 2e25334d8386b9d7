// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// One level of a data set: an index of its elements and the header bytes they point into. Nothing is
// decoded here; a value is bytes until somebody asks (cpp/bindings/bind_dataset.cpp).
//
// Begin with read_file() below; scanner.cpp walks the elements, file_meta.cpp finds the encoding.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turbodicom/base/bytes.h"
#include "turbodicom/base/error.h"
#include "turbodicom/base/limits.h"
#include "turbodicom/dicom/source.h"
#include "turbodicom/dicom/tag.h"
#include "turbodicom/dicom/transfer_syntax.h"
#include "turbodicom/dicom/vr.h"

namespace turbodicom::dicom {

inline constexpr std::uint32_t kUndefinedLength = 0xFFFF'FFFF;

// Offsets count from the start of the file; in a deflated file from the start of the inflated data set.
struct Element {
  Tag tag;
  VR vr = VR::none;                  // as written, or from the dictionary (implicit VR): see vr_is_written
  bool vr_is_written = false;
  bool is_encapsulated = false;      // Pixel Data of undefined length: fragments
  std::uint64_t offset = 0;          // of the first value byte
  // Bytes of value present, without a sequence delimiter. Of encapsulated Pixel Data as find() gives it:
  // all that follow; elements() and value() know better.
  std::uint64_t length = 0;
  std::uint32_t declared_length = 0; // the length field; kUndefinedLength when undefined
  std::uint32_t header_bytes = 8;    // tag, VR and length field: 8 or 12

  bool has_undefined_length() const noexcept { return declared_length == kUndefinedLength; }
};

// What the parser found and forgave.
struct Issue {
  std::uint64_t offset = 0;
  std::string where;    // tag path, "(0008,1140)[0].(0008,1150)"
  std::string code;     // stable name, snake_case: "odd_length", "value_past_end", ...
  std::string message;  // found, expected, clause; never a value
};

struct ReadOptions {
  bool strict = false;            // throw at the first violation instead of listing it
  Tag stop_before = tags::kNone;  // top level only
  Limits limits;
  bool is_for_a_moment = false;   // what is read is dropped soon: its memory is not worth a copy that is smaller
};

// A value's bytes and whatever keeps them alive.
struct ValueBytes {
  ByteView view;
  std::shared_ptr<const void> keep;  // empty when the data set itself does
};

class DataSet;

// An item of a sequence (PS3.5 7.5), its own data set, scanned when the sequence is asked for.
struct Item {
  std::shared_ptr<const DataSet> data_set;
  std::uint64_t offset = 0;           // of the item tag
  std::uint32_t declared_length = 0;  // kUndefinedLength when undefined
};

// Immutable to its users and safe to share between threads; what it finds late (elements behind
// encapsulated Pixel Data, the bytes of a large value) is found under a lock.
class DataSet {
 public:
  struct State;
  explicit DataSet(std::unique_ptr<State> state);
  ~DataSet();

  Encoding encoding() const noexcept;
  const std::shared_ptr<const Source>& source() const noexcept;

  // In tag order. The first call may have to walk over the fragments of encapsulated Pixel Data to
  // see what is behind them.
  const std::vector<Element>& elements() const;
  // By tag; nullptr when absent. Does not look behind encapsulated Pixel Data for smaller tags.
  const Element* find(Tag tag) const;
  // In tag order, as far as the reading has come: without what is behind encapsulated Pixel Data.
  const std::vector<Element>& leading_elements() const noexcept;
  // Header bytes at once; a large value (more than 64 KiB, or Pixel Data) is read from the source.
  ValueBytes value(const Element& element) const;
  // Items of an SQ, or of a UN of undefined length (PS3.5 6.2.2, CP-246: implicit VR little endian).
  std::vector<Item> items(const Element& element) const;
  // The creator that reserved the block of a private tag, trimmed; empty when none.
  std::string private_creator(Tag tag) const;
  // Specific Character Set in force: its own or that of the data set around it; raw value.
  std::string specific_character_set() const;
  // Pixel Representation in force, its own or that of the data set around it: what decides "US or SS".
  std::optional<std::uint16_t> pixel_representation() const;
  // Where the bytes end before the data does, as far as the file has been read; nothing when they do not.
  std::optional<Error> truncation() const;
  std::vector<Issue> issues() const;  // of this level and of the items visited below it

 private:
  std::unique_ptr<State> state_;
};

// The VR a value is to be read by: a UN or a VR from the dictionary looked up again (private creators),
// "US or SS", "OB or OW" and their like decided as PS3.5 A.1 and PS3.3 C.7.6.3 say. As pydicom's.
VR resolved_vr(const DataSet& data_set, const Element& element);

struct DicomFile {
  bool has_preamble = false;
  bool has_file_meta = false;
  std::shared_ptr<const DataSet> file_meta;  // never null; empty without group 0002
  std::shared_ptr<const DataSet> data_set;   // null for a deflated file: inflate, then read_data_set()
  std::string transfer_syntax_uid;           // as written; empty when the file has none
  const TransferSyntax* transfer_syntax = nullptr;  // in force, found or guessed; never null
  std::uint64_t data_set_offset = 0;
};

// Reads headers only: Pixel Data and large values stay where they are. `reader`, of the
// source, may be null: it is then opened.
DicomFile read_file(std::shared_ptr<const Source> source, const Reader* reader, const ReadOptions& options);

// A bare data set of known encoding, from `offset` to the end of the source.
std::shared_ptr<const DataSet> read_data_set(std::shared_ptr<const Source> source, std::uint64_t offset, Encoding encoding,
                                             const ReadOptions& options);

}  // namespace turbodicom::dicom
