// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
#include "turbodicom/codec/rle/kernels.h"
#if defined(TURBODICOM_X86)
namespace turbodicom::codec::rle {
void use_avx2(RleKernels&) noexcept {}
}
#endif
