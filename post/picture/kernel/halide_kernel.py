"""The kernel in Halide, compiled on this machine when a pipeline is first used.

No threads: the pool gives parallelism, one worker a core.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import halide as hl
import numpy as np

from post.picture.kernel.fixed import (
    CELL_BITS,
    MID,
    SIZE,
    STEP_ALL,
    STEP_B,
    STEP_G,
    STEP_R,
    Matrix,
    matrix_of,
)

LANES = 32
I16, I32, U8, U16, U32 = hl.Int(16), hl.Int(32), hl.UInt(8), hl.UInt(16), hl.UInt(32)


def i16(e):
    return hl.cast(I16, e)


def i32(e):
    return hl.cast(I32, e)


def scaled(a, b):
    return hl.rounding_mul_shift_right(a, b, hl.cast(U16, 15))


class Pipe:
    def __init__(self, din, dout, chroma, grain, kind="grade", opts=()):
        x, y = hl.Var("x"), hl.Var("y")
        self.x, self.y = x, y
        self.din, self.dout, self.ch, self.grain = din, dout, chroma, grain
        TI = U8 if din == 8 else U16
        self.src = [hl.ImageParam(TI, 2, n) for n in ("sy", "sb", "sr")]
        self.tab = [hl.ImageParam(I32, 1, n) for n in ("tl", "tc")]
        self.grainf = [hl.ImageParam(hl.Int(8), 2, n) for n in ("gy", "gb", "gr")]
        self.curves = [hl.ImageParam(I32, 1, n) for n in ("cl", "cc")]
        self.dith = hl.ImageParam(hl.Int(8), 2, "dith")
        self.m = [hl.Param(I16, n, 0) for n in ("my", "mo", "mr", "mb", "mgb", "mgr")]
        self.seeds = [hl.Param(U32, n, 0) for n in ("dy", "db", "dr")]
        self.cw = hl.Param(I32, "cw", 1)
        self.chh = hl.Param(I32, "ch", 1)
        self.build()

    def samp(self, e):  # 10-bit scale int16
        s = i16(e)
        return s << i16(10 - self.din) if self.din < 10 else s

    def vert(self, p, x, y):
        near = y // 2
        other = hl.clamp(near + hl.select(y % 2 == 0, -1, 1), 0, self.chh - 1)
        xx = hl.min(hl.likely(x), self.cw - 1)
        if self.ch == "422":
            return (self.samp(p[xx, y]) - i16(512)) << i16(6)
        return (self.samp(p[xx, near]) * i16(3) + self.samp(p[xx, other]) - i16(2048)) << i16(4)

    def shares(self, cb, cr):
        my, mo, mr, mb, mgb, mgr = self.m
        return (
            hl.saturating_add(cr, scaled(cr, mr)),
            hl.saturating_add(scaled(cb, mgb), scaled(cr, mgr)),
            hl.saturating_add(cb, scaled(cb, mb)),
        )

    def coords(self, yy, off):
        return [hl.clamp(hl.saturating_add(yy, o), i16(-16384), i16(16383)) + i16(16384) for o in off]

    def corners(self, q):
        c = [e >> i16(9) for e in q]
        f = [e & i16(511) for e in q]
        fr, fg, fb = f
        base = i32(c[0] + c[1] * i16(SIZE)) + i32(c[2]) * STEP_B
        mx = hl.max(fr, hl.max(fg, fb))
        mn = hl.min(fr, hl.min(fg, fb))
        md = fr + fg + fb - mx - mn
        S = lambda v: i16(v)
        a = hl.select((fr >= fg) & (fr >= fb), S(STEP_R), hl.select(fg >= fb, S(STEP_G), S(STEP_B)))
        z = hl.select(
            (fb <= fg) & (fb < fr), S(STEP_B), hl.select((fg < fr) & (fg < fb), S(STEP_G), S(STEP_R))
        )
        lim = lambda e: hl.unsafe_promise_clamped(e, 0, SIZE**3 - 1)
        return [lim(base), lim(base + i32(a)), lim(base + STEP_ALL - i32(z)), lim(base + STEP_ALL)], [
            i32(w) for w in (i16(512) - mx, mx - md, md - mn, mn)
        ]

    @staticmethod
    def lo(v):
        return i32(i16(v))

    @staticmethod
    def hi(v):
        return v >> 16

    def fin(self, t):
        return hl.i16_sat((t + 128) >> 8)

    def store(self, v, plane, x, y, level):
        if self.dout == 16:
            return hl.cast(U16, v) ^ hl.cast(U16, 0x8000)
        if self.grain:
            g = i16(self.grainf[plane][x, y]) * i16(256)
            k = self.curves[min(plane, 1)][hl.unsafe_promise_clamped(level, 0, 255)]
            v = hl.saturating_add(v, scaled(g, i16(k)))
        h = hl.cast(U32, y) + self.seeds[plane]
        h = (h ^ (h >> 16)) * hl.cast(U32, 0x7FEB352D)
        h = (h ^ (h >> 15)) * hl.cast(U32, 0x846CA68B)
        h = h ^ (h >> 16)
        d = i16(self.dith[x + i32((h >> 8) & 127), i32(h & 255)])
        d = d * i16(2) if self.dout == 8 else d >> i16(1)
        v = hl.saturating_add(v, d)
        st = 16 - self.dout
        r = hl.saturating_add(v, i16(1 << (st - 1))) >> i16(st)
        r = r + i16(1 << (self.dout - 1))
        return hl.cast(U8, r) if self.dout == 8 else hl.cast(U16, r)

    def build(self):
        x, y = self.x, self.y
        my, mo = self.m[:2]
        off = hl.Func("off")
        off[x, y] = self.shares(self.vert(self.src[1], x, y), self.vert(self.src[2], x, y))
        oY, oC = hl.Func("oY"), hl.Func("oC")
        o = off[x // 2, y]
        o1 = off[(x + 1) // 2, y]
        up = [hl.rounding_halving_add(o[k], o1[k]) for k in range(3)]
        lum = hl.saturating_add(scaled((self.samp(self.src[0][x, y]) - i16(512)) << i16(6), my), mo)
        ix, w = self.corners(self.coords(lum, up))
        P = self.tab[0]
        v0 = P[ix[0]]
        t = self.lo(v0) * w[0] + self.lo(P[ix[1]]) * w[1] + self.lo(P[ix[2]]) * w[2] + self.hi(v0) * w[3]
        v = self.fin(t)
        oY[x, y] = self.store(v, 0, x, y, i32(v >> i16(8)) + 128)
        s = self.src[0]
        if self.ch == "422":
            l2 = (self.samp(s[2 * x, y]) - i16(512)) << i16(6)
        else:
            l2 = (self.samp(s[2 * x, 2 * y]) + self.samp(s[2 * x, 2 * y + 1]) - i16(1024)) << i16(5)
        lum2 = hl.saturating_add(scaled(l2, my), mo)
        cc = [(self.samp(p[x, y]) - i16(512)) << i16(6) for p in self.src[1:]]
        ix, w = self.corners(self.coords(lum2, self.shares(*cc)))
        vs = [self.tab[1][i] for i in ix]
        cb = sum((self.lo(vs[k]) * w[k] for k in range(1, 4)), self.lo(vs[0]) * w[0])
        cr = sum((self.hi(vs[k]) * w[k] for k in range(1, 4)), self.hi(vs[0]) * w[0])
        if self.grain:
            lv = i32((i16(oY[2 * x, 2 * y]) + i16(oY[2 * x, 2 * y + 1])) >> i16(1 + self.dout - 8))
        else:
            lv = None
        oC[x, y] = (self.store(self.fin(cb), 1, x, y, lv), self.store(self.fin(cr), 2, x, y, lv))
        T = hl.TailStrategy.ShiftInwards
        oY.compute_root().vectorize(x, LANES, T)
        off.compute_at(oY, y).vectorize(x, LANES, T)
        oC.vectorize(x, LANES, T)
        for b in (oY,):
            b.output_buffer()
        self.pipe = hl.Pipeline([oY, oC])
        self.names = None

    def compile(self, t):
        self.pipe.compile_jit(t)
