"""The kernel's two Halide pipelines, grade and finish, and how they are scheduled.

LLVM has no good gather: a vectorised look-up becomes extract, load, insert for each lane. So each tile of
a row writes its node numbers to a scratch row, a scalar loop fetches them, and the next vector loop reads
what it fetched: twice as fast as gathering (measured on AVX-512 and AVX2), and half as much to compile.
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
# A frame narrower than one tile has no room for the last one to be shifted inwards.
NARROWEST = TILE


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """What a pipeline is compiled for. Colour is a run-time parameter: one compilation serves them all."""

    does: str
    depth_in: int
    depth_out: int
    chroma: str
    grain: bool


class _Site:
    """Luma's samples or chroma's: an output, its tile, and the scratch rows computed in it."""

    def __init__(self, name: str, tile: int, lanes: int) -> None:
        self.name, self.tile, self.lanes = name, tile, lanes
        self.x, self.y, self.outer, self.inner = (hl.Var(f"{name}_{v}") for v in ("x", "y", "xo", "xi"))
        self._vector: list[Any] = []
        self._scalar: list[Any] = []

    def vector(self, name: str, *values: Any) -> list[Any]:
        """Scratch rows written by vectors."""
        return self._scratch(name, values, self._vector)

    def scalar(self, name: str, *values: Any) -> list[Any]:
        """Scratch rows written one sample at a time: look-ups."""
        return self._scratch(name, values, self._scalar)

    def _scratch(self, name: str, values: tuple[Any, ...], kept: list[Any]) -> list[Any]:
        made = hl.Func(f"{self.name}_{name}")
        made[self.x, self.y] = values if len(values) > 1 else values[0]
        kept.append(made)
        here = made[self.x, self.y]
        return [here[k] for k in range(len(values))] if len(values) > 1 else [here]

    def output(self, *values: Any) -> Any:
        """The output, and the schedule of all that leads to it."""
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


class _HalideStore:
    """The last step of every pipeline: grain, dither, rounding."""

    def __init__(self, recipe: PipelineSpec) -> None:
        self._recipe = recipe
        self.fields = images(I8, 2, "grain_y", "grain_cb", "grain_cr") if recipe.grain else []
        self.curves = images(I16, 1, "curve_y", "curve_c") if recipe.grain else []
        dither = recipe.depth_out < 16
        self.dither = images(I8, 2, "dither") if dither else []
        self.places = images(I32, 2, "place_y", "place_cb", "place_cr") if dither else []

    @property
    def inputs(self) -> list[Any]:
        return [*self.fields, *self.curves, *self.dither, *self.places]

    def luma(self, site: _Site, value: Any) -> Any:
        if not self._recipe.grain:
            return self._put(site, 0, value, None)
        (value,) = site.vector("graded", value)
        level = hl.cast(U8, (value >> i16(8)) + i16(128))
        return self._put(site, 0, value, self._curve(site, 0, level))

    def chroma(self, site: _Site, cb: Any, cr: Any, luma: Any) -> tuple[Any, Any]:
        """luma: the finished luma, which chroma's grain follows."""
        curve = self._curve(site, 1, self._level(site, luma)) if self._recipe.grain else None
        return self._put(site, 1, cb, curve), self._put(site, 2, cr, curve)

    def _level(self, site: _Site, luma: Any) -> Any:
        x, y, down = 2 * site.x, site.y, self._recipe.depth_out - 8
        if self._recipe.chroma == "422":
            return hl.cast(U8, i16(luma[x, y]) >> i16(down))
        return hl.cast(U8, (i16(luma[x, 2 * y]) + i16(luma[x, 2 * y + 1])) >> i16(down + 1))

    def _curve(self, site: _Site, which: int, level: Any) -> Any:
        (level,) = site.vector("level", level)
        return site.scalar("sigma", self.curves[which][i32(level)])[0]

    def _put(self, site: _Site, plane: int, value: Any, curve: Any) -> Any:
        at, depth = (site.x, site.y), self._recipe.depth_out
        if curve is not None:
            value = grained(value, self.fields[plane][at], curve)
        if self.dither:
            value = dithered(value, self.dither[0], self.places[plane], at, depth)
        return rounded(value, depth)


@dataclass(frozen=True, slots=True)
class CompiledPipeline:
    """call: takes buffers and numbers in the order of `names`, then the three output planes."""

    call: Callable[..., None]
    names: tuple[str, ...]


@shared(None)
def compile_pipeline(recipe: PipelineSpec) -> CompiledPipeline:
    """The pipeline of a recipe, compiled once a process."""
    target = hl.get_host_target()
    # The caller has checked every plane's shape; without these, a fifth less to compile.
    for feature in (hl.TargetFeature.NoAsserts, hl.TargetFeature.NoBoundsQuery):
        target = target.with_feature(feature)
    lanes = target.natural_vector_size(I16)
    pipeline, inputs = _BUILD[recipe.does](recipe, lanes)
    call = pipeline.compile_to_callable(inputs, target)
    return CompiledPipeline(call, tuple(p.name() for p in inputs))


def _sources(depth: int) -> list[Any]:
    return images(U8 if depth == 8 else U16, 2, "source_y", "source_cb", "source_cr")


def _grade(recipe: PipelineSpec, lanes: int) -> tuple[Any, list[Any]]:
    source, store = _sources(recipe.depth_in), _HalideStore(recipe)
    (luma_table,), (chroma_table,) = images(I16, 1, "luma_table"), images(I32, 1, "chroma_table")
    matrix = [hl.Param(I16, f"matrix_{k}", 0) for k in ("y", "y_offset", "r", "b", "gb", "gr")]
    sizes = [hl.Param(I32, name, 1) for name in ("chroma_width", "chroma_height")]
    terms = Terms(recipe.depth_in, recipe.chroma, matrix, *sizes)
    y = _graded_luma(terms, source, luma_table, store, lanes)
    c = _graded_chroma(terms, source, chroma_table, store, (y, lanes))
    return hl.Pipeline([y, c]), [*source, luma_table, chroma_table, *matrix, *sizes, *store.inputs]


def _graded_luma(terms: Terms, source: list[Any], table: Any, store: _HalideStore, lanes: int) -> Any:
    site = _Site("y", TILE, lanes)
    x, y = site.x, site.y
    # Chroma's share of R'G'B' is linear: made once per chroma column of a row, then spread along it.
    shares = hl.Func("shares")
    shares[x, y] = terms.shares(*(terms.chroma_on_row(plane, x, y) for plane in source[1:]))
    here, after = shares[x // 2, y], shares[(x + 1) // 2, y]
    spread = tuple(hl.rounding_halving_add(here[k], after[k]) for k in range(3))
    rgb = site.vector("rgb", *coordinates(terms.luma(terms.centred(source[0][x, y])), spread))
    at = site.vector("at", *corners(rgb))
    out = site.output(store.luma(site, blend(site.scalar("nodes", *nodes(table, at[:3])), at[3:])))
    shares.compute_at(out, y).vectorize(x, lanes, hl.TailStrategy.ShiftInwards)
    return out


def _graded_chroma(
    terms: Terms, source: list[Any], table: Any, store: _HalideStore, luma: tuple[Any, int]
) -> Any:
    finished, lanes = luma
    site = _Site("c", TILE // 2, lanes)
    x, y = site.x, site.y
    shares = terms.shares(*(terms.centred(plane[x, y]) for plane in source[1:]))
    luma_there = terms.luma(terms.luma_at_chroma(source[0], x, y))
    at = site.vector("at", *corners(site.vector("rgb", *coordinates(luma_there, shares))))
    pairs = site.scalar("nodes", *nodes(table, at[:3]))
    cb, cr = blend([i16(p) for p in pairs], at[3:]), blend([i16(p >> 16) for p in pairs], at[3:])
    return site.output(*store.chroma(site, cb, cr, finished))


def _finish(recipe: PipelineSpec, lanes: int) -> tuple[Any, list[Any]]:
    source, store = _sources(recipe.depth_in), _HalideStore(recipe)
    luma, chroma = _Site("y", TILE, lanes), _Site("c", TILE // 2, lanes)
    up = 16 - recipe.depth_in

    def code16(plane: Any, site: _Site) -> Any:
        sample = hl.cast(U16, plane[site.x, site.y])
        return i16((sample << hl.cast(U16, up) if up else sample) ^ hl.cast(U16, 0x8000))

    y = luma.output(store.luma(luma, code16(source[0], luma)))
    c = chroma.output(*store.chroma(chroma, code16(source[1], chroma), code16(source[2], chroma), y))
    return hl.Pipeline([y, c]), [*source, *store.inputs]


_BUILD: dict[str, Callable[[PipelineSpec, int], tuple[Any, list[Any]]]] = {"grade": _grade, "finish": _finish}
