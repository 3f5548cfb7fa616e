"""Writes the kernel's arithmetic as Halide expressions. fixed_point.py defines it; numpy_kernel.py has it in NumPy.

Everything stays in 16-bit lanes except the sums of four weighted nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import halide as hl

from post.picture.kernel.fixed_point import CELL_BITS, HALF, SIZE, STEP_ALL, STEP_B, STEP_G, STEP_R
from post.picture.kernel.noise import DITHER_ROWS, DITHER_SLACK

Expr = Any  # Halide's Expr, and what converts to one
I8, I16, I32 = hl.Int(8), hl.Int(16), hl.Int(32)
U8, U16, U32 = hl.UInt(8), hl.UInt(16), hl.UInt(32)


def i16(value: Expr) -> Expr:
    """Casts an expression to 16 bits."""
    return hl.cast(I16, value)


def i32(value: Expr) -> Expr:
    """Casts an expression to 32 bits."""
    return hl.cast(I32, value)


def scaled(value: Expr, by: Expr) -> Expr:
    """Returns an expression times a fixed-point factor, rounded."""
    return hl.rounding_mul_shift_right(value, by, hl.cast(U16, 15))


def images(kind: Any, dimensions: int, *names: str) -> list[Any]:
    """Returns input buffers whose indices start at 0, so that no address subtracts a minimum."""
    made = [hl.ImageParam(kind, dimensions, name) for name in names]
    for image in made:
        for axis in range(dimensions):
            image.dim(axis).set_min(0)
    return made


@dataclass(frozen=True, slots=True)
class Terms:
    """Expressions of one source layout. matrix: int16 parameters in the order of fixed_point.Matrix;
    chroma_width, chroma_height: int32 parameters."""

    depth: int
    chroma: str
    matrix: list[Any]
    chroma_width: Expr
    chroma_height: Expr

    def ten_bit(self, sample: Expr) -> Expr:
        return i16(sample) << i16(10 - self.depth) if self.depth < 10 else i16(sample)

    def centred(self, sample: Expr) -> Expr:
        return (self.ten_bit(sample) - i16(512)) << i16(6)

    def luma(self, value: Expr) -> Expr:
        return hl.saturating_add(scaled(value, self.matrix[0]), self.matrix[1])

    def chroma_on_row(self, plane: Any, x: Expr, y: Expr) -> Expr:
        """Returns chroma at its own columns on luma's row y. Beyond the last column it is repeated."""
        across = hl.min(hl.likely(x), self.chroma_width - 1)
        if self.chroma == "422":
            return self.centred(plane[across, y])
        near = y // 2
        other = hl.clamp(near + hl.select(y % 2 == 0, -1, 1), 0, self.chroma_height - 1)
        both = self.ten_bit(plane[across, near]) * i16(3) + self.ten_bit(plane[across, other])
        return (both - i16(2048)) << i16(4)

    def luma_at_chroma(self, plane: Any, x: Expr, y: Expr) -> Expr:
        """Returns luma at a chroma sample: with 4:2:0 the mean of the rows above and below."""
        if self.chroma == "422":
            return self.centred(plane[2 * x, y])
        both = self.ten_bit(plane[2 * x, 2 * y]) + self.ten_bit(plane[2 * x, 2 * y + 1])
        return (both - i16(1024)) << i16(5)

    def shares(self, cb: Expr, cr: Expr) -> tuple[Expr, Expr, Expr]:
        """Returns what chroma adds to R', G' and B'."""
        red, blue, green_b, green_r = self.matrix[2:]
        return (
            hl.saturating_add(cr, scaled(cr, red)),
            hl.saturating_add(scaled(cb, green_b), scaled(cr, green_r)),
            hl.saturating_add(cb, scaled(cb, blue)),
        )


def coordinates(luma: Expr, shares: tuple[Expr, ...]) -> list[Expr]:
    """Returns table coordinates, 0..32767, of R', G' and B'."""
    low, high = i16(-HALF), i16(HALF - 1)
    return [hl.clamp(hl.saturating_add(luma, share), low, high) + i16(HALF) for share in shares]


def corners(rgb: list[Expr]) -> tuple[Expr, ...]:
    """Returns three node numbers (int32) and four weights (int16): the tetrahedron around each sample.

    The fourth node is the first plus STEP_ALL.
    """
    cr, cg, cb = (c >> i16(CELL_BITS) for c in rgb)
    fr, fg, fb = (c & i16((1 << CELL_BITS) - 1) for c in rgb)
    base = i32(cr + cg * i16(SIZE)) + i32(cb) * STEP_B
    top, bottom = hl.max(fr, hl.max(fg, fb)), hl.min(fr, hl.min(fg, fb))
    middle = fr + fg + fb - top - bottom
    r, g, b = i16(STEP_R), i16(STEP_G), i16(STEP_B)
    longest = hl.select((fr >= fg) & (fr >= fb), r, hl.select(fg >= fb, g, b))
    shortest = hl.select((fb <= fg) & (fb < fr), b, hl.select((fg < fr) & (fg < fb), g, r))
    places = (base, base + i32(longest), base + STEP_ALL - i32(shortest))
    weights = (i16(1 << CELL_BITS) - top, top - middle, middle - bottom, bottom)
    # The cast to unsigned and back hides the value's bounds from Halide, which then clamps no look-up.
    return (*(hl.reinterpret(I32, hl.cast(U32, place)) for place in places), *weights)


def nodes(table: Any, places: list[Expr]) -> tuple[Expr, ...]:
    """Returns the four nodes of a table at three node numbers."""
    at = [hl.unsafe_promise_clamped(place, 0, SIZE**3 - 1 - STEP_ALL) for place in places]
    return (*(table[place] for place in at), table[at[0] + STEP_ALL])


def blend(values: list[Expr], weights: list[Expr]) -> Expr:
    """Returns the weighted mean of four nodes as an int16 code about mid-scale, 16 bits."""
    first, *rest = (i32(v) * i32(w) for v, w in zip(values, weights, strict=True))
    total = first
    for product in rest:
        total = total + product
    return hl.i16_sat((total + 128) >> 8)


def dithered(value: Expr, field: Any, place: Any, at: tuple[Expr, Expr], depth: int) -> Expr:
    """Returns the value with dither for a depth. place: (2, rows) int32, each row's column and row in it."""
    x, y = at
    left = hl.unsafe_promise_clamped(place[0, y], 0, DITHER_SLACK - 1)
    row = hl.unsafe_promise_clamped(place[1, y], 0, DITHER_ROWS - 1)
    step = i16(field[x + left, row])
    return hl.saturating_add(value, step * i16(2) if depth == 8 else step >> i16(1))


def grained(value: Expr, field: Expr, curve: Expr) -> Expr:
    """Returns a value with grain added, scaled by the strength curve."""
    return hl.saturating_add(value, scaled(i16(field) * i16(256), curve))


def rounded(value: Expr, depth: int) -> Expr:
    """Returns a sample of `depth` bits."""
    if depth == 16:
        return hl.cast(U16, value) ^ hl.cast(U16, 0x8000)
    drop = 16 - depth
    code = (hl.saturating_add(value, i16(1 << (drop - 1))) >> i16(drop)) + i16(1 << (depth - 1))
    return hl.cast(U8 if depth == 8 else U16, code)
