// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// A folder that is gone when the test is.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace turbodicom::dicom::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "turbodicom_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

  std::string folder(std::string_view name) const {
    std::filesystem::create_directories(path(name));
    return path(name);
  }
  std::string file(std::string_view name, std::string_view content = "") const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string file(std::string_view name, const std::vector<std::uint8_t>& content) const {
    return file(name, std::string_view(reinterpret_cast<const char*>(content.data()), content.size()));
  }

 private:
  std::string path_;
};

}  // namespace turbodicom::dicom::test
