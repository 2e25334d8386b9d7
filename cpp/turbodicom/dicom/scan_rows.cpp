// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/dicom/scan_rows.h"

#include <cerrno>
#include <new>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/text_values.h"

namespace turbodicom::dicom {

namespace {

constexpr ColumnForm kText{ColumnType::text};
constexpr ColumnForm kInteger{ColumnType::integer};
constexpr ColumnForm kFileTime{ColumnType::timestamp, false, true};
constexpr std::size_t kRowBytes = 64;  // an estimate of what a row costs without its texts

// Text from outside, as UTF-8 whatever it is.
void add_text(Column& column, std::string_view text) {
  if (is_utf8(text)) return column.add(text);
  std::string replaced;
  append_replaced(replaced, text);
  column.add(replaced);
}

}  // namespace

std::vector<std::pair<std::string, ColumnForm>> columns_of(const ScanPlan& plan) {
  std::vector<std::pair<std::string, ColumnForm>> columns = {
      {"path", kText}, {"size", kInteger}, {"mtime", kFileTime}, {"inode", kInteger}, {"transfer_syntax", kText}};
  for (const ColumnPlan& column : plan.columns) columns.emplace_back(column.name, column.form);
  if (plan.pixel_offset) columns.emplace_back("pixel_offset", kInteger);
  columns.emplace_back("error", kText);
  columns.emplace_back("error_offset", kInteger);
  return columns;
}

ScanRows::ScanRows(const ScanPlan& plan, const PlanNode& tree, Tag stop_before)
    : plan_(plan), tree_(tree), stop_before_(stop_before) {
  for (const auto& [name, form] : columns_of(plan)) columns_.emplace_back(form);
}

bool ScanRows::read(std::string_view path, const std::string* refusal, bool is_unchecked) {
  failure_.reset();
  is_no_file_ = false;
  bytes_ += kRowBytes + path.size();
  const bool is_text = is_utf8(path);
  add_text(columns_[kPathColumn], path);
  if (refusal != nullptr) failure_ = Failure{*refusal, std::nullopt};
  else if (!is_text) failure_ = Failure{"the path is not UTF-8; the file is not read", std::nullopt};
  else attempt([&] { read_path(path); });
  if (is_unchecked && is_no_file_) {
    columns_[kPathColumn].cut(rows_);
    return false;
  }
  end_row();
  return true;
}

void ScanRows::read_path(std::string_view path) {
  const OpenedFile opened = open_file(std::string(path));
  file_bytes_ += opened.stamp.size;
  columns_[kSizeColumn].add(static_cast<std::int64_t>(opened.stamp.size));
  columns_[kTimeColumn].add(opened.stamp.mtime_ns());
  columns_[kInodeColumn].add(static_cast<std::int64_t>(opened.stamp.inode));
  ReadOptions options;
  options.limits = plan_.limits;
  options.stop_before = stop_before_;
  options.is_for_a_moment = true;
  const DicomFile file = read_file(opened.source, opened.reader.get(), options);
  if (!file.transfer_syntax_uid.empty()) add_text(columns_[kSyntaxColumn], file.transfer_syntax_uid);
  if (const auto truncation = file.file_meta->truncation()) note(*truncation);
  read_columns(file, path);
}

void ScanRows::read_columns(const DicomFile& file, std::string_view path) {
  if (file.data_set != nullptr) {
    read_level(*file.data_set, tree_, file.file_meta.get());
    if (plan_.pixel_offset) read_pixel_offset(*file.data_set);
    return;
  }
  if (!plan_.inflate) fail(Errc::unsupported, file.data_set_offset, "inflate: the data set is deflated (PS3.5 A.5)");
  ReadOptions options;
  options.limits = plan_.limits;
  options.stop_before = stop_before_;
  const ValueBytes inflated = plan_.inflate(std::string(path), file.data_set_offset);
  const auto source = memory_source(inflated.view, inflated.keep);
  read_level(*read_data_set(source, 0, Encoding{}, options), tree_, file.file_meta.get());
}

// `file_meta` is null below the top level.
void ScanRows::read_level(const DataSet& data_set, const PlanNode& node, const DataSet* file_meta) {
  ValueWriter writer(data_set, plan_.decode);
  for (const std::size_t index : node.columns) {
    if (file_meta != nullptr && plan_.columns[index].element.tag.group() == 0x0002) {
      ValueWriter meta_writer(*file_meta, plan_.decode);
      read_column(*file_meta, index, meta_writer);
    } else {
      read_column(data_set, index, writer);
    }
  }
  for (const PlanBranch& branch : node.branches) attempt([&] { read_branch(data_set, branch); });
}

void ScanRows::read_branch(const DataSet& data_set, const PlanBranch& branch) {
  const Element* sequence = find_element(data_set, branch.sequence);
  if (sequence == nullptr || resolved_vr(data_set, *sequence) != VR::SQ) return;
  const std::vector<Item> items = data_set.items(*sequence);
  for (const PlanItem& wanted : branch.items)
    if (wanted.index < items.size()) read_level(*items[wanted.index].data_set, wanted.node, nullptr);
}

void ScanRows::read_column(const DataSet& data_set, std::size_t index, ValueWriter& writer) {
  const ColumnPlan& plan = plan_.columns[index];
  Column& column = columns_[kFileColumns + index];
  const std::size_t entries = unparsed_.entries();
  const bool is_done = attempt([&] {
    const Element* element = find_element(data_set, plan.element);
    if (element == nullptr) return;
    writer.write(*element, plan.name, column, unparsed_);
    bytes_ += element->length;
  });
  if (is_done) return;
  column.cut(rows_);
  unparsed_.cut_entries(entries);
}

// Where the pixels begin: of encapsulated ones, the first item.
void ScanRows::read_pixel_offset(const DataSet& data_set) {
  for (const Tag tag : {tags::kPixelData, tags::kFloatPixelData, tags::kDoubleFloatPixelData}) {
    const Element* element = data_set.find(tag);
    if (element == nullptr) continue;
    columns_[kFileColumns + plan_.columns.size()].add(static_cast<std::int64_t>(element->offset));
    return;
  }
}

// False, and the failure noted, when `body` throws what is this file's fault.
template <typename Body>
bool ScanRows::attempt(Body body) {
  try {
    body();
    return true;
  } catch (const Error& error) {
    if (error.code == Errc::cancelled) throw;
    note(error);
  } catch (const std::bad_alloc&) {
    forget_row();
    failure_ = Failure{"out of memory", std::nullopt};
  }
  return false;
}

// A column may have been left between two steps of adding a value.
void ScanRows::forget_row() {
  for (std::size_t i = kSizeColumn; i < columns_.size(); ++i) columns_[i].cut(rows_);
  unparsed_.cut(rows_);
}

// The first failure of a row stays.
void ScanRows::note(const Error& error) {
  if (failure_) return;
  if (error.code != Errc::io_error) {
    failure_ = Failure{error.message, error.offset};
    return;
  }
  const int number = static_cast<int>(error.offset);
  is_no_file_ = number == EISDIR || number == EINVAL || number == ENXIO;  // a folder, a FIFO or device, a socket
  failure_ = Failure{number == EINVAL ? "not a regular file" : system_message(number), std::nullopt};
}

// Whatever has no value by now is null.
void ScanRows::end_row() {
  Column& message = columns_[columns_.size() - 2];
  if (failure_) {
    add_text(message, failure_->message);
    if (failure_->offset) columns_.back().add(static_cast<std::int64_t>(*failure_->offset));
  }
  for (Column& column : columns_)
    if (column.rows() == rows_) column.add_null();
  unparsed_.end_row();
  ++rows_;
}

}  // namespace turbodicom::dicom
