from __future__ import annotations

import logging
from pathlib import Path
from threading import Thread

import av.logging
import pytest

from post.errors import SourceError
from post.takes.container import open_container
from post.takes.made.synthetic import make_clip
from post.takes.probe import probe
from post.takes.side_data import SideData, read_side_data
from post.values.colour import Colour
from tests.made.boxes import add_to_sample_entry, clap, dolby_vision
from tests.made.numbered import small


def dolby(path: Path, profile: int, base: int, colour: Colour) -> Path:
    recipe = small(codec="libx265", pixel_format="yuv420p10le", colour=colour, frames=4)
    return add_to_sample_entry(make_clip(path, recipe), dolby_vision(profile, base))


def read(path: Path) -> SideData:
    with open_container(path) as container:
        return read_side_data(container, 0)


def test_ffmpegs_description_has_what_the_boxes_say(tmp_path: Path) -> None:
    path = dolby(tmp_path / "clip.mp4", 8, 4, Colour(9, 18, 9))
    assert read(path) == SideData(dolby_profile=8, dolby_base=4)
    assert read(make_clip(tmp_path / "plain.mp4", small(frames=2))) == SideData()


@pytest.mark.parametrize(
    ("base", "colour", "words"),
    [(1, Colour(9, 16, 9), "8.1: its base layer (HDR10)"), (2, Colour(), "8.2: its base layer (SDR)"),
     (4, Colour(9, 18, 9), "8.4: its base layer (HLG)")],
)  # fmt: skip
def test_dolby_vision_8_is_read_by_its_base_layer(
    base: int, colour: Colour, words: str, tmp_path: Path
) -> None:
    take = probe(dolby(tmp_path / "clip.mp4", 8, base, colour), "clip")
    assert take.picture.colour == colour
    assert any(f"is Dolby Vision {words} is used" in str(warning) for warning in take.warnings)


@pytest.mark.parametrize(("profile", "base"), [(5, 0), (10, 0), (20, 0)])
def test_dolby_vision_that_nothing_else_shows_is_refused(profile: int, base: int, tmp_path: Path) -> None:
    path = dolby(tmp_path / "clip.mp4", profile, base, Colour(9, 16, 9))
    with pytest.raises(
        SourceError, match=f"is Dolby Vision profile {profile}, .*; export it as Rec.709, as HDR10"
    ):
        probe(path, "clip")


def test_a_tag_of_the_file_is_no_side_data(tmp_path: Path) -> None:
    """What a file's maker writes into its tags is printed too."""
    said = "x\n    Side data:\n      Frame Cropping: 1/2/3/4\n      DOVI configuration record: profile: 5, "
    said += "compatibility id: 0"
    path = make_clip(tmp_path / "clip.mkv", small(frames=2, tags=(("comment", said), ("title", said))))
    assert read(path) == SideData()


def test_threads_read_side_by_side_and_the_log_stays_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = add_to_sample_entry(make_clip(tmp_path / "clip.mp4", small(frames=2)), clap(100, 50, 0, 0))
    found: list[SideData] = []

    def many() -> None:
        found.extend(read(path) for _ in range(20))

    threads = [Thread(target=many) for _ in range(4)]
    with caplog.at_level(logging.DEBUG):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 80
    assert set(found) == {SideData((46, 23, 46, 23))}
    assert av.logging.get_level() is None
    assert not [record for record in caplog.records if record.name.startswith("libav")]
