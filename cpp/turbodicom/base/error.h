// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The one exception of the core. Codes are what a caller can do about it; cpp/bindings/errors.cpp
// turns each into one Python class. Messages say codec or tag, what was found, what was expected,
// at which byte and by which clause; never a value of a data set.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace turbodicom {

enum class Errc {
  truncated_data,    // the bytes end before the data does
  corrupt_data,      // the bytes contradict the coding
  conformance,       // the data set contradicts itself, the codestream or the standard
  unsupported,       // legal, but not implemented or not installed
  limit_exceeded,    // more than Limits allows
  invalid_argument,  // the caller's mistake
  io_error,          // the operating system said no; offset carries errno
  cancelled,         // the caller asked to stop
};

const char* name(Errc code) noexcept;

struct Error : std::exception {
  Error(Errc error_code, std::uint64_t byte_offset, std::string text)
      : code(error_code), offset(byte_offset), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  Errc code;
  std::uint64_t offset;  // byte where it was seen, in the input the throwing function was given
  std::string message;
  std::string where;  // tag path or "frame 3"; filled in by whoever knows
  std::string codec;  // name in the codec registry, or empty
};

// The cold way out: keeps the throwing code away from the loops.
[[noreturn, gnu::cold, gnu::noinline]] void fail(Errc code, std::uint64_t offset, std::string message);

}  // namespace turbodicom
