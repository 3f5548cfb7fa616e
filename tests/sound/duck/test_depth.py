"""A bed goes down by what brings it as far below the voice as asked, and is never raised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.sound.duck.depth import PhraseLevels, solve_depths

DB = st.floats(-40, 0)


def levels(voice_db: float, bed_db: float, seconds: float = 3.0, dip: float = 0.8) -> PhraseLevels:
    bed = seconds * 10 ** (bed_db / 10)
    return PhraseLevels(seconds * 10 ** (voice_db / 10), bed, dip * bed, seconds)


def test_one_phrase_stands_exactly_where_it_was_asked() -> None:
    solved = solve_depths([levels(-20, -22)], 12)
    assert solved.reached_db == pytest.approx(12)
    assert solved.gains_db[0] == pytest.approx(2 - 12 - 10 * np.log10(0.8), abs=1e-6)
    assert solved.dipped == (True,)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(DB, DB, st.floats(0.05, 20)), min_size=1, max_size=6), st.floats(1, 30))
def test_all_phrases_together_stand_there_and_none_is_raised(
    rows: list[tuple[float, float, float]], below_db: float
) -> None:
    phrases = [levels(*row) for row in rows]
    solved = solve_depths(phrases, below_db)
    assert max(solved.gains_db) <= 0
    ducked = [n for n, each in enumerate(solved.dipped) if each]
    for n, each in enumerate(phrases):
        lower = each.voice / each.dry >= 10 ** (below_db / 10)
        assert solved.dipped[n] != lower
        if lower:
            assert solved.gains_db[n] == 0
    if ducked and all(solved.gains_db[n] < 0 for n in ducked):
        voice = sum(phrases[n].voice for n in ducked)
        bed = sum(phrases[n].dipped * 10 ** (solved.gains_db[n] / 10) for n in ducked)
        assert 10 * np.log10(voice / bed) == pytest.approx(below_db, abs=0.01)


def test_long_phrases_stand_right_each_and_a_single_word_does_not_make_the_bed_jump() -> None:
    phrases = [levels(-20, -20, 8.0), levels(-26, -20, 8.0), levels(-20, -10, 0.1)]
    solved = solve_depths(phrases, 12)
    long = solved.ratios_db[:2]
    assert all(ratio == pytest.approx(12, abs=0.5) for ratio in long)
    # By its own level the word would ask for 10 dB more than the first phrase.
    assert solved.gains_db[0] - solved.gains_db[2] < 4


def test_a_silent_bed_has_no_ratio() -> None:
    solved = solve_depths([PhraseLevels(1.0, 0.0, 0.0, 1.0)], 12)
    assert (solved.reached_db, solved.ratios_db, solved.gains_db) == (None, (None,), (0.0,))
