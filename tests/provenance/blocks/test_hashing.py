"""Blocks locate every change, and report nothing that did not change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import SourceError
from provenance.blocks import hashing
from provenance.formats.bmff import read_layout
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import Noise, digest, flipped

SMALL = 8 << 10


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Noise(96).write(tmp_path_factory.mktemp("long") / "film.mp4")


def test_an_assertion_is_valid_for_its_own_film(long: Path) -> None:
    assert hashing.find_changed_blocks(long, hashing.build_assertion(long, SMALL)) == ()


def test_signing_moves_the_media_without_changing_it(film: Path, several: Path) -> None:
    assert hashing.find_changed_blocks(several, hashing.build_assertion(film, SMALL)) == ()


def test_blocks_cover_the_whole_film_in_order(long: Path) -> None:
    (media,) = hashing.build_assertion(long, SMALL)["mdat"]
    rows = media["blocks"]
    assert sum(size for size, *_ in rows) == media["bytes"]
    assert rows[0][2] == 0.0
    assert rows[-1][3] == 4.0
    assert all(a[2] <= b[2] <= a[3] for a, b in zip(rows, rows[1:], strict=False))


def test_no_block_is_longer_than_a_second_or_larger_than_asked(long: Path) -> None:
    for most_bytes in (SMALL, 1 << 20):
        rows = hashing.build_assertion(long, most_bytes)["mdat"][0]["blocks"]
        assert max(size for size, *_ in rows) <= most_bytes
        assert max(last - first for _, _, first, last in rows) <= 1.001


def test_one_reading_also_gives_the_digest_of_the_file(long: Path) -> None:
    found = hashing.hash_film(long)
    assert found.sha256 == digest(long)
    assert found.assertion == hashing.build_assertion(long)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_one_changed_bit_is_one_changed_block(share: float, long: Path, tmp_path: Path) -> None:
    signed = hashing.build_assertion(long, SMALL)
    with long.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    at = int(media.payload_bytes * share)
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(long.read_bytes(), media.payload + at))
    (change,) = hashing.find_changed_blocks(spoilt, signed)
    stops = np.cumsum([size for size, *_ in signed["mdat"][0]["blocks"]])
    assert change.block == np.searchsorted(stops, at, side="right")


def test_a_missing_end_counts_as_changed(long: Path, tmp_path: Path) -> None:
    signed = hashing.build_assertion(long, SMALL)
    with long.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    short = tmp_path / "short.mp4"
    short.write_bytes(long.read_bytes()[: media.stop - 3 * SMALL])
    lost = [change.block for change in hashing.find_changed_blocks(short, signed)]
    assert lost == list(range(len(signed["mdat"][0]["blocks"]) - len(lost), len(signed["mdat"][0]["blocks"])))
    assert len(lost) in (3, 4)


def test_bytes_behind_the_last_block_are_a_change(long: Path, tmp_path: Path) -> None:
    signed = hashing.build_assertion(long, SMALL)
    data = long.read_bytes()
    with long.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    head = (media.size + 9).to_bytes(4, "big")
    longer = tmp_path / "longer.mp4"
    longer.write_bytes(
        data[: media.start] + head + data[media.start + 4 : media.stop] + b"something" + data[media.stop :]
    )
    assert hashing.find_changed_blocks(longer, signed) == (
        hashing.ChangedBlock(0, len(signed["mdat"][0]["blocks"]), None),
    )


def test_a_box_that_differs_is_named_by_its_path(long: Path, tmp_path: Path) -> None:
    signed = hashing.build_assertion(long)
    assert hashing.find_changed_boxes(long, signed) == ()
    data = long.read_bytes()
    spoilt = tmp_path / "spoilt.mp4"
    for kind, place in (
        (b"stsz", "/moov/trak/mdia/minf/stbl/stsz"),
        (b"mvhd", "/moov/mvhd"),
        (b"ftyp", "/ftyp"),
    ):
        spoilt.write_bytes(flipped(data, data.index(kind) + 12))
        assert hashing.find_changed_boxes(spoilt, signed) == (place,)
    spoilt.write_bytes(data + box("free", b"hidden"))
    assert hashing.find_changed_boxes(spoilt, signed) == ("/free[2]",)
    at = data.index(b"stco") + 12
    spoilt.write_bytes(flipped(data, at))  # chunk offsets follow the media: signing writes them anew
    assert hashing.find_changed_boxes(spoilt, signed) == ()


def older(film: Path) -> dict[str, Any]:
    """Returns a film's assertion as Blocks.1 wrote it: blocks of one size, digests in hexadecimal."""
    with film.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    data = film.read_bytes()[media.payload : media.stop]
    parts = [data[at : at + SMALL] for at in range(0, len(data), SMALL)]
    rows = [[hashlib.sha256(part).hexdigest(), float(n), n + 1.0] for n, part in enumerate(parts)]
    return {"schema": "Blocks.1", "alg": "sha256", "block_bytes": SMALL, "mdat": [{"blocks": rows}]}


def test_the_previous_version_is_still_read(long: Path, tmp_path: Path) -> None:
    signed = older(long)
    assert hashing.find_changed_blocks(long, signed) == ()
    assert hashing.find_changed_boxes(long, signed) == ()
    with long.open("rb") as source:
        (media,) = read_layout(source).of("mdat")
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(long.read_bytes(), media.payload + 3 * SMALL + 5))
    assert hashing.find_changed_blocks(spoilt, signed) == (hashing.ChangedBlock(0, 3, (3.0, 4.0)),)


def test_touching_spans_of_time_are_merged() -> None:
    found = [
        hashing.ChangedBlock(0, n, shown)
        for n, shown in enumerate([(0.0, 1.0), (0.9, 2.0), None, (5.0, 6.0)])
    ]
    assert hashing.merge_seconds(found) == ((0.0, 2.0), (5.0, 6.0))


def test_a_span_within_another_does_not_shorten_it() -> None:
    shown = [(0.0, 5.0), (1.0, 2.0), (4.0, 6.0), (8.0, 9.0), (8.0, 8.5)]
    found = [hashing.ChangedBlock(0, number, each) for number, each in enumerate(shown)]
    assert hashing.merge_seconds(found) == ((0.0, 6.0), (8.0, 9.0))


ROW = [[8192, "x" * 43 + "=", 0.0, 1.0]]


@pytest.mark.parametrize(
    "assertion",
    [
        {},
        {"schema": "Blocks.9", "alg": "sha256", "mdat": []},
        {"block_bytes": 0, "alg": "sha256", "mdat": [{"blocks": [["ab" * 32, 0, 1]]}]},
        {"block_bytes": 1 << 40, "alg": "sha256", "mdat": [{"blocks": [["ab" * 32, 0, 1]]}]},
        {"block_bytes": SMALL, "alg": "md5", "mdat": []},
        {"block_bytes": SMALL, "alg": "sha256", "mdat": [{"blocks": [["a"]]}]},
        {"block_bytes": SMALL, "alg": "sha256", "mdat": 3},
        {"schema": "Blocks.2", "alg": "md5", "mdat": [{"blocks": ROW}]},
        {"schema": "Blocks.2", "alg": "sha256", "mdat": [{"blocks": [[-1, *ROW[0][1:]]]}]},
        {"schema": "Blocks.2", "alg": "sha256", "mdat": [{"blocks": [[8192, "short", 0, 1]]}]},
        {"schema": "Blocks.2", "alg": "sha256", "mdat": [{"blocks": [[*ROW[0][:2], 0, float("nan")]]}]},
        {"schema": "Blocks.2", "alg": "sha256", "mdat": [{"blocks": [[*ROW[0], "more"]]}]},
        {"schema": ["Blocks.2"], "alg": "sha256", "mdat": []},
    ],
    ids=str,
)
def test_a_malformed_assertion_is_refused(assertion: dict[str, Any], long: Path) -> None:
    with pytest.raises(SourceError):
        hashing.find_changed_blocks(long, assertion)


@pytest.mark.parametrize("boxes", [None, 3, [["/ftyp"]], [3]], ids=str)
def test_malformed_boxes_are_refused(boxes: Any, long: Path) -> None:
    with pytest.raises(SourceError):
        hashing.find_changed_boxes(long, {"schema": "Blocks.2", "alg": "sha256", "mdat": [], "boxes": boxes})
