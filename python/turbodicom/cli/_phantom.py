# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Images for the demo, computed from ellipses and noise: a chest CT and an ultrasound cine in colour.

Nobody's anatomy. Every run gives the same samples. Begin with `ct_slices` and `cine_frames`.
"""

import numpy as np

_SEED = 20260101
# Hounsfield units: what the parts of the phantom are made of.
_AIR, _LUNG, _FAT, _MUSCLE, _BLOOD, _CONTRAST, _SPONGY, _BONE = -1000, -850, -100, 50, 45, 260, 250, 900


def ct_slices(number, size):
    """A chest in slices, from the neck down.

    Parameters
    ----------
    number : int
        Of slices.
    size : int
        Rows and columns.

    Returns
    -------
    ndarray of int16, shape (number, size, size)
        Hounsfield units.
    """
    random = np.random.default_rng(_SEED)
    noise = random.standard_normal((number, size, size), np.float32)
    slices = np.empty((number, size, size), np.int16)
    for index in range(number):
        level = index / max(number - 1, 1)
        slices[index] = (_chest(level, size) + 14 * _smooth(noise[index])).round()
    return slices


class _Canvas:
    """A square picture from -1 to 1, on which soft-edged ellipses are painted."""

    def __init__(self, size, background):
        self._axis = np.linspace(-1, 1, size, dtype=np.float32)
        self._edge = size / 3.0  # two or three pixels from inside to outside
        self.picture = np.full((size, size), background, np.float32)

    def ellipse(self, center, radii, value, turned=0.0):
        if min(radii) <= 0:
            return
        columns, rows = (self._near(middle, max(radii)) for middle in center)
        x, y = self._axis[None, columns] - center[0], self._axis[rows, None] - center[1]
        cosine, sine = np.float32(np.cos(turned)), np.float32(np.sin(turned))
        u, v = (x * cosine + y * sine) / radii[0], (y * cosine - x * sine) / radii[1]
        inside = np.clip((1 - np.sqrt(u * u + v * v)) * (min(radii) * self._edge) + 0.5, 0, 1)
        part = self.picture[rows, columns]
        part += inside * (value - part)

    def _near(self, middle, radius):
        """Rows or columns an ellipse can reach."""
        first, last = np.searchsorted(
            self._axis, (middle - 1.1 * radius - 0.02, middle + 1.1 * radius + 0.02)
        )
        return slice(first, last)


def _chest(level, size):
    """One slice; `level` runs from 0, the neck, to 1, the diaphragm."""
    canvas = _Canvas(size, _AIR)
    breadth = 0.62 + 0.26 * np.sqrt(level)
    canvas.ellipse((0, 0.86), (0.95, 0.05), -750)  # the table
    canvas.ellipse((0, 0.02), (breadth, 0.58 + 0.06 * level), _FAT)
    canvas.ellipse((0, 0.02), (breadth - 0.05, 0.53 + 0.06 * level), _MUSCLE)
    _ribs(canvas, breadth - 0.1, level)
    _lungs(canvas, breadth, level)
    _middle(canvas, level)
    _spine(canvas, level)
    return canvas.picture


def _ribs(canvas, breadth, level):
    for side in (-1, 1):
        for number in range(9):
            angle = -1.2 + 0.34 * number + 0.5 * np.sin(9 * level)
            center = (side * breadth * np.cos(angle), 0.02 + (0.5 + 0.05 * level) * np.sin(angle))
            canvas.ellipse(center, (0.055, 0.024), _BONE, side * (angle + np.pi / 2))
            canvas.ellipse(center, (0.035, 0.011), _SPONGY, side * (angle + np.pi / 2))


def _lungs(canvas, breadth, level):
    width = 0.27 * np.sin(np.pi * (0.12 + 0.72 * level)) * breadth / 0.8
    for side in (-1, 1):
        center = (side * breadth * 0.5, 0.02)
        canvas.ellipse(center, (width, 1.4 * width), _LUNG, side * 0.12)
        for branch in range(14):  # vessels, thinner towards the outside
            reach = 0.15 + 0.75 * ((branch * 0.618) % 1)
            angle = branch * 2.4 + 3 * level
            place = (
                center[0] + width * reach * np.cos(angle),
                center[1] + 1.38 * width * reach * np.sin(angle),
            )
            canvas.ellipse(place, (0.018 * (1.3 - reach), 0.013), _BLOOD, angle)


def _middle(canvas, level):
    canvas.ellipse((0, -0.12), (0.13 + 0.05 * level, 0.3), _MUSCLE)
    heart = max(0.0, np.sin(np.pi * (level - 0.35) / 0.75)) if level > 0.35 else 0.0
    canvas.ellipse((0.12, -0.16), (0.34 * heart, 0.27 * heart), _MUSCLE + 15, 0.6)
    canvas.ellipse((0.17, -0.13), (0.17 * heart, 0.13 * heart), _CONTRAST, 0.6)
    canvas.ellipse((-0.02, -0.2), (0.13 * heart, 0.11 * heart), _CONTRAST - 60, 0.6)
    canvas.ellipse((0.11, 0.19), (0.062, 0.062), _CONTRAST)  # descending aorta
    if level < 0.5:  # windpipe, then its two branches
        apart = max(0.0, level - 0.3) * 0.6
        for side in (-1, 1):
            canvas.ellipse((side * apart, -0.02), (0.055, 0.05), _AIR)
        canvas.ellipse((0.02, -0.3), (0.14 - 0.1 * level, 0.06), _CONTRAST - 20)


def _spine(canvas, level):
    canvas.ellipse((0, 0.3), (0.135, 0.105), _BONE - 250)
    canvas.ellipse((0, 0.3), (0.115, 0.086), _SPONGY + 40 * np.sin(40 * level))
    canvas.ellipse((0, 0.44), (0.085, 0.065), _BONE)
    canvas.ellipse((0, 0.43), (0.058, 0.046), 20)  # spinal canal
    canvas.ellipse((0, 0.535), (0.024, 0.05), _BONE - 100)


def _smooth(noise):
    """Noise with the grain of a reconstruction: neighbours a little alike."""
    return 0.6 * noise + 0.4 * (np.roll(noise, 1, 0) + np.roll(noise, 1, 1))


def cine_frames(number, rows, columns):
    """A beating vessel seen by ultrasound, flow in colour.

    Parameters
    ----------
    number : int
        Of frames: one heartbeat.
    rows, columns : int

    Returns
    -------
    ndarray of uint8, shape (number, rows, columns, 3)
        RGB.
    """
    random = np.random.default_rng(_SEED + 1)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    depth = np.hypot(x - columns / 2, y + 0.12 * rows) / rows
    sector = (np.abs(np.arctan2(x - columns / 2, y + 0.12 * rows)) < 0.62) & (depth > 0.17) & (depth < 1.08)
    speckle = np.abs(_smooth(random.standard_normal((rows, columns), np.float32))) * (1.15 - 0.6 * depth)
    frames = np.zeros((number, rows, columns, 3), np.uint8)
    for index in range(number):
        frames[index] = _cine_frame(2 * np.pi * index / number, x / columns, y / rows, depth, speckle)
        frames[index][~sector] = 0
    return frames


def _cine_frame(phase, x, y, depth, speckle):
    pulse = max(0.0, np.sin(phase)) ** 2
    middle = 0.55 + 0.06 * np.sin(5 * x) + 0.01 * pulse
    across = np.abs(y - middle) / (0.085 + 0.02 * pulse)
    walls = np.exp(-(((across - 1.12) / 0.1) ** 2))
    tissue = 42 + 78 * speckle * (across > 1) + 150 * walls + 25 * np.sin(22 * depth) * (across > 1.3)
    grey = np.where(across < 1, 9 + 12 * speckle, tissue).clip(0, 255)
    picture = np.repeat(grey[..., None], 3, 2)
    # Flow profile: fastest in the middle; the late beat flows back a little, in blue.
    speed = (1 - across**2).clip(0, 1) * (np.sin(phase) + 0.25) * (0.85 + 0.15 * speckle)
    box = (x > 0.3) & (x < 0.72) & (across < 0.97)
    towards, away = speed.clip(0, 1), (-speed).clip(0, 1)
    colour = np.stack([255 * np.sqrt(towards), 190 * towards**2 + 60 * away, 255 * np.sqrt(away)], -1)
    shown = box & (np.abs(speed) > 0.04)
    picture[shown] = colour[shown]
    return picture.astype(np.uint8)
