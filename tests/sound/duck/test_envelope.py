"""A bed goes down and comes back in straight lines in dB that are never too steep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.sound.duck.envelope import DOWN_S, PHRASE_GAP_S, UP_S, Ducked, Envelope, find_phrases
from post.values.array import Array
from post.values.time import Span

RATE = 1000
# Gaps between phrases, and their lengths, in samples.
PHRASES = st.lists(
    st.tuples(st.integers(PHRASE_GAP_S.__ceil__() * RATE, 3000), st.integers(1, 2000), st.floats(-40, 0)),
    min_size=1, max_size=4,
)  # fmt: skip


def laid(rows: list[tuple[int, int, float]]) -> list[Ducked]:
    made, at = list[Ducked](), -900
    for gap, length, gain_db in rows:
        first = at + gap
        made.append(Ducked(Span(first, first + length), gain_db, gain_db < 0))
        at = first + length
    return made


def bell_db(share: Array, dip_db: float) -> Array:
    """Returns the gain at the middle of the speech band."""
    return np.asarray(20 * np.log10(1 - share * (1 - 10 ** (-dip_db / 20))))


@settings(max_examples=60, deadline=None)
@given(PHRASES, st.sampled_from([0.0, 3.0, 12.0]))
def test_no_part_is_steeper_than_1_db_in_10_ms(rows: list[tuple[int, int, float]], dip_db: float) -> None:
    phrases = laid(rows)
    envelope = Envelope(phrases, dip_db, RATE)
    stop = phrases[-1].span.stop + 1500
    gain_db, share = envelope.gain_db(0, stop), envelope.share(0, stop)
    both = gain_db + bell_db(share, dip_db)
    assert np.abs(gain_db[10:] - gain_db[:-10]).max() <= 1.0
    assert np.abs(both[10:] - both[:-10]).max() <= 1.0
    assert gain_db.max() <= 0
    assert -1e-9 <= share.min() <= share.max() <= 1 + 1e-9


@settings(max_examples=60, deadline=None)
@given(PHRASES)
def test_a_bed_is_down_from_the_first_sample_to_the_last_of_each_phrase(
    rows: list[tuple[int, int, float]],
) -> None:
    phrases = laid(rows)
    envelope = Envelope(phrases, 3.0, RATE)
    for each in phrases:
        gain_db = envelope.gain_db(each.span.first, each.span.stop)
        assert gain_db == pytest.approx(each.gain_db, abs=1e-9)
        assert envelope.steady(each.span.first, each.span.stop) is not None
    assert envelope.gain_db(phrases[-1].span.stop + 1000, phrases[-1].span.stop + 1100).any() == np.False_


def test_ramps_are_as_long_as_they_are_said_to_be() -> None:
    envelope = Envelope([Ducked(Span(1000, 2000), -12.0, True)], 3.0, RATE)
    changed = np.flatnonzero(envelope.gain_db(0, 4000))
    assert (changed[0], changed[-1]) == (1000 - DOWN_S * RATE + 1, 2000 + UP_S * RATE - 1)
    assert envelope.gain_db(850, 851)[0] == pytest.approx(-6)


@pytest.mark.parametrize("first", [-200, 0, 100, 500])
def test_the_curve_draws_the_gain(first: int) -> None:
    phrases = [Ducked(Span(first + 300, first + 700), -9.0, True), Ducked(Span(2100, 2600), -30.0, True)]
    envelope = Envelope(phrases, 3.0, RATE)
    curve = envelope.curve(3000)
    drawn = np.interp(np.arange(3000), [at for at, _ in curve], [db for _, db in curve])
    assert np.abs(drawn - envelope.gain_db(0, 3000)).max() < 0.05
    assert len(curve) <= 10
    assert Envelope([Ducked(Span(5, 10), 0.0, False)], 3.0, RATE).curve(100) == ()


def test_words_are_one_phrase_and_far_ones_two() -> None:
    words = [Span(5000, 6000), Span(0, 300), Span(600, 900), Span(1899, 2000)]
    assert find_phrases(words, RATE) == (Span(0, 2000), Span(5000, 6000))
    assert find_phrases([], RATE) == ()
