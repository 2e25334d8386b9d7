# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Floating-point numbers as dcmdump prints them, last digits and all.

DCMTK does not use the C library's "%.17g": it takes digit after digit off the value by multiplying
with ten in double arithmetic, and starts to count them at the first one that is not zero. The results
differ from the correctly rounded ones in the last places (0.7, not 0.69999999999999996), so the same
arithmetic is done here. Begin with `general`.
"""

from math import isinf, isnan, modf

_LEAST_FIXED = 0.0001  # smaller numbers are printed with an exponent


def general(value, precision):
    """Print a number with about `precision` significant digits.

    Parameters
    ----------
    value : float
    precision : int
        9 for 32-bit numbers, 17 for 64-bit ones.

    Returns
    -------
    str

    Notes
    -----
    Source: the output of DCMTK 3.6.7.
    """
    if isnan(value):
        return "nan"
    if isinf(value):
        return "-inf" if value < 0 else "inf"
    fraction, whole = modf(abs(value))
    whole_digits = _digits_of_whole(whole)
    if len(whole_digits) > precision or (not whole_digits and 0 < fraction < _LEAST_FIXED):
        text = _with_exponent(whole_digits, fraction, precision - 1)
    else:
        text = _fixed(whole_digits, fraction, precision)
    return "-" + text if value < 0 and text.strip("0.") else text


def _digits_of_whole(whole):
    digits = []
    while whole:
        rest, whole = modf(whole / 10)
        digits.append(int((rest + 0.01) * 10))  # 0.01: 356 / 10 leaves 0.59999...
    return digits[::-1]


def _fixed(whole_digits, fraction, precision):
    places = precision - len(whole_digits)
    digits = whole_digits or [0]
    point = len(digits)
    if fraction and places:
        digit = 0
        while not digit:  # leading zeros do not count
            fraction, digit = _next_digit(fraction)
            digits.append(digit)
        fraction = _append_digits(digits, fraction, places - 1)
    if fraction and modf(fraction * 10)[1] > 4:
        point += _round_up(digits)
    text = "".join(map(str, digits))
    decimals = text[point:].rstrip("0")
    return text[:point] + ("." + decimals if decimals else "")


def _with_exponent(whole_digits, fraction, places):
    exponent = len(whole_digits) - 1
    digits = whole_digits[: places + 1]
    rounds_up = False
    if len(whole_digits) > len(digits):
        rounds_up = whole_digits[len(digits)] > 4
        fraction = 0.0
    elif not whole_digits:
        fraction, digit = _next_digit(fraction)
        while not digit:
            exponent -= 1
            fraction, digit = _next_digit(fraction)
        digits = [digit]
    fraction = _append_digits(digits, fraction, places + 1 - len(digits))
    rounds_up = rounds_up or (fraction and modf(fraction * 10)[1] > 4)
    if rounds_up and _round_up(digits):
        exponent += 1
    decimals = "".join(map(str, digits[1:])).rstrip("0")
    mantissa = str(digits[0]) + ("." + decimals if decimals else "")
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _next_digit(fraction):
    fraction, digit = modf(fraction * 10)
    return fraction, int(digit)


def _append_digits(digits, fraction, places):
    """Take up to `places` more digits off the fraction; return what is left of it."""
    while places > 0 and fraction:
        fraction, digit = _next_digit(fraction)
        digits.append(digit)
        places -= 1
    return fraction


def _round_up(digits):
    """Add one in the last place; True when that made the number one digit longer."""
    for place in reversed(range(len(digits))):
        digits[place] += 1
        if digits[place] < 10:
            return False
        digits[place] = 0
    digits.insert(0, 1)
    return True
