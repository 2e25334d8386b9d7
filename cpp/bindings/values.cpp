// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Begin with plain_value() at the end. In this file `nullptr` without a Python error means "not mine".
#include "values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>

#include <pybind11/gil_safe_call_once.h>

#include "decimal.h"
#include "turbodicom/dicom/tag.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::VR;
using Text = std::string_view;

Text as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// What str.strip() of Python removes, as far as it is ASCII.
constexpr Text kWhitespace = " \t\n\v\f\r\x1c\x1d\x1e\x1f";
constexpr Text kPadding{" \0", 2};

Text trim_right(Text text, Text characters) {
  const auto last = text.find_last_not_of(characters);
  return last == Text::npos ? Text{} : text.substr(0, last + 1);
}

Text trim(Text text, Text characters) {
  const auto first = text.find_first_not_of(characters);
  return first == Text::npos ? Text{} : trim_right(text.substr(first), characters);
}

bool is_ascii(Text text) {
  unsigned char seen = 0;
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
}

// ASCII, and no ISO 2022 escape sequence (PS3.5 6.1.2.5).
bool is_plain(Text text) { return is_ascii(text) && text.find('\x1b') == Text::npos; }

PyObject* ascii_str(Text text) { return PyUnicode_DecodeLatin1(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr); }

// One value as itself, several (separated by a backslash, PS3.5 6.4) as a list. `make(Text)` gives a new
// reference, or nullptr as in plain_value().
template <class Make>
PyObject* one_or_list(Text text, Make make) {
  const auto separators = std::count(text.begin(), text.end(), '\\');
  if (separators == 0) return make(text);
  PyObject* list = PyList_New(separators + 1);
  if (list == nullptr) return nullptr;
  for (Py_ssize_t i = 0; i <= separators; ++i) {
    const Text item = text.substr(0, text.find('\\'));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    PyObject* value = make(item);
    if (value == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, i, value);
  }
  return list;
}

// AS, CS, DA, DT, TM: default repertoire (bytes above 127 read as Latin-1), padding removed at the end.
PyObject* code_string(Text text) { return one_or_list(trim_right(text, kPadding), ascii_str); }

// AE: leading and trailing spaces of every value are without meaning.
PyObject* application_entity(Text text) {
  if (!is_ascii(text)) return nullptr;
  return one_or_list(text, [](Text item) { return ascii_str(trim(item, kWhitespace)); });
}

PyObject* unique_identifier(Text text) {
  if (!is_ascii(text)) return nullptr;
  return one_or_list(trim_right(text, kPadding), [](Text item) { return ascii_str(trim(item, kWhitespace)); });
}

PyObject* universal_resource(Text text) {
  return is_ascii(text) ? ascii_str(trim_right(text, kWhitespace)) : nullptr;
}

PyObject* short_text(Text text) {  // LO, SH, UC
  if (!is_plain(text)) return nullptr;
  return one_or_list(text, [](Text item) { return ascii_str(trim_right(item, kPadding)); });
}

PyObject* long_text(Text text) {  // LT, ST, UT: a backslash is a character
  return is_plain(text) ? ascii_str(trim_right(text, kPadding)) : nullptr;
}

PyObject* make_person_name(Text text) {
  PyObject* value = ascii_str(trim_right(text, "="));  // empty component groups (PS3.5 6.2.1.2)
  if (value == nullptr) return nullptr;
  PyObject* name = PyObject_CallOneArg(python_parts().person_name, value);
  Py_DECREF(value);
  return name;
}

PyObject* person_name(Text text) {
  return is_plain(text) ? one_or_list(trim_right(text, kPadding), make_person_name) : nullptr;
}

// A blank value among others stays the text it is.
bool is_blank(Text text) { return text.find_first_not_of(kWhitespace) == Text::npos; }

PyObject* decimal_item(Text text) {
  if (is_blank(text)) return ascii_str(text);
  const std::optional<double> value = parse_decimal(trim(text, kWhitespace));
  return value ? PyFloat_FromDouble(*value) : nullptr;
}

PyObject* integer_item(Text text) {
  if (is_blank(text)) return ascii_str(text);
  const std::optional<long long> value = parse_integer(trim(text, kWhitespace));
  return value ? PyLong_FromLongLong(*value) : nullptr;
}

PyObject* decimal_string(Text text) {
  if (!is_ascii(text)) return nullptr;
  return one_or_list(trim_right(trim(text, kWhitespace), kPadding), decimal_item);
}

PyObject* integer_string(Text text) {
  return is_ascii(text) ? one_or_list(trim_right(text, kPadding), integer_item) : nullptr;
}

PyObject* to_object(double value) { return PyFloat_FromDouble(value); }
PyObject* to_object(float value) { return PyFloat_FromDouble(static_cast<double>(value)); }
PyObject* to_object(std::int64_t value) { return PyLong_FromLongLong(value); }
PyObject* to_object(std::uint64_t value) { return PyLong_FromUnsignedLongLong(value); }
PyObject* to_object(std::integral auto value) { return PyLong_FromLong(static_cast<long>(value)); }
static_assert(sizeof(long) >= 8, "UL values go through long");

template <class Number>
Number load_number(const std::uint8_t* from, bool big_endian) {
  using Bits = std::conditional_t<sizeof(Number) == 2, std::uint16_t,
                                  std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>;
  return std::bit_cast<Number>(load<Bits>(from, big_endian));
}

template <class Number>
PyObject* numbers(const RawValue& raw) {
  const std::size_t count = raw.bytes.size() / sizeof(Number);
  if (raw.bytes.size() % sizeof(Number) != 0) return nullptr;
  if (count == 0) return PyUnicode_New(0, 0);
  if (count == 1) return to_object(load_number<Number>(raw.bytes.data(), raw.big_endian));
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(count));
  if (list == nullptr) return nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    PyObject* value = to_object(load_number<Number>(raw.bytes.data() + i * sizeof(Number), raw.big_endian));
    if (value == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), value);
  }
  return list;
}

// Number of entries of a LUT is US whatever the VR of the descriptor (PS3.3 C.7.6.3.1.5).
PyObject* signed_words(const RawValue& raw) {
  PyObject* value = numbers<std::int16_t>(raw);
  if (value == nullptr || !raw.is_lut_descriptor || !PyList_CheckExact(value)) return value;
  PyObject* entries = PyLong_FromLong(load_number<std::uint16_t>(raw.bytes.data(), raw.big_endian));
  if (entries == nullptr || PyList_SetItem(value, 0, entries) != 0) Py_CLEAR(value);
  return value;
}

PyObject* tag_at(const RawValue& raw, std::size_t offset) {
  const auto group = load<std::uint16_t>(raw.bytes.data() + offset, raw.big_endian);
  const auto element = load<std::uint16_t>(raw.bytes.data() + offset + 2, raw.big_endian);
  return make_tag(dicom::make_tag(group, element).value);
}

PyObject* attribute_tags(const RawValue& raw) {
  if (raw.bytes.size() == 4) return tag_at(raw, 0);
  const std::size_t count = raw.bytes.size() / 4;
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(count));
  if (list == nullptr) return nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    PyObject* tag = tag_at(raw, 4 * i);
    if (tag == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), tag);
  }
  return list;
}

PyObject* bytes_object(ByteView bytes) {
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size()));
}

PyObject* none() { return Py_NewRef(Py_None); }

// Text is '', numbers and bytes None, as pydicom has it. (An empty SQ never comes here.)
PyObject* empty_value(VR vr) {
  switch (vr) {
    case VR::PN: return make_person_name({});
    case VR::AE: case VR::AS: case VR::CS: case VR::DA: case VR::DT: case VR::LO: case VR::LT: case VR::SH:
    case VR::ST: case VR::TM: case VR::UC: case VR::UI: case VR::UR: case VR::UT: return PyUnicode_New(0, 0);
    default: return none();
  }
}

PyObject* character_set_text(const RawValue& raw, Text text) {
  if (!raw.ascii_is_plain) return nullptr;
  switch (raw.vr) {
    case VR::PN: return person_name(text);
    case VR::LO: case VR::SH: case VR::UC: return short_text(text);
    default: return long_text(text);
  }
}

PyObject* from_module(const char* module, const char* name) {
  return py::module_::import(module).attr(name).cast<py::object>().release().ptr();
}

}  // namespace

const PythonParts& python_parts() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<PythonParts> storage;
  return storage
      .call_once_and_store_result([] {
        return PythonParts{from_module("turbodicom._types", "Tag"), from_module("turbodicom._types", "PersonName"),
                           from_module("turbodicom._values", "convert"),
                           from_module("turbodicom._dataset", "missing_attribute"),
                           from_module("turbodicom._paths", "path_value")};
      })
      .get_stored();
}

PyObject* make_tag(std::uint32_t tag) {
  PyObject* number = PyLong_FromUnsignedLong(tag);
  if (number == nullptr) return nullptr;
  PyObject* result = PyObject_CallOneArg(python_parts().tag, number);
  Py_DECREF(number);
  return result;
}

PyObject* plain_value(const RawValue& raw) {
  if (raw.is_empty) return empty_value(raw.vr);
  const Text text = as_text(raw.bytes);
  switch (raw.vr) {
    case VR::AS: case VR::CS: case VR::DA: case VR::DT: case VR::TM: return code_string(text);
    case VR::UI: return unique_identifier(text);
    case VR::LO: case VR::SH: case VR::UC: case VR::LT: case VR::ST: case VR::UT: case VR::PN:
      return character_set_text(raw, text);
    case VR::DS: return decimal_string(text);
    case VR::IS: return integer_string(text);
    case VR::US: return numbers<std::uint16_t>(raw);
    case VR::SS: return signed_words(raw);
    case VR::UL: return numbers<std::uint32_t>(raw);
    case VR::SL: return numbers<std::int32_t>(raw);
    case VR::UV: return numbers<std::uint64_t>(raw);
    case VR::SV: return numbers<std::int64_t>(raw);
    case VR::FL: return numbers<float>(raw);
    case VR::FD: return numbers<double>(raw);
    case VR::AE: return application_entity(text);
    case VR::UR: return universal_resource(text);
    case VR::AT: return attribute_tags(raw);
    case VR::OB: case VR::OD: case VR::OF: case VR::OL: case VR::OV: case VR::OW: case VR::UN:
      return bytes_object(raw.bytes);
    default: return nullptr;  // letters that are no VR
  }
}

}  // namespace turbodicom::bindings
