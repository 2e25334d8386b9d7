// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// _core.DataSetBase: the C half of turbodicom.Dataset, a type written on CPython's own interface because
// an attribute costs 100 ns this way. Slots are in data_set_object.cpp, values and keys in
// data_set_access.cpp; everything that is not on the fast road is in turbodicom/_dataset.py.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "core_data_set.h"
#include "turbodicom/image/frame_reader.h"

namespace turbodicom::bindings {

// The same for a data set and all items below it.
struct Surroundings {
  int outer_pixel_representation = -1;  // of an item cut out of its file (pickle): that of the data set it was in
  bool strict = false;
};

// `notes` and `cache` are null until somebody asks: notes_of(), cache_of().
struct DataSetObject {
  PyObject_HEAD
  CoreDataSet core;
  Surroundings surroundings;
  std::uint64_t item_offset;            // of the item tag; nested data sets only
  std::uint32_t item_declared_length;
  std::atomic<int> ascii_is_plain;      // -1 until asked: the character set reads bytes below 128 as ASCII
  PyObject* origin;                     // what it was read from: path, buffer, reader; None for items
  PyObject* settings;                   // (strict, limits, stop_before, charset) or None
  PyObject* charset;                    // override: a list of defined terms, or None
  PyObject* notes;                      // list of issues found while values were converted, shared with items
  PyObject* cache;                      // dict: sequence tag -> tuple of datasets, and names of _dataset.py
  std::shared_ptr<image::FrameReader> frames;  // when the file was one of many; null where they have to be asked for
  PyObject* weak_references;
};

// Borrowed; they throw Python's error.
PyObject* notes_of(DataSetObject* object);
PyObject* cache_of(DataSetObject* object);

// The base type.
PyTypeObject* make_data_set_type(pybind11::module_& m);

struct NewDataSet {
  CoreDataSet core;
  Surroundings surroundings;
  PyObject* origin = Py_None;    // all borrowed
  PyObject* settings = Py_None;
  PyObject* charset = Py_None;
  PyObject* notes = nullptr;     // nullptr: a list of its own
  std::shared_ptr<image::FrameReader> frames{};
  std::uint64_t item_offset = 0;
  std::uint32_t item_declared_length = 0;
};

// A new object of `type`, a subclass of DataSetBase; nullptr with a Python error.
PyObject* new_data_set(PyTypeObject* type, NewDataSet&& parts);

// What _read.py calls `settings`: None, or (strict, limits, tag to stop before, character set terms).
dicom::ReadOptions read_options_from(pybind11::handle settings);

// A type that the functions of _read.py are given; TypeError for what is no subclass of `base`.
PyTypeObject* data_set_type(pybind11::handle type, pybind11::handle base);

// The data set of a file; `frames` may be null. Throws Python's error.
pybind11::object data_set_of_file(PyTypeObject* type, std::shared_ptr<const dicom::DicomFile> file,
                                  std::shared_ptr<image::FrameReader> frames, pybind11::handle origin, pybind11::handle settings);

// Turns the C++ exception in flight into the Python error it stands for.
void set_python_error();

}  // namespace turbodicom::bindings
