// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <set>

#include "turbodicom/dicom/tag.h"
#include "turbodicom/dicom/transfer_syntax.h"
#include "turbodicom/dicom/vr.h"

using namespace turbodicom::dicom;

TEST_CASE("a tag prints as in the standard, lower-case") {
  CHECK(to_string(make_tag(0x7FE0, 0x0010)) == "(7fe0,0010)");
  CHECK(to_string(tags::kNone) == "(ffff,ffff)");
}

TEST_CASE("private tags and creators are told by group and element") {
  CHECK(make_tag(0x0019, 0x0010).is_private_creator());
  CHECK_FALSE(make_tag(0x0019, 0x1010).is_private_creator());
  CHECK_FALSE(make_tag(0x0018, 0x0010).is_private_creator());
}

TEST_CASE("exactly 34 pairs of letters are standard VRs and 13 of them have long lengths") {
  int standard = 0;
  int long_length = 0;
  for (unsigned letters = 0; letters < 0x10000; ++letters) {
    standard += is_standard(static_cast<VR>(letters)) ? 1 : 0;
    long_length += has_32bit_length(static_cast<VR>(letters)) ? 1 : 0;
  }
  CHECK(standard == 34);
  CHECK(long_length == 13);
  CHECK(has_32bit_length(VR::UV));
  CHECK_FALSE(has_32bit_length(VR::UI));
}

TEST_CASE("an unknown VR keeps its letters") { CHECK(to_string(make_vr('Z', 'Q')) == "ZQ"); }

TEST_CASE("every transfer syntax is in the table once and can be found") {
  std::set<std::string_view> seen;
  for (const TransferSyntax& row : all_transfer_syntaxes()) {
    CHECK(seen.insert(row.uid).second);
    CHECK(find_transfer_syntax(row.uid) == &row);
    CHECK((row.codec != "" || !row.encapsulated));
  }
  CHECK(seen.size() == 64);
  CHECK(find_transfer_syntax("1.2.840.10008.1.2.4.999") == nullptr);
}

TEST_CASE("only the private syntax of GE has other pixels than encoding") {
  for (const TransferSyntax& row : all_transfer_syntaxes())
    CHECK((row.big_endian_pixels != row.encoding.big_endian) == (row.uid == "1.2.840.113619.5.2"));
}
