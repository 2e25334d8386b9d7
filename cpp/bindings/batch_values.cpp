// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "batch_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <datetime.h>

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::ArrowColumn;
using dicom::ColumnForm;
using dicom::ColumnType;

constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kMicroseconds;

py::object checked(PyObject* object) {
  if (object == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(object);
}

template <typename T>
const T* buffer(const ArrowColumn& column, std::size_t index) noexcept {
  return reinterpret_cast<const T*>(column.buffers[index].data());
}

struct Range {
  std::size_t begin;
  std::size_t end;
};

Range item_range(const ArrowColumn& column, std::size_t row) noexcept {
  const auto* offsets = buffer<std::int32_t>(column, 1);
  return {static_cast<std::size_t>(offsets[row]), static_cast<std::size_t>(offsets[row + 1])};
}

const char* bytes_at(const ArrowColumn& column, const Range& range) noexcept { return buffer<char>(column, 2) + range.begin; }

// The date of a day count since 1970: 146097 days are 400 years (the inverse of days_since_1970()).
struct Date {
  int year, month, day;
};
Date date_of(std::int64_t days) noexcept {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  const std::int64_t real_month = month < 10 ? month + 3 : month - 9;
  return {static_cast<int>(year_of_era + era * 400 + (real_month <= 2 ? 1 : 0)), static_cast<int>(real_month),
          static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

py::object make_time(std::int64_t microseconds) {
  const auto part = [&](std::int64_t unit, std::int64_t count) { return static_cast<int>(microseconds / unit % count); };
  return checked(PyTime_FromTime(part(3600 * kMicroseconds, 24), part(60 * kMicroseconds, 60), part(kMicroseconds, 60),
                                 part(1, kMicroseconds)));
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept { return value / by - (value % by < 0 ? 1 : 0); }

// Times of files may lie beyond Python's years; those are None.
py::object make_datetime(std::int64_t microseconds, bool utc) {
  const std::int64_t days = floor_divide(microseconds, kDay);
  const std::int64_t rest = microseconds - days * kDay;
  const Date date = date_of(days);
  if (date.year < 1 || date.year > 9999) return py::none();
  const auto part = [&](std::int64_t unit, std::int64_t count) { return static_cast<int>(rest / unit % count); };
  PyObject* zone = utc ? PyDateTime_TimeZone_UTC : Py_None;
  return checked(PyDateTimeAPI->DateTime_FromDateAndTime(date.year, date.month, date.day, part(3600 * kMicroseconds, 24),
                                                         part(60 * kMicroseconds, 60), part(kMicroseconds, 60),
                                                         part(1, kMicroseconds), zone, PyDateTimeAPI->DateTimeType));
}

py::object text_at(const ArrowColumn& column, std::size_t row) {
  if (!column.is_valid(row)) return py::none();
  const Range range = item_range(column, row);
  return checked(PyUnicode_DecodeUTF8(bytes_at(column, range), static_cast<Py_ssize_t>(range.end - range.begin), nullptr));
}

py::object single_value(const ArrowColumn& column, const ColumnForm& form, std::size_t row) {
  if (!column.is_valid(row)) return py::none();
  switch (form.type) {
    case ColumnType::text: return text_at(column, row);
    case ColumnType::integer: return py::int_(buffer<std::int64_t>(column, 1)[row]);
    case ColumnType::real: return py::float_(buffer<double>(column, 1)[row]);
    case ColumnType::date: {
      const Date date = date_of(buffer<std::int32_t>(column, 1)[row]);
      return checked(PyDate_FromDate(date.year, date.month, date.day));
    }
    case ColumnType::time: return make_time(buffer<std::int64_t>(column, 1)[row]);
    case ColumnType::timestamp: {
      const std::int64_t time = buffer<std::int64_t>(column, 1)[row];
      return form.utc_nanoseconds ? make_datetime(floor_divide(time, 1000), true) : make_datetime(time, false);
    }
    case ColumnType::binary: {
      const Range range = item_range(column, row);
      return py::bytes(bytes_at(column, range), range.end - range.begin);
    }
  }
  return py::none();
}

template <typename Make>
py::object list_value(const ArrowColumn& column, std::size_t row, Make make) {
  if (!column.is_valid(row)) return py::none();
  const Range range = item_range(column, row);
  py::list values;
  for (std::size_t i = range.begin; i < range.end; ++i) values.append(make(column.children[0], i));
  return values;
}

py::object unparsed_entry(const ArrowColumn& entries, std::size_t index) {
  py::dict entry;
  entry["column"] = text_at(entries.children[0], index);
  entry["text"] = text_at(entries.children[1], index);
  return entry;
}

std::size_t checked_column(const dicom::RecordBatch& batch, py::ssize_t column) {
  const auto count = static_cast<py::ssize_t>(batch.table.children.size());
  if (column < 0 || column >= count) throw py::index_error("no such column");
  return static_cast<std::size_t>(column);
}

}  // namespace

py::str type_name(const ColumnForm& form) {
  static constexpr const char* kNames[] = {"text", "int", "float", "date", "time", "timestamp", "binary"};
  std::string name = kNames[static_cast<std::size_t>(form.type)];
  if (form.utc_nanoseconds) name += "_ns";
  return form.is_list ? "list<" + name + ">" : name;
}

py::list batch_values(const dicom::RecordBatch& batch, py::ssize_t index, std::size_t begin, std::size_t end) {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw py::error_already_set();
  const std::size_t place = checked_column(batch, index);
  const ArrowColumn& column = batch.table.children[place];
  end = std::min(end, static_cast<std::size_t>(batch.table.length));
  py::list values;
  for (std::size_t row = begin; row < end; ++row) {
    if (place == batch.forms->size()) {
      values.append(list_value(column, row, unparsed_entry));
      continue;
    }
    const ColumnForm& form = (*batch.forms)[place];
    const auto make = [&](const ArrowColumn& items, std::size_t i) { return single_value(items, form, i); };
    values.append(form.is_list ? list_value(column, row, make) : make(column, row));
  }
  return values;
}

py::array batch_array(const std::shared_ptr<const dicom::RecordBatch>& batch, py::ssize_t index) {
  const std::size_t place = checked_column(*batch, index);
  const bool is_known = place < batch->forms->size();
  const ColumnForm form = is_known ? (*batch->forms)[place] : ColumnForm{ColumnType::text};
  if (form.is_list || (form.type != ColumnType::integer && form.type != ColumnType::real))
    throw py::value_error("only columns of single numbers are arrays");
  const ArrowColumn& column = batch->table.children[place];
  const bool is_integer = form.type == ColumnType::integer;
  if (column.null_count == 0) {
    const py::capsule owner(new std::shared_ptr<const dicom::RecordBatch>(batch), [](void* held) {
      delete static_cast<std::shared_ptr<const dicom::RecordBatch>*>(held);
    });
    const py::dtype type = is_integer ? py::dtype::of<std::int64_t>() : py::dtype::of<double>();
    py::array view(type, {column.length}, {py::ssize_t{8}}, column.buffers[1].data(), owner);
    view.attr("flags").attr("writeable") = false;
    return view;
  }
  py::array_t<double> array(column.length);
  double* to = array.mutable_data();
  for (std::size_t row = 0; row < static_cast<std::size_t>(column.length); ++row) {
    const double value = is_integer ? static_cast<double>(buffer<std::int64_t>(column, 1)[row]) : buffer<double>(column, 1)[row];
    to[row] = column.is_valid(row) ? value : std::numeric_limits<double>::quiet_NaN();
  }
  return array;
}

}  // namespace turbodicom::bindings
