"""A take is looked at five times a second; voice is speech alone, and rows of letters are looked at closely."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.engine import Store
from post.job.model import TakeRef
from post.prepare.seen.sights import VOICE_HZ, sights_of, voice_at
from post.prepare.sources import take_of
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Span, Take
from tests.sound.voice.spoken import spoken


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Take:
    path: Path = tmp_path_factory.mktemp("clip") / "sea.mp4"
    make_clip(path, ClipRecipe("sea", 160, 90, frames=48, colour=BT709))
    return take_of(TakeRef("sea", path, "job.yaml:4"), ())


def test_it_is_looked_at_five_times_a_second_and_the_answer_is_kept(sea: Take, tmp_path: Path) -> None:
    store = Store(tmp_path, b"a key of sixteen bytes")
    first = sights_of(sea, (Span(0, 24), Span(30, 40)), store)
    assert [look.at for look in first.looks] == [0, 5, 10, 15, 20, 30, 35]
    assert sights_of(sea, (Span(0, 24), Span(30, 40)), store) == first


def test_music_and_noise_are_no_voice() -> None:
    times = [0.2 * number for number in range(10)]
    seconds = np.arange(2 * VOICE_HZ) / VOICE_HZ
    plucked = np.sin(2 * np.pi * 196 * seconds) * np.exp(-8 * (seconds % 0.4))
    noise = 0.2 * np.random.default_rng(3).standard_normal(len(seconds))
    for heard in (plucked, noise, np.zeros_like(noise)):
        assert voice_at(heard.astype(np.float32), times) == [0.0] * 10


def test_speech_is_heard_where_it_is_over_music() -> None:
    seconds = np.arange(4 * VOICE_HZ) / VOICE_HZ
    heard = 0.05 * np.sin(2 * np.pi * 196 * seconds)
    heard[2 * VOICE_HZ :] += spoken(2.0, VOICE_HZ)
    found = voice_at(heard.astype(np.float32), [0.5, 1.0, 2.6, 3.0, 3.4])
    assert found[:2] == [0.0, 0.0]
    assert max(found[2:]) == 1.0
    assert min(found[2:]) > 0.1
