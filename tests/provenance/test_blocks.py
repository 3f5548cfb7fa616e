"""Blocks locate a change, and only a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import SourceError
from provenance import blocks
from provenance.boxes import layout
from provenance.samples import Track
from tests.provenance.made import Noise, flipped

SMALL = 8 << 10


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Noise(96).write(tmp_path_factory.mktemp("long") / "film.mp4")


def test_what_was_recorded_holds_for_the_same_film(long: Path) -> None:
    assert blocks.changes(long, blocks.record(long, SMALL)) == ()


def test_signing_moves_the_media_and_changes_none_of_it(film: Path, several: Path) -> None:
    assert blocks.changes(several, blocks.record(film, SMALL)) == ()


def test_blocks_cover_the_whole_film_in_order(long: Path) -> None:
    rows = blocks.record(long, SMALL)["mdat"][0]["blocks"]
    shown = [(first, last) for _, first, last in rows]
    assert shown[0][0] == 0.0
    assert shown[-1][1] == 4.0
    assert all(a[0] <= b[0] <= a[1] for a, b in zip(shown, shown[1:], strict=False))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_one_changed_bit_is_one_changed_block(share: float, long: Path, tmp_path: Path) -> None:
    signed = blocks.record(long, SMALL)
    with long.open("rb") as source:
        (media,) = layout(source).of("mdat")
    at = int(media.payload_bytes * share)
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(long.read_bytes(), media.payload + at))
    (change,) = blocks.changes(spoilt, signed)
    assert change.block == at // SMALL


def test_a_lost_end_counts_as_changed(long: Path, tmp_path: Path) -> None:
    signed = blocks.record(long, SMALL)
    with long.open("rb") as source:
        (media,) = layout(source).of("mdat")
    short = tmp_path / "short.mp4"
    short.write_bytes(long.read_bytes()[: media.stop - 3 * SMALL])
    lost = [change.block for change in blocks.changes(short, signed)]
    assert lost == list(range(len(signed["mdat"][0]["blocks"]) - len(lost), len(signed["mdat"][0]["blocks"])))
    assert len(lost) in (3, 4)


def track(kind: str, *samples: tuple[int, int, float]) -> Track:
    """Samples of one second each, as (offset, size, first shown)."""
    offset, size, first = (np.array(column) for column in zip(*samples, strict=True))
    return Track(kind, offset, size, first.astype(float), first + 1.0)


def test_the_picture_tells_the_time_and_sound_only_where_there_is_none() -> None:
    sound = track("soun", (0, 10, 5.0), (30, 10, 9.0))
    picture = track("vide", (10, 20, 2.0))
    timed = blocks._timed([sound, picture])
    assert blocks._when(timed, 0, 20) == (2.0, 3.0)
    assert blocks._when(timed, 30, 40) == (9.0, 10.0)
    assert blocks._when(timed, 40, 50) is None


def test_a_frame_that_ends_where_a_block_starts_is_not_in_it() -> None:
    timed = blocks._timed([track("vide", (0, 10, 0.0), (10, 10, 1.0), (20, 10, 2.0))])
    assert blocks._when(timed, 10, 20) == (1.0, 2.0)


def test_touching_stretches_of_time_are_one() -> None:
    found = [blocks.Change(0, n, shown) for n, shown in enumerate([(0.0, 1.0), (0.9, 2.0), None, (5.0, 6.0)])]
    assert blocks.seconds(found) == ((0.0, 2.0), (5.0, 6.0))


@pytest.mark.parametrize(
    "assertion",
    [
        {},
        {"block_bytes": 0, "alg": "sha256", "mdat": []},
        {"block_bytes": 1, "alg": "sha256", "mdat": []},
        {"block_bytes": SMALL, "alg": "md5", "mdat": []},
        {"block_bytes": SMALL, "alg": "sha256", "mdat": [{"blocks": [["a"]]}]},
        {"block_bytes": SMALL, "alg": "sha256", "mdat": 3},
    ],
)
def test_an_assertion_that_makes_no_sense_is_refused(assertion: dict[str, Any], long: Path) -> None:
    with pytest.raises(SourceError):
        blocks.changes(long, assertion)
