// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// From a source to a DicomFile: file meta information, command set if any, data set.
#include <algorithm>

#include "turbodicom/dicom/data_set_state.h"
#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/file_meta.h"

namespace turbodicom::dicom {

namespace {

std::uint64_t tags_before(Tag stop) noexcept {
  return stop == tags::kNone ? std::uint64_t{1} << 32 : std::uint64_t{stop.value};
}

std::string trimmed_uid(HeaderWindow& window, const Level& level) {
  const auto found = std::ranges::find(level.elements, tags::kTransferSyntaxUID, &Element::tag);
  if (found == level.elements.end()) return {};
  const std::size_t length = std::min<std::size_t>(found->length, 64);  // PS3.5 9.1
  const ByteView bytes = window.at(found->offset, length);
  std::string uid(reinterpret_cast<const char*>(bytes.data()), std::min(length, bytes.size()));
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.pop_back();
  return uid;
}

// Group 0000 in front of a data set is implicit VR little endian whatever follows (PS3.7 6.3.1).
Level read_command_set(HeaderWindow& window, std::uint64_t offset, const Reporter& reporter) {
  Level none;
  none.end = offset;
  const ByteView first = window.at(offset, kLongHeader);
  if (first.size() < kShortHeader || load_tag<false>(first.data()).group() != 0) return none;
  LevelRequest request;
  request.begin = offset;
  request.end = request.hard_end = window.size();
  request.tag_count = 0x1'0000;
  request.encoding.implicit_vr = !(is_capital(first[4]) && is_capital(first[5]));
  return scan_level(window, request, reporter);
}

LevelRequest top_level(const HeaderWindow& window, std::uint64_t offset, Encoding encoding, Tag stop_before) {
  LevelRequest request;
  request.begin = std::min(offset, window.size());
  request.end = request.hard_end = window.size();
  request.encoding = encoding;
  request.tag_count = tags_before(stop_before);
  request.stops_at_fragments = true;
  return request;
}

struct Scanned {
  Level level;
  LevelRequest request;
};

Scanned scan_top_level(HeaderWindow& window, LevelRequest request, Level command_set, const Reporter& reporter) {
  Scanned scanned{scan_level(window, request, reporter), request};
  if (command_set.elements.empty()) return scanned;
  std::vector<Element>& elements = scanned.level.elements;
  elements.insert(elements.begin(), command_set.elements.begin(), command_set.elements.end());
  sort_elements(elements, reporter);
  return scanned;
}

std::shared_ptr<const DataSet> make_data_set(std::shared_ptr<const FileContext> file, std::shared_ptr<const HeaderBytes> bytes,
                                             Encoding encoding, std::vector<Element> elements,
                                             const LevelRequest* tail_request) {
  auto state = std::make_unique<DataSet::State>();
  state->file = std::move(file);
  state->bytes = std::move(bytes);
  state->encoding = encoding;
  state->elements = std::move(elements);
  if (tail_request != nullptr) {
    state->tail = std::make_unique<Tail>();
    state->tail->request = *tail_request;
  }
  return std::make_shared<const DataSet>(std::move(state));
}

std::shared_ptr<const DataSet> make_top_level(std::shared_ptr<const FileContext> file,
                                              std::shared_ptr<const HeaderBytes> bytes, Scanned scanned) {
  LevelRequest& request = scanned.request;
  const bool has_tail = scanned.level.why == LevelEnd::fragments;
  request.begin = scanned.level.end;
  request.stops_at_fragments = false;
  return make_data_set(std::move(file), std::move(bytes), request.encoding, std::move(scanned.level.elements),
                       has_tail ? &request : nullptr);
}

// The transfer syntax by what is written, and how the data set is really encoded.
Encoding settle_encoding(HeaderWindow& window, std::uint64_t offset, DicomFile& file, const Reporter& reporter) {
  const auto report = [&](const char* code, const char* message) {
    reporter.log.add(code, Errc::conformance, offset, reporter.path, tags::kTransferSyntaxUID,
                     [message] { return std::string(message); });
  };
  if (file.transfer_syntax_uid.empty()) {
    if (window.size() > offset) report("no_transfer_syntax", "file: no Transfer Syntax UID (PS3.10 7.1)");
    file.transfer_syntax = &guess_transfer_syntax(window, offset);
    return file.transfer_syntax->encoding;
  }
  file.transfer_syntax = &transfer_syntax_of(file.transfer_syntax_uid);
  if (file.transfer_syntax->uid.empty())
    report("unknown_transfer_syntax", "file: Transfer Syntax UID is none of PS3.6's, read as explicit VR little endian");
  if (file.transfer_syntax->deflated) return file.transfer_syntax->encoding;
  const Encoding expected = file.transfer_syntax->encoding;
  const Encoding found = detect_encoding(window, offset, expected, reporter);
  if (found.big_endian != expected.big_endian && !file.transfer_syntax->encapsulated)
    file.transfer_syntax = &guess_transfer_syntax(window, offset);
  return found;
}

}  // namespace

DicomFile read_file(std::shared_ptr<const Source> source, const Reader* reader, const ReadOptions& options) {
  const auto context = std::make_shared<const FileContext>(source, options.limits);
  const Path top;
  const Reporter reporter{context->log, context->limits, top};
  HeaderWindow window(*source, reader);
  FileMeta meta = read_file_meta(window, reporter);

  DicomFile file;
  file.has_preamble = meta.has_preamble;
  file.has_file_meta = !meta.level.elements.empty();
  file.transfer_syntax_uid = trimmed_uid(window, meta.level);
  file.data_set_offset = meta.level.end;
  Level command_set = read_command_set(window, meta.level.end, reporter);
  const std::uint64_t begin = command_set.end;
  const Encoding encoding = settle_encoding(window, begin, file, reporter);

  Scanned scanned;
  scanned.level.end = begin;
  if (!file.transfer_syntax->deflated)
    scanned = scan_top_level(window, top_level(window, begin, encoding, options.stop_before), std::move(command_set), reporter);
  const std::shared_ptr<const HeaderBytes> bytes = window.take(options.is_for_a_moment ? window.size() : scanned.level.end);
  file.file_meta = make_data_set(context, bytes, meta.encoding, std::move(meta.level.elements), nullptr);
  if (!file.transfer_syntax->deflated) file.data_set = make_top_level(context, bytes, std::move(scanned));
  if (options.strict) {
    std::vector<const DataSet*> roots{file.file_meta.get()};
    if (file.data_set) roots.push_back(file.data_set.get());
    require_conformance(roots, context->log);
  }
  return file;
}

std::shared_ptr<const DataSet> read_data_set(std::shared_ptr<const Source> source, std::uint64_t offset, Encoding encoding,
                                             const ReadOptions& options) {
  const auto context = std::make_shared<const FileContext>(source, options.limits);
  const Path top;
  const Reporter reporter{context->log, context->limits, top};
  HeaderWindow window(*source, nullptr);
  const Encoding found = detect_encoding(window, offset, encoding, reporter);
  Scanned scanned = scan_top_level(window, top_level(window, offset, found, options.stop_before), {}, reporter);
  const std::shared_ptr<const HeaderBytes> bytes = window.take(scanned.level.end);
  std::shared_ptr<const DataSet> data_set = make_top_level(context, bytes, std::move(scanned));
  if (options.strict) require_conformance({data_set.get()}, context->log);
  return data_set;
}

}  // namespace turbodicom::dicom
