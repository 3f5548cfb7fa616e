"""Media are found by content, then by name, then by a stem that one file has; what is not is named, all at once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from post.errors import Problems
from post.handoff.exchange.found_media import find_media, place_sources
from post.handoff.media import TakesFolder
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import Timeline, TimelineClip, TimelineMedia
from post.values import Take
from post.values.time import Clock, Span
from tests.plan.made import take

FILM = Clock(Fraction(24))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "dog.mp4",
        "dog.json",
        "day 2/Ship-01.mov",
        "day 2/cat.mp4",
        "day 3/cat.mp4",
        "same/a.mov",
        "same/b/a.mov",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"one" if "a.mov" in name else name.encode())
    return tmp_path


def of(*media: TimelineMedia, length: int = 10) -> Timeline:
    clips = (
        TimelineClip(f"c{n}", f"c{n}", each, Span(n * length, (n + 1) * length))
        for n, each in enumerate(media)
    )
    return Timeline("cut", FILM, tuple(clips))


def found(folder: Path, *media: TimelineMedia) -> list[str]:
    timeline = find_media(of(*media), TakesFolder(folder))
    return [str(Path(clip.media.path).relative_to(folder)) for clip in timeline.clips]


def test_content_comes_before_names(folder: Path) -> None:
    digest = sha256(b"day 3/cat.mp4").hexdigest()
    assert found(folder, TimelineMedia("x", "/far/cat.mp4", digest), TimelineMedia("renamed.mp4", sha256=digest)) == [
        "day 3/cat.mp4", "day 3/cat.mp4",
    ]  # fmt: skip


def test_names_urls_reels_and_stems(folder: Path) -> None:
    assert found(
        folder,
        TimelineMedia("x", "file:///Volumes/A/DOG.MP4"),
        TimelineMedia("x", "D:\\rushes\\dog.mp4"),
        TimelineMedia("take 1", reel="dog"),
        TimelineMedia("Ship-01.mxf"),
        TimelineMedia("SHIP-01"),
        TimelineMedia("a.mov"),  # twice, of one content
    ) == ["dog.mp4", "dog.mp4", "dog.mp4", "day 2/Ship-01.mov", "day 2/Ship-01.mov", "same/a.mov"]


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    with pytest.raises(Problems) as caught:
        found(
            folder,
            TimelineMedia("cat.mp4"),
            TimelineMedia("bird.mp4", reel="B\u202e"),
            TimelineMedia("dog.mp4", "dog.mp4", "ab" * 32),
            TimelineMedia("frame_%04d.png"),
        )
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "'cat.mp4': several files have this name; expected one" in lines[0]
    assert "'bird.mp4': no such media" in lines[1]
    assert "B\\u202e" in lines[1]
    assert "the file has changed since the hand-off; expected sha256 abababababab..." in lines[2]
    assert "an image sequence is named in the job by hand" in lines[3]
    assert caught.value.exit_code == 3


def listed(
    source: Fraction, *, frames: int = 24, tags: tuple[tuple[str, str], ...] = (), **more: object
) -> Fraction:
    """Where a clip of a list begins in a file of 240 frames, in frames. source: its source timecode in frames."""
    made: Take = replace(take("dog", 240), tags=tags)
    clip = TimelineClip("c", "c", TimelineMedia("dog", "/dog.mp4"), Span(0, frames), source / 24)
    placed = place_sources(Timeline("cut", FILM, (replace(clip, **more),)), {"/dog.mp4": made})  # type: ignore[arg-type]
    return placed.clips[0].source * 24


HOUR = Fraction(86400)


@pytest.mark.parametrize(
    ("source", "tags", "begins"),
    [
        (Fraction(12), (), 12),
        (HOUR + 12, (), 12),
        (10 * HOUR + 200, (), 200),
        (HOUR + 1500, (("timecode", "01:01:00:00"),), 60),
        (Fraction(12), (("timecode", "01:01:00:00"),), 12),
        (Fraction(12), (("timecode", "soon"),), 12),
    ],
)
def test_a_list_counts_from_the_files_own_start(
    source: Fraction, tags: tuple[tuple[str, str], ...], begins: int
) -> None:
    assert listed(source, tags=tags) == begins


def test_times_that_a_file_does_not_have_are_refused() -> None:
    with pytest.raises(
        Problems, match="source times that the file does not have; expected within its 10.000 s"
    ):
        listed(HOUR + 1500)
    with pytest.raises(Problems, match="does not have"):
        listed(HOUR + 230, frames=24)


def test_a_reverse_is_placed_with_its_keys() -> None:
    keys = (PositionKey(Fraction(0), (HOUR + 47) / 24), PositionKey(Fraction(24), (HOUR + 23) / 24))
    assert listed(HOUR + 47, positions=keys) == 47
