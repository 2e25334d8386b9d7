// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A RecordBatch through the Arrow C data interface. What is exported keeps the batch alive; every child
// may be moved out and released on its own, as the specification allows.
#pragma once

#include <memory>
#include <vector>

#include "turbodicom/base/arrow_abi.h"
#include "turbodicom/dicom/record_batch.h"

namespace turbodicom::dicom {

void export_schema(std::shared_ptr<const ArrowField> schema, ArrowSchema& to);
void export_array(std::shared_ptr<const RecordBatch> batch, ArrowArray& to);
void export_stream(std::shared_ptr<const ArrowField> schema, std::vector<std::shared_ptr<const RecordBatch>> batches,
                   ArrowArrayStream& to);

}  // namespace turbodicom::dicom
