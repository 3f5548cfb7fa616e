"""Checks the table with the specification's arithmetic. Tests with real decoders are in tests/deliver."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from post.errors import JobError
from post.picture.grain.film_grain_table import (
    BLOCK_HEIGHT,
    BLOCK_WIDTH,
    LAG,
    TAPS,
    WHITE,
    GrainFilter,
    GrainTable,
    make_grain_table,
    write_grain_tables,
)
from post.picture.grain.grain import Grain
from post.values.array import Array
from post.values.time import Clock

FILM = Grain(strength=4.0, size=1.6, chroma=0.4)
CLOCK = Clock(Fraction(24000, 1001))


def field(table: GrainTable, seed: int, made_by: GrainFilter | None = None) -> Array:
    """Returns one block as 7.18.3.3 makes it, unrounded: white noise at its edges, filtered within, in 8-bit codes.

    made_by: a filter of the table, None for luma's.
    """
    chosen = made_by or table.luma
    rng = np.random.default_rng(seed)
    grain = rng.standard_normal((BLOCK_HEIGHT, BLOCK_WIDTH)) * WHITE / 2**table.gain_shift
    weights = np.array(chosen.numbers) / 2**chosen.shift
    for y in range(LAG, BLOCK_HEIGHT):
        for x in range(LAG, BLOCK_WIDTH - LAG):
            grain[y, x] += sum(w * grain[y + dy, x + dx] for w, (dy, dx) in zip(weights, TAPS, strict=True))
    clipped: Array = np.clip(grain, -127, 127)[LAG + 6 :, LAG + 6 : -LAG]
    return clipped


def test_taps_are_in_the_order_of_the_bitstream() -> None:
    """5.9.30: rows from above, three to each side; then the three to the left."""
    assert len(TAPS) == 2 * LAG * (LAG + 1) == 24
    assert TAPS[0] == (-3, -3)
    assert TAPS[-4:] == ((-1, 3), (0, -3), (0, -2), (0, -1))


@pytest.mark.parametrize("size", [0.5, 1.2, 1.6, 2.1, 4.0])
def test_scaled_noise_is_as_strong_as_asked(size: float) -> None:
    asked = Grain(strength=4.0, size=size, shadows=1, mids=1, highlights=1)
    table = make_grain_table(asked, 1080)
    spread = np.mean([field(table, seed).std() for seed in range(3)])
    scale = np.mean([scale for _, scale in table.points]) / 2**table.scaling_shift
    assert spread * scale == pytest.approx(4.0, rel=0.06)


@pytest.mark.parametrize("plane", ["luma", "colour"])
def test_neighbouring_samples_are_as_correlated_as_in_baked_grain(plane: str) -> None:
    """In chroma planes too, which have half the lines."""
    table = make_grain_table(FILM, 1080)
    made = np.concatenate([field(table, seed, getattr(table, plane)) for seed in range(3)], 1)
    baked = FILM.tile(256, 256, 1080) if plane == "luma" else FILM.colour_tile(256, 256, 540)
    for dy, dx in ((0, 1), (1, 0), (1, 1), (0, 2)):
        alike = [
            float(np.corrcoef(f[: f.shape[0] - dy, : f.shape[1] - dx].ravel(), f[dy:, dx:].ravel())[0, 1])
            for f in (made, baked)
        ]
        assert alike[0] == pytest.approx(alike[1], abs=0.06)


@pytest.mark.parametrize("strength", [0.1, 0.6, 4.0, 20.0])
def test_every_number_fits_the_bitstream(strength: float) -> None:
    table = make_grain_table(Grain(strength=strength, chroma=0.5), 2160)
    assert table.luma.shift == table.colour.shift
    assert 6 <= table.luma.shift <= 9
    assert 8 <= table.scaling_shift <= 11
    assert 0 <= table.gain_shift <= 3
    assert all(-128 <= number <= 127 for each in (table.luma, table.colour) for number in each.numbers)
    assert len(table.points) <= 14
    assert len(table.colour_points) <= 10
    for points in (table.points, table.colour_points):
        assert [luma for luma, _ in points] == sorted({luma for luma, _ in points})
        assert all(0 <= scale <= 255 for _, scale in points)


def test_no_grain_is_a_table_without_points() -> None:
    table = make_grain_table(Grain(), 1080)
    assert (table.points, table.colour_points) == ((), ())


def test_a_grey_film_has_no_points_for_colour() -> None:
    assert make_grain_table(Grain(strength=3.0, chroma=0), 1080).colour_points == ()


def test_the_text_is_in_libaoms_format() -> None:
    table = make_grain_table(FILM, 1080)
    head, entry, parameters, *points, luma, cb, cr = write_grain_tables(
        [table] * 24, CLOCK, range(48, 72)
    ).splitlines()
    assert head == "filmgrn1"
    assert entry == f"E 0 9223372036854775807 1 {table.seed_at(48)} 1"
    assert parameters.split()[:5] == [
        "p",
        "3",
        str(table.luma.shift),
        str(table.gain_shift),
        str(table.scaling_shift),
    ]
    assert parameters.split()[5:] == ["0", "1", "128", "192", "256", "128", "192", "256"]
    assert [line.split()[:2] for line in points] == [["sY", "14"], ["sCb", "10"], ["sCr", "10"]]
    assert [len(line.split()) for line in (luma, cb, cr)] == [25, 26, 26]


def test_a_change_of_grain_is_a_new_entry_between_two_frames() -> None:
    a, b = (make_grain_table(Grain(strength=s), 1080) for s in (3.0, 1.0))
    entries = [
        line.split()
        for line in write_grain_tables([a] * 5 + [b] * 3, CLOCK, range(8)).splitlines()
        if line[0] == "E"
    ]
    assert [entry[1] for entry in entries] == ["0", entries[0][2]]
    ticks = [int(n * 10_000_000 / CLOCK.rate) for n in (4, 5)]
    assert ticks[0] < int(entries[1][1]) < ticks[1]


def test_an_edit_is_a_new_entry_too_for_its_seeds_go_on_elsewhere() -> None:
    table, seeds = make_grain_table(FILM, 1080), [7, 8, 9, 70001, 70002]
    lines = write_grain_tables([table] * 5, CLOCK, seeds).splitlines()
    assert [line.split()[4] for line in lines if line[0] == "E"] == [
        str(table.seed_at(seed)) for seed in (7, 70001)
    ]


def test_no_seed_repeats_within_45_minutes() -> None:
    table = make_grain_table(FILM, 1080)
    seeds = [table.seed_at(frame) for frame in range(65535)]
    assert len(set(seeds)) >= 65534
    assert min(seeds) >= 1
    assert table.seed_at(7) != make_grain_table(
        Grain(strength=4.0, size=1.6, chroma=0.4, seed=2), 1080
    ).seed_at(7)


def test_more_grain_than_a_table_holds_is_refused() -> None:
    make_grain_table(Grain(strength=20.0, tones=(1.0, 1.0), size=0.5), 1080)
    with pytest.raises(JobError, match=r"grain\.strength: more than an AV1 film grain table holds") as caught:
        make_grain_table(Grain(strength=20.0, tones=(2.0, 2.0), size=0.5), 1080)
    assert caught.value.got == "20"
    assert "`picture: {film_grain: baked}`" in caught.value.fix
    most = float(caught.value.expected.removeprefix("up to "))
    make_grain_table(Grain(strength=most, tones=(2.0, 2.0), size=0.5), 1080)
    with pytest.raises(JobError):
        make_grain_table(Grain(strength=most + 0.02, tones=(2.0, 2.0), size=0.5), 1080)
