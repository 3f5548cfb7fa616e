"""Builds, schedules and compiles the kernel's two Halide pipelines, grade and finish.

LLVM compiles a vectorised look-up to an extract, a load and an insert for each lane. So each tile of a row writes
its node numbers to a scratch row, a scalar loop loads the nodes, and the next vector loop reads them. That is
twice as fast as gathering (measured on AVX-512 and AVX2), and takes half the time to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import halide as hl

from post.caching import shared
from post.picture.kernel.halide_terms import (
    I8,
    I16,
    I32,
    U8,
    U16,
    Terms,
    blend,
    coordinates,
    corners,
    dithered,
    grained,
    i16,
    i32,
    images,
    nodes,
    rounded,
)

TILE = 128  # luma samples at a time: 3 KB of scratch. 64 is 7 % slower, 256 no faster
UNROLL = 8
# In a frame narrower than one tile, the last tile cannot be shifted inwards.
NARROWEST = TILE


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """What a pipeline is compiled for. Colours are run-time parameters: one compilation serves all of them."""

    does: str
    depth_in: int
    depth_out: int
    chroma: str
    grain: bool


class _PlaneSchedule:
    """The schedule of luma or of chroma: an output, its tile, and the scratch rows computed in the tile."""

    def __init__(self, name: str, tile: int, lanes: int) -> None:
        self.name, self.tile, self.lanes = name, tile, lanes
        self.x, self.y, self.outer, self.inner = (hl.Var(f"{name}_{v}") for v in ("x", "y", "xo", "xi"))
        self._vector: list[Any] = []
        self._scalar: list[Any] = []

    def vector(self, name: str, *values: Any) -> list[Any]:
        """Returns scratch rows that a vector loop writes."""
        return self._scratch(name, values, self._vector)

    def scalar(self, name: str, *values: Any) -> list[Any]:
        """Returns scratch rows that a scalar loop writes: look-ups."""
        return self._scratch(name, values, self._scalar)

    def _scratch(self, name: str, values: tuple[Any, ...], rows: list[Any]) -> list[Any]:
        made = hl.Func(f"{self.name}_{name}")
        made[self.x, self.y] = values if len(values) > 1 else values[0]
        rows.append(made)
        here = made[self.x, self.y]
        return [here[k] for k in range(len(values))] if len(values) > 1 else [here]

    def output(self, *values: Any) -> Any:
        """Returns the output, with all it depends on scheduled."""
        out = hl.Func(self.name)
        out[self.x, self.y] = values if len(values) > 1 else values[0]
        tail = hl.TailStrategy.ShiftInwards
        out.compute_root().split(self.x, self.outer, self.inner, self.tile, tail)
        out.vectorize(self.inner, self.lanes)
        for made in self._vector:
            made.compute_at(out, self.outer).bound_extent(self.x, self.tile).vectorize(self.x, self.lanes)
        for made in self._scalar:
            made.compute_at(out, self.outer).bound_extent(self.x, self.tile).unroll(self.x, UNROLL)
        first = (out.output_buffers() if len(values) > 1 else [out.output_buffer()])[0]
        first.dim(0).set_min(0)
        first.dim(1).set_min(0)
        return out


class _OutputTerms:
    """The last step of every pipeline: grain, dither, rounding."""

    def __init__(self, spec: PipelineSpec) -> None:
        self._spec = spec
        self.fields = images(I8, 2, "grain_y", "grain_cb", "grain_cr") if spec.grain else []
        self.curves = images(I16, 1, "curve_y", "curve_c") if spec.grain else []
        dither = spec.depth_out < 16
        self.dither = images(I8, 2, "dither") if dither else []
        self.places = images(I32, 2, "place_y", "place_cb", "place_cr") if dither else []

    @property
    def inputs(self) -> list[Any]:
        return [*self.fields, *self.curves, *self.dither, *self.places]

    def luma(self, schedule: _PlaneSchedule, value: Any) -> Any:
        if not self._spec.grain:
            return self._put(schedule, 0, value, None)
        (value,) = schedule.vector("graded", value)
        level = hl.cast(U8, (value >> i16(8)) + i16(128))
        return self._put(schedule, 0, value, self._curve(schedule, 0, level))

    def chroma(self, schedule: _PlaneSchedule, cb: Any, cr: Any, luma: Any) -> tuple[Any, Any]:
        """Returns finished Cb and Cr. luma: the finished luma, which the strength of chroma's grain follows."""
        curve = self._curve(schedule, 1, self._level(schedule, luma)) if self._spec.grain else None
        return self._put(schedule, 1, cb, curve), self._put(schedule, 2, cr, curve)

    def _level(self, schedule: _PlaneSchedule, luma: Any) -> Any:
        x, y, down = 2 * schedule.x, schedule.y, self._spec.depth_out - 8
        if self._spec.chroma == "422":
            return hl.cast(U8, i16(luma[x, y]) >> i16(down))
        return hl.cast(U8, (i16(luma[x, 2 * y]) + i16(luma[x, 2 * y + 1])) >> i16(down + 1))

    def _curve(self, schedule: _PlaneSchedule, which: int, level: Any) -> Any:
        (level,) = schedule.vector("level", level)
        return schedule.scalar("sigma", self.curves[which][i32(level)])[0]

    def _put(self, schedule: _PlaneSchedule, plane: int, value: Any, curve: Any) -> Any:
        at, depth = (schedule.x, schedule.y), self._spec.depth_out
        if curve is not None:
            value = grained(value, self.fields[plane][at], curve)
        if self.dither:
            value = dithered(value, self.dither[0], self.places[plane], at, depth)
        return rounded(value, depth)


@dataclass(frozen=True, slots=True)
class CompiledPipeline:
    """A pipeline ready to run. call: takes buffers and numbers in the order of `names`, then three output planes."""

    call: Callable[..., None]
    names: tuple[str, ...]


@shared(None)
def compile_pipeline(spec: PipelineSpec) -> CompiledPipeline:
    """Returns the pipeline of a specification, compiled once in a process."""
    target = hl.get_host_target()
    # The caller has checked the shape of every plane. Without these checks compiling takes a fifth less time.
    for feature in (hl.TargetFeature.NoAsserts, hl.TargetFeature.NoBoundsQuery):
        target = target.with_feature(feature)
    lanes = target.natural_vector_size(I16)
    pipeline, inputs = _BUILD[spec.does](spec, lanes)
    call = pipeline.compile_to_callable(inputs, target)
    return CompiledPipeline(call, tuple(p.name() for p in inputs))


def _sources(depth: int) -> list[Any]:
    return images(U8 if depth == 8 else U16, 2, "source_y", "source_cb", "source_cr")


def _grade(spec: PipelineSpec, lanes: int) -> tuple[Any, list[Any]]:
    source, output = _sources(spec.depth_in), _OutputTerms(spec)
    (luma_table,), (chroma_table,) = images(I16, 1, "luma_table"), images(I32, 1, "chroma_table")
    matrix = [hl.Param(I16, f"matrix_{k}", 0) for k in ("y", "y_offset", "r", "b", "gb", "gr")]
    sizes = [hl.Param(I32, name, 1) for name in ("chroma_width", "chroma_height")]
    terms = Terms(spec.depth_in, spec.chroma, matrix, *sizes)
    y = _graded_luma(terms, source, luma_table, output, lanes)
    c = _graded_chroma(terms, source, chroma_table, output, (y, lanes))
    return hl.Pipeline([y, c]), [*source, luma_table, chroma_table, *matrix, *sizes, *output.inputs]


def _graded_luma(terms: Terms, source: list[Any], table: Any, output: _OutputTerms, lanes: int) -> Any:
    schedule = _PlaneSchedule("y", TILE, lanes)
    x, y = schedule.x, schedule.y
    # What chroma adds to R'G'B' is linear: computed once per chroma column of a row, then interpolated.
    shares = hl.Func("shares")
    shares[x, y] = terms.shares(*(terms.chroma_on_row(plane, x, y) for plane in source[1:]))
    here, after = shares[x // 2, y], shares[(x + 1) // 2, y]
    spread = tuple(hl.rounding_halving_add(here[k], after[k]) for k in range(3))
    rgb = schedule.vector("rgb", *coordinates(terms.luma(terms.centred(source[0][x, y])), spread))
    at = schedule.vector("at", *corners(rgb))
    out = schedule.output(
        output.luma(schedule, blend(schedule.scalar("nodes", *nodes(table, at[:3])), at[3:]))
    )
    shares.compute_at(out, y).vectorize(x, lanes, hl.TailStrategy.ShiftInwards)
    return out


def _graded_chroma(
    terms: Terms, source: list[Any], table: Any, output: _OutputTerms, luma: tuple[Any, int]
) -> Any:
    finished, lanes = luma
    schedule = _PlaneSchedule("c", TILE // 2, lanes)
    x, y = schedule.x, schedule.y
    shares = terms.shares(*(terms.centred(plane[x, y]) for plane in source[1:]))
    luma_there = terms.luma(terms.luma_at_chroma(source[0], x, y))
    at = schedule.vector("at", *corners(schedule.vector("rgb", *coordinates(luma_there, shares))))
    pairs = schedule.scalar("nodes", *nodes(table, at[:3]))
    cb, cr = blend([i16(p) for p in pairs], at[3:]), blend([i16(p >> 16) for p in pairs], at[3:])
    return schedule.output(*output.chroma(schedule, cb, cr, finished))


def _finish(spec: PipelineSpec, lanes: int) -> tuple[Any, list[Any]]:
    source, output = _sources(spec.depth_in), _OutputTerms(spec)
    luma, chroma = _PlaneSchedule("y", TILE, lanes), _PlaneSchedule("c", TILE // 2, lanes)
    up = 16 - spec.depth_in

    def code16(plane: Any, schedule: _PlaneSchedule) -> Any:
        sample = hl.cast(U16, plane[schedule.x, schedule.y])
        return i16((sample << hl.cast(U16, up) if up else sample) ^ hl.cast(U16, 0x8000))

    y = luma.output(output.luma(luma, code16(source[0], luma)))
    c = chroma.output(*output.chroma(chroma, code16(source[1], chroma), code16(source[2], chroma), y))
    return hl.Pipeline([y, c]), [*source, *output.inputs]


_BUILD: dict[str, Callable[[PipelineSpec, int], tuple[Any, list[Any]]]] = {"grade": _grade, "finish": _finish}
