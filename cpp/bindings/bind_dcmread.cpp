// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The elements of a file as pydicom's dcmread would make them. Equality is the contract, so this gives
// up (None, and turbodicom._dcmread asks pydicom itself) wherever pydicom's way of reading could differ
// from ours: after any issue, any unusual VR or length, any encoding that is not what pydicom expects.
//
// Begin with PydicomReader::read(). Names of pydicom's functions stand beside the rules they have.
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "bindings.h"
#include "pydicom_objects.h"
#include "python_source.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/dictionary.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

using dicom::DataSet;
using dicom::Element;
using dicom::Encoding;
using dicom::Tag;

constexpr std::uint64_t kNeverDefer = ~std::uint64_t{0};
constexpr std::uint64_t kReleaseGil = 64 * 1024;  // a copy of less takes a few microseconds

// pydicom would not read this as we do.
struct LeaveToPydicom {};

void require(bool as_pydicom) {
  if (!as_pydicom) throw LeaveToPydicom{};
}

struct Request {
  std::uint64_t defer_size = kNeverDefer;
  bool stop_before_pixels = false;
  std::vector<std::uint32_t> specific_tags;  // sorted; empty: all
};

struct OpenedSource {
  std::shared_ptr<const dicom::Source> source;
  std::unique_ptr<dicom::Reader> reader;
};

// Issues that change nothing in what pydicom reads.
bool is_harmless(const dicom::Issue& issue) { return issue.code == "odd_length"; }

bool is_clean(const DataSet& data_set) {
  const std::vector<dicom::Issue> issues = data_set.issues();
  return std::all_of(issues.begin(), issues.end(), is_harmless);
}

// Where pydicom's stop_before_pixels stops (_at_pixel_data).
bool is_pixel_data(Tag tag) noexcept {
  return tag == dicom::tags::kPixelData || tag == dicom::tags::kFloatPixelData || tag == dicom::tags::kDoubleFloatPixelData;
}

std::uint64_t end_of(const Element& element) noexcept {
  constexpr std::uint64_t kDelimiterBytes = 8;
  return element.offset + element.length + (element.has_undefined_length() ? kDelimiterBytes : 0);
}

// One reading: the source, what was asked for, and pydicom's classes.
class Builder {
 public:
  Builder(const PydicomObjects& objects, const py::object& charset_of, OpenedSource opened, const Request& request)
      : objects_(objects), charset_of_(charset_of), opened_(std::move(opened)), request_(request) {}

  // (file meta elements, elements, is_implicit_VR, is_little_endian, character set or None, preamble,
  // position of a file object afterwards)
  py::tuple run(const py::object& default_encoding);

 private:
  dicom::DicomFile read_file(Tag stop_before) const;
  std::uint64_t end_position(const DataSet& data_set) const;
  py::dict build_file_meta(const dicom::DicomFile& file) const;
  py::dict build_top_level(const DataSet& data_set, py::object& charset) const;
  py::object build_element(const DataSet& data_set, const Element& element, const py::object& charset,
                           std::uint64_t defer_size) const;
  py::object build_sequence(const DataSet& data_set, const Element& element, const py::object& charset) const;
  py::object build_item(const dicom::Item& item, Encoding around, const py::object& parent_charset) const;
  Encoding item_encoding(const dicom::Item& item, Encoding around) const;
  py::object value(const DataSet& data_set, const Element& element) const;
  py::object read_charset(const DataSet& data_set, const Element& element) const;
  bool is_wanted(Tag tag) const;
  void add(const py::dict& elements, const Element& element, const py::object& built) const;

  const PydicomObjects& objects_;
  const py::object& charset_of_;
  OpenedSource opened_;
  const Request& request_;
};

dicom::DicomFile Builder::read_file(Tag stop_before) const {
  const GilRelease release;
  dicom::ReadOptions options;
  options.stop_before = stop_before;
  dicom::DicomFile file = dicom::read_file(opened_.source, opened_.reader.get(), options);
  if (file.data_set != nullptr) file.data_set->elements();  // the walk over the fragments, if any, belongs here
  return file;
}

std::array<std::uint8_t, 8> peek(const dicom::Reader& reader, std::uint64_t offset, std::uint64_t size) {
  std::array<std::uint8_t, 8> bytes{};
  if (offset < size) reader.read_at(offset, MutableByteView(bytes).first(std::min<std::uint64_t>(size - offset, 8)));
  return bytes;
}

Tag load_tag(const std::uint8_t* bytes, bool big_endian) {
  return dicom::make_tag(load<std::uint16_t>(bytes, big_endian), load<std::uint16_t>(bytes + 2, big_endian));
}

// The encoding pydicom expects from the Transfer Syntax UID (read_partial).
Encoding expected_encoding(const dicom::DicomFile& file) {
  const std::string& uid = file.transfer_syntax_uid;
  require(!uid.empty() && file.transfer_syntax->uid == uid);
  return {uid == "1.2.840.10008.1.2", uid == "1.2.840.10008.1.2.2"};
}

// pydicom takes two capital letters after the first tag for a VR (_is_implicit_vr).
bool looks_explicit(std::uint8_t first, std::uint8_t second) {
  const auto is_letter = [](std::uint8_t byte) { return byte > 0x40 && byte < 0x5B; };
  return is_letter(first) && is_letter(second);
}

// The same for an element we have read: its VR, or the length field that stands in its place.
bool looks_explicit(const Element& element, bool big_endian) {
  if (element.vr_is_written) return true;
  std::array<std::uint8_t, 4> length;
  store_le(length.data(), big_endian ? byte_swapped(element.declared_length) : element.declared_length);
  return looks_explicit(length[0], length[1]);
}

void require_plain_file(const dicom::DicomFile& file, const OpenedSource& opened) {
  require(file.has_preamble && file.has_file_meta && file.data_set != nullptr);
  require(file.data_set->encoding() == expected_encoding(file));
  require(file.file_meta->encoding() == Encoding{});
  require(!file.data_set->elements().empty() && is_clean(*file.file_meta));
  // pydicom ends the file meta information at the first tag of another group, whatever its group length.
  const std::vector<Element>& meta = file.file_meta->elements();
  require(end_of(meta.back()) == file.data_set_offset);
  const auto first = peek(*opened.reader, file.data_set_offset, opened.source->size_bytes());
  const std::uint16_t group = load_tag(first.data(), false).group();
  require(group != 0 && group != 2);
  require(looks_explicit(first[4], first[5]) != file.data_set->encoding().implicit_vr);
}

py::tuple Builder::run(const py::object& default_encoding) {
  const Tag stop = request_.stop_before_pixels ? dicom::tags::kFloatPixelData : dicom::tags::kNone;
  const dicom::DicomFile file = read_file(stop);
  require_plain_file(file, opened_);
  py::object charset = default_encoding;
  py::dict meta = build_file_meta(file);
  py::dict elements = build_top_level(*file.data_set, charset);
  require(is_clean(*file.data_set));
  const std::uint64_t position = end_position(*file.data_set);
  std::array<char, 128> preamble;
  opened_.reader->read_at(0, {reinterpret_cast<std::uint8_t*>(preamble.data()), preamble.size()});
  const Encoding encoding = file.data_set->encoding();
  return py::make_tuple(std::move(meta), std::move(elements), encoding.implicit_vr, !encoding.big_endian, charset,
                        py::bytes(preamble.data(), preamble.size()), position);
}

// Stopped at a tag at or above the pixel tags: pydicom goes on if it is none of them.
std::uint64_t Builder::end_position(const DataSet& data_set) const {
  const std::uint64_t size = opened_.source->size_bytes();
  const std::uint64_t end = end_of(data_set.elements().back());
  if (!request_.stop_before_pixels || end >= size) return size;
  require(size - end >= 8);
  const auto header = peek(*opened_.reader, end, size);
  require(is_pixel_data(load_tag(header.data(), data_set.encoding().big_endian)));
  return end;
}

// pydicom decodes the first element and the group length while reading (_read_file_meta_info).
py::dict Builder::build_file_meta(const dicom::DicomFile& file) const {
  const std::vector<Element>& elements = file.file_meta->elements();
  const Element& first = elements.front();
  require(first.tag == dicom::make_tag(2, 0) && first.vr == dicom::VR::UL && first.length == 4);
  py::dict made;
  for (const Element& element : elements) {
    require(element.tag.group() == 2 && !element.has_undefined_length());
    const py::object built = build_element(*file.file_meta, element, py::none(), kNeverDefer);
    add(made, element, built);
  }
  return made;
}

void Builder::add(const py::dict& elements, const Element& element, const py::object& built) const {
  const py::object tag = objects_.tag(element.tag);
  if (PyDict_SetItem(elements.ptr(), tag.ptr(), built.ptr()) != 0) throw py::error_already_set();
}

bool Builder::is_wanted(Tag tag) const {
  const auto& wanted = request_.specific_tags;
  return wanted.empty() || tag == dicom::tags::kSpecificCharacterSet ||
         std::binary_search(wanted.begin(), wanted.end(), tag.value);
}

py::dict Builder::build_top_level(const DataSet& data_set, py::object& charset) const {
  py::dict made;
  for (const Element& element : data_set.elements()) {
    if (!is_wanted(element.tag)) continue;
    if (element.tag == dicom::tags::kSpecificCharacterSet) charset = read_charset(data_set, element);
    const py::object built = build_element(data_set, element, charset, request_.defer_size);
    add(made, element, built);
  }
  return made;
}

// data_element_generator, read_undefined_length_value.
py::object Builder::build_element(const DataSet& data_set, const Element& element, const py::object& charset,
                                  std::uint64_t defer_size) const {
  constexpr std::uint64_t kDelimiterTagBytes = 4;  // pydicom counts it
  const Encoding encoding = data_set.encoding();
  require(objects_.knows(element) && element.tag.group() != 0xFFFE);
  require(element.vr_is_written != encoding.implicit_vr);
  if (element.has_undefined_length() && !element.is_encapsulated) return build_sequence(data_set, element, charset);
  if (element.is_encapsulated) {
    require(!encoding.implicit_vr && element.vr != dicom::VR::UN && element.vr != dicom::VR::SQ);
    const bool deferred = defer_size != kNeverDefer && defer_size <= element.length + kDelimiterTagBytes;
    py::object bytes = deferred ? py::object(py::none()) : value(data_set, element);
    return objects_.raw_element(objects_.tag(element.tag), element, std::move(bytes), encoding);
  }
  require(element.length == element.declared_length);
  const bool deferred = element.length > defer_size && element.tag != dicom::tags::kSpecificCharacterSet;
  py::object bytes = deferred ? py::object(py::none()) : value(data_set, element);
  return objects_.raw_element(objects_.tag(element.tag), element, std::move(bytes), encoding);
}

// pydicom parses sequences of undefined length at once, also UN (PS3.5 6.2.2) and, in implicit VR,
// what its dictionary does not know but begins with an item. Other values of undefined length we leave to it.
py::object Builder::build_sequence(const DataSet& data_set, const Element& element, const py::object& charset) const {
  bool vr_is_inferred = element.vr == dicom::VR::UN;
  require(element.vr == dicom::VR::SQ || (vr_is_inferred && element.vr_is_written));
  const std::vector<dicom::Item> items = data_set.items(element);
  if (!element.vr_is_written) {
    const dicom::DictionaryEntry* entry = dicom::find_entry(element.tag);
    vr_is_inferred = entry == nullptr;
    require(entry != nullptr ? entry->vr == dicom::VR::SQ : !items.empty());
  }
  py::list made(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    py::object item = build_item(items[i], data_set.encoding(), charset);
    PyList_SET_ITEM(made.ptr(), static_cast<Py_ssize_t>(i), item.release().ptr());
  }
  return objects_.sequence_element(objects_.tag(element.tag), vr_is_inferred, element, std::move(made));
}

// pydicom's _is_implicit_vr, also for an empty item: there it looks at whatever follows.
Encoding Builder::item_encoding(const dicom::Item& item, Encoding around) const {
  const std::vector<Element>& elements = item.data_set->elements();
  const Encoding encoding = item.data_set->encoding();
  if (elements.empty()) {
    const auto next = peek(*opened_.reader, item.offset + 8, opened_.source->size_bytes());
    return {around.implicit_vr || !looks_explicit(next[4], next[5]), around.big_endian};
  }
  const bool looks_implicit = !looks_explicit(elements.front(), around.big_endian);
  require(encoding == Encoding{around.implicit_vr || looks_implicit, around.big_endian});
  return encoding;
}

py::object Builder::build_item(const dicom::Item& item, Encoding around, const py::object& parent_charset) const {
  const Encoding encoding = item_encoding(item, around);
  const DataSet& data_set = *item.data_set;
  py::object charset = parent_charset;
  py::dict made;
  for (const Element& element : data_set.elements()) {
    if (element.tag == dicom::tags::kSpecificCharacterSet) charset = read_charset(data_set, element);
    const py::object built = build_element(data_set, element, charset, kNeverDefer);
    add(made, element, built);
  }
  return objects_.item(std::move(made), encoding, item, parent_charset, charset);
}

// Null for an empty value.
py::object Builder::value(const DataSet& data_set, const Element& element) const {
  if (element.length == 0) return {};
  const auto size = static_cast<Py_ssize_t>(element.length);
  if (element.length <= kReleaseGil && element.tag != dicom::tags::kPixelData) {
    const ByteView bytes = data_set.value(element).view;
    PyObject* made = PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()), size);
    if (made == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(made);
  }
  PyObject* made = PyBytes_FromStringAndSize(nullptr, size);
  if (made == nullptr) throw py::error_already_set();
  py::object bytes = py::reinterpret_steal<py::object>(made);
  auto* const begin = reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(made));
  const GilRelease release;
  opened_.reader->read_at(element.offset, {begin, static_cast<std::size_t>(element.length)});
  return bytes;
}

// None from Python: a value about which pydicom has something to say.
py::object Builder::read_charset(const DataSet& data_set, const Element& element) const {
  require(!element.vr_is_written || element.vr == dicom::VR::CS);
  const py::object bytes = value(data_set, element);
  py::object charset = charset_of_(bytes ? bytes : py::object(py::bytes()));
  require(!charset.is_none());
  return charset;
}

// A reader for one set of pydicom classes; immutable, so threads may share it.
class PydicomReader {
 public:
  PydicomReader(const py::dict& names)
      : objects_(names), charset_of_(names["charset_of"]), default_encoding_(names["default_encoding"]) {}

  // None: leave it to pydicom.
  py::object read(const py::object& source, const py::object& defer_size, bool stop_before_pixels,
                  std::vector<std::uint32_t> specific_tags) const {
    Request request{defer_size.is_none() ? kNeverDefer : defer_size.cast<std::uint64_t>(), stop_before_pixels,
                    std::move(specific_tags)};
    std::sort(request.specific_tags.begin(), request.specific_tags.end());
    try {
      return Builder(objects_, charset_of_, open(source), request).run(default_encoding_);
    } catch (const LeaveToPydicom&) {
      return py::none();
    } catch (const Error&) {
      return py::none();
    }
  }

 private:
  static OpenedSource open(const py::object& source) {
    if (py::isinstance<py::str>(source)) {
      dicom::OpenedFile opened = dicom::open_file(py::module_::import("os").attr("fsencode")(source).cast<std::string>());
      return {std::move(opened.source), std::move(opened.reader)};
    }
    OpenedSource opened{buffer_source(source), nullptr};
    opened.reader = opened.source->open();
    return opened;
  }

  PydicomObjects objects_;
  py::object charset_of_;
  py::object default_encoding_;
};

}  // namespace

void bind_dcmread(py::module_& m) {
  py::class_<PydicomReader>(m, "PydicomReader").def(py::init<const py::dict&>()).def("read", &PydicomReader::read);
}

}  // namespace turbodicom::bindings
