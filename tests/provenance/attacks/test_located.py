"""One changed byte is named to the second it is seen or heard in: with B-frames, with sound between the
pictures, with the index in front or behind, in short films and long ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.provenance.attacks.case import written
from tests.provenance.attacks.reel import Reel
from tests.provenance.attacks.spot import Spot
from tests.provenance.made import House, finish, flipped

SECOND = 1.0
FILMS = {
    "index first": Spot(options={"movflags": "faststart"}),
    "index last": Spot(),
    "no sound": Spot(sound=False),
    "8 frames a second": Spot(6, fps=8),
    # 0.15 Mbit/s: a mebibyte is most of the film.
    "a minute of little": Spot(60, noisy=0.02),
}


@pytest.fixture(scope="module", params=FILMS)
def signed(request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("located")
    film = FILMS[request.param].write(folder / "film.mp4")
    return finish(film, folder / "signed.mp4", [], house)


def packets(path: Path, kind: str) -> list[tuple[int, int, float]]:
    """(place in the file, size, seconds) of each packet, as a demuxer tells it."""
    with av.open(str(path)) as file:
        streams = [stream for stream in file.streams if stream.type == kind]
        if not streams:
            return []
        base = streams[0].time_base or Fraction(1)
        found = [(each.pos, each.size, each.pts) for each in file.demux(streams[0]) if each.size]
    return [(place or 0, size, float((pts or 0) * base)) for place, size, pts in found]


@pytest.mark.parametrize("kind", ["video", "audio"])
@pytest.mark.parametrize("share", [0.0, 0.21, 0.5, 0.77, 0.999])
def test_a_changed_byte_is_named_to_the_second(
    kind: str, share: float, signed: Path, house: House, tmp_path: Path
) -> None:
    found = packets(signed, kind)
    if not found:
        pytest.skip("a film without sound")
    place, size, at_s = found[int(share * len(found))]
    report = house.verify(written(tmp_path, flipped(signed.read_bytes(), place + size // 2)))
    assert report.integrity == "tampered"
    ((start, stop),) = report.tampered_at
    assert start - 0.001 <= max(0.0, at_s) <= stop
    assert stop - start <= SECOND + 0.002


def test_two_changes_far_apart_are_two(signed: Path, house: House, tmp_path: Path) -> None:
    found = packets(signed, "video")
    data = signed.read_bytes()
    for place, size, _ in (found[0], found[-1]):
        data = flipped(data, place + size // 2)
    report = house.verify(written(tmp_path, data))
    assert len(report.tampered_at) == 2


def test_the_assertion_is_small(signed: Path) -> None:
    reel = Reel.of(signed)
    told = reel.super("org.answerprint.blocks").size
    seconds = packets(signed, "video")[-1][2]
    # Measured: 4.6 KB for each minute, and 2.3 KB for the other boxes of two tracks.
    assert told < 3_000 + 6_000 * (1 + seconds / 60)
