// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/jpeg/restart.h"

#include <algorithm>

namespace turbodicom::codec::jpeg {
namespace {

constexpr Quirk kBytesBeforeRestart = "bytes_before_restart_marker";

enum class Action { leave, skip, resume };

// libjpeg's decision about a marker that is not the expected one.
Action action_for(std::uint8_t code, std::uint32_t expected) noexcept {
  if (code == 0) return Action::leave;  // the bytes end
  if (code < marker::SOF0) return Action::skip;
  if (!is_restart(code)) return Action::leave;
  const std::uint32_t ahead = (code - marker::RST0 - expected) & 7;
  if (ahead == 1 || ahead == 2) return Action::leave;
  if (ahead == 6 || ahead == 7) return Action::skip;
  return Action::resume;
}

std::string marker_text(std::uint8_t code) {
  if (code == 0) return "the end of the bytes";
  constexpr char digits[] = "0123456789ABCDEF";
  return std::string("marker 0xFF") + digits[code >> 4] + digits[code & 15];
}

}  // namespace

Restart find_restart(ByteView source, std::size_t offset, std::uint32_t expected) noexcept {
  Restart restart;
  restart.found = find_marker(source, offset);
  restart.is_expected = restart.found.code == marker::RST0 + expected;
  MarkerPosition position = restart.found;
  Action action = restart.is_expected ? Action::resume : action_for(position.code, expected);
  while (action == Action::skip) {
    position = find_marker(source, position.offset + 2);
    action = action_for(position.code, expected);
  }
  restart.at_marker = action == Action::leave;
  restart.is_final = restart.at_marker && !is_restart(position.code);
  const std::size_t at = position.code == 0 ? source.size() : position.offset;
  restart.next = restart.at_marker ? at : at + 2;
  return restart;
}

void report_restart(const Restart& restart, std::uint32_t expected, std::uint32_t first_bad_row, Damage& damage) {
  if (restart.is_expected) {
    if (restart.found.skipped > 0) damage.note(kBytesBeforeRestart);
    return;
  }
  if (damage.is_known(first_bad_row)) return;
  const bool ends = restart.found.code == 0;
  const std::size_t at = ends ? restart.next : restart.found.offset;
  damage.add(ends ? Errc::truncated_data : Errc::corrupt_data, at, first_bad_row,
             "jpeg: " + marker_text(restart.found.code) + " where restart marker " + std::to_string(expected) +
                 " was expected, at byte " + std::to_string(at) + " (T.81 E.1.4)");
}

void IntervalCursor::restart(ByteView source, std::uint32_t first_bad_row, Damage& damage) {
  const Restart restart = find_restart(source, reader.offset(), expected);
  if (reader.unread_bits() >= 8) damage.note(kBytesBeforeRestart);
  report_restart(restart, expected, first_bad_row, damage);
  bytes.restart(restart.next);
  reader = BitReader(bytes);
  expected = (expected + 1) & 7;
  done = 0;
  is_final = restart.is_final;
  if (!restart.at_marker) insufficient = false;
}

void IntervalCursor::run_out(ByteView source, std::uint32_t first_bad_row, Damage& damage) {
  insufficient = true;
  if (damage.is_known(first_bad_row)) return;
  const std::size_t at = reader.offset();
  const MarkerPosition end = find_marker(source, at);
  const bool truncated = end.code == 0 || end.code == marker::EOI;
  damage.add(truncated ? Errc::truncated_data : Errc::corrupt_data, at, first_bad_row,
             "jpeg: the entropy-coded segment ends before its last MCU, at byte " + std::to_string(at) + " (T.81 F.2.2.5)");
}

std::size_t end_of_scan(ByteView source, std::size_t offset) noexcept {
  MarkerPosition position = find_marker(source, offset);
  while (is_restart(position.code)) position = find_marker(source, position.offset + 2);
  return position.code == 0 ? source.size() : position.offset;
}

std::vector<std::size_t> interval_starts(ByteView source, std::size_t data, std::uint64_t count) {
  std::vector<std::size_t> starts;
  if (count > source.size()) return starts;  // an interval has at least one byte
  starts.reserve(static_cast<std::size_t>(count));
  starts.push_back(data);
  while (starts.size() < count) {
    const MarkerPosition position = find_marker(source, starts.back());
    if (position.code != marker::RST0 + ((starts.size() - 1) & 7)) return {};
    starts.push_back(position.offset + 2);
  }
  return starts;
}

}  // namespace turbodicom::codec::jpeg
