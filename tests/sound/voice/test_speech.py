"""Speech is found where it is, in sound that holds other things."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from post.errors import SourceError
from post.sound.voice import find_speech, find_voice
from post.values.array import Array
from post.values.time import Span
from tests.sound.tones import RATE, noise, tone
from tests.sound.voice.spoken import phrases

SAID = ((1.0, 2.5), (4.0, 5.2))
Finder = Callable[[Array, int], tuple[Span, ...]]


def covered(spans: tuple[Span, ...], length: int) -> Array:
    made = np.zeros(length, bool)
    for each in spans:
        made[each.first : each.stop] = True
    return made


def near(found: tuple[Span, ...], wanted: tuple[Span, ...], rate: int, *, within_s: float) -> bool:
    return len(found) == len(wanted) and all(
        abs(one.first - other.first) <= within_s * rate and abs(one.stop - other.stop) <= within_s * rate
        for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_speech_is_found_at_any_rate(rate: int) -> None:
    voice, where = phrases(6.5, rate, SAID)
    spans = find_speech(voice, rate)
    found, truth = covered(spans, len(voice)), covered(where, len(voice))
    assert len(spans) == 2
    assert (found & truth).sum() > 0.9 * truth.sum()
    assert (found & ~truth).sum() < 0.4 * rate


def test_speech_is_found_below_music_and_noise() -> None:
    voice, where = phrases(6.5, RATE, SAID)
    chord = sum(tone(-26, 6.5, hz=hz)[:, 0] for hz in (220, 277.2, 329.6))
    bed = (np.asarray(chord)[:, None] + 0.05 * noise(6.5)).astype(np.float32)
    found = covered(find_speech(bed + voice, RATE), len(bed))
    truth = covered(where, len(bed))
    assert (found & truth).sum() > 0.9 * truth.sum()
    assert (found & ~truth).sum() < 0.5 * RATE
    assert find_speech(bed, RATE) == ()


@pytest.mark.parametrize("finder", [find_speech, find_voice])
def test_spans_lie_in_the_sound_in_order(finder: Finder) -> None:
    voice, _ = phrases(3.0, RATE, ((0, 1.2), (2.0, 3.0)))
    spans = finder(voice, RATE)
    assert [each.first for each in spans] == sorted(each.first for each in spans)
    assert all(0 <= each.first < each.stop <= len(voice) for each in spans)
    assert all(one.stop < other.first for one, other in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize("finder", [find_speech, find_voice])
@pytest.mark.parametrize("samples", [0, 1, 700])
def test_silence_and_next_to_nothing_hold_no_voice(finder: Finder, samples: int) -> None:
    assert finder(np.zeros((samples, 2), np.float32), RATE) == ()
    assert finder(np.full((samples, 1), 1e-6, np.float32), RATE) == ()


@pytest.mark.parametrize("finder", [find_speech, find_voice])
def test_a_nan_is_refused(finder: Finder) -> None:
    voice = np.zeros((100, 1), np.float32)
    voice[7] = np.nan
    with pytest.raises(SourceError, match="sample 7"):
        finder(voice, RATE)


def test_a_voice_is_found_by_its_level_to_a_hop() -> None:
    voice, where = phrases(6.5, RATE, SAID)
    assert near(find_voice(voice, RATE), where, RATE, within_s=0.06)
    hissing = voice + 0.001 * noise(6.5, 1)
    assert near(find_voice(hissing, RATE), where, RATE, within_s=0.06)


def test_the_gate_goes_with_the_level_of_the_voice() -> None:
    voice, _ = phrases(6.5, RATE, SAID)
    whole = find_voice(voice, RATE)
    for gain in (0.01, 4.0):
        assert near(find_voice(np.float32(gain) * voice, RATE), whole, RATE, within_s=0.06)


def test_rumble_below_a_voice_is_no_voice() -> None:
    voice, where = phrases(6.5, RATE, SAID)
    assert near(find_voice(voice + tone(-30, 6.5, hz=20), RATE), where, RATE, within_s=0.06)
