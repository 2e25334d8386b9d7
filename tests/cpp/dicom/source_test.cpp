// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "turbodicom/base/error.h"
#include "turbodicom/dicom/source.h"

using namespace turbodicom;
using namespace turbodicom::dicom;

namespace {

// A file that is gone when the test is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_((std::filesystem::temp_directory_path() / ("turbodicom_source_test_" + std::to_string(std::rand()))).string()) {
    write(content);
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  void write(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <typename Body>
Error error_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return {Errc::cancelled, 0, "nothing thrown"};
}

}  // namespace

TEST_CASE("a file is read at any offset and not beyond its end") {
  const TemporaryFile file("0123456789");
  const OpenedFile opened = open_file(file.path());
  CHECK(opened.source->size_bytes() == 10);
  CHECK(opened.source->path() == file.path());
  std::uint8_t bytes[4];
  opened.source->open()->read_at(6, bytes);
  CHECK(bytes[3] == '9');
  CHECK(error_of([&] { opened.reader->read_at(7, bytes); }).code == Errc::truncated_data);
  CHECK(error_of([&] { opened.reader->read_at(~std::uint64_t{0}, bytes); }).code == Errc::truncated_data);
}

TEST_CASE("a file that has changed since is refused") {
  const TemporaryFile file("0123456789");
  const OpenedFile opened = open_file(file.path());
  std::ofstream(file.path(), std::ios::app) << "more";
  CHECK(error_of([&] { opened.source->open(); }).code == Errc::io_error);
}

TEST_CASE("errors of the operating system carry their number") {
  const Error missing = error_of([] { open_file("/nonexistent/turbodicom"); });
  CHECK(missing.code == Errc::io_error);
  CHECK(missing.offset == ENOENT);
  CHECK(error_of([] { open_file("/"); }).offset == EISDIR);
}

TEST_CASE("memory is resident and checked like a file") {
  const std::uint8_t bytes[3] = {1, 2, 3};
  const auto source = memory_source(bytes, nullptr);
  CHECK(source->resident().size() == 3);
  std::uint8_t out[2];
  source->open()->read_at(1, out);
  CHECK(out[1] == 3);
  CHECK(error_of([&] { source->open()->read_at(2, out); }).code == Errc::truncated_data);
}
