"""The kernel in Halide, compiled on this machine when first used. Starts no threads: one worker, one core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple

import numpy as np

from post.picture.kernel.fixed_point import matrix_of
from post.picture.kernel.halide_pipeline import NARROWEST, PipelineSpec, compile_pipeline
from post.picture.kernel.lut3d import Lut3D
from post.picture.kernel.noise import Noise, dither_field, dither_places, noise_floor, zero_dither
from post.picture.kernel.numpy_kernel import NumpyKernel
from post.picture.kernel.planes import Depth, KernelSpec, Planes, check_planes, mix_planes

Inputs = Mapping[str, object]


class HalideKernel:
    """Halide's Kernel. Frames narrower than one tile go to the twin, which gives the same samples."""

    def __init__(self, shape: KernelSpec) -> None:
        self.shape = shape
        self._twin = NumpyKernel(shape)
        matrix = astuple(matrix_of(shape.colour_in, shape.depth_in))
        names = ("y", "y_offset", "r", "b", "gb", "gr")
        self._matrix = {f"matrix_{name}": value for name, value in zip(names, matrix, strict=True)}

    def grade(self, source: Planes, out: Planes, table: Lut3D, noise: Noise | None, frame: int) -> None:
        """Grades one frame, as `Kernel.grade` says."""
        if source.y.shape[1] < NARROWEST:
            self._twin.grade(source, out, table, noise, frame)
            return
        if table.identity:
            self._run("finish", self.shape.depth_in, (source, out), noise, frame, {})
            return
        height, width = source.cb.shape
        tables = {"luma_table": table.luma, "chroma_table": table.chroma}
        sizes = {"chroma_width": width, "chroma_height": height}
        inputs = {**tables, **sizes, **self._matrix}
        self._run("grade", self.shape.depth_in, (source, out), noise, frame, inputs)

    def finish(self, source16: Planes, out: Planes, noise: Noise | None, frame: int) -> None:
        """Finishes one frame, as `Kernel.finish` says."""
        if source16.y.shape[1] < NARROWEST:
            self._twin.finish(source16, out, noise, frame)
            return
        self._run("finish", 16, (source16, out), noise, frame, {})

    def mix(self, a16: Planes, b16: Planes, weight: float, out16: Planes) -> None:
        """Mixes two frames, as `Kernel.mix` says."""
        mix_planes(a16, b16, weight, out16)

    def _run(
        self, does: str, depth_in: Depth, planes: tuple[Planes, Planes], noise: Noise | None, frame: int,
        inputs: Inputs,
    ) -> None:  # fmt: skip
        source, out = planes
        shape = self.shape
        check_planes(source, depth_in, shape.chroma)
        check_planes(out, shape.depth_out, shape.chroma, like=source)
        grain = None if shape.depth_out == 16 else noise
        pipeline = compile_pipeline(
            PipelineSpec(does, depth_in, shape.depth_out, shape.chroma, grain is not None)
        )
        given = {
            "source_y": source.y, "source_cb": source.cb, "source_cr": source.cr,
            **inputs, **self._dither(out, frame), **self._grain(out, grain, frame),
        }  # fmt: skip
        pipeline.call(*(given[name] for name in pipeline.names), out.y, out.cb, out.cr)

    def _dither(self, out: Planes, frame: int) -> Inputs:
        if self.shape.depth_out == 16:
            return {}
        width = out.y.shape[1]
        places = dither_places(frame, out.y.shape[0], out.cb.shape[0])
        names = ("place_y", "place_cb", "place_cr")
        field = dither_field(width) if self.shape.dither else zero_dither(width)
        return {"dither": field, **dict(zip(names, places, strict=True))}

    def _grain(self, out: Planes, noise: Noise | None, frame: int) -> Inputs:
        if noise is None:
            return {}
        floor = noise_floor(self.shape.depth_out, self.shape.dither)
        curves = {
            name: noise.curve(k, floor).astype(np.int16) for k, name in enumerate(("curve_y", "curve_c"))
        }
        names = ("grain_y", "grain_cb", "grain_cr")
        windows = {
            name: noise.window(k, frame, *plane.shape)
            for k, (name, plane) in enumerate(zip(names, out, strict=True))
        }
        return {**curves, **windows}
