"""Stems: they add up to the mix, whatever is in it, in whatever order and blocks it is laid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from post.sound import mix, mix_down
from post.sound.buses import ALL, STEMS
from post.sound.edits import LONGEST_S
from post.sound.mixdown import Mixdown, laying
from post.values import Duck, File, Mix, Room, Sound, SoundEvent, SoundShape, SpeedKey, TimeMap
from post.values.array import Array
from tests.sound.tones import noise

F = Fraction
RATE, LENGTH = 8000, 6000
FILES = [File(digit * 64, f"{digit}.wav") for digit in "abc"]
SOURCES = {
    file: noise(1.5, channels, seed, RATE)
    for seed, (file, channels) in enumerate(zip(FILES, (1, 2, 2), strict=True))
}
SOUND = Sound(0, "pcm_f32le", RATE, 2, round(1.5 * RATE), F(0))
EVENT = SoundEvent(FILES[0], "clip", SOUND, at=0, length=3000, offset=F(1, 5), gain_db=0, declick=40)
ROOM = Room(0.1, 5.0, 2000.0)

shapes = st.builds(
    SoundShape, st.sampled_from([None, -30.0]), st.sampled_from([0.0, -0.6]), st.sampled_from([0.0, 6.0]),
    st.sampled_from([None, -6.0]),
)  # fmt: skip
laid = st.builds(
    replace, st.just(EVENT), role=st.just("music"), file=st.sampled_from(FILES), at=st.integers(-500, 5000),
    length=st.integers(1, 4000), gain_db=st.sampled_from([0.0, -7.0]), fade_in=st.sampled_from([0, 300]),
    stem=st.sampled_from(STEMS), duck=st.sampled_from([None, Duck(6.0)]), shape=shapes, loop=st.booleans(),
)  # fmt: skip
shots = st.builds(
    replace, st.just(EVENT), file=st.sampled_from(FILES), gain_db=st.sampled_from([0.0, 4.0]), shape=shapes,
    stem=st.sampled_from(["clip", "dialogue", "ambience", "effects"]),
    map=st.sampled_from([None, TimeMap(F(RATE, 5), F(1), (SpeedKey(F(0), F(1)), SpeedKey(F(2000), F(2))))]),
)  # fmt: skip


@st.composite
def films(draw: st.DrawFn) -> list[SoundEvent]:
    """Two shots that cut or cross over at sample 3000, and up to two sounds beside them."""
    over = draw(st.sampled_from([0, 400]))
    first, second = draw(shots), draw(shots)
    return [
        replace(first, length=3000 + over, fade_out=over),
        replace(second, at=3000, fade_in=over),
        *draw(st.lists(laid, max_size=2)),
    ]


def mixed(events: Sequence[SoundEvent], *, apart: bool = True) -> Mixdown:
    plan = Mix(tuple(events), RATE, 2, LENGTH, None, -1, "pcm_s24le", 0, (), room=ROOM)
    return mix_down(plan, lambda file, *_: SOURCES[file], apart=apart)


def near(one: Array, other: Array) -> None:
    assert np.abs(one - other).max() < 2e-6


few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(films())
def test_stems_add_up_to_the_mix_and_one_bus_is_the_same(events: list[SoundEvent]) -> None:
    made = mixed(events)
    near(np.sum([made.buses.stem(stem) for stem in STEMS], axis=0), made.pcm)
    # Where no bus is needed but one, it holds the same: a stem is a matter of where a sound goes, not of what it is.
    plain = mixed([replace(event, duck=None) for event in events], apart=False)
    assert [name for name, _ in plain.buses.each()] == [ALL]
    near(plain.pcm, made.pcm)


@few
@given(films(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(events: list[SoundEvent], shuffled: object) -> None:
    other = list(events)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    near(mixed(other).pcm, mixed(events).pcm)


@few
@given(events=films(), size=st.sampled_from([61, 500, 4099]))
def test_the_size_of_blocks_does_not_matter(
    events: list[SoundEvent], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = mixed(events).pcm
    monkeypatch.setattr(laying, "BLOCK", size)
    near(mixed(events).pcm, whole)
    monkeypatch.undo()


@few
@given(films(), st.sampled_from([-12.0, 3.0]))
def test_gains_are_linear(events: list[SoundEvent], gain_db: float) -> None:
    raised = mixed([replace(event, gain_db=event.gain_db + gain_db) for event in events])
    near(raised.pcm, mixed(events).pcm * 10 ** (gain_db / 20))


def test_a_cut_between_stems_leaves_each_on_its_own_side() -> None:
    first, second = replace(EVENT, stem="dialogue"), replace(EVENT, at=3000, file=FILES[1], stem="ambience")
    buses = mixed([first, second]).buses
    reach = round(LONGEST_S * RATE)
    assert not buses.stem("dialogue")[3000 + reach :].any()
    assert not buses.stem("ambience")[: 3000 - reach].any()
    assert buses.stem("dialogue")[2900:2980].any()
    assert buses.stem("ambience")[3020:3100].any()
    assert not buses.stem("clip").any()


def test_a_crossing_between_stems_leaves_each_its_own_fade() -> None:
    first = replace(EVENT, length=3400, fade_out=400, stem="dialogue")
    second = replace(EVENT, at=3000, fade_in=400, file=FILES[1], stem="ambience")
    made = mixed([first, second])
    going, coming = (made.buses.stem(stem) for stem in ("dialogue", "ambience"))
    assert not going[3400:].any()
    assert not coming[:3000].any()
    levels = [[float(np.std(bus[a : a + 100])) for a in range(3000, 3400, 100)] for bus in (going, coming)]
    assert levels[0] == sorted(levels[0], reverse=True)
    assert levels[1] == sorted(levels[1])
    (crossing,) = made.notes.crossings
    assert (crossing.at, crossing.samples) == (3000, 400)


def test_a_mix_of_nothing_is_silent() -> None:
    assert not mixed([]).pcm.any()
    assert mix(Mix((), RATE, 2, 10, None, -1, "pcm_s24le", 0, ()), lambda *_: SOURCES[FILES[0]]).shape == (
        10,
        2,
    )
