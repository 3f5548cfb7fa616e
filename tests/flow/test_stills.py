"""Stills, animations, sequences and made sources, finished into films: each shot shows what went in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from post.values.array import Array
from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint
from tests.made.stills import BLUE, GREEN, RED, YELLOW, deep, exr

GREY_OF_HALF = 188  # sRGB's code of half the light: IEC 61966-2-1
JOB = """
schema: Job.2
title: Kinds
clock: 24
house: daylight
label: none
look: none
optics: none
takes:
  bars: {make: bars}
  slate: {make: slate, fill: "#000000", text: "Winter\\nVersion 3"}
  teal: {make: colour, fill: "#008080"}
  card: {file: card.png, graphic: true}
  clear: {file: clear.png, fill: "#0000ff", graphic: true}
  deep: {file: deep.tif, camera: true}
  light: {file: light.exr, camera: true}
  turned: {file: turned.jpg, camera: true}
  gif: {file: a.gif, graphic: true}
  webp: {file: a.webp, graphic: true}
  apng: {file: a.png, graphic: true}
  avif: {file: a.avif, graphic: true}
  frames: {file: seq/f_%04d.png, rate: 12, graphic: true}
cut:
  - {take: bars, length: 12f}
  - {take: slate, length: 12f}
  - {take: teal, length: 12f}
  - {take: card, length: 12f, speed: 4}
  - {take: clear, length: 12f}
  - {take: deep, length: 12f}
  - {take: light, length: 12f, in: 7s}
  - {take: turned, length: 12f}
  - {take: gif, length: 24f}
  - {take: webp, length: 24f}
  - {take: apng}
  - {take: avif}
  - {take: frames, length: 24f}
grain: none
deliver:
  - {preset: draft, name: wide, width: 160, height: 90, picture: {crf: 0, preset: ultrafast}}
  - {preset: draft, name: tall, width: 90, height: 160, picture: {crf: 0, preset: ultrafast}}
"""
FIRST = {"bars": 0, "slate": 12, "teal": 24, "card": 36, "clear": 48, "deep": 60, "light": 72, "turned": 84,
         "gif": 96, "webp": 120, "apng": 144, "avif": 156, "frames": 168}  # fmt: skip
LENGTH = 192


def make_sources(folder: Path) -> None:
    Image.new("RGB", (320, 180), (200, 100, 50)).save(folder / "card.png")
    clear = Image.new("RGBA", (320, 180), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (120, 0, 200, 180))
    clear.save(folder / "clear.png")
    deep(folder / "deep.tif", np.full((180, 320, 3), (40_000, 20_000, 10_000), np.uint16))
    exr(folder / "light.exr", np.full((180, 320, 3), 0.5, np.float32))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    turned = Image.new("RGB", (320, 180), GREEN)
    turned.paste(RED, (0, 0, 320, 60))
    turned.save(folder / "turned.jpg", exif=exif, quality=95, subsampling=0)
    frames = [Image.new("RGB", (160, 90), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("gif", "webp", "png", "avif"):
        # In frames of the film: 2, 6 and 4.
        frames[0].save(
            folder / f"a.{kind}", save_all=True, append_images=frames[1:], duration=[80, 250, 170], loop=0,
            lossless=kind == "webp",
        )  # fmt: skip
    (folder / "seq").mkdir()
    for number, colour in enumerate((RED, GREEN, BLUE, YELLOW), 7):
        Image.new("RGB", (160, 90), colour).save(folder / "seq" / f"f_{number:04d}.png")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("kinds")
    make_sources(folder)
    (folder / "job.yaml").write_text(JOB)
    return folder, finished(folder)


def finished(folder: Path) -> Any:
    return answerprint(folder, "finish", folder / "job.yaml", "-o", folder / "out", "--json").data


def decoded(path: Path) -> list[Array]:
    """Returns a film's frames as 8-bit codes, (3, height, width): chroma repeated to the size of luma."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]
    return [_planes(frame) for frame in frames]


def _planes(packed: Array) -> Array:
    height = packed.shape[0] * 2 // 3
    width = packed.shape[1]
    chroma = packed[height:].reshape(2, height // 2, width // 2)
    wide = chroma.repeat(2, 1).repeat(2, 2)
    return np.concatenate([packed[None, :height], wide]).astype(int)


def codes(rgb: tuple[float, ...]) -> list[float]:
    """BT.709's 8-bit codes of 8-bit R'G'B'."""
    red, green, blue = (each / 255 for each in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return [16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748]


@pytest.fixture(scope="module")
def films(done: tuple[Path, Any]) -> dict[str, list[Array]]:
    folder, _ = done
    return {name: decoded(folder / "out" / f"{name}.mp4") for name in ("wide", "tall")}


SEEN: dict[str, tuple[float, ...]] = {
    "teal": (0, 128, 128),
    "card": (200, 100, 50),
    "clear": RED,
    "deep": (40_000 / 257, 20_000 / 257, 10_000 / 257),
    "light": (GREY_OF_HALF,) * 3,
    "turned": GREEN,
}


@pytest.mark.parametrize("film", ["wide", "tall"])
@pytest.mark.parametrize("shot", SEEN)
def test_the_middle_of_a_still_has_its_colour_in_every_frame(
    films: dict[str, list[Array]], film: str, shot: str
) -> None:
    for number in (0, 5, 11):
        frame = films[film][FIRST[shot] + number]
        middle = frame[:, frame.shape[1] // 2, frame.shape[2] // 2]
        assert middle == pytest.approx(codes(SEEN[shot]), abs=1.6)


def test_a_still_is_upright_and_what_is_clear_shows_its_fill(films: dict[str, list[Array]]) -> None:
    turned, clear = films["wide"][FIRST["turned"]], films["wide"][FIRST["clear"]]
    assert turned[:, 80, 80] == pytest.approx(codes(RED), abs=3)  # at the foot
    assert turned[:, 10, 80] == pytest.approx(codes(GREEN), abs=3)
    assert clear[:, 45, 10] == pytest.approx(codes(BLUE), abs=1.6)


@pytest.mark.parametrize("shot", ["gif", "webp"])
def test_an_animation_keeps_its_times_and_begins_again(films: dict[str, list[Array]], shot: str) -> None:
    wanted = ([RED] * 2 + [GREEN] * 6 + [BLUE] * 4) * 2
    for number, colour in enumerate(wanted):
        assert films["wide"][FIRST[shot] + number][:, 45, 80] == pytest.approx(codes(colour), abs=4), number


@pytest.mark.parametrize("shot", ["apng", "avif"])
def test_an_animation_without_a_length_is_shown_once(films: dict[str, list[Array]], shot: str) -> None:
    for number, colour in enumerate([RED] * 2 + [GREEN] * 6 + [BLUE] * 4):
        assert films["wide"][FIRST[shot] + number][:, 45, 80] == pytest.approx(codes(colour), abs=4), number
    assert len(films["wide"]) == len(films["tall"]) == LENGTH


def test_a_sequence_runs_at_its_rate_and_holds_its_last_frame(films: dict[str, list[Array]]) -> None:
    shown = [films["wide"][FIRST["frames"] + number][:, 45, 80] for number in range(24)]
    for number, colour in ((0, RED), (2, GREEN), (4, BLUE), (6, YELLOW), (8, YELLOW), (23, YELLOW)):
        assert shown[number] == pytest.approx(codes(colour), abs=3), number


@pytest.mark.parametrize("film", ["wide", "tall"])
def test_bars_fill_the_frame_in_their_codes_untouched_by_the_house(
    films: dict[str, list[Array]], film: str
) -> None:
    frame = films[film][FIRST["bars"]]
    height, width = frame.shape[1:]
    for share, rgb in ((1 / 16, (0.4,) * 3), (0.5, (0, 0.75, 0)), (15 / 16, (0.4,) * 3)):
        got = frame[:, height // 4, int(width * share)]
        assert got == pytest.approx(codes(tuple(255 * each for each in rgb)), abs=1.6)  # 8 bits are dithered
    assert frame[0, height * 9 // 10, int(width * (1 / 8 + 2.5 * 3 / 28))] == pytest.approx(235, abs=1)


def test_a_slate_has_white_type_in_the_middle_of_its_ground(films: dict[str, list[Array]]) -> None:
    for film in ("wide", "tall"):
        luma = films[film][FIRST["slate"] + 3][0]
        assert luma.max() > 225
        rows = np.flatnonzero((luma > 128).any(1))
        assert luma.shape[0] * 0.25 < rows.mean() < luma.shape[0] * 0.75
        assert luma[2, 2] <= 17


def receipts(folder: Path) -> Any:
    return json.loads((folder / "out" / "receipt.json").read_text())["receipts"][0]


def test_made_sources_are_declared_and_are_no_ingredients(done: tuple[Path, Any]) -> None:
    receipt = receipts(done[0])
    drawn = [action for action in receipt["actions"] if action["name"] == "c2pa.drawing"]
    assert [action["description"] for action in drawn] == [
        "made here: bars",
        "made here: slate",
        "made here: colour",
    ]
    assert {action["source_type"].rpartition("/")[2] for action in drawn} == {"digitalCreation"}
    titles = [part["title"] for part in receipt["ingredients"]]
    assert titles[0] == "card.png"
    assert "f_%04d.png.zip" in titles
    assert not [title for title in titles if title.endswith(".json")]


def test_what_people_drew_is_not_called_generated(done: tuple[Path, Any]) -> None:
    folder, data = done
    verified = answerprint(folder, "verify", folder / "out" / "wide.mp4", "--json")
    found = json.loads(verified.out)
    assert (found["integrity"], found["chain"]) == ("intact", "sound")
    assert found["ai"]["source_type"].rpartition("/")[2] == "composite"
    assert found["ai"]["signals"] == ["c2pa: compositionMayContainGenAI"]  # of what was shot nothing is known
    assert data["deliverables"][0]["signed"]


def test_the_speed_of_a_still_is_not_declared(done: tuple[Path, Any]) -> None:
    assert "c2pa.changedSpeed" not in [action["name"] for action in receipts(done[0])["actions"]]


def test_finishing_again_makes_nothing_anew(done: tuple[Path, Any]) -> None:
    again = finished(done[0])
    assert [(row["segments"], row["reused"]) for row in again["deliverables"]] == [
        (row["segments"], row["segments"]) for row in again["deliverables"]
    ]


def test_a_new_job_of_stills_and_frames_is_finished_unedited(tmp_path: Path) -> None:
    make_sources(tmp_path)
    patterns = [
        word for name in ("card.png", "a.gif", "seq/f_%04d.png") for word in ("--clips", tmp_path / name)
    ]
    made = answerprint(tmp_path, "new", tmp_path / "spot", *patterns)
    assert made.code == 0, made.said
    text = (tmp_path / "spot" / "job.yaml").read_text()
    assert "# 320x180, a still" in text
    assert "length: 3s" in text
    planned = answerprint(tmp_path, "plan", tmp_path / "spot" / "job.yaml", "--json").data
    assert planned["deliverables"][0]["frames"] == 72 + 12 + 4


def test_frames_are_taken_in_once(tmp_path: Path) -> None:
    make_sources(tmp_path)
    (tmp_path / "job.yaml").write_text(JOB)

    def ingest() -> Answer:
        return answerprint(
            tmp_path, "ingest", tmp_path / "seq" / "f_%04d.png", "--job", tmp_path / "job.yaml", "--json"
        )

    assert ingest().data["added"] == []
    (tmp_path / "seq" / "f_0010.png").unlink()
    (tmp_path / "seq" / "f_0008.png").unlink()
    assert "has a gap" in ingest().said


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "gap": (lambda at: (at / "seq" / "f_0008.png").unlink(), "job.yaml:22: f_%04d.png: has a gap"),
    "none": (lambda at: shutil.rmtree(at / "seq"), "f_%04d.png: has no frames"),
    "half": (
        lambda at: (at / "card.png").write_bytes((at / "card.png").read_bytes()[:80]),
        "card.png: cannot be read",
    ),
    "text": (lambda at: (at / "light.exr").write_text("light"), "light.exr: "),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_read_is_one_clear_error_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    make_sources(tmp_path)
    (tmp_path / "job.yaml").write_text(JOB)
    harm, says = BROKEN[kind]
    harm(tmp_path)
    answer = answerprint(tmp_path, "finish", tmp_path / "job.yaml", "-o", tmp_path / "out")
    assert answer.code == 3
    assert says in answer.said
    assert "Traceback" not in answer.said
    assert len(answer.said.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
