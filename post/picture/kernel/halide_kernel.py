"""Runs the kernel that Halide compiles on this machine at first use. It starts no threads: one worker, one core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple

import numpy as np

from post.picture.kernel.fixed_point import matrix_of
from post.picture.kernel.halide_pipeline import NARROWEST, PipelineSpec, compile_pipeline
from post.picture.kernel.lut3d import Lut3D
from post.picture.kernel.noise import dither_field, dither_places, noise_floor, zero_dither
from post.picture.kernel.numpy_kernel import NumpyKernel
from post.picture.kernel.planes import AnyNoise, Depth, KernelSpec, Planes, check_planes, mix_planes

Inputs = Mapping[str, object]


class HalideKernel:
    """The compiled Kernel. Frames narrower than one tile go to NumpyKernel, which gives the same samples."""

    def __init__(self, spec: KernelSpec) -> None:
        self.spec = spec
        self._numpy_kernel = NumpyKernel(spec)
        matrix = astuple(matrix_of(spec.colour_in, spec.depth_in))
        names = ("y", "y_offset", "r", "b", "gb", "gr")
        self._matrix = {f"matrix_{name}": value for name, value in zip(names, matrix, strict=True)}

    def grade(self, source: Planes, out: Planes, lut: Lut3D, noise: AnyNoise | None, seed: int) -> None:
        if source.y.shape[1] < NARROWEST:
            self._numpy_kernel.grade(source, out, lut, noise, seed)
            return
        if lut.identity:
            self._run("finish", self.spec.depth_in, (source, out), noise, seed, {})
            return
        height, width = source.cb.shape
        tables = {"luma_table": lut.luma, "chroma_table": lut.chroma}
        sizes = {"chroma_width": width, "chroma_height": height}
        inputs = {**tables, **sizes, **self._matrix}
        self._run("grade", self.spec.depth_in, (source, out), noise, seed, inputs)

    def finish(self, source16: Planes, out: Planes, noise: AnyNoise | None, seed: int) -> None:
        """Finishes one frame, as `Kernel.finish` says."""
        if source16.y.shape[1] < NARROWEST:
            self._numpy_kernel.finish(source16, out, noise, seed)
            return
        self._run("finish", 16, (source16, out), noise, seed, {})

    def get_ready(self) -> None:
        """Compiles the pipeline that grades a frame without grain."""
        compile_pipeline(
            PipelineSpec("grade", self.spec.depth_in, self.spec.depth_out, self.spec.chroma, grain=False)
        )

    def mix(self, a16: Planes, b16: Planes, weight: float, out16: Planes) -> None:
        """Mixes two frames, as `Kernel.mix` says."""
        mix_planes(a16, b16, weight, out16)

    def _run(
        self, does: str, depth_in: Depth, planes: tuple[Planes, Planes], noise: AnyNoise | None, seed: int,
        inputs: Inputs,
    ) -> None:  # fmt: skip
        source, out = planes
        spec = self.spec
        check_planes(source, depth_in, spec.chroma)
        check_planes(out, spec.depth_out, spec.chroma, like=source)
        grain = None if spec.depth_out == 16 else noise
        pipeline = compile_pipeline(
            PipelineSpec(does, depth_in, spec.depth_out, spec.chroma, grain is not None)
        )
        given = {
            "source_y": source.y, "source_cb": source.cb, "source_cr": source.cr,
            **inputs, **self._dither(out, seed), **self._grain(out, grain, seed),
        }  # fmt: skip
        pipeline.call(*(given[name] for name in pipeline.names), out.y, out.cb, out.cr)

    def _dither(self, out: Planes, seed: int) -> Inputs:
        if self.spec.depth_out == 16:
            return {}
        width = out.y.shape[1]
        places = dither_places(seed, out.y.shape[0], out.cb.shape[0])
        names = ("place_y", "place_cb", "place_cr")
        field = dither_field(width) if self.spec.dither else zero_dither(width)
        return {"dither": field, **dict(zip(names, places, strict=True))}

    def _grain(self, out: Planes, noise: AnyNoise | None, seed: int) -> Inputs:
        if noise is None:
            return {}
        floor = noise_floor(self.spec.depth_out, self.spec.dither)
        curves = {
            name: noise.curve(k, floor).astype(np.int16) for k, name in enumerate(("curve_y", "curve_c"))
        }
        names = ("grain_y", "grain_cb", "grain_cr")
        windows = {
            name: noise.window(k, seed, *plane.shape)
            for k, (name, plane) in enumerate(zip(names, out, strict=True))
        }
        return {**curves, **windows}
