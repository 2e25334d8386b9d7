// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: reading any bytes as a file, strict or not, resident or in chunks, gives data sets whose
// values lie within the input, or an Error; and both ways of reading give the same elements.
#include <cstdlib>
#include <memory>
#include <vector>

#include "chunked.h"
#include "turbodicom/base/error.h"
#include "turbodicom/dicom/data_set.h"

namespace {

using namespace turbodicom;
using namespace turbodicom::dicom;

void require(bool condition) {
  if (!condition) std::abort();
}

void visit(const DataSet& data_set, std::uint64_t size, int& budget) {
  for (const Element& element : data_set.elements()) {
    require(element.offset <= size && element.length <= size - element.offset);
    require(data_set.value(element).view.size() == element.length);
    if (--budget > 0 && resolved_vr(data_set, element) == VR::SQ)
      for (const Item& item : data_set.items(element)) visit(*item.data_set, size, budget);
  }
}

std::vector<Element> elements_of(std::shared_ptr<const Source> source, const ReadOptions& options) {
  try {
    const DicomFile file = read_file(source, nullptr, options);
    if (!file.data_set) return {};
    int budget = 1000;
    visit(*file.data_set, source->size_bytes(), budget);
    file.data_set->issues();
    return file.data_set->elements();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto resident = memory_source({data, size}, nullptr);
  ReadOptions options;
  const std::vector<Element> whole = elements_of(resident, options);
  const std::vector<Element> pieces = elements_of(std::make_shared<const fuzz::Chunked>(resident), options);
  require(whole.size() == pieces.size());
  for (std::size_t at = 0; at < whole.size(); ++at)
    require(whole[at].tag == pieces[at].tag && whole[at].offset == pieces[at].offset && whole[at].length == pieces[at].length);
  options.strict = true;
  elements_of(resident, options);
  return 0;
}
