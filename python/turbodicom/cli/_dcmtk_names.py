# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The names DCMTK 3.6.7 prints for UIDs and transfer syntaxes.

Most are the keywords of PS3.6 Annex A, or come from them by the few rules of `_by_rule`; the tables
hold the rest. UIDs newer than DCMTK 3.6.7 have the PS3.6 keyword, as DCMTK 3.7 prints it. Begin with
`uid_name` and `transfer_syntax_name`.
"""

import re
from functools import cache

from turbodicom.cli._uids import uid_table

_ROOT = "1.2.840.10008."

# UID: what "=..." says, what "# Used TransferSyntax: ..." says.
_TRANSFER_SYNTAXES = {
    "1.2.840.10008.1.2": ("LittleEndianImplicit", "Little Endian Implicit"),
    "1.2.840.10008.1.2.1": ("LittleEndianExplicit", "Little Endian Explicit"),
    "1.2.840.10008.1.2.2": ("BigEndianExplicit", "Big Endian Explicit"),
    "1.2.840.10008.1.2.4.50": ("JPEGBaseline", "JPEG Baseline"),
    "1.2.840.10008.1.2.4.51": ("JPEGExtended:Process2+4", "JPEG Extended, Process 2+4"),
    "1.2.840.10008.1.2.4.52": ("JPEGExtended:Process3+5", "JPEG Extended, Process 3+5"),
    "1.2.840.10008.1.2.4.53": (
        "JPEGSpectralSelection:Non-hierarchical:Process6+8",
        "JPEG Spectral Selection, Non-hierarchical, Process 6+8",
    ),
    "1.2.840.10008.1.2.4.54": (
        "JPEGSpectralSelection:Non-hierarchical:Process7+9",
        "JPEG Spectral Selection, Non-hierarchical, Process 7+9",
    ),
    "1.2.840.10008.1.2.4.55": (
        "JPEGFullProgression:Non-hierarchical:Process10+12",
        "JPEG Full Progression, Non-hierarchical, Process 10+12",
    ),
    "1.2.840.10008.1.2.4.56": (
        "JPEGFullProgression:Non-hierarchical:Process11+13",
        "JPEG Full Progression, Non-hierarchical, Process 11+13",
    ),
    "1.2.840.10008.1.2.4.57": (
        "JPEGLossless:Non-hierarchical:Process14",
        "JPEG Lossless, Non-hierarchical, Process 14",
    ),
    "1.2.840.10008.1.2.4.58": (
        "JPEGLossless:Non-hierarchical:Process15",
        "JPEG Lossless, Non-hierarchical, Process 15",
    ),
    "1.2.840.10008.1.2.4.59": (
        "JPEGExtended:Hierarchical:Process16+18",
        "JPEG Extended, Hierarchical, Process 16+18",
    ),
    "1.2.840.10008.1.2.4.60": (
        "JPEGExtended:Hierarchical:Process17+19",
        "JPEG Extended, Hierarchical, Process 17+19",
    ),
    "1.2.840.10008.1.2.4.61": (
        "JPEGSpectralSelection:Hierarchical:Process20+22",
        "JPEG Spectral Selection, Hierarchical, Process 20+22",
    ),
    "1.2.840.10008.1.2.4.62": (
        "JPEGSpectralSelection:Hierarchical:Process21+23",
        "JPEG Spectral Selection, Hierarchical, Process 21+23",
    ),
    "1.2.840.10008.1.2.4.63": (
        "JPEGFullProgression:Hierarchical:Process24+26",
        "JPEG Full Progression, Hierarchical, Process 24+26",
    ),
    "1.2.840.10008.1.2.4.64": (
        "JPEGFullProgression:Hierarchical:Process25+27",
        "JPEG Full Progression, Hierarchical, Process 25+27",
    ),
    "1.2.840.10008.1.2.4.65": (
        "JPEGLossless:Hierarchical:Process28",
        "JPEG Lossless, Hierarchical, Process 28",
    ),
    "1.2.840.10008.1.2.4.66": (
        "JPEGLossless:Hierarchical:Process29",
        "JPEG Lossless, Hierarchical, Process 29",
    ),
    "1.2.840.10008.1.2.4.70": (
        "JPEGLossless:Non-hierarchical-1stOrderPrediction",
        "JPEG Lossless, Non-hierarchical, 1st Order Prediction",
    ),
    "1.2.840.10008.1.2.5": ("RLELossless", "RLE Lossless"),
    "1.2.840.10008.1.2.1.99": ("DeflatedLittleEndianExplicit", "Deflated Explicit VR Little Endian"),
    "1.2.840.10008.1.2.4.80": ("JPEGLSLossless", "JPEG-LS Lossless"),
    "1.2.840.10008.1.2.4.81": ("JPEGLSLossy", "JPEG-LS Lossy (Near-lossless)"),
    "1.2.840.10008.1.2.4.90": ("JPEG2000LosslessOnly", "JPEG 2000 (Lossless only)"),
    "1.2.840.10008.1.2.4.91": ("JPEG2000", "JPEG 2000 (Lossless or Lossy)"),
    "1.2.840.10008.1.2.4.92": (
        "JPEG2000MulticomponentLosslessOnly",
        "JPEG 2000 Part 2 Multicomponent Image Compression (Lossless only)",
    ),
    "1.2.840.10008.1.2.4.93": (
        "JPEG2000Multicomponent",
        "JPEG 2000 Part 2 Multicomponent Image Compression (Lossless or Lossy)",
    ),
    "1.2.840.10008.1.2.4.94": ("JPIPReferenced", "JPIP Referenced"),
    "1.2.840.10008.1.2.4.95": ("JPIPReferencedDeflate", "JPIP Referenced Deflate"),
    "1.2.840.10008.1.2.4.100": ("MPEG2MainProfile@MainLevel", "MPEG2 Main Profile @ Main Level"),
    "1.2.840.10008.1.2.4.101": ("MPEG2MainProfile@HighLevel", "MPEG2 Main Profile @ High Level"),
    "1.2.840.10008.1.2.4.102": ("MPEG4HighProfile/Level4.1", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
    "1.2.840.10008.1.2.4.103": (
        "MPEG4BDcompatibleHighProfile/Level4.1",
        "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
    ),
    "1.2.840.10008.1.2.4.104": (
        "MPEG4HighProfile/Level4.2For2DVideo",
        "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video",
    ),
    "1.2.840.10008.1.2.4.105": (
        "MPEG4HighProfile/Level4.2For3DVideo",
        "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video",
    ),
    "1.2.840.10008.1.2.4.106": (
        "MPEG4StereoHighProfile/Level4.2",
        "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
    ),
    "1.2.840.10008.1.2.4.107": ("HEVCMainProfile/Level5.1", "HEVC/H.265 Main Profile / Level 5.1"),
    "1.2.840.10008.1.2.4.108": ("HEVCMain10Profile/Level5.1", "HEVC/H.265 Main 10 Profile / Level 5.1"),
    "1.2.840.113619.5.2": (
        "PrivateGELittleEndianImplicitWithBigEndianPixelData",
        "Private GE Little Endian Implicit with big endian pixel data",
    ),
}

# Without the root "1.2.840.10008.".
_NAMES = {
    "1.2.6.1": "RFC2557MIMEEncapsulation",
    "1.2.6.2": "XMLEncoding",
    "1.2.7.1": "SMPTEST2110-20:UncompressedProgressiveActiveVideo",
    "1.2.7.2": "SMPTEST2110-20:UncompressedInterlacedActiveVideo",
    "1.2.7.3": "SMPTEST2110-30:PCMDigitalAudio",
    "1.4.3.2": "StandardRoboticCoordinateSystemFrameOfReference",
    "1.4.4.1": "SRI24FrameOfReferenc",
    "2.6.1": "DICOMUIDRegistryCodingScheme",
    "2.16.4": "DICOMControlledTerminologyCodingScheme",
    "3.1.1.1": "StandardApplicationContext",
    "4.2": "StorageServiceClass",
    "5.1.4.1.1.3": "RETIRED_UltrasoundMultiframeImageStorage",
    "5.1.4.1.1.3.1": "UltrasoundMultiframeImageStorage",
    "5.1.4.1.1.5": "RETIRED_NuclearMedicineImageStorage",
    "5.1.4.1.1.6": "RETIRED_UltrasoundImageStorage",
    "5.1.4.1.1.7.1": "MultiframeSingleBitSecondaryCaptureImageStorage",
    "5.1.4.1.1.7.2": "MultiframeGrayscaleByteSecondaryCaptureImageStorage",
    "5.1.4.1.1.7.3": "MultiframeGrayscaleWordSecondaryCaptureImageStorage",
    "5.1.4.1.1.7.4": "MultiframeTrueColorSecondaryCaptureImageStorage",
    "5.1.4.1.1.9.1": "DRAFT_WaveformStorage",
    "5.1.4.1.1.77.1": "RETIRED_VLImageStorage",
    "5.1.4.1.1.77.2": "RETIRED_VLMultiframeImageStorage",
    "5.1.4.1.1.88.1": "DRAFT_SRTextStorage",
    "5.1.4.1.1.88.2": "DRAFT_SRAudioStorage",
    "5.1.4.1.1.88.3": "DRAFT_SRDetailStorage",
    "5.1.4.1.1.88.4": "DRAFT_SRComprehensiveStorage",
    "5.1.4.1.1.88.70": "ImplantationPlanSRDocumentStorage",
    "5.1.4.1.1.501.1": "DICOS_CTImageStorage",
    "5.1.4.1.1.501.2.1": "DICOS_DigitalXRayImageStorageForPresentation",
    "5.1.4.1.1.501.2.2": "DICOS_DigitalXRayImageStorageForProcessing",
    "5.1.4.1.1.501.3": "DICOS_ThreatDetectionReportStorage",
    "5.1.4.1.1.501.4": "DICOS_2DAITStorage",
    "5.1.4.1.1.501.5": "DICOS_3DAITStorage",
    "5.1.4.1.1.501.6": "DICOS_QuadrupoleResonanceStorage",
    "5.1.4.1.1.601.1": "DICONDE_EddyCurrentImageStorage",
    "5.1.4.1.1.601.2": "DICONDE_EddyCurrentMultiframeImageStorage",
    "5.1.4.34.1": "DRAFT_RTBeamsDeliveryInstructionStorage",
    "5.1.4.34.2": "DRAFT_RTConventionalMachineVerification",
    "5.1.4.34.3": "DRAFT_RTIonMachineVerification",
    "5.1.4.34.4": "DRAFT_UnifiedWorklistAndProcedureStepServiceClass",
    "5.1.4.34.4.1": "DRAFT_UnifiedProcedureStepPushSOPClass",
    "5.1.4.34.4.2": "DRAFT_UnifiedProcedureStepWatchSOPClass",
    "5.1.4.34.4.3": "DRAFT_UnifiedProcedureStepPullSOPClass",
    "5.1.4.34.4.4": "DRAFT_UnifiedProcedureStepEventSOPClass",
    "5.1.4.34.6": "UnifiedWorklistAndProcedureStepServiceClass",
    "5.1.4.34.8": "RTConventionalMachineVerification",
    "5.1.4.34.9": "RTIonMachineVerification",
    "5.1.4.39.2": "FINDColorPaletteInformationModel",
    "5.1.4.39.3": "MOVEColorPaletteInformationModel",
    "5.1.4.39.4": "GETColorPaletteInformationModel",
    "15.1.1": "UniversalCoordinatedTimeSynchronizationFrameOfReference",
}

# SOP classes whose DCMTK name ends in "SOPClass": services, print, worklist; not storage.
_SERVICES = re.compile(r"(1\.|3\.1\.2|5\.1\.1\.|5\.1\.4\.(3[2-4]|4[12]))")


@cache
def uid_name(uid):
    """Name of a well-known UID as DCMTK prints it behind "=".

    Parameters
    ----------
    uid : str
        Without padding.

    Returns
    -------
    str or None
        None when the UID is not in PS3.6.

    Notes
    -----
    Source: PS3.6 Annex A (through pydicom's table).
    """
    if uid in _TRANSFER_SYNTAXES:
        return _TRANSFER_SYNTAXES[uid][0]
    if not uid.startswith(_ROOT):
        return None
    return _NAMES.get(uid[len(_ROOT) :]) or _by_rule(uid)


def transfer_syntax_name(uid, is_implicit_vr, is_big_endian):
    """Name of the encoding of a data set in "# Used TransferSyntax: ...".

    Parameters
    ----------
    uid : str
        *Transfer Syntax UID*, may be empty.
    is_implicit_vr, is_big_endian : bool
        How the data set is written: what is printed for a UID that DCMTK 3.6.7 does not know.

    Returns
    -------
    str

    Notes
    -----
    Source: PS3.5 clause 10.
    """
    if uid in _TRANSFER_SYNTAXES:
        return _TRANSFER_SYNTAXES[uid][1]
    order = "Big" if is_big_endian else "Little"
    return f"{order} Endian {'Implicit' if is_implicit_vr else 'Explicit'}"


def _by_rule(uid):
    if uid not in uid_table():
        return None
    _, kind, _, retired, keyword = uid_table()[uid]
    kind = kind.lower()
    query = re.fullmatch("(.*)(Find|Move|Get)", keyword)
    if kind.startswith("ldap"):
        keyword = "LDAP_" + keyword
    elif kind == "well-known frame of reference":
        keyword += "FrameOfReference"
    elif kind == "well-known sop instance":
        keyword = re.sub("Instance$", "SOPInstance", keyword)
        keyword = re.sub("Palette$", "ColorPaletteSOPInstance", keyword)
    elif query:
        keyword = query[2].upper() + query[1]
    elif "sop class" in kind and _SERVICES.match(uid[len(_ROOT) :]) and not keyword.endswith("Storage"):
        keyword += "SOPClass"
    return ("RETIRED_" if retired else "") + keyword or None
