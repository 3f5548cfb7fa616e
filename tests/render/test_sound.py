from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.render import sound
from post.render.sound import codec as coded
from post.render.sound.notes import notes_box
from post.sound.dynamics.cells import cell_samples
from post.sound.dynamics.gain_curve import GainCurve
from post.sound.dynamics.master import Master
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.probe import probe
from post.values import Mix, SoundEvent, plain
from post.values.array import Array
from post.values.time import Span
from tests.sound.tones import noise

RATE = 48000


def master(pcm: Array) -> Master:
    """Returns sound as it is, as a master."""
    cells = -(-len(pcm) // cell_samples(RATE))
    return Master(pcm, GainCurve(np.ones(cells + 1, np.float32), RATE))


def written(trips: coded.CodecTrip, sound_of: Master, part: Span) -> bytes:
    """Returns the track that a trip writes."""
    file = BytesIO()
    trips.write(sound_of, part, file)
    return file.getvalue()


def mixed(folder: Path, codec: str = "aac") -> tuple[Mix, Mapping[str, Path]]:
    """Returns a mix of two seconds of a clip's tone, to be levelled to -20 LUFS, and its files."""
    take = probe(make_clip(folder / "clip.mp4", ClipRecipe(width=64, height=48, sound=SoundRecipe())), "clip")
    assert take.sound is not None
    event = SoundEvent(take.file, "clip", take.sound, 0, 2 * RATE, Fraction(0), 0.0)
    rate = 256_000 if codec == "aac" else 0
    plan = Mix((event,), RATE, 2, 2 * RATE, -20.0, -1.0, codec, rate, ())
    return plan, {take.file.sha256: take.file.here}


@pytest.mark.parametrize("codec", ["aac", "pcm_s24le"])
def test_the_delivered_sound_is_the_measured_one_and_is_not_encoded_again(
    tmp_path: Path, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, files = mixed(tmp_path, codec)
    encode, heard = coded.encode_sound, list[Array]()

    def counted(blocks: Iterable[Array], *rest: Any) -> None:
        heard.append(np.concatenate(list(blocks)))
        encode([heard[-1]], *rest)

    monkeypatch.setattr(coded, "encode_sound", counted)
    sound.make(plain(plan), files, tmp_path / "sound.mov")
    assert len(heard) == 1
    again = tmp_path / "again.mov"
    with again.open("wb") as file:
        encode([heard[0]], plan, file)
    notes = notes_box(sound.read_notes(tmp_path / "sound.mov"))
    assert (tmp_path / "sound.mov").read_bytes() == again.read_bytes() + notes


def test_sound_that_was_not_the_last_encoded_is_encoded_again(tmp_path: Path) -> None:
    loud, soft = (master(np.full((RATE, 2), level, np.float32)) for level in (0.5, 0.1))
    with coded.CodecTrip(mixed(tmp_path)[0], tmp_path) as trips:
        first = written(trips, loud, Span(0, RATE))
        for each in (loud, soft):
            assert sum(map(len, trips(each))) == RATE
        assert written(trips, loud, Span(0, RATE)) == first
        assert written(trips, soft, Span(0, RATE)) != first
    assert list(tmp_path.glob("*")) == [tmp_path / "clip.mp4"]


def test_a_part_is_encoded_at_the_level_of_the_whole(tmp_path: Path) -> None:
    whole = master(np.linspace(0, 0.5, 2 * RATE, dtype=np.float32).reshape(-1, 2))
    with coded.CodecTrip(mixed(tmp_path, "pcm_s24le")[0], tmp_path) as trips:
        trips(whole)
        track = BytesIO(written(trips, whole, Span(1000, 41000)))
    assert coded.decode_sound(track) == pytest.approx(whole.read(1000, 41000), abs=2**-23)


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])
def test_blocks_of_any_size_are_encoded_to_the_same_bytes(tmp_path: Path, codec: str) -> None:
    plan, sound_of = mixed(tmp_path, codec)[0], noise(1)
    made = list[bytes]()
    for size in (RATE, 1024, 5000, 77):
        file = BytesIO()
        coded.encode_sound((sound_of[first : first + size] for first in range(0, RATE, size)), plan, file)
        made.append(file.getvalue())
    assert made[1:] == made[:-1]
    whole = coded.decode_sound(BytesIO(made[0]), RATE - 500)
    assert len(whole) == RATE - 500
    assert np.array_equal(whole, np.concatenate(list(coded.decode_blocks(BytesIO(made[0]), RATE - 500))))


def test_the_sound_file_notes_how_shots_crossed_over(tmp_path: Path) -> None:
    """One take's tone goes on through a transition: it is wholly alike. Without a transition nothing is noted."""
    plan, files = mixed(tmp_path, "pcm_s24le")
    [event] = plan.events
    over, half = RATE // 2, Fraction(1, 2)
    going = replace(event, length=RATE, fade_out=over)
    coming = replace(event, at=RATE - over, length=RATE, offset=half, fade_in=over)
    crossed = replace(plan, events=(going, coming), length=RATE + over)
    for made, wanted in ((crossed, ((RATE - over, over, 1.0),)), (plan, ())):
        sound.make(plain(made), files, tmp_path / "sound.mov")
        found = sound.read_notes(tmp_path / "sound.mov").crossings
        assert tuple((each.at, each.samples, round(each.correlation, 2)) for each in found) == wanted
