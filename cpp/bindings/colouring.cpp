// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "colouring.h"

#include <array>
#include <utility>

namespace turbodicom::bindings {

Colouring colouring_of(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, image::ColourPolicy>, 7> kPolicies{{
      {"rgb", image::ColourPolicy::standard}, {"photometric", image::ColourPolicy::photometric},
      {"lossy", image::ColourPolicy::lossy}, {"guess", image::ColourPolicy::guess},
      {"guess-lossy", image::ColourPolicy::guess_lossy}, {"always", image::ColourPolicy::always},
      {"never", image::ColourPolicy::never},
  }};
  Colouring colouring;
  if (word == "coded" || word == "never") colouring.color = image::Color::coded;
  for (const auto& [name, policy] : kPolicies)
    if (name == word) colouring.policy = policy;
  return colouring;
}

}  // namespace turbodicom::bindings
