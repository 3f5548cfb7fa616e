"""The manifest found for a copy, how it is found, and that it is never called verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from provenance.durable.fingerprint import SIDE, FilmSamples
from provenance.durable.recover import Clue, RecoveryQuery, RecoveryResult, recover
from provenance.durable.registry import Registry, open_registry
from provenance.durable.registry_entry import watermark_binding
from tests.provenance.durable.films import clouds, entry, film, stretched, viewing

MARK = watermark_binding(0x0A0B0C0D)
OTHER_BYTES = "0" * 64


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with open_registry(tmp_path) as opened:
        opened.add_all([entry(seed) for seed in range(12)])
        yield opened


def asked(seen: FilmSamples, sha256: str = OTHER_BYTES, mark: bool = False) -> RecoveryQuery:
    return RecoveryQuery(sha256, seen, MARK if mark else None)


def noisy(seen: FilmSamples) -> FilmSamples:
    noise = np.random.default_rng(3).normal(0, 8, seen.pictures.shape)
    return replace(seen, pictures=np.clip(seen.pictures + noise, 0, 255).astype(np.uint8))


def upright(seen: FilmSamples) -> FilmSamples:
    """Returns the middle of a wide film, 9:16."""
    width = round(SIDE * (9 / 16) ** 2)
    left = (SIDE - width) // 2
    return viewing(stretched(seen.pictures[:, :, left : left + width]), 9 / 16)


def name(made: RecoveryResult) -> str | None:
    return made.found.film.name if made.found else None


def test_a_copy_is_found_by_its_picture_alone(registry: Registry) -> None:
    made = recover(registry, asked(noisy(film(4))))
    assert name(made) == "film 4"
    assert made.found is not None
    assert made.found.how == "picture"
    assert len(made.near) == 5
    assert not any(one.close for one in made.near)


def test_an_unknown_film_is_not_found_and_the_nearest_is_named(registry: Registry) -> None:
    made = recover(registry, asked(film(500)))
    assert made.found is None
    assert len(made.near) == 5
    assert any("nearest film differs in" in clue.said for clue in made.clues)


def test_a_recovered_manifest_is_not_called_verified(registry: Registry) -> None:
    kept = entry(4).film
    matches = {
        digest: recover(registry, asked(film(4), digest)).match
        for digest in (OTHER_BYTES, kept.sha256, kept.unsigned)
    }
    assert list(matches.values()) == ["differs", "identical", "unsigned"]


def test_a_black_copy_matches_nothing(registry: Registry) -> None:
    made = recover(registry, asked(viewing(np.full((10, SIDE, SIDE), 16))))
    assert made.found is None
    assert any("nothing to compare" in clue.said for clue in made.clues)


def test_an_empty_registry_finds_nothing(tmp_path: Path) -> None:
    with open_registry(tmp_path / "empty") as empty:
        made = recover(empty, asked(film(1), mark=True))
    assert made.found is None
    assert made.near == ()


def test_a_watermark_names_the_job_and_the_picture_the_deliverable(registry: Registry) -> None:
    wide, tall = film(20), upright(film(20))
    titled = film(20).pictures.copy()
    titled[:8, 100:120, 10:90] = 250
    cut = viewing(film(20).pictures[:12])
    versions = {"wide": wide, "tall": tall, "titled": viewing(titled), "short": cut}
    registry.add_all([entry(20, seen, one, "0a0b0c0d") for one, seen in versions.items()])
    found = {one: recover(registry, asked(noisy(seen), mark=True)) for one, seen in versions.items()}
    assert {one: name(made) for one, made in found.items()} == {one: one for one in versions}
    assert all(made.found and made.found.how == "mark and picture" for made in found.values())


def test_a_watermark_is_enough_where_the_picture_cannot_be_compared(registry: Registry) -> None:
    registry.add(entry(21, name="marked", mark="0a0b0c0d"))
    turned = viewing(film(21).pictures[:, ::-1, ::-1])
    made = recover(registry, asked(turned, mark=True))
    assert name(made) == "marked"
    assert made.found is not None
    assert made.found.how == "mark"
    assert recover(registry, asked(turned)).found is None


def test_with_an_unregistered_watermark_the_picture_decides(registry: Registry) -> None:
    made = recover(registry, asked(film(4), mark=True))
    assert name(made) == "film 4"
    assert made.found is not None
    assert made.found.how == "picture"
    assert any("names no film registered here" in clue.said for clue in made.clues)


def test_films_that_differ_only_in_their_bytes_are_counted(registry: Registry) -> None:
    registry.add_all([entry(4, name="german"), entry(4, name="french")])
    made = recover(registry, asked(film(4)))
    assert made.alike == 2
    german = entry(4, name="german").film
    for digest in (german.sha256, german.unsigned):
        by_bytes = recover(registry, asked(film(4), digest))
        assert (name(by_bytes), by_bytes.alike) == ("german", 0)


def test_of_overlapping_cuts_the_one_of_the_same_length_is_found(registry: Registry) -> None:
    whole = film(30, 40)
    cuts = {
        f"{first} to {stop}": whole.pictures[first:stop]
        for first, stop in ((0, 40), (0, 20), (10, 30), (20, 40))
    }
    registry.add_all([entry(30, viewing(pictures), one) for one, pictures in cuts.items()])
    found = {one: name(recover(registry, asked(noisy(viewing(pictures))))) for one, pictures in cuts.items()}
    assert found == {one: one for one in cuts}


def test_a_frozen_copy_is_found_by_its_one_picture(registry: Registry) -> None:
    frozen = np.repeat(clouds(40)[None, :SIDE, :SIDE], 15, axis=0)
    registry.add(entry(40, viewing(frozen), "frozen"))
    assert name(recover(registry, asked(noisy(viewing(frozen))))) == "frozen"


def test_of_equal_stills_the_one_of_the_same_length_is_found(registry: Registry) -> None:
    stills = {
        f"{moments} moments": viewing(np.repeat(clouds(41)[None, :SIDE, :SIDE], moments, axis=0))
        for moments in (60, 30, 15)
    }
    registry.add_all([entry(41, still, one) for one, still in stills.items()])
    assert {one: name(recover(registry, asked(noisy(still)))) for one, still in stills.items()} == {
        one: one for one in stills
    }


def test_earlier_clues_are_listed_first(registry: Registry) -> None:
    before = Clue("mark", "no key to read a mark with", looked=False)
    made = recover(registry, replace(asked(film(4)), clues=(before,)))
    assert made.clues[0] == before
