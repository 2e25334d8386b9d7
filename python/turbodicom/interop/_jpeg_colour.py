# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""What three samples of the JPEG family are: the data set's word, unless the codestream knows better."""

_JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def jpeg_colour(transfer_syntax_uid, declared, coded, coded_source, is_subsampled):
    """Settle the Photometric Interpretation of decoded samples.

    Parameters
    ----------
    transfer_syntax_uid : str
    declared : str
        Photometric Interpretation of the data set.
    coded, coded_source : str or None
        What the codestream says: "rgb" or "ycc", by "app14", "component_ids" or "jfif".
    is_subsampled : bool
        Whether chroma is subsampled, which RGB never is.

    Returns
    -------
    (str, str)
        Photometric Interpretation, and the name of the contradiction it settles or "".

    Notes
    -----
    Source: PS3.3 C.7.6.3.1.2, PS3.5 8.2.1; T.872 6.5.3 (APP14), T.871 (JFIF).
    """
    ycbcr = (
        declared
        if "YBR" in declared
        else "YBR_FULL_422"
        if transfer_syntax_uid == _JPEG_BASELINE
        else "YBR_FULL"
    )
    if coded:
        found = "RGB" if coded == "rgb" else ycbcr
        return found, "" if found == declared else f"photometric_interpretation_from_{coded_source}"
    if is_subsampled and declared == "RGB":
        return ycbcr, "rgb_with_subsampled_chroma"
    return declared, ""
