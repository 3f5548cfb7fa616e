"""Image sequences: which files they are, and that one content is one pack."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.errors import SourceError
from post.takes.frame_planes import plane_codes
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.takes.stills.sequence import find_frames, is_pattern, write_pack
from post.values.time import Clock, Span


def frames(folder: Path, *numbers: int, size: tuple[int, int] = (48, 32)) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        Image.new("RGB", size, (number * 10 % 256,) * 3).save(folder / f"f_{number:04d}.png")
    return folder / "f_%04d.png"


def packed(pattern: Path, place: Path) -> Path:
    with place.open("wb") as out:
        write_pack(pattern, out)
    return place


def test_frames_come_in_the_order_of_their_numbers_from_the_lowest(tmp_path: Path) -> None:
    pattern = frames(tmp_path, 9, 10, 11, 8)
    (tmp_path / "f_7.png").write_bytes(b"not of four digits")
    (tmp_path / "g_0012.png").write_bytes(b"another name")
    assert [path.name for path in find_frames(pattern)] == [
        "f_0008.png",
        "f_0009.png",
        "f_0010.png",
        "f_0011.png",
    ]


def test_nine_digits_are_read(tmp_path: Path) -> None:
    (tmp_path / "f_000000001.png").touch()
    assert len(find_frames(tmp_path / "f_%09d.png")) == 1


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has a name that is not UTF-8"):
        find_frames(tmp_path / "f\udcff_%d.png")


def test_numbers_grow_past_their_digits(tmp_path: Path) -> None:
    for number in (9999, 10000):
        (tmp_path / f"f_{number}.png").touch()
    assert [path.name for path in find_frames(tmp_path / "f_%04d.png")] == ["f_9999.png", "f_10000.png"]


@pytest.mark.parametrize(
    ("name", "so"),
    [("f_%04d.png", True), ("%d.exr", True), ("f.png", False), ("a_%d_%d.png", False), ("50%.png", False)],
)
def test_a_pattern_has_one_number(tmp_path: Path, name: str, so: bool) -> None:
    assert is_pattern(tmp_path / name) is so


def test_a_file_of_that_very_name_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "f_%04d.png").write_bytes(b"x")
    assert not is_pattern(tmp_path / "f_%04d.png")


def test_a_gap_is_refused_by_its_numbers(tmp_path: Path) -> None:
    pattern = frames(tmp_path, 1, 2, 5, 6)
    with pytest.raises(SourceError, match=r"f_%04d\.png: has a gap; .* 1 to 6, got 2 missing: 3, 4; render"):
        find_frames(pattern)


def test_a_gap_of_millions_is_refused_at_once(tmp_path: Path) -> None:
    for number in (1, 99_999_999):
        (tmp_path / f"f_{number}.png").touch()
    with pytest.raises(SourceError, match="got 99999997 missing: 2, 3, 4, 5, 6 and more"):
        find_frames(tmp_path / "f_%d.png")


@pytest.mark.parametrize("where", ["none", "gone/f_%04d.png"])
def test_a_pattern_without_frames_is_refused(tmp_path: Path, where: str) -> None:
    pattern = tmp_path / ("f_%04d.png" if where == "none" else where)
    with pytest.raises(SourceError, match=r"has no frames; expected files such as f_0001\.png"):
        find_frames(pattern)


def test_one_sequence_is_one_pack_wherever_and_whenever_it_is_packed(tmp_path: Path) -> None:
    first, second = BytesIO(), BytesIO()
    write_pack(frames(tmp_path / "a", 1, 2, 3), first)
    write_pack(frames(tmp_path / "b", 1, 2, 3), second)
    assert first.getvalue() == second.getvalue()


def test_frames_of_several_sizes_are_refused_by_the_one_that_differs(tmp_path: Path) -> None:
    frames(tmp_path, 3, size=(32, 32))
    pattern = frames(tmp_path, 1, 2)
    pack = packed(pattern, tmp_path / "mixed.zip")
    with pytest.raises(SourceError, match=r"f_0003\.png: has another size .* expected 48x32, got 32x32"):
        probe(pack, "mixed")


def test_a_frame_that_is_no_picture_is_refused_by_its_name(tmp_path: Path) -> None:
    pattern = frames(tmp_path, 1, 2, 3)
    (tmp_path / "f_0002.png").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"f_0002\.png: cannot be read as a still"):
        probe(packed(pattern, tmp_path / "broken.zip"), "broken")


@pytest.mark.parametrize("damage", ["half", "head"])
def test_a_pack_that_is_damaged_is_refused(tmp_path: Path, damage: str) -> None:
    pack = packed(frames(tmp_path, 1, 2, 3), tmp_path / "p.zip")
    whole = pack.read_bytes()
    pack.write_bytes(whole[: len(whole) // 2] if damage == "half" else whole[:60])
    with pytest.raises(SourceError, match=r"p\.zip: is no packed sequence"):
        probe(pack, "p")


def test_every_frame_is_read_at_the_rate_that_is_asked_for(tmp_path: Path) -> None:
    pack = packed(frames(tmp_path, *range(3, 12)), tmp_path / "p.zip")
    take = probe(pack, "p", clock=Clock(Fraction(12)))
    assert (take.picture.kind, take.picture.length) == ("sequence", 9)
    assert take.picture.grid.rate == 12
    with open_picture(pack, take.picture) as reader:
        assert reader.keys(Span(2, 5)) == [2, 3, 4]
        luma = [int(plane_codes(reader.frame(number), 0)[4, 4]) for number in (8, 0, 4, 8)]
    wanted = [round(64 + 876 * number * 10 / 255) for number in (11, 3, 7, 11)]
    assert luma == wanted
    with pytest.raises(IndexError), open_picture(pack, take.picture) as reader:
        reader.frame(9)


def test_frames_of_16_bits_keep_them(tmp_path: Path) -> None:
    from tests.made.stills import deep

    codes = np.full((8, 8, 3), 12_345, np.uint16)
    deep(tmp_path / "f_0001.png", codes)
    take = probe(pack := packed(tmp_path / "f_%04d.png", tmp_path / "p.zip"), "p")
    with open_picture(pack, take.picture) as reader:
        assert int(plane_codes(reader.frame(0), 0)[0, 0]) == round(64 + 876 * 12_345 / 65535)
