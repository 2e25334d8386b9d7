// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Writes DICOM streams for tests, right ones and wrong ones: every length can be what it should not be.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/source.h"

namespace turbodicom::dicom::test {

inline constexpr std::string_view kImplicitLittle = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitLittle = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kExplicitBig = "1.2.840.10008.1.2.2";
inline constexpr std::string_view kRle = "1.2.840.10008.1.2.5";

class Writer {
 public:
  explicit Writer(Encoding encoding = {}) : encoding_(encoding) {}

  std::vector<std::uint8_t> bytes;

  Writer& raw(std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    return *this;
  }
  Writer& zeros(std::size_t count) {
    bytes.resize(bytes.size() + count);
    return *this;
  }
  Writer& u16(std::uint16_t value) { return number(value, 2); }
  Writer& u32(std::uint32_t value) { return number(value, 4); }
  Writer& u64(std::uint64_t value) { return number(value, 8); }
  Writer& tag(Tag tag) { return u16(tag.group()).u16(tag.element()); }

  // Tag, VR and any length field, true or not.
  Writer& header(Tag element, VR vr, std::uint32_t length) {
    tag(element);
    if (encoding_.implicit_vr) return u32(length);
    raw(to_string(vr));
    if (has_32bit_length(vr)) return u16(0).u32(length);
    return u16(static_cast<std::uint16_t>(length));
  }
  Writer& element(Tag element, VR vr, std::string_view value) {
    return header(element, vr, static_cast<std::uint32_t>(value.size())).raw(value);
  }
  Writer& us(Tag element, std::uint16_t value) { return header(element, VR::US, 2).u16(value); }
  Writer& item(std::uint32_t length) { return tag(tags::kItem).u32(length); }
  Writer& fragment(std::string_view value) { return item(static_cast<std::uint32_t>(value.size())).raw(value); }
  Writer& end_item() { return tag(tags::kItemDelimitation).u32(0); }
  Writer& end_sequence() { return tag(tags::kSequenceDelimitation).u32(0); }

  // Preamble, prefix and a file meta information of one UID; always explicit VR little endian.
  Writer& file(std::string_view transfer_syntax_uid) {
    Writer meta;
    std::string uid(transfer_syntax_uid);
    if (uid.size() % 2 != 0) uid += '\0';
    meta.element(tags::kTransferSyntaxUID, VR::UI, uid);
    Writer whole;
    whole.zeros(128).raw("DICM").header(make_tag(2, 0), VR::UL, 4).u32(static_cast<std::uint32_t>(meta.bytes.size()));
    whole.bytes.insert(whole.bytes.end(), meta.bytes.begin(), meta.bytes.end());
    bytes.insert(bytes.begin(), whole.bytes.begin(), whole.bytes.end());
    return *this;
  }

 private:
  Writer& number(std::uint64_t value, int size) {
    for (int at = 0; at < size; ++at)
      bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (encoding_.big_endian ? size - 1 - at : at))));
    return *this;
  }

  Encoding encoding_;
};

inline ReadOptions with_strict(bool strict) {
  ReadOptions options;
  options.strict = strict;
  return options;
}
inline const ReadOptions kStrict = with_strict(true);

inline std::shared_ptr<const Source> source_of(const std::vector<std::uint8_t>& bytes) {
  auto keep = std::make_shared<const std::vector<std::uint8_t>>(bytes);
  return memory_source(*keep, keep);
}

inline DicomFile read(const std::vector<std::uint8_t>& bytes, const ReadOptions& options = {}) {
  return read_file(source_of(bytes), nullptr, options);
}

inline DicomFile read(const Writer& writer, const ReadOptions& options = {}) { return read(writer.bytes, options); }

inline std::string text_of(const DataSet& data_set, Tag tag) {
  const Element* element = data_set.find(tag);
  if (element == nullptr) return "(absent)";
  const ValueBytes value = data_set.value(*element);
  return {reinterpret_cast<const char*>(value.view.data()), value.view.size()};
}

inline bool has_issue(const std::vector<Issue>& issues, std::string_view code) {
  for (const Issue& issue : issues)
    if (issue.code == code) return true;
  return false;
}

// A source that is not resident, counts what is read of it, and may pretend to be huge: behind the
// given bytes it is all zeros.
class CountingSource final : public Source {
 public:
  struct Counts {
    std::uint64_t bytes = 0;
    std::uint64_t reads = 0;
    std::uint64_t largest = 0;
  };
  explicit CountingSource(std::vector<std::uint8_t> bytes, std::uint64_t size = 0)
      : bytes_(std::move(bytes)), size_(size == 0 ? bytes_.size() : size) {}
  std::uint64_t size_bytes() const noexcept override { return size_; }
  std::unique_ptr<Reader> open() const override { return std::make_unique<CountingReader>(*this); }
  mutable Counts counts;

 private:
  class CountingReader final : public Reader {
   public:
    explicit CountingReader(const CountingSource& source) : source_(source) {}
    void read_at(std::uint64_t offset, MutableByteView destination) const override {
      for (std::size_t at = 0; at < destination.size(); ++at)
        destination[at] = offset + at < source_.bytes_.size() ? source_.bytes_[offset + at] : std::uint8_t{0};
      source_.counts.bytes += destination.size();
      source_.counts.reads += 1;
      source_.counts.largest = std::max<std::uint64_t>(source_.counts.largest, destination.size());
    }

   private:
    const CountingSource& source_;
  };

  std::vector<std::uint8_t> bytes_;
  std::uint64_t size_;
};

}  // namespace turbodicom::dicom::test
