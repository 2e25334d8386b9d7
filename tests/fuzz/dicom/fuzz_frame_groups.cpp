// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// Property: of any bytes read as a file, the walk over functional groups finds the values that DataSet::items()
// leads to, within the input, or both ways end in an Error.
#include <cstdlib>
#include <vector>

#include "../../cpp/dicom/frame_groups_reference.h"

namespace {

using namespace turbodicom::dicom;

constexpr Tag kContent{0x0020'9111}, kPlane{0x0020'9113}, kMeasures{0x0028'9110};

const std::vector<GroupField> kFields = {
    {{{kContent, 0}}, Tag{0x0020'9056}},
    {{{kContent, 0}}, Tag{0x0020'9157}},
    {{{kPlane, 0}}, Tag{0x0020'0032}},
    {{{kMeasures, 1}}, Tag{0x0028'0030}},
    {{{kContent, 0}, {kPlane, 0}}, Tag{0x0020'0032}},
    {{}, Tag{0x0028'0030}},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (test::same_as_items({data, data + size}, kFields) == test::Comparison::differs) std::abort();
  return 0;
}
