// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/file_meta.h"

#include <algorithm>
#include <cstring>

#include "turbodicom/dicom/dictionary.h"
#include "turbodicom/dicom/element_header.h"

namespace turbodicom::dicom {

namespace {

constexpr std::uint64_t kPreambleBytes = 128;  // PS3.10 7.1
constexpr Encoding kExplicitLittleEndian{.implicit_vr = false, .big_endian = false};
constexpr Tag kFileMetaGroupLength{0x0002'0000};

constexpr TransferSyntax kUnknownSyntax{"", "unknown", kExplicitLittleEndian, false, false, false, true, "-"};

bool has_capital_letters(ByteView element) noexcept {
  return element.size() >= 6 && is_capital(element[4]) && is_capital(element[5]);
}

bool has_standard_vr(ByteView element) noexcept {
  return element.size() >= 6 && vr_class(element[4], element[5]) != VrClass::unknown;
}

// A tag that a data set may begin with. Groups 0000 to 00FF need not be in the dictionary when they
// are group lengths.
bool is_plausible(Tag tag) noexcept {
  if (tag.is_group_length()) return tag.group() <= 0x00FF && !tag.is_private();
  return find_entry(tag) != nullptr;
}

// The first element of a file without prefix: a known tag in either byte order, and a length that fits.
bool looks_like_a_data_set(HeaderWindow& window) {
  const ByteView first = window.at(0, kLongHeader);
  if (first.size() < kShortHeader) return false;
  for (const bool big_endian : {false, true}) {
    const Tag tag = load_tag(first.data(), big_endian);
    if (!is_plausible(tag)) continue;
    if (has_standard_vr(first)) return true;
    const auto length = load<std::uint32_t>(first.data() + 4, big_endian);
    if (tag.value == 0 && length != 4) continue;  // a group length is a UL; zeros are no data set
    if (length == kUndefinedLength || length <= window.size() - kShortHeader) return true;
  }
  return false;
}

// The group length counts from behind its own value to the end of the group (PS3.10 7.1).
void check_group_length(HeaderWindow& window, const FileMeta& meta, const Reporter& reporter) {
  if (meta.level.elements.empty() || meta.level.elements.front().tag != kFileMetaGroupLength) return;
  const Element& element = meta.level.elements.front();
  if (element.length != 4) return;
  const auto declared = load_le<std::uint32_t>(window.at(element.offset, 4).data());
  const std::uint64_t actual = meta.level.end - element.offset - 4;
  if (declared != actual)
    reporter.log.add("file_meta_group_length", Errc::conformance, element.offset, reporter.path, element.tag, [&] {
      return "file meta information: group length is " + std::to_string(declared) + ", but the group has " +
             std::to_string(actual) + " bytes (PS3.10 7.1)";
    });
}

bool begins_big_endian(ByteView first) noexcept {
  return !is_plausible(load_tag<false>(first.data())) && is_plausible(load_tag<true>(first.data()));
}

bool begins_little_endian(ByteView first) noexcept {
  return !is_plausible(load_tag<true>(first.data())) && is_plausible(load_tag<false>(first.data()));
}

}  // namespace

FileMeta read_file_meta(HeaderWindow& window, const Reporter& reporter) {
  FileMeta meta;
  const ByteView start = window.at(0, kPreambleBytes + 4);
  meta.has_preamble = start.size() >= kPreambleBytes + 4 && std::memcmp(start.data() + kPreambleBytes, "DICM", 4) == 0;
  if (!meta.has_preamble) {
    if (!looks_like_a_data_set(window))
      fail(Errc::conformance, 0, "not a DICOM file: neither the prefix \"DICM\" nor a first element (PS3.10 7.1)");
    reporter.log.add("no_preamble", Errc::conformance, 0, reporter.path, tags::kNone,
                     [] { return std::string("file: no preamble and prefix (PS3.10 7.1)"); });
  }
  LevelRequest request;
  request.begin = meta.has_preamble ? kPreambleBytes + 4 : 0;
  request.end = request.hard_end = window.size();
  request.first_tag = 0x0002'0000;
  request.tag_count = 0x1'0000;
  const ByteView first = window.at(request.begin, kLongHeader);
  const bool begins = first.size() >= kShortHeader && load_tag<false>(first.data()).group() == 0x0002;
  if (begins && !has_standard_vr(first)) {
    reporter.log.add("file_meta_implicit_vr", Errc::conformance, request.begin, reporter.path, tags::kNone,
                     [] { return std::string("file meta information: not in explicit VR (PS3.10 7.1)"); });
    request.encoding.implicit_vr = true;
  }
  meta.encoding = request.encoding;
  meta.level = scan_level(window, request, reporter);
  check_group_length(window, meta, reporter);
  return meta;
}

const TransferSyntax& transfer_syntax_of(const std::string& uid) {
  const TransferSyntax* found = find_transfer_syntax(uid);
  return found == nullptr ? kUnknownSyntax : *found;
}

Encoding detect_encoding(HeaderWindow& window, std::uint64_t offset, Encoding expected, const Reporter& reporter) {
  const ByteView first = window.at(offset, kLongHeader);
  if (first.size() < kShortHeader) return expected;
  Encoding found = expected;
  found.implicit_vr = !has_capital_letters(first);
  if (!expected.big_endian && begins_big_endian(first) && !found.implicit_vr) found.big_endian = true;
  if (expected.big_endian && begins_little_endian(first)) found.big_endian = false;
  if (found == expected) return expected;
  reporter.log.add("encoding_mismatch", Errc::conformance, offset, reporter.path, load_tag(first.data(), found.big_endian), [&] {
    return std::string("data set: begins in ") + (found.implicit_vr ? "implicit" : "explicit") + " VR " +
           (found.big_endian ? "big" : "little") + " endian, which is not what its transfer syntax says (PS3.5 10)";
  });
  return found;
}

const TransferSyntax& guess_transfer_syntax(HeaderWindow& window, std::uint64_t offset) {
  const ByteView first = window.at(offset, kLongHeader);
  if (!has_standard_vr(first)) return *find_transfer_syntax("1.2.840.10008.1.2");
  return *find_transfer_syntax(begins_big_endian(first) ? "1.2.840.10008.1.2.2" : "1.2.840.10008.1.2.1");
}

}  // namespace turbodicom::dicom
