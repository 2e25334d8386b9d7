// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// The table of transfer syntaxes (PS3.6 Table A-1, retired ones included), sorted by UID components.
// "Lossy" means that the syntax may lose something, not that a given file did.
#include "turbodicom/dicom/transfer_syntax.h"

#include <algorithm>

namespace turbodicom::dicom {

namespace {

constexpr Encoding kExplicit{.implicit_vr = false, .big_endian = false};
constexpr Encoding kImplicit{.implicit_vr = true, .big_endian = false};
constexpr Encoding kBig{.implicit_vr = false, .big_endian = true};
enum Form { kNative, kEncapsulated, kDeflated, kBigEndianPixels };
enum Loss { kLossless, kLossy };

constexpr TransferSyntax row(std::string_view uid, std::string_view name, Encoding encoding, Form form, Loss loss,
                             std::string_view codec) {
  return {uid,  name, encoding, form == kDeflated, form == kEncapsulated, form == kBigEndianPixels || encoding.big_endian,
          loss == kLossless, codec};
}

constexpr TransferSyntax kTable[] = {
    row("1.2.840.10008.1.2", "Implicit VR Little Endian", kImplicit, kNative, kLossless, ""),
    row("1.2.840.10008.1.2.1", "Explicit VR Little Endian", kExplicit, kNative, kLossless, ""),
    row("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", kExplicit, kEncapsulated, kLossless, "raw"),
    row("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", kExplicit, kDeflated, kLossless, ""),
    row("1.2.840.10008.1.2.2", "Explicit VR Big Endian", kBig, kNative, kLossless, ""),
    row("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 and 5)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.56", "JPEG Full Progression, Non-Hierarchical (Process 11 and 13)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", kExplicit, kEncapsulated, kLossless, "jpeg"),
    row("1.2.840.10008.1.2.4.58", "JPEG Lossless, Non-Hierarchical (Process 15)", kExplicit, kEncapsulated, kLossless, "jpeg"),
    row("1.2.840.10008.1.2.4.59", "JPEG Extended, Hierarchical (Process 16 and 18)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.60", "JPEG Extended, Hierarchical (Process 17 and 19)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.61", "JPEG Spectral Selection, Hierarchical (Process 20 and 22)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.62", "JPEG Spectral Selection, Hierarchical (Process 21 and 23)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.63", "JPEG Full Progression, Hierarchical (Process 24 and 26)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.64", "JPEG Full Progression, Hierarchical (Process 25 and 27)", kExplicit, kEncapsulated, kLossy, "jpeg"),
    row("1.2.840.10008.1.2.4.65", "JPEG Lossless, Hierarchical (Process 28)", kExplicit, kEncapsulated, kLossless, "jpeg"),
    row("1.2.840.10008.1.2.4.66", "JPEG Lossless, Hierarchical (Process 29)", kExplicit, kEncapsulated, kLossless, "jpeg"),
    row("1.2.840.10008.1.2.4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])", kExplicit, kEncapsulated, kLossless, "jpeg"),
    row("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless Image Compression", kExplicit, kEncapsulated, kLossless, "jpegls"),
    row("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless) Image Compression", kExplicit, kEncapsulated, kLossy, "jpegls"),
    row("1.2.840.10008.1.2.4.90", "JPEG 2000 Image Compression (Lossless Only)", kExplicit, kEncapsulated, kLossless, "jpeg2000"),
    row("1.2.840.10008.1.2.4.91", "JPEG 2000 Image Compression", kExplicit, kEncapsulated, kLossy, "jpeg2000"),
    row("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)", kExplicit, kEncapsulated, kLossless, "jpeg2000"),
    row("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component Image Compression", kExplicit, kEncapsulated, kLossy, "jpeg2000"),
    row("1.2.840.10008.1.2.4.94", "JPIP Referenced", kExplicit, kNative, kLossy, "-"),
    row("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", kExplicit, kDeflated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG2 Main Profile / High Level", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", kExplicit, kEncapsulated, kLossy, "-"),
    row("1.2.840.10008.1.2.4.110", "JPEG XL Lossless", kExplicit, kEncapsulated, kLossless, "jpegxl"),
    row("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression", kExplicit, kEncapsulated, kLossy, "jpegxl"),
    row("1.2.840.10008.1.2.4.112", "JPEG XL", kExplicit, kEncapsulated, kLossy, "jpegxl"),
    row("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Image Compression (Lossless Only)", kExplicit, kEncapsulated, kLossless, "htj2k"),
    row("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)", kExplicit, kEncapsulated, kLossless, "htj2k"),
    row("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000 Image Compression", kExplicit, kEncapsulated, kLossy, "htj2k"),
    row("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", kExplicit, kNative, kLossy, "-"),
    row("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", kExplicit, kDeflated, kLossy, "-"),
    row("1.2.840.10008.1.2.5", "RLE Lossless", kExplicit, kEncapsulated, kLossless, "rle"),
    row("1.2.840.10008.1.2.6.1", "RFC 2557 MIME encapsulation", kExplicit, kNative, kLossless, "-"),
    row("1.2.840.10008.1.2.6.2", "XML Encoding", kExplicit, kNative, kLossless, "-"),
    row("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video", kExplicit, kNative, kLossless, "-"),
    row("1.2.840.10008.1.2.7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video", kExplicit, kNative, kLossless, "-"),
    row("1.2.840.10008.1.2.7.3", "SMPTE ST 2110-30 PCM Digital Audio", kExplicit, kNative, kLossless, "-"),
    row("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", kExplicit, kEncapsulated, kLossless, "deflate"),
    row("1.2.840.10008.1.20", "Papyrus 3 Implicit VR Little Endian", kImplicit, kNative, kLossless, ""),
    row("1.2.840.113619.5.2", "GE Private Implicit VR Little Endian, big-endian pixels", kImplicit, kBigEndianPixels, kLossless, ""),
};

}  // namespace

std::span<const TransferSyntax> all_transfer_syntaxes() noexcept { return kTable; }

const TransferSyntax* find_transfer_syntax(std::string_view uid) noexcept {
  const auto* row = std::ranges::find(kTable, uid, &TransferSyntax::uid);
  return row == std::end(kTable) ? nullptr : row;
}

}  // namespace turbodicom::dicom
