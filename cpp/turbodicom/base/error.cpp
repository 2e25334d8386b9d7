// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/base/error.h"

namespace turbodicom {

const char* name(Errc code) noexcept {
  switch (code) {
    case Errc::truncated_data: return "truncated_data";
    case Errc::corrupt_data: return "corrupt_data";
    case Errc::conformance: return "conformance";
    case Errc::unsupported: return "unsupported";
    case Errc::limit_exceeded: return "limit_exceeded";
    case Errc::invalid_argument: return "invalid_argument";
    case Errc::io_error: return "io_error";
    case Errc::cancelled: return "cancelled";
  }
  return "unknown";
}

void fail(Errc code, std::uint64_t offset, std::string message) {
  throw Error(code, offset, std::move(message));
}

}  // namespace turbodicom
