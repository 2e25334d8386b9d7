// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// What a DataSet is made of; for the files of this folder only.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "turbodicom/dicom/data_set.h"
#include "turbodicom/dicom/header_bytes.h"
#include "turbodicom/dicom/issue_log.h"
#include "turbodicom/dicom/scanner.h"

namespace turbodicom::dicom {

// Shared by all data sets of one file.
struct FileContext {
  FileContext(std::shared_ptr<const Source> from, const Limits& bounds) : source(std::move(from)), limits(bounds) {}
  std::shared_ptr<const Source> source;
  Limits limits;
  mutable IssueLog log;
};

// What lies behind encapsulated Pixel Data: unknown until somebody asks, found once under the lock.
struct Tail {
  LevelRequest request;            // begin: the first item of Pixel Data
  std::mutex mutex;
  std::atomic<bool> is_known = false;
  Element pixel_data;              // with its true length
  std::vector<Element> elements;   // of the whole level, by tag
  std::shared_ptr<const HeaderBytes> bytes;
};

struct DataSet::State {
  std::shared_ptr<const FileContext> file;
  std::shared_ptr<const HeaderBytes> bytes;
  Encoding encoding;
  std::vector<Element> elements;  // without the tail
  Path path;
  std::string charset_around;     // Specific Character Set of the data sets around, raw
  std::optional<std::uint16_t> pixel_representation_around;
  std::unique_ptr<Tail> tail;

  Reporter reporter() const { return {file->log, file->limits, path}; }
};

// Walks every level, so that the log knows the whole file, and throws its first entry (`strict`).
void require_conformance(const std::vector<const DataSet*>& roots, const IssueLog& log);

}  // namespace turbodicom::dicom
