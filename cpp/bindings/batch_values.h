// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Columns of a RecordBatch as Python values and NumPy arrays.
#pragma once

#include <memory>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "turbodicom/dicom/record_batch.h"

namespace turbodicom::bindings {

// "text", "list<int>", ...; "timestamp_ns" for times of the file system.
pybind11::str type_name(const dicom::ColumnForm& form);

// Rows [begin, end), cut to those that are there: None, str, int, float, date, time, datetime, bytes, list; of the
// last column lists of {"column": ..., "text": ...}.
pybind11::list batch_values(const dicom::RecordBatch& batch, pybind11::ssize_t column, std::size_t begin, std::size_t end);

// A column of single numbers: a read-only view, or float64 with NaN where values are missing.
pybind11::array batch_array(const std::shared_ptr<const dicom::RecordBatch>& batch, pybind11::ssize_t column);

}  // namespace turbodicom::bindings
