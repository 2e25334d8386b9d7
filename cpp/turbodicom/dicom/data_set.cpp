// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Looking things up in a scanned level, its values, its items, and what lies behind its fragments.
#include "turbodicom/dicom/data_set.h"

#include <algorithm>
#include <cstring>

#include "turbodicom/dicom/data_set_state.h"
#include "turbodicom/dicom/element_header.h"
#include "turbodicom/dicom/fragments.h"

namespace turbodicom::dicom {

namespace {

const Element* find_in(const std::vector<Element>& elements, Tag tag) noexcept {
  const auto found = std::ranges::lower_bound(elements, tag, {}, &Element::tag);
  return found != elements.end() && found->tag == tag ? &*found : nullptr;
}

bool is_padding(char letter) noexcept { return letter == ' ' || letter == '\0'; }

std::string trimmed(ByteView bytes) {
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (!text.empty() && is_padding(text.back())) text.pop_back();
  while (!text.empty() && is_padding(text.front())) text.erase(0, 1);
  return text;
}

// The elements behind the fragments join those before; of equal tags the one before stays, so that
// find() gives the same answer before and after.
std::vector<Element> joined(const std::vector<Element>& before, const Element& pixel_data, const std::vector<Element>& behind,
                            const Reporter& reporter) {
  std::vector<Element> all = before;
  if (Element* place = const_cast<Element*>(find_in(all, tags::kPixelData)))
    if (place->offset == pixel_data.offset) *place = pixel_data;
  for (const Element& element : behind) {
    if (element.tag < tags::kPixelData)
      reporter.log.add("out_of_order", Errc::conformance, element.offset - element.header_bytes, reporter.path,
                       element.tag, [] { return std::string("element: comes behind (7fe0,0010) (PS3.5 7.1)"); });
    if (find_in(before, element.tag) == nullptr) all.push_back(element);
    else
      reporter.log.add("duplicate_element", Errc::conformance, element.offset - element.header_bytes, reporter.path,
                       element.tag, [] { return std::string("element: is there twice, the first one counts (PS3.5 7.1)"); });
  }
  std::ranges::sort(all, {}, &Element::tag);
  return all;
}

void report_fragments(const FragmentWalk& walk, const Element& pixel_data, const Reporter& reporter) {
  if (walk.why == WalkEnd::delimiter) return;
  const Errc errc = walk.why == WalkEnd::wrong_tag || walk.why == WalkEnd::undefined_item ? Errc::conformance
                                                                                        : Errc::truncated_data;
  reporter.log.add(errc == Errc::conformance ? "not_an_item" : "missing_delimiter", errc, pixel_data.offset, reporter.path,
                   pixel_data.tag,
                   [] { return std::string("pixel data: fragments are not items up to a delimiter (PS3.5 A.4)"); });
}

const Tail& known_tail(const DataSet::State& state) {
  Tail& tail = *state.tail;
  if (tail.is_known.load(std::memory_order_acquire)) return tail;
  const std::lock_guard lock(tail.mutex);
  if (tail.is_known.load(std::memory_order_relaxed)) return tail;
  const Source& source = *state.file->source;
  const std::unique_ptr<Reader> reader = source.open();
  LevelRequest request = tail.request;
  ReadAhead ahead(source, *reader);
  const FragmentWalk walk = end_of_fragments(ahead, request.begin, request.end, state.encoding.big_endian);
  const Reporter reporter = state.reporter();
  tail.pixel_data = *find_in(state.elements, tags::kPixelData);
  tail.pixel_data.length = walk.value_end - tail.pixel_data.offset;
  report_fragments(walk, tail.pixel_data, reporter);
  HeaderWindow window(source, reader.get());
  request.begin = walk.next;
  const Level level = scan_level(window, request, reporter);
  tail.bytes = window.take(level.end);
  tail.elements = joined(state.elements, tail.pixel_data, level.elements, reporter);
  tail.is_known.store(true, std::memory_order_release);
  return tail;
}

// A value that is not held: read now, for the caller to keep. Its length has been checked against the source's.
ValueBytes read_value(const Source& source, std::uint64_t offset, std::uint64_t length) {
  const ByteView resident = source.resident();
  if (resident.data() != nullptr && offset <= resident.size() && length <= resident.size() - offset)
    return {resident.subspan(offset, length), nullptr};
  if (offset > source.size_bytes() || length > source.size_bytes() - offset)
    fail(Errc::truncated_data, offset, "element: value goes beyond the end of the source");
  auto memory = std::make_shared_for_overwrite<std::uint8_t[]>(length);
  if (length != 0) source.open()->read_at(offset, {memory.get(), length});
  return {{memory.get(), length}, memory};
}

}  // namespace

DataSet::DataSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
DataSet::~DataSet() = default;

Encoding DataSet::encoding() const noexcept { return state_->encoding; }
const std::shared_ptr<const Source>& DataSet::source() const noexcept { return state_->file->source; }

const std::vector<Element>& DataSet::elements() const {
  return state_->tail ? known_tail(*state_).elements : state_->elements;
}

const std::vector<Element>& DataSet::leading_elements() const noexcept { return state_->elements; }

const Element* DataSet::find(Tag tag) const {
  const Element* found = find_in(state_->elements, tag);
  if (found != nullptr || !state_->tail) return found;
  if (tag < tags::kPixelData && !state_->tail->is_known.load(std::memory_order_acquire)) return nullptr;
  return find_in(known_tail(*state_).elements, tag);
}

ValueBytes DataSet::value(const Element& element) const {
  std::uint64_t length = element.length;
  if (element.is_encapsulated && state_->tail && element.offset == state_->tail->request.begin)
    length = known_tail(*state_).pixel_data.length;
  ByteView held = state_->bytes->find(element.offset, length);
  if (held.data() == nullptr && state_->tail && state_->tail->is_known.load(std::memory_order_acquire))
    held = state_->tail->bytes->find(element.offset, length);
  if (held.data() != nullptr || length == 0) return {held, nullptr};
  return read_value(*state_->file->source, element.offset, length);
}

std::string DataSet::private_creator(Tag tag) const {
  if (!tag.is_private() || tag.element() < 0x1000) return {};
  const Element* creator = find(make_tag(tag.group(), static_cast<std::uint16_t>(tag.element() >> 8)));
  return creator == nullptr ? std::string() : trimmed(value(*creator).view);
}

std::string DataSet::specific_character_set() const {
  const Element* element = find_in(state_->elements, tags::kSpecificCharacterSet);
  if (element == nullptr) return state_->charset_around;
  const ValueBytes bytes = value(*element);
  return {reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()};
}

std::optional<std::uint16_t> DataSet::pixel_representation() const {
  const Element* element = find_in(state_->elements, tags::kPixelRepresentation);
  if (element == nullptr || element->length < 2) return state_->pixel_representation_around;
  return load<std::uint16_t>(value(*element).view.data(), state_->encoding.big_endian);
}

std::optional<Error> DataSet::truncation() const { return state_->file->log.truncation(); }

std::vector<Issue> DataSet::issues() const {
  if (state_->tail) known_tail(*state_);
  return state_->file->log.below(state_->path);
}

}  // namespace turbodicom::dicom
