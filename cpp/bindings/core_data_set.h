// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What a Python Dataset holds of the core; other rooms' bindings take it as `dataset._core`.
#pragma once

#include <memory>

#include "turbodicom/dicom/data_set.h"

namespace turbodicom::bindings {

struct CoreDataSet {
  std::shared_ptr<const dicom::DataSet> data_set;  // null only while a deflated file is being inflated
  std::shared_ptr<const dicom::DicomFile> file;    // null for a bare data set
  const dicom::TransferSyntax* transfer_syntax = nullptr;  // of a bare data set: that of the file it was cut out of
};

}  // namespace turbodicom::bindings
