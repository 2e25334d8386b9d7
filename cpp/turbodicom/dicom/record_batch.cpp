// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/record_batch.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "turbodicom/base/error.h"

namespace turbodicom::dicom {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMostOffset = std::numeric_limits<std::int32_t>::max();

template <typename T>
T* elements_of(ArrowBuffer& buffer) noexcept {
  return reinterpret_cast<T*>(buffer.data());
}

// One byte for each value to one bit for each.
class BitmapWriter {
 public:
  explicit BitmapWriter(std::size_t bits) : bitmap_((bits + 7) / 8) { std::memset(bitmap_.data(), 0, bitmap_.size()); }
  void add(const std::vector<std::uint8_t>& valid) noexcept {
    for (const std::uint8_t bit : valid) {
      bitmap_.data()[at_ / 8] |= static_cast<std::uint8_t>(bit << (at_ % 8));
      ++at_;
    }
  }
  ArrowBuffer take() { return std::move(bitmap_); }

 private:
  ArrowBuffer bitmap_;
  std::size_t at_ = 0;
};

// Length, nulls and bitmap of values that have `valid()` and `nulls()`.
template <typename Part>
ArrowColumn begin_column(std::span<const Part* const> parts) {
  ArrowColumn column;
  for (const Part* part : parts) {
    column.length += static_cast<std::int64_t>(part->size());
    column.null_count += static_cast<std::int64_t>(part->nulls());
  }
  column.buffers.emplace_back();
  if (column.null_count == 0) return column;
  BitmapWriter bitmap(static_cast<std::size_t>(column.length));
  for (const Part* part : parts) bitmap.add(part->valid());
  column.buffers[0] = bitmap.take();
  return column;
}

// n + 1 offsets from the ends within each part.
template <typename Part>
ArrowBuffer join_offsets(std::span<const Part* const> parts, std::size_t count) {
  ArrowBuffer offsets((count + 1) * sizeof(std::int32_t));
  auto* to = elements_of<std::int32_t>(offsets);
  std::size_t base = 0;
  *to++ = 0;
  for (const Part* part : parts) {
    const std::vector<std::uint32_t>& ends = part->ends();
    const std::size_t total = ends.empty() ? base : base + ends.back();
    if (total > kMostOffset) fail(Errc::limit_exceeded, 0, "scan: a column of a batch exceeds 2 GiB");
    for (const std::uint32_t end : ends) *to++ = static_cast<std::int32_t>(base + end);
    base = total;
  }
  return offsets;
}

ArrowBuffer join_bytes(std::span<const Leaf* const> parts) {
  std::size_t size = 0;
  for (const Leaf* part : parts) size += part->bytes().size();
  ArrowBuffer bytes(size);
  std::uint8_t* to = bytes.data();
  for (const Leaf* part : parts) {
    std::memcpy(to, part->bytes().data(), part->bytes().size());
    to += part->bytes().size();
  }
  return bytes;
}

template <typename Number>
ArrowBuffer join_numbers(std::span<const Leaf* const> parts, std::size_t count) {
  ArrowBuffer numbers(count * sizeof(Number));
  auto* to = elements_of<Number>(numbers);
  for (const Leaf* part : parts)
    for (const std::int64_t number : part->numbers()) *to++ = static_cast<Number>(number);
  return numbers;
}

ArrowColumn join_leaves(std::span<const Leaf* const> parts, ColumnType type) {
  ArrowColumn column = begin_column(parts);
  const auto count = static_cast<std::size_t>(column.length);
  if (type == ColumnType::text || type == ColumnType::binary) {
    column.buffers.push_back(join_offsets(parts, count));
    column.buffers.push_back(join_bytes(parts));
  } else if (type == ColumnType::date) {
    column.buffers.push_back(join_numbers<std::int32_t>(parts, count));
  } else {
    column.buffers.push_back(join_numbers<std::int64_t>(parts, count));
  }
  return column;
}

ArrowColumn join_lists(std::span<const RowLists* const> parts) {
  ArrowColumn column = begin_column(parts);
  column.buffers.push_back(join_offsets(parts, static_cast<std::size_t>(column.length)));
  return column;
}

const char* format_of(const ColumnForm& form) noexcept {
  switch (form.type) {
    case ColumnType::text: return "u";
    case ColumnType::integer: return "l";
    case ColumnType::real: return "g";
    case ColumnType::date: return "tdD";
    case ColumnType::time: return "ttu";
    case ColumnType::timestamp: return form.utc_nanoseconds ? "tsn:UTC" : "tsu:";
    case ColumnType::binary: return "z";
  }
  return "n";
}

template <typename Part, typename Member, typename Get>
std::vector<const Member*> members(std::span<const Part* const> parts, Get get) {
  std::vector<const Member*> found;
  found.reserve(parts.size());
  for (const Part* part : parts) found.push_back(&get(*part));
  return found;
}

}  // namespace

// Never null, so that empty columns have buffers too.
ArrowBuffer::ArrowBuffer(std::size_t size) : size_(size) {
  const std::size_t whole = (size / kAlignment + 1) * kAlignment;
  memory_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(kAlignment, whole)));
  if (memory_ == nullptr) throw std::bad_alloc();
}

void ArrowBuffer::Free::operator()(std::uint8_t* memory) const noexcept { std::free(memory); }

std::size_t ArrowColumn::size_bytes() const noexcept {
  std::size_t size = 0;
  for (const ArrowBuffer& buffer : buffers) size += buffer.size();
  for (const ArrowColumn& child : children) size += child.size_bytes();
  return size;
}

ArrowField field_of(const std::string& name, const ColumnForm& form) {
  if (!form.is_list) return {name, format_of(form), {}};
  return {name, "+l", {{"item", format_of(form), {}}}};
}

ArrowField unparsed_field() {
  ArrowField entry{"item", "+s", {{"column", "u", {}}, {"text", "u", {}}}};
  return {"unparsed", "+l", {std::move(entry)}};
}

ArrowColumn join(std::span<const Column* const> parts) {
  const ColumnForm form = parts.front()->form();
  const auto leaves = members<Column, Leaf>(parts, [](const Column& part) -> const Leaf& { return part.leaf(); });
  ArrowColumn values = join_leaves(leaves, form.type);
  if (!form.is_list) return values;
  const auto lists = members<Column, RowLists>(parts, [](const Column& part) -> const RowLists& { return part.lists(); });
  ArrowColumn column = join_lists(lists);
  column.children.push_back(std::move(values));
  return column;
}

ArrowColumn join(std::span<const UnparsedColumn* const> parts) {
  using Part = UnparsedColumn;
  const auto lists = members<Part, RowLists>(parts, [](const Part& part) -> const RowLists& { return part.lists(); });
  const auto columns = members<Part, Leaf>(parts, [](const Part& part) -> const Leaf& { return part.columns(); });
  const auto texts = members<Part, Leaf>(parts, [](const Part& part) -> const Leaf& { return part.texts(); });
  ArrowColumn column = join_lists(lists);
  ArrowColumn& entries = column.children.emplace_back();
  entries.buffers.emplace_back();
  entries.children.push_back(join_leaves(columns, ColumnType::text));
  entries.children.push_back(join_leaves(texts, ColumnType::text));
  entries.length = entries.children[0].length;
  return column;
}

}  // namespace turbodicom::dicom
