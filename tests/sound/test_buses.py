"""Buses: what is on which, and that all of them are the mix."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.sound import buses as module
from post.sound.buses import ALL, Buses, BusName, silence
from post.values import Duck, File, Sound, SoundEvent, SoundShape

F = Fraction
EVENT = SoundEvent(
    File("0" * 64, "a.wav"), "music", Sound(0, "pcm_s16le", 48000, 2, 99, F(0)), 0, 99, F(0), 0
)
MUSIC = replace(EVENT, stem="music")
UNDER = replace(MUSIC, duck=Duck(12.0, 3.0))
VOICE = replace(EVENT, stem="voice")
ONES = np.ones((10, 2), np.float32)


def test_a_bus_holds_one_stem_that_gives_way_in_one_way() -> None:
    made = Buses(30, 2)
    for number, event in enumerate((VOICE, UNDER, MUSIC, MUSIC)):
        made.add(event, 5 * number, ONES)
    assert [name for name, _ in made.each()] == [
        BusName("voice"),
        BusName("music"),
        BusName("music", Duck(12, 3)),
    ]
    assert made.of(MUSIC)[:, 0].tolist() == [0] * 10 + [1] * 5 + [2] * 5 + [1] * 5 + [0] * 5
    assert np.array_equal(made.stem("music"), made.of(MUSIC) + made.of(UNDER))
    assert np.array_equal(made.total(), made.of(VOICE) + made.stem("music"))
    assert not made.stem("effects").any()


def test_stems_that_nothing_needs_apart_share_a_bus() -> None:
    made = Buses(30, 2, apart=False)
    for event in (VOICE, UNDER, MUSIC):
        made.add(event, 0, ONES)
    assert [name for name, _ in made.each()] == [ALL]
    assert made.total() is made.bus(ALL)  # no second array
    assert made.total()[:10].min() == 3


@pytest.mark.parametrize("first", [-25, -9, 0, 21, 29, 30, 99])
def test_sound_outside_the_film_is_left_out(first: int) -> None:
    made = Buses(30, 2)
    made.add(VOICE, first, ONES)
    wanted = [float(first <= place < first + 10) for place in range(30)]
    assert made.of(VOICE)[:, 1].tolist() == wanted


def test_what_is_sent_to_the_room_is_kept_beside_its_bus() -> None:
    sent = replace(MUSIC, shape=SoundShape(send_db=-6.0205999))
    made = Buses(30, 2, sends=True)
    for event in (sent, MUSIC, replace(sent, stem="voice")):
        made.add(event, 0, ONES)
    found = dict(made.take_sends())
    assert list(found) == [BusName("voice"), BusName("music")]
    assert found[BusName("music")][:10] == pytest.approx(0.5)
    assert made.of(MUSIC)[:10].min() == 2  # the sound itself is all there
    assert not dict(made.take_sends())
    without = Buses(30, 2)
    without.add(sent, 0, ONES)
    assert not dict(without.take_sends())


def test_a_long_bus_lies_in_a_file_that_is_gone_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_IN_MEMORY", 1000)
    long = silence(1000, 2, tmp_path)
    assert isinstance(long.base, np.memmap)
    assert long.shape == (1000, 2)
    assert long.dtype == np.float32
    assert not long.any()
    assert list(tmp_path.iterdir()) == []
    made = [Buses(1000, 2, scratch=tmp_path), Buses(1000, 2)]
    for each in made:
        each.add(VOICE, 3, ONES)
        each.add(MUSIC, 990, ONES)
        each.add(UNDER, 7, ONES)
    monkeypatch.undo()
    in_memory = Buses(1000, 2)
    for event, first in ((VOICE, 3), (MUSIC, 990), (UNDER, 7)):
        in_memory.add(event, first, ONES)
    assert np.array_equal(made[0].total(), in_memory.total())
