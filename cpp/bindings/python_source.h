// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Python objects as a dicom::Source: buffers (bytes, bytearray, memoryview, mmap) without a copy, and
// binary file objects through turbodicom._read.BlockReader, which locks and reads in blocks.
// Whoever calls a Reader of these must not hold the GIL while waiting for a lock of the core.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>

#include "turbodicom/dicom/source.h"

namespace turbodicom::bindings {

// Holds a buffer export of `object` for its lifetime. Throws py::error_already_set (TypeError, BufferError).
std::shared_ptr<const dicom::Source> buffer_source(pybind11::handle object);

// `reader` has `size` and `read_at(offset, size) -> bytes-like of exactly that size`.
std::shared_ptr<const dicom::Source> reader_source(pybind11::object reader);

// os.fsencode of a str or os.PathLike; ValueError for an embedded null character.
std::string file_system_path(pybind11::handle path);

}  // namespace turbodicom::bindings
