// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/pixel/resample_walk.h"

#include <algorithm>

namespace turbodicom::pixel {
namespace {

// The walk along the source: `at` follows `position`, one pixel a step, never beyond `end`.
class Walk {
 public:
  Walk(std::size_t size, std::size_t wanted, std::size_t at)
      : factor_(static_cast<double>(size) / static_cast<double>(wanted)), at_(at) {}

  double factor() const { return factor_; }
  std::size_t at() const { return at_; }
  Tap tap(std::size_t place, bool is_cubic) const { return {at_, fraction(place), is_cubic}; }
  double fraction(std::size_t place) const { return std::min(1.0, position(place) - static_cast<double>(at_)); }
  void follow(std::size_t place, std::size_t end) {
    if (at_ < end && position(place) >= static_cast<double>(at_ + 1)) ++at_;
  }

 private:
  double position(std::size_t place) const { return static_cast<double>(place) * factor_; }

  double factor_;
  std::size_t at_;
};

// The first result and the linear ones between the first two source pixels.
std::vector<Tap> begin_of(const Walk& walk, std::size_t margin, std::size_t wanted) {
  std::vector<Tap> taps;
  taps.reserve(wanted + 2 * margin);
  taps.push_back({});
  for (std::size_t place = 1; place <= margin; ++place)
    taps.push_back({0, std::min(1.0, static_cast<double>(place) * walk.factor()), false});
  return taps;
}

std::vector<Tap> ended(std::vector<Tap> taps, std::size_t size, std::size_t wanted) {
  taps.resize(wanted);
#if defined(TURBODICOM_PLANT_resample_last_pixel)
  taps.back() = {size - 2, 0, false};
#else
  taps.back() = {size - 1, 0, false};
#endif
  return taps;
}

}  // namespace

std::vector<Cover> covers(std::size_t size, std::size_t wanted) {
  const double factor = static_cast<double>(size) / static_cast<double>(wanted);
  std::vector<Cover> result(wanted);
  for (std::size_t place = 0; place < wanted; ++place) {
    Cover& cover = result[place];
    const auto position = static_cast<double>(place);
    const double begin = factor * position;
    const double end = std::min(factor * (position + 1.0), static_cast<double>(size));
    cover.first = static_cast<std::size_t>(begin);
    cover.last = static_cast<std::size_t>(end);
    if (static_cast<double>(cover.last) == end) --cover.last;
    if (wanted < size) {
      cover.head = 1 + static_cast<double>(cover.first) - begin;
      cover.tail = end - static_cast<double>(cover.last);
    } else if (cover.first != cover.last) {
      const double edge = static_cast<double>(cover.last) / factor;
      cover.head = edge - position;
      cover.tail = (position + 1.0) - edge;
    }
  }
  return result;
}

std::vector<Tap> linear_taps(std::size_t size, std::size_t wanted, bool stops_short) {
  std::vector<Tap> taps(wanted);
  Walk walk(size, wanted, 0);
  for (std::size_t place = 1; place + 1 < wanted; ++place) {
    taps[place] = walk.tap(place, false);
    walk.follow(place, size - 2);
  }
  taps.back() = {stops_short ? walk.at() : size - 1, 0, false};
  return taps;
}

std::vector<Tap> cubic_column_taps(std::size_t size, std::size_t wanted) {
  Walk walk(size, wanted, 1);
  const auto margin = static_cast<std::size_t>(1 / walk.factor());
  std::vector<Tap> taps = begin_of(walk, margin, wanted);
  for (std::size_t place = margin + 1; place < wanted - 2 * margin; ++place) {
    taps.push_back(walk.tap(place, true));
    walk.follow(place, size - 3);
  }
  for (std::size_t place = wanted - 2 * margin; place + 1 < wanted; ++place) {
    taps.push_back(walk.tap(place, false));
    walk.follow(place, size - 2);
  }
  return ended(std::move(taps), size, wanted);
}

std::vector<Tap> cubic_row_taps(std::size_t size, std::size_t wanted) {
  Walk walk(size, wanted, 1);
  const auto margin = static_cast<std::size_t>(1 / walk.factor());
  std::vector<Tap> taps = begin_of(walk, margin, wanted);
  for (std::size_t place = margin + 1; place + margin + 1 < wanted; ++place) {
    taps.push_back(walk.tap(place, true));
    walk.follow(place, size - 3);
  }
  for (std::size_t place = wanted - margin - 1; place + 1 < wanted; ++place)
    taps.push_back({size - 2, walk.fraction(place), false});
  return ended(std::move(taps), size, wanted);
}

}  // namespace turbodicom::pixel
