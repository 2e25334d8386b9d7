# SPDX-FileCopyrightText: 2026 The turbodicom developers
# SPDX-License-Identifier: MIT
"""Pixels out of a DicomImage: intermediate data, and frames as they are shown."""

import operator

import numpy as np

from turbodicom import _core
from turbodicom._dcmtk_display import Step
from turbodicom._dicom_image_modality import smallest_type

__all__ = ["OutputMethods"]

_MOST_BITS = 32


class OutputMethods:
    """Mixed into :class:`turbodicom.DicomImage`."""

    # -- intermediate data -------------------------------------------------------------------------

    @property
    def representation(self):
        """dtype of the intermediate data: in ``mode="dcmtk"`` the smallest integer for the values there are."""
        return self._pixels.dtype

    @property
    def planes(self):
        """1, or 3 for color."""
        return self._pixels.samples

    @property
    def count(self):
        """Pixels of one plane, all frames together."""
        return self.width * self.height * self.frame_count

    @property
    def input_count(self):
        """How many of them the file really has."""
        return self._pixels.input_count

    def min_max_values(self, possible=False):
        """Return the range of the intermediate data of all frames.

        Parameters
        ----------
        possible : bool, optional
            The values that are possible with these bits and this modality, not those that occur.

        Returns
        -------
        (float, float)

        Raises
        ------
        ValueError
            The image is not monochrome.
        """
        self._only_monochrome()
        if possible:
            return float(self._modality.low), float(self._modality.high)
        low, high = self._pixels.min_max
        return float(low), float(high)

    def inter_data(self, dtype=None, layout=None, frames=None, out=None):
        """Return the values after the modality transformation, before VOI; of color images, the samples.

        Parameters
        ----------
        dtype : dtype-like or {"min", "stored"}, optional
            Default: :attr:`representation`. ``"min"``: the smallest integer that holds the values of these frames
            (fractions are cut off); ``"stored"``: stored values, before the modality transformation.
        layout : {"planar", "interleaved"}, optional
            Of color images. Default: planar in ``mode="dcmtk"`` (samples first: one array for each color), else
            interleaved.
        frames : int, slice or sequence of int, optional
            An int drops the frame axis. Default: all, the axis dropped when there is one.
        out : ndarray, optional
            Of the result's shape and dtype.

        Returns
        -------
        ndarray
            (rows, columns), (frames, rows, columns), (rows, columns, 3), (frames, rows, columns, 3); planar:
            (3, rows, columns), (frames, 3, rows, columns).

        Raises
        ------
        IndexError
            No such frame.
        ValueError
            `layout` or `out` cannot be; stored values of an image made from another.
        Error
            A frame cannot be decoded.
        """
        layout = layout or ("planar" if self._options.is_dcmtk else "interleaved")
        if layout not in ("planar", "interleaved"):
            raise ValueError(f"layout must be 'planar' or 'interleaved', not {layout!r}")
        wanted, drop = self._wanted(frames)
        if isinstance(dtype, str) and dtype == "stored":
            return self._stored(frames, layout, out)
        data = self._inter(wanted, layout)
        if isinstance(dtype, str) and dtype == "min":
            dtype = _least_type(data)
        result = data if dtype is None else data.astype(dtype, copy=False)
        result = result[0] if drop else result
        if out is None:
            return result
        return _into(result, out)

    def _stored(self, frames, layout, out):
        if not self._is_original:
            raise ValueError("an image made from another has no stored values")
        wanted, drop = self._wanted(frames)
        wanted = [self._first + index for index in wanted]
        options = self._options
        return self._pixel_source.pixels(
            frames=wanted[0] if drop else wanted,
            color="coded",
            layout=layout,
            out=out,
            on_error=options.on_error,
            workarounds=options.workarounds,
            workers=options.workers,
        )

    def _inter(self, wanted, layout):
        if wanted == list(range(self._count)):
            data = self._pixels.everything()
            data = data if self._owns(data) else data.copy()
        else:
            data = np.stack([self._pixels.inter(index) for index in wanted])
        if data.ndim == 4 and layout == "interleaved":
            data = np.ascontiguousarray(np.moveaxis(data, 1, -1))
        return data

    def _owns(self, data):
        """Whether nobody else uses this array."""
        frames = self._pixels.frames
        return data is not getattr(frames, "array", None) and data is not getattr(frames, "_all", None)

    def _wanted(self, frames):
        """Indexes, and whether the frame axis is dropped."""
        if frames is None:
            return list(range(self._count)), self._count == 1
        if isinstance(frames, slice):
            return list(range(*frames.indices(self._count))), False
        try:
            return [self._frame_index(frames)], True
        except TypeError:
            return [self._frame_index(index) for index in frames], False

    def _frame_index(self, frame):
        index = operator.index(frame)
        if not -self._count <= index < self._count:
            raise IndexError(f"frame {index} of {self._count}")
        return index + self._count if index < 0 else index

    # -- output ------------------------------------------------------------------------------------

    def output_data_size(self, bits=0):
        """Return the bytes of one rendered frame.

        Parameters
        ----------
        bits : int, optional
            Of a sample; 0: :attr:`depth`.

        Returns
        -------
        int
        """
        bits = bits or self._depth
        if self._options.is_dcmtk and bits > _MOST_BITS:
            return 0
        return self.width * self.height * self.planes * self._output_type(self._bits(bits)).itemsize

    def output_data(self, bits=0, frame=0, planar=False, out=None):
        """Render a frame: VOI, presentation, polarity, display function, visible overlays.

        Parameters
        ----------
        bits : int, optional
            Of a sample, 1 to 32; 0: :attr:`depth`. Values are from 0 to 2**bits - 1, in uint8, uint16 or uint32.
        frame : int or None, optional
            None: all frames.
        planar : bool, optional
            Color: samples before rows, not last.
        out : ndarray, optional
            Of the result's shape and dtype, any strides.

        Returns
        -------
        ndarray
            (rows, columns), color (rows, columns, 3) or (3, rows, columns); with ``frame=None`` frames first.

        Raises
        ------
        IndexError
            No such frame.
        ValueError
            `bits` or `out` cannot be.
        Error
            The frame cannot be decoded.
        """
        bits = self._bits(bits)
        index = None if frame is None else self._frame_index(frame)
        shape = self._output_shape(planar, index is None)
        dtype = self._output_type(bits)
        if out is None:
            self._pixels.frames.check_room(index)
            out = np.empty(shape, dtype)
        elif out.shape != shape or out.dtype != dtype:
            raise ValueError(
                f"out must have shape {shape} and dtype {dtype}, not {out.shape} and {out.dtype}"
            )
        if self.is_monochrome:
            self._render_monochrome(index, bits, out)
        else:
            self._render_color(index, bits, planar, out)
        self._last_output, self._last_is_planar = (out, bits), planar
        return out

    def _render_monochrome(self, index, bits, out):
        step, self._last_bits = self._step(bits), bits
        if index is None:
            self._pixels.render_all(step, out, self._workers(self._count))
            for position in range(self._count):
                self._draw_overlays(out[position], position)
        else:
            self._pixels.render(index, step, out, self._workers())
            self._draw_overlays(out, index)

    def _render_color(self, index, bits, planar, out):
        inverse = self._polarity == "reverse"
        for position in range(self._count) if index is None else (index,):
            self._pixels.render(position, bits, inverse, planar, out if index is not None else out[position])

    def _workers(self, frames=1):
        """Threads: one for a single frame, whose work is less than starting another takes."""
        return self._options.workers or (_core.usable_cores() if frames > 1 else 1)

    def output_plane(self, plane):
        """Return one color of the frame rendered last.

        Parameters
        ----------
        plane : int
            0 to 2; monochrome images have one.

        Returns
        -------
        ndarray or None
            A view; None: nothing has been rendered, or all frames at once.
        """
        if self._last_output is None or self._last_output[0].ndim != (2 if self.is_monochrome else 3):
            return None
        data = self._last_output[0]
        if self.is_monochrome:
            return data
        return data[plane] if self._last_is_planar else data[..., plane]

    def is_output_value_unused(self, value):
        """Tell whether a value does not occur in the frame rendered last.

        Parameters
        ----------
        value : int

        Returns
        -------
        bool
            Monochrome only; False before anything has been rendered.
        """
        if self._last_output is None or not self.is_monochrome:
            return False
        if self._options.is_dcmtk and self._step(self._last_output[1]).is_inverse:
            return False  # black above white: DCMTK does not count
        return not np.any(self._last_output[0] == value)

    def _bits(self, bits):
        bits = operator.index(bits) or self._depth
        if not 1 <= bits <= _MOST_BITS:
            raise ValueError(f"bits must be from 1 to {_MOST_BITS}, or 0, not {bits}")
        return bits

    @staticmethod
    def _output_type(bits):
        return np.dtype(np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32)

    def _output_shape(self, planar, all_frames):
        size = (self.height, self.width)
        if not self.is_monochrome:
            size = (3, *size) if planar else (*size, 3)
        return (self._count, *size) if all_frames else size

    def _step(self, bits):
        """What the output is made by; kept until something changes."""
        step = self._steps.get(bits)
        if step is None:
            step = self._steps[bits] = self._make_step(bits)
        return step

    def _make_step(self, bits):
        table, low, high = self._presentation_lut, 0, (1 << bits) - 1
        negative = self._interpretation == "MONOCHROME1"
        inverse = self._shape == "inverse" or (negative and self._shape == "default")
        if table is None and inverse:
            low, high = high, low
        if table is None and self._shape == "lin_od":
            table = self._lin_od_table()
            if self._options.is_dcmtk:
                self._presentation_lut = table  # from now on DCMTK has a LUT, and says "default"
        if self._polarity == "reverse":
            low, high = high, low
        return Step(
            low,
            high,
            bits,
            self._window,
            self._voi_function,
            self._voi_lut,
            table,
            self._display_entries(bits),
        )

    def _forget_steps(self):
        self._steps.clear()


def _least_type(data):
    if data.dtype.kind != "f" and data.ndim == 4:
        return data.dtype
    return smallest_type(float(data.min()), float(data.max()))


def _into(result, out):
    if out.shape != result.shape or out.dtype != result.dtype:
        raise ValueError(
            f"out must have shape {result.shape} and dtype {result.dtype}, not {out.shape} and {out.dtype}"
        )
    np.copyto(out, result)
    return out
