// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// dicom::resolved_vr() as Python shows it: where only retired or DICONDE elements are ambiguous and
// nothing in the data set settles it, pydicom leaves "US or SS" and the bytes, and so do we.
#pragma once

#include <string_view>

#include "turbodicom/dicom/data_set.h"

namespace turbodicom::bindings {

struct ElementVr {
  dicom::VR vr = dicom::VR::UN;
  std::string_view ambiguous;  // "US or SS" where nothing settles it: the value stays bytes
  bool is_settled = false;     // was one of several
};

// `outer_pixel_representation`: for an item that was cut out of its file, that of the data set it was in.
ElementVr element_vr(const dicom::DataSet& data_set, const dicom::Element& element, int outer_pixel_representation);

}  // namespace turbodicom::bindings
