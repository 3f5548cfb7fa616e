"""Beds stand below the voice by what was asked, are steady under it, and are untouched away from it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt

from post.sound.buses import Buses, BusName
from post.sound.duck import duck_buses
from post.sound.meter import k_weighting
from post.sound.voice import find_speech
from post.values.array import Array
from post.values.plan import Duck, DuckNote
from post.values.time import Span
from tests.sound.tones import RATE, noise
from tests.sound.voice.spoken import phrases

SAID = ((1.0, 2.2), (2.6, 3.6), (6.0, 7.5))
SECONDS = 9.0
VOICE = BusName("voice")


def film(*names: BusName, bed_gain: float = 1.0, said: tuple[tuple[float, float], ...] = SAID) -> Buses:
    """Returns a voice and beds of noise that is not steady, each other than the others."""
    buses = Buses(round(SECONDS * RATE), 2)
    buses.bus(VOICE)[:] = phrases(SECONDS, RATE, said)[0]
    swell = (1 + 0.5 * np.sin(np.arange(buses.length) / 9000)).astype(np.float32)[:, None]
    for seed, name in enumerate(names):
        buses.bus(name)[:] = bed_gain * swell * noise(SECONDS, seed=seed + 5)
    return buses


def power(pcm: Array, spans: tuple[tuple[float, float], ...]) -> float:
    """Returns the K-weighted energy over spans of seconds, by SciPy."""
    heard = sosfilt(k_weighting(RATE), pcm.astype(float), axis=0)
    return float(sum(np.square(heard[round(a * RATE) : round(b * RATE)]).sum() for a, b in spans))


def ratio_db(voice: Array, bed: Array, spans: tuple[tuple[float, float], ...] = SAID) -> float:
    return float(10 * np.log10(power(voice, spans) / power(bed, spans)))


def spoken_s(pcm: Array) -> tuple[tuple[float, float], ...]:
    """Returns where the network hears speech, in seconds: it misses some of what is synthesised."""
    return tuple((each.first / RATE, each.stop / RATE) for each in find_speech(pcm, RATE))


@pytest.mark.parametrize("duck", [Duck(6.0, 0.0), Duck(12.0, 3.0), Duck(24.0, 12.0)])
def test_a_bed_stands_below_the_voice_by_what_was_asked(duck: Duck) -> None:
    name = BusName("music", duck)
    buses = film(name)
    (note,) = duck_buses(buses, RATE)
    assert ratio_db(buses.bus(VOICE), buses.bus(name)) == pytest.approx(duck.below_db, abs=0.3)
    assert note.reached_db == pytest.approx(duck.below_db, abs=0.01)
    assert (note.what, note.asked_db, note.lower) == ("music", duck.below_db, False)
    assert len(note.passages) == 2
    for span, ratio in zip(note.passages, note.ratios, strict=True):
        there = tuple(each for each in SAID if span.first <= (each[0] + 0.1) * RATE < span.stop)
        assert ratio == pytest.approx(ratio_db(buses.bus(VOICE), buses.bus(name), there), abs=0.5)
        assert ratio == pytest.approx(duck.below_db, abs=1.0)


def test_the_gain_is_what_the_note_draws_and_steady_between_words() -> None:
    name = BusName("music", Duck(12.0, 0.0))
    before, buses = film(name).bus(name), film(name)
    (note,) = duck_buses(buses, RATE)
    places = np.abs(before[:, 0]) > 0.01
    at = np.flatnonzero(places)
    gain_db = 20 * np.log10(buses.bus(name)[places, 0] / before[places, 0])
    drawn = np.interp(at, [place for place, _ in note.curve], [db for _, db in note.curve])
    assert np.abs(gain_db - drawn).max() < 0.05
    assert len(note.passages) == 2
    for span in note.passages:
        under = gain_db[(at >= span.first) & (at < span.stop)]
        assert under.max() - under.min() < 1e-4
    slope = [
        abs(b[1] - a[1]) / (b[0] - a[0]) * RATE / 100
        for a, b in zip(note.curve, note.curve[1:], strict=False)
    ]
    assert max(slope) <= 1.0


def test_away_from_the_voice_a_bed_is_as_it_was() -> None:
    name = BusName("music", Duck(12.0, 3.0))
    before, buses = film(name).bus(name), film(name)
    duck_buses(buses, RATE)
    same = (before == buses.bus(name)).all(axis=1)
    assert same[: round(0.6 * RATE)].all()
    assert same[round(4.4 * RATE) : round(5.6 * RATE)].all()
    assert same[round(8.3 * RATE) :].all()
    assert not same[round(1.0 * RATE) : round(3.6 * RATE)].any()
    assert np.array_equal(buses.bus(VOICE), film().bus(VOICE))


def test_a_bed_that_is_lower_already_is_left_alone() -> None:
    name = BusName("ambience", Duck(6.0, 3.0))
    before, buses = film(name, bed_gain=0.01).bus(name), film(name, bed_gain=0.01)
    (note,) = duck_buses(buses, RATE)
    assert np.array_equal(before, buses.bus(name))
    assert note.lower
    assert note.curve == ()
    assert note.reached_db == pytest.approx(ratio_db(buses.bus(VOICE), before), abs=0.3)


def test_each_bed_stands_there_by_itself() -> None:
    names = BusName("music", Duck(12.0)), BusName("ambience", Duck(18.0)), BusName("music")
    buses = film(*names)
    before = buses.bus(names[2]).copy()
    notes = duck_buses(buses, RATE)
    assert [note.what for note in notes] == ["music", "ambience"]
    for name in names[:2]:
        assert name.duck
        assert ratio_db(buses.bus(VOICE), buses.bus(name)) == pytest.approx(name.duck.below_db, abs=0.3)
    assert np.array_equal(before, buses.bus(names[2]))


def test_speech_in_clips_is_a_voice_for_music_but_not_for_clips() -> None:
    music, clip = BusName("music", Duck(12.0, 0.0)), BusName("clip")
    buses = film(music)
    buses.bus(VOICE)[:] = 0
    buses.bus(clip)[:] = phrases(SECONDS, RATE, SAID)[0] + 0.02 * noise(SECONDS)
    (note,) = duck_buses(buses, RATE)
    assert ratio_db(buses.bus(clip), buses.bus(music), spoken_s(buses.bus(clip))) == pytest.approx(
        12, abs=0.3
    )
    ducked_clip = BusName("clip", Duck(12.0))
    alone = Buses(buses.length, 2)
    alone.bus(ducked_clip)[:] = buses.bus(clip)
    assert duck_buses(alone, RATE) == (DuckNote("clip", 12.0, None),)
    assert np.array_equal(alone.bus(ducked_clip), buses.bus(clip))
    assert note.passages


def test_dialogue_gives_way_to_a_voice_over_and_music_to_both() -> None:
    dialogue, music = BusName("dialogue", Duck(12.0, 0.0)), BusName("music", Duck(12.0, 0.0))
    buses = film(music, said=((1.0, 2.5),))
    buses.bus(dialogue)[:] = phrases(SECONDS, RATE, ((1.0, 2.5), (5.0, 6.5)))[0]
    notes = duck_buses(buses, RATE)
    assert [note.what for note in notes] == ["dialogue", "music"]
    assert ratio_db(buses.bus(VOICE), buses.bus(dialogue), ((1.0, 2.5),)) == pytest.approx(12, abs=0.3)
    (_, after) = spoken_s(buses.bus(dialogue))
    assert ratio_db(buses.bus(dialogue), buses.bus(music), (after,)) == pytest.approx(12, abs=0.5)


@pytest.mark.parametrize("stem", ["voice", "music"])
def test_without_a_voice_or_a_bed_nothing_happens(stem: str) -> None:
    name = BusName("music", Duck(12.0))
    buses = film(name)
    buses.bus(VOICE if stem == "voice" else name)[:] = 0
    before = buses.bus(name).copy()
    notes = duck_buses(buses, RATE)
    assert notes == ((DuckNote("music", 12.0, None),) if stem == "voice" else ())
    assert np.array_equal(before, buses.bus(name))
    assert duck_buses(Buses(0, 2), RATE) == ()


def test_the_same_film_is_the_same_bytes() -> None:
    name = BusName("music", Duck(12.0))
    first, second = film(name), film(name)
    assert duck_buses(first, RATE) == duck_buses(second, RATE)
    assert first.bus(name).tobytes() == second.bus(name).tobytes()


def test_a_voice_from_end_to_end_holds_the_bed_down_from_end_to_end() -> None:
    name = BusName("music", Duck(12.0, 3.0))
    buses = film(name, said=((0.0, SECONDS),))
    (note,) = duck_buses(buses, RATE)
    assert note.passages[0].first == 0
    assert len(note.passages) == 1
    assert {db for _, db in note.curve[:2]} == {note.curve[0][1]}
    assert isinstance(note.passages[0], Span)
