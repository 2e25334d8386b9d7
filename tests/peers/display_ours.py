# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""The commands of dcmtk_probe.cpp, answered by td.DicomImage(mode="dcmtk"): the other side of the comparison.

Same words, same records. A setter's True and False are DCMTK's 1 and 2, an error of ours is its 0.
"""

import numpy as np
import turbodicom as td

FUNCTIONS = ["default", "linear", "sigmoid"]
SHAPES = ["default", "identity", "inverse", "lin_od"]
POLARITIES = ["normal", "reverse"]
BITS_MODES = ["use", "ignore", "check"]
MODES = ["default", "replace", "threshold_replace", "complement", "invert_bitmap", "region_of_interest"]
MODES += ["bitmap_shutter"]
REPRESENTATIONS = ["u1", "i1", "u2", "i2", "u4", "i4"]
INTERPRETATIONS = ["", "", "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "HSV", "ARGB", "CMYK"]
INTERPRETATIONS += ["YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422"]
REFUSALS = (td.Error, ValueError, IndexError, OverflowError)


class Ours:
    """One file opened by us; `ask(commands)` answers as `Probe.ask` does."""

    def __init__(self, path, **options):
        self.images = [td.DicomImage(path, mode="dcmtk", on_error="report", **options)]

    @property
    def image(self):
        return self.images[-1]

    def ask(self, commands):
        """Yield the records of each command."""
        for command in commands:
            word, *numbers = command if isinstance(command, tuple) else command.split()
            if word in SETTERS:
                yield [("done", np.array([self._set(SETTERS[word], numbers)]))]
            elif word in MAKERS:
                yield [("made", np.array([self._make(MAKERS[word], numbers)]))]
            else:
                yield getattr(self, word)(*numbers)

    def _set(self, setter, numbers):
        try:
            return 2.0 if setter(self.image, *numbers) is False else 1.0
        except REFUSALS:
            return 0.0

    def _make(self, maker, numbers):
        try:
            made = maker(self.image, *numbers)
        except REFUSALS:
            made = None
        if made is not None:
            self.images.append(made)
        return float(made is not None)

    def back(self):
        if len(self.images) > 1:
            self.images.pop()
        return []

    def info(self):
        i, mono = self.image, self.image.is_monochrome
        window = i.window if mono else None
        numbers = [
            0,
            i.frame_count,
            i.first_frame,
            i.number_of_frames,
            i.representative_frame,
            i.width,
            i.height,
        ]
        numbers += [i.depth, mono, INTERPRETATIONS.index(i.photometric_interpretation)]
        numbers += [i.width_height_ratio, i.height_width_ratio, i.window_count if mono else 0]
        numbers += [i.voi_lut_count if mono else 0, i.overlay_count(), 0]
        numbers += [FUNCTIONS.index(i.voi_lut_function) if mono else 0]
        numbers += [SHAPES.index(i.presentation_lut_shape) if mono else 0, POLARITIES.index(i.polarity)]
        numbers += [window is not None, *(window or (0, 0)), i.frame_time, i.output_data_size()]
        return [("info", np.array(numbers, float))]

    def texts(self):
        i, found = self.image, []
        if not i.is_monochrome:
            return [(f"{name}_explanation", text_of("")) for name in _EXPLAINED]
        for n in range(i.window_count):
            found.append(("window_explanation", text_of(i.voi_window_explanation(n))))
        for n in range(i.voi_lut_count):
            found.append(("voi_lut_explanation", text_of(i.voi_lut_explanation(n))))
        return found + [
            (f"{name}_explanation", text_of(getattr(i, f"{name}_explanation"))) for name in _EXPLAINED
        ]

    def range(self, mode):
        if not self.image.is_monochrome:
            return [("range", np.zeros(3))]
        return [("range", np.array([1.0, *self.image.min_max_values(bool(mode))]))]

    def inter_data(self):
        i = self.image
        data = i.inter_data(frames=slice(None))
        head = [REPRESENTATIONS.index(i.representation.str[1:]), i.planes, i.input_count]
        planes = [data] if data.ndim == 3 else np.moveaxis(data, 1, 0)
        return [("inter", np.array(head, float)), *(("inter_data", plane.reshape(-1)) for plane in planes)]

    def output(self, bits, frame, planar):
        try:
            data = self.image.output_data(bits, frame, bool(planar))
        except REFUSALS:
            data = np.empty(0, np.uint8)
        return [("output", data.reshape(-1).view(np.uint8))]

    def bitmap(self, frame, bits, upside_down, padding):
        data = self.image.create_windows_dib(
            frame, bits, upside_down=bool(upside_down), padding=bool(padding)
        )
        return [("bitmap", np.ravel(data))]

    def overlay(self, plane):
        i = self.image
        numbers = [
            i.overlay_group_number(plane),
            MODES.index(i.overlay_mode(plane)),
            i.is_overlay_visible(plane),
        ]
        texts = [
            ("overlay_label", i.overlay_label(plane)),
            ("overlay_description", i.overlay_description(plane)),
        ]
        return [("overlay", np.array(numbers, float)), *((name, text_of(text)) for name, text in texts)]

    def overlay_data(self, plane, frame, bits, foreground, background):
        i = self.image
        look = (plane, frame, bits, foreground, background)
        part, full = i.overlay_data(*look), i.full_overlay_data(*look)
        place, samples = [0] * 5, np.empty(0, np.uint8 if bits <= 8 else np.uint16)
        if part is not None:
            place = [part.left, part.top, part.columns, part.rows, MODES.index(part.mode)]
            samples = part.samples
        return [
            ("overlay_place", np.array(place, float)),
            ("overlay_data", samples),
            ("full_overlay_data", full.samples),
        ]

    def overlay_bits(self, plane):
        overlay, data = self.image.overlay(plane), self.image.packed_overlay_data(plane)
        size = [overlay.columns, overlay.rows, overlay.frames]
        return [("overlay_size", np.array(size, float)), ("overlay_bits", np.frombuffer(data, "u1"))]


_EXPLAINED = ["voi_transformation", "modality_lut", "presentation_lut"]


def text_of(text):
    """Return a text as the bytes a record has."""
    return np.frombuffer(text.encode("latin-1"), np.uint8)


def _table(first, bits, *entries):
    return np.array(entries, np.uint16), (len(entries), first, bits)


def _refused():
    raise ValueError("DCMTK's 0: nothing done")


def _set_ratio(image, ratio):
    image.height_width_ratio = ratio
    return True


SETTERS = {
    "no_voi": lambda i: i.set_no_voi_transformation(),
    "minmax": lambda i, n: i.set_min_max_window(bool(n)),
    "histogram": lambda i, share: i.set_histogram_window(share),
    "roi": lambda i, *numbers: i.set_roi_window(*numbers),
    "window_index": lambda i, n: i.set_window(n),
    "window": lambda i, center, width: i.set_window(center, width),
    "function": lambda i, n: i.set_voi_lut_function(FUNCTIONS[n]),
    "voi_lut": lambda i, n, mode: i.set_voi_lut(n, BITS_MODES[mode]),
    "voi_table": lambda i, *numbers: i.set_voi_lut(_table(*numbers)),
    "presentation_table": lambda i, *numbers: i.set_presentation_lut(_table(*numbers)),
    "inverse_presentation_table": lambda i, *numbers: i.set_inverse_presentation_lut(_table(*numbers)),
    "shape": lambda i, n: i.set_presentation_lut_shape(SHAPES[n]),
    "polarity": lambda i, n: i.set_polarity(POLARITIES[n]),
    "hardcopy": lambda i, *numbers: i.set_hardcopy_parameters(*numbers),
    "show_overlay": lambda i, plane, mode, fore, threshold: i.show_overlay(
        plane, MODES[mode], fore, threshold
    ),
    "show_all": lambda i: i.show_all_overlays(),
    "show_all_as": lambda i, mode, fore, threshold: i.show_all_overlays(MODES[mode], fore, threshold),
    "hide_overlay": lambda i, plane: i.hide_overlay(plane),
    "hide_all": lambda i: i.hide_all_overlays(),
    "place_overlay": lambda i, plane, left, top: i.place_overlay(plane, left, top),
    "flip_this": lambda i, horizontal, vertical: i.flip_image(bool(horizontal), bool(vertical)),
    "rotate_this": lambda i, degrees: i.rotate_image(degrees),
    "height_width_ratio": _set_ratio,
    "next_frames": lambda i, count: i.process_next_frames(count) or _refused(),
}
MAKERS = {
    "scale_size": lambda i, w, h, m, aspect: i.create_scaled_image(w, h, interpolate=m, aspect=bool(aspect)),
    "scale_factor": lambda i, x, y, m, aspect: i.create_scaled_image(
        x_factor=x, y_factor=y, interpolate=m, aspect=bool(aspect)
    ),
    "scale_clip": lambda i, left, top, cw, ch, w, h, m, aspect, p: i.create_scaled_image(
        w, h, clip=(left, top, cw, ch), interpolate=m, aspect=bool(aspect), p_value=p
    ),
    "clip": lambda i, left, top, width, height, p: i.create_clipped_image(left, top, width, height, p),
    "flip": lambda i, horizontal, vertical: i.create_flipped_image(bool(horizontal), bool(vertical)),
    "rotate": lambda i, degrees: i.create_rotated_image(degrees),
    "mono": lambda i, red, green, blue: i.create_monochrome_image(red, green, blue),
    "copy": lambda i, start, count: i.create_dicom_image(start, count),
    "mono_output": lambda i, frame, bits: i.create_mono_output_image(frame, bits),
}
