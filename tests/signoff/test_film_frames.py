"""The frames of a film: hashed segment by segment, and as a stranger decodes them, they are the same."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.atomic import checksum
from post.engine import InProcess, Store
from post.render.frame_hashes import hash_picture, hash_sound
from post.render.sound import decode_sound
from post.signoff.film_frames import film_frames, frames_before, frames_of_file
from post.values.time import Clock, Span
from provenance.approval.frames import FilmFrames, read_frames
from tests.flow_job import JOB, Small, joined_film, make_clips, small_job


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Store, Path]:
    folder = tmp_path_factory.mktemp("frames")
    make_clips(folder)
    small, store = small_job(folder, JOB.replace("crf: 0", "crf: 30")), Store(folder / "store", b"k" * 16)
    for _ in InProcess().run(small.tasks(), store):
        pass
    return small, store, joined_film(small.rendition, store, folder)


def test_segments_give_the_frames_that_the_whole_film_decodes_to(made: tuple[Small, Store, Path]) -> None:
    small, store, film = made
    sha256 = checksum(film).sha256
    assert frames_before(small.rendition, sha256, store) is None
    found = film_frames(small.rendition, film, sha256, store)
    assert found == frames_of_file(film, small.rendition)
    assert len(found) == len(small.rendition.shown)
    assert len(small.rendition.segments) > 1
    assert frames_before(small.rendition, sha256, store) == found


def test_the_sound_under_each_frame_is_hashed_once(made: tuple[Small, Store, Path]) -> None:
    small, _, film = made
    clock, rate = small.rendition.format.clock, small.rendition.mix.rate_hz
    heard, frames = decode_sound(film), len(small.rendition.shown)
    edges = [clock.samples(at, rate) for at in range(frames)] + [len(heard)]
    expected = tuple(
        hashlib.sha256(np.ascontiguousarray(heard[first:stop], "<f4").tobytes()).hexdigest()
        for first, stop in zip(edges, edges[1:], strict=False)
    )
    assert hash_sound(film, clock, rate, frames) == expected
    assert len(set(expected)) > frames // 2  # it is not silence


def test_sound_that_is_shorter_than_the_film_counts_as_nothing_heard(made: tuple[Small, Store, Path]) -> None:
    _, _, film = made
    hashes = hash_sound(film, Clock(Fraction(1)), 48000, 20)
    assert len(hashes) == 20
    assert hashes[-1] == hashlib.sha256().hexdigest()


def test_a_frame_that_changes_in_one_place_has_another_hash(
    made: tuple[Small, Store, Path], tmp_path: Path
) -> None:
    small, _, film = made
    make_clips(tmp_path)
    other = small_job(tmp_path, JOB.replace("crf: 0", "crf: 30").replace("Salt", "Silt"))
    store = Store(tmp_path / "store", b"k" * 16)
    for _ in InProcess().run(other.tasks(), store):
        pass
    changed = hash_picture(joined_film(other.rendition, store, tmp_path))
    before = hash_picture(film)
    differing = [at for at, (a, b) in enumerate(zip(before, changed, strict=True)) if a != b]
    assert differing
    title = Span(12, 36)  # of 24 frames a second, from 0.5 s on
    touched = {frame for span in small.rendition.places if span.meets(title) for frame in span}
    assert set(differing) <= touched < set(range(len(before)))


def test_a_list_of_frames_is_read_as_it_was_written() -> None:
    frames = FilmFrames("24000/1001", ("a" * 64, "b" * 64), ("c" * 64, "c" * 64))
    assert read_frames(frames.document, "x") == frames
    assert frames.digest == hashlib.sha256(frames.document).hexdigest()
