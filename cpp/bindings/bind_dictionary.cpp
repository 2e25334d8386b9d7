// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The generated dictionary for Python: entries as plain tuples, which turbodicom/dictionary.py names.
#include "bindings.h"
#include "turbodicom/dicom/dictionary.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

py::str text(dicom::PooledText pooled) { return py::str(pooled.view().data(), pooled.view().size()); }

// (tag, mask, vr, vm, keyword, name, retired)
py::object as_tuple(const dicom::DictionaryEntry* entry) {
  if (entry == nullptr) return py::none();
  return py::make_tuple(entry->tag.value, entry->mask, text(entry->vrs), text(entry->vm), text(entry->keyword),
                        text(entry->name), entry->retired);
}

// (creator, group, element, any_block, vr, vm, name)
py::object as_tuple(const dicom::PrivateDictionaryEntry* entry) {
  if (entry == nullptr) return py::none();
  return py::make_tuple(text(entry->creator), entry->group, entry->element, entry->any_block, text(entry->vrs),
                        text(entry->vm), text(entry->name));
}

template <class Entries>
py::list as_list(Entries entries) {
  py::list result(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) result[i] = as_tuple(&entries[i]);
  return result;
}

}  // namespace

void bind_dictionary(py::module_& m) {
  using namespace dicom;
  m.def("find_entry", [](std::uint32_t tag) { return as_tuple(find_entry(Tag{tag})); });
  m.def("find_keyword", [](std::string_view keyword) { return as_tuple(find_keyword(keyword)); });
  m.def("find_private_entry", [](std::uint32_t tag, std::string_view creator) {
    return as_tuple(find_private_entry(Tag{tag}, creator));
  });
  m.def("dictionary_entries", [] { return as_list(dictionary_entries()); });
  m.def("repeating_group_entries", [] { return as_list(repeating_group_entries()); });
  m.def("private_dictionary_entries", [] { return as_list(private_dictionary_entries()); });
}

}  // namespace turbodicom::bindings
