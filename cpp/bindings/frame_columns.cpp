// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "bindings.h"
#include "frame_columns.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "data_set_access.h"
#include "decimal.h"
#include "values.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::GroupValue;
using dicom::Presence;
using dicom::VR;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargestInteger = 9007199254740992.0;  // 2^53: above it a double does not tell integers apart

// ---- cells --------------------------------------------------------------------------------------

// Most values are short: a call of memcmp costs twice as much as comparing them.
bool are_equal(const std::uint8_t* a, const std::uint8_t* b, std::size_t size) noexcept {
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) return load_le<std::uint64_t>(a) == load_le<std::uint64_t>(b) &&
                        load_le<std::uint64_t>(a + size - 8) == load_le<std::uint64_t>(b + size - 8);
  if (size >= 4) return load_le<std::uint32_t>(a) == load_le<std::uint32_t>(b) &&
                        load_le<std::uint32_t>(a + size - 4) == load_le<std::uint32_t>(b + size - 4);
  for (std::size_t i = 0; i < size; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

struct Cell {
  ByteView bytes;
  std::uint32_t form = 0;    // VR and byte order in one word: compared field by field they cost a third of everything
  std::uint64_t offset = 0;  // in the file

  VR vr() const noexcept { return static_cast<VR>(form >> 1); }
  bool big_endian() const noexcept { return (form & 1) != 0; }
  bool same_as(const Cell& other) const noexcept {
    return form == other.form && bytes.size() == other.bytes.size() && are_equal(bytes.data(), other.bytes.data(), bytes.size());
  }
};

constexpr std::uint32_t form_of(VR vr, bool big_endian) noexcept {
  return (static_cast<std::uint32_t>(vr) << 1) | static_cast<std::uint32_t>(big_endian);
}

// The cells of one column.
class Cells {
 public:
  Cells(const FrameColumns& columns, std::size_t field) : columns_(columns), field_(field) {}

  bool are_there() const { return columns_.per_frame.has(field_) || columns_.shared.has(field_); }
  // One for all frames when no frame has its own.
  std::size_t count() const { return columns_.per_frame.has(field_) ? columns_.frames : 1; }

  std::optional<Cell> at(std::size_t row) const {
    if (columns_.per_frame.has(field_) && row < columns_.per_frame.rows()) {
      const GroupValue own = columns_.per_frame.at(row, field_);
      if (own.presence != Presence::absent) return cell(columns_.per_frame, own);
    }
    if (!columns_.shared.has(field_) || columns_.shared.rows() == 0) return std::nullopt;
    return cell(columns_.shared, columns_.shared.at(0, field_));
  }

 private:
  std::optional<Cell> cell(const dicom::FrameGroups& groups, const GroupValue& value) const {
    if (value.presence != Presence::found) return std::nullopt;
    const bool is_known = value.vr != VR::none && value.vr != VR::UN;
    return Cell{groups.bytes_of(value), form_of(is_known ? value.vr : columns_.vrs[field_], value.big_endian),
                groups.file_offset(value)};
  }

  const FrameColumns& columns_;
  std::size_t field_;
};

// ---- numbers ------------------------------------------------------------------------------------

enum class Reading { done, in_python, misfit };

template <class Number>
Reading binary_numbers(const Cell& cell, std::vector<double>& numbers) {
  using Bits = std::conditional_t<sizeof(Number) == 2, std::uint16_t,
                                  std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>;
  if (cell.bytes.size() % sizeof(Number) != 0) return Reading::misfit;
  for (std::size_t at = 0; at < cell.bytes.size(); at += sizeof(Number))
    numbers.push_back(static_cast<double>(std::bit_cast<Number>(load<Bits>(cell.bytes.data() + at, cell.big_endian()))));
  return Reading::done;
}

constexpr std::string_view kAround{" \t\n\v\f\r\0", 7};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

std::string_view text_of(const Cell& cell) {
  return {reinterpret_cast<const char*>(cell.bytes.data()), cell.bytes.size()};
}

// Numbers as text, of any VR that is text; a blank one among others is missing. `parse` gives a double or nothing.
template <class Parse>
bool text_numbers(std::string_view text, std::vector<double>& numbers, Parse parse) {
  text = trimmed(text);
  if (text.empty()) return true;
  while (true) {
    const std::string_view item = text.substr(0, text.find('\\'));
    const std::string_view digits = trimmed(item);
    const std::optional<double> value = digits.empty() ? kMissing : parse(digits);
    if (!value) return false;
    numbers.push_back(*value);
    if (item.size() == text.size()) return true;
    text.remove_prefix(item.size() + 1);
  }
}

Reading read_numbers(const Cell& cell, std::vector<double>& numbers) {
  numbers.clear();
  switch (cell.vr()) {
    case VR::DS: case VR::IS: case VR::LO: case VR::SH: case VR::CS: case VR::LT: case VR::ST: case VR::UC: case VR::UT:
      return text_numbers(text_of(cell), numbers, parse_decimal) ? Reading::done : Reading::in_python;
    case VR::FD: return binary_numbers<double>(cell, numbers);
    case VR::FL: return binary_numbers<float>(cell, numbers);
    case VR::US: return binary_numbers<std::uint16_t>(cell, numbers);
    case VR::SS: return binary_numbers<std::int16_t>(cell, numbers);
    case VR::UL: return binary_numbers<std::uint32_t>(cell, numbers);
    case VR::SL: return binary_numbers<std::int32_t>(cell, numbers);
    case VR::UV: return binary_numbers<std::uint64_t>(cell, numbers);
    case VR::SV: return binary_numbers<std::int64_t>(cell, numbers);
    default: return Reading::misfit;
  }
}

// float(text) of Python, for what the quick way leaves alone; with the GIL.
std::optional<double> parse_in_python(std::string_view digits) {
  const py::object number = py::reinterpret_steal<py::object>(PyFloat_FromString(latin1(digits).ptr()));
  if (number) return PyFloat_AS_DOUBLE(number.ptr());
  PyErr_Clear();
  return std::nullopt;
}

template <class Number>
class NumberFill {
 public:
  // `is_open`: rows may have fewer values than the widest one.
  NumberFill(const Cells& cells, Number* out, std::size_t width, bool is_open, NumberColumn& column)
      : cells_(cells), out_(out), width_(width), is_open_(is_open), column_(column) {}

  // All rows that need no Python; without the GIL.
  void run() {
    std::optional<Cell> before;
    for (std::size_t row = 0; row < cells_.count(); ++row) {
      std::optional<Cell> cell = cells_.at(row);
      if (before && cell && cell->same_as(*before)) {  // most values of a file repeat
        std::copy_n(out_ + (row - 1) * width_, width_, out_ + row * width_);
        continue;
      }
      before = read(row, cell) ? cell : std::nullopt;
    }
  }

  void finish_in_python() {
    for (const std::size_t row : left_) {
      numbers_.clear();
      const Cell cell = *cells_.at(row);
      if (text_numbers(text_of(cell), numbers_, parse_in_python)) store(row, cell);
      else misfit(cell);
    }
  }

 private:
  static constexpr Number missing() { return std::is_integral_v<Number> ? Number(-1) : static_cast<Number>(kMissing); }

  // Whether the row is filled as its bytes say.
  bool read(std::size_t row, const std::optional<Cell>& cell) {
    std::fill_n(out_ + row * width_, width_, missing());
    if (!cell) return false;
    switch (read_numbers(*cell, numbers_)) {
      case Reading::done: return store(row, *cell);
      case Reading::in_python: left_.push_back(row); return false;
      default: return misfit(*cell);
    }
  }

  bool store(std::size_t row, const Cell& cell) {
    if (numbers_.empty()) return true;
    if (numbers_.size() != width_ && (!is_open_ || numbers_.size() > width_)) return misfit(cell);
    Number* const to = out_ + row * width_;
    for (std::size_t at = 0; at < numbers_.size(); ++at) {
      if constexpr (std::is_integral_v<Number>) {
        const double value = numbers_[at];
        if (std::isnan(value)) continue;
        if (!(std::abs(value) <= kLargestInteger) || value != std::trunc(value)) {
          std::fill_n(to, width_, missing());
          return misfit(cell);
        }
      }
      to[at] = static_cast<Number>(numbers_[at]);
    }
    return true;
  }

  bool misfit(const Cell& cell) {
    if (column_.misfits++ == 0 || cell.offset < column_.first_misfit) column_.first_misfit = cell.offset;
    return false;
  }

  const Cells& cells_;
  Number* out_;
  std::size_t width_;
  bool is_open_;
  NumberColumn& column_;
  std::vector<double> numbers_;
  std::vector<std::size_t> left_;
};

std::size_t value_count(const Cell& cell) {
  switch (cell.vr()) {
    case VR::US: case VR::SS: return cell.bytes.size() / 2;
    case VR::UL: case VR::SL: case VR::FL: return cell.bytes.size() / 4;
    case VR::UV: case VR::SV: case VR::FD: return cell.bytes.size() / 8;
    default: break;
  }
  const std::string_view text = trimmed(text_of(cell));
  return text.empty() ? 0 : static_cast<std::size_t>(std::count(text.begin(), text.end(), '\\')) + 1;
}

// Of the row with the most values, as long as the array stays in proportion to the values there are: a row that is
// wider than 16 times the mean (our limit) is a misfit.
std::size_t widest(const Cells& cells) {
  std::size_t width = 0, total = 0;
  for (std::size_t row = 0; row < cells.count(); ++row)
    if (const std::optional<Cell> cell = cells.at(row)) {
      const std::size_t count = value_count(*cell);
      width = std::max(width, count);
      total += count;
    }
  return std::min(width, 16 * (total / cells.count() + 1));
}

template <class Number>
void fill(const Cells& cells, std::ptrdiff_t width, NumberColumn& column) {
  std::size_t columns = static_cast<std::size_t>(width);
  if (width == kAsManyAsThereAre) {
    const GilRelease unlocked;
    columns = widest(cells);
  }
  py::array_t<Number> array({static_cast<py::ssize_t>(cells.count()), static_cast<py::ssize_t>(columns)});
  NumberFill<Number> filling(cells, array.mutable_data(), columns, width == kAsManyAsThereAre, column);
  {
    const GilRelease unlocked;
    filling.run();
  }
  filling.finish_in_python();
  column.array = array;
}

}  // namespace

NumberColumn number_column(const FrameColumns& columns, std::size_t field, std::ptrdiff_t width, bool is_integer) {
  NumberColumn column;
  const Cells cells(columns, field);
  if (!cells.are_there()) return column;
  if (is_integer) fill<std::int64_t>(cells, width, column);
  else fill<double>(cells, width, column);
  return column;
}

// ---- objects ------------------------------------------------------------------------------------

namespace {

py::object object_of(DataSetObject* self, dicom::Tag tag, const Cell& cell) {
  RawValue raw;
  raw.vr = cell.vr();
  raw.bytes = cell.bytes;
  raw.big_endian = cell.big_endian();
  raw.is_empty = cell.bytes.empty();
  raw.ascii_is_plain = ascii_is_plain(self);
  PyObject* value = plain_value(raw);
  if (value == nullptr && PyErr_Occurred() != nullptr) throw py::error_already_set();
  if (value != nullptr) return py::reinterpret_steal<py::object>(value);
  const py::bytes bytes(reinterpret_cast<const char*>(cell.bytes.data()), cell.bytes.size());
  const py::handle convert(python_parts().convert);
  return convert(py::handle(reinterpret_cast<PyObject*>(self)), tag.value, latin1(to_string(cell.vr())), cell.offset, bytes);
}

}  // namespace

py::object object_column(DataSetObject* self, const FrameColumns& columns, std::size_t field) {
  const Cells cells(columns, field);
  if (!cells.are_there()) return py::none();
  const auto count = static_cast<py::ssize_t>(cells.count());
  py::array array(py::dtype("O"), std::vector<py::ssize_t>{count});
  auto** const out = static_cast<PyObject**>(array.mutable_data());  // NumPy's own: None or a null pointer
  std::optional<Cell> before;
  py::object value = py::none();
  for (py::ssize_t row = 0; row < count; ++row) {
    const std::optional<Cell> cell = cells.at(static_cast<std::size_t>(row));
    if (!cell) value = py::none();
    else if (!before || !cell->same_as(*before)) value = object_of(self, columns.fields[field].tag, *cell);
    before = cell;
    Py_XSETREF(out[row], value.inc_ref().ptr());
  }
  return array;
}

}  // namespace turbodicom::bindings
