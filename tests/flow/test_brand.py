"""Brand elements of every kind, finished into a signed film: each is seen where and when the job says, and declared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from post.values.array import Array
from tests.flow import commands
from tests.flow.warm_commands import answerprint
from tests.picture.brand.elements import COUNT, HEIGHT, WIDTH, animation, clip, picture

LOTTIE = {
    "v": "5.7.0", "fr": 24, "ip": 0, "op": 24, "w": 100, "h": 50,
    "layers": [{
        "ty": 1, "ind": 1, "ip": 0, "op": 24, "st": 0, "sw": 100, "sh": 50, "sc": "#ffff00",
        "ks": {"o": {"a": 0, "k": 100}, "r": {"a": 0, "k": 0}, "p": {"a": 0, "k": [50, 25, 0]},
               "a": {"a": 0, "k": [50, 25, 0]}, "s": {"a": 0, "k": [100, 100, 100]}},
    }],
}  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="#ff0000"/></svg>'
GROUND = (32, 64, 96)
# Dither moves luma and Cb by a code each: 1.164 + 2.112 codes of blue, and what is rounded.
DITHER = 4
JOB = """
schema: Job.2
title: Brand
clock: 24
house: plain
label: none
takes: {ground: {make: colour, fill: "#204060"}}
cut: [{take: ground, length: 3s}]
brand:
  - {id: logo, file: logo.svg, width: 20%, margin: 0, place: top-left, fade_in: 0s, fade_out: 0s}
  - {id: play, file: play.json, width: 20%, margin: 0, place: top-right, length: 2s, fade_in: 0s, fade_out: 0s,
     after_end: stop}
  - {id: prores, file: a.mov, width: 40%, margin: 0, place: left, at: 1s, length: 1s, fade_in: 0s, fade_out: 0s}
  - {id: vp9, file: a.webm, width: 40%, margin: 0, place: right, at: 1s, length: 1s, fade_in: 0s, fade_out: 0s,
     after_end: loop}
  - {id: webp, file: a.webp, width: 20%, margin: 0, place: bottom-left, length: 2s, fade_in: 0s, fade_out: 0s}
  - {id: frames, file: seq/f_%03d.png, width: 20%, margin: 0, place: bottom-right, length: 2s, blend: multiply}
  - {id: card, file: photo.jpg, fit: fit, backdrop: true, backdrop_colour: "#ffffff", last: 0.5s, fade_in: 0s,
     fade_out: 0s}
deliver:
  - {preset: draft, name: wide, width: 480, height: 272, picture: {crf: 0, preset: ultrafast}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brand")
    (folder / "logo.svg").write_text(SVG)
    (folder / "play.json").write_text(json.dumps(LOTTIE))
    clip(folder / "a.mov", "prores_ks", "yuva444p10le")
    clip(folder / "a.webm", "libvpx-vp9", "yuva420p")
    animation(folder / "a.webp")
    (folder / "seq").mkdir()
    for number in range(COUNT):
        Image.fromarray(picture(number)).save(folder / "seq" / f"f_{number:03d}.png")
    Image.new("RGB", (100, 100), (0, 128, 0)).save(folder / "photo.jpg", quality=95, subsampling=0)
    (folder / "job.yaml").write_text(JOB)
    return folder


@pytest.fixture(scope="module")
def film(folder: Path) -> Path:
    return finished(folder, "one", 0)


def finished(folder: Path, name: str, workers: int) -> Path:
    """Finishes the job. workers: processes that make its segments; 0: the command itself does."""
    out = folder / name
    run, asked = (commands.answerprint, ("--workers", str(workers))) if workers else (answerprint, ())
    told = run(folder, "finish", folder / "job.yaml", "-o", out, "--store", folder / f"{name}-store", *asked)
    assert told.code == 0, told.said
    return out / "wide.mp4"


def frames(film: Path) -> Iterator[Array]:
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24", src_colorspace="ITU709", dst_color_range="JPEG").astype(
                int
            )


def off(frame: Array, x: int, y: int, colour: tuple[int, ...]) -> int:
    """How far the colour around a place is from what it should be, in codes."""
    return int(np.abs(frame[y - 1 : y + 2, x - 1 : x + 2] - np.array(colour)).max())


def test_each_is_seen_where_and_when_the_job_says(film: Path) -> None:
    shown = list(frames(film))
    assert len(shown) == 72
    # Of 272 lines, 20 % are 54 pixels, 40 % are 109.
    for number, (logo, play) in {
        0: (True, True),
        23: (True, True),
        24: (True, False),
        50: (True, False),
    }.items():
        assert off(shown[number], 27, 13, (255, 0, 0) if logo else GROUND) <= DITHER, number
        assert off(shown[number], 453, 13, (255, 255, 0) if play else GROUND) <= DITHER, number
    scale = 109 / WIDTH
    for number in (24, 30, 35, 40, 47):
        disc = picture(min(number - 24, COUNT - 1)), picture((number - 24) % COUNT)
        for left, rgba in zip((0, 480 - 109), disc, strict=True):
            x = int(np.argmax(rgba[HEIGHT // 2, :, 3])) + 12
            assert off(shown[number], left + round(x * scale), 136, (255, 120, 0)) <= 12, number
    assert off(shown[23], 60, 136, GROUND) <= DITHER
    for number in (60, 71):
        assert off(shown[number], 240, 136, (0, 128, 0)) <= DITHER
        assert off(shown[number], 50, 136, (255, 255, 255)) <= DITHER


def test_no_colour_of_what_is_clear_is_seen(film: Path) -> None:
    """The clips are green where they are clear; over blue and orange, green is never above what both mix to."""
    for frame in list(frames(film))[24:48]:
        for part in (frame[90:182, :109], frame[90:182, -109:]):
            red, green, blue = (part[..., i] for i in range(3))
            share = np.clip((red - GROUND[0]) / (255 - GROUND[0]), 0, 1)
            assert (green - (GROUND[1] + share * (120 - GROUND[1]))).max() <= 40
            assert blue.max() <= GROUND[2] + 30


def test_no_worker_and_four_make_the_same_film(folder: Path, film: Path) -> None:
    def packets(path: Path) -> str:
        with av.open(str(path)) as container:
            return hashlib.sha256(b"".join(bytes(packet) for packet in container.demux(video=0))).hexdigest()

    assert packets(finished(folder, "four", 4)) == packets(film)


def test_each_is_an_ingredient_that_is_placed_in_its_frames(folder: Path, film: Path) -> None:
    told = answerprint(folder, "verify", film, "--json")
    found: dict[str, Any] = json.loads(told.out)
    assert found["integrity"] == "intact"
    assert found["conformance"]["failed"] == []
    names = {each.partition(": ")[2] for each in found["manifests"][0]["ingredients"]}
    assert names >= {"logo.svg", "play.json", "a.mov", "a.webm", "a.webp", "photo.jpg", "f_%03d.png.zip"}
    assert found["manifests"][0]["actions"].count("c2pa.placed") == 7


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("file: logo.svg, ", "", "10: brand[0].file: missing; expected a path"),
        (
            "logo.svg",
            "text.svg",
            "10 (480x272): graphic.font: text.svg: an SVG has text whose font is not given",
        ),
        ("logo.svg", "gone_%d.svg", "10: brand[0].file: has no frames; expected files such as gone_1.svg"),
        ("place: top-left", "place: corner", "10: brand[0].place: unknown choice"),
        ("last: 0.5s", "last: 0.5s, at: 1s", "18: brand[6].at: given beside `last`"),
        (
            "width: 40%, margin: 0, place: left",
            "height: 100%, place: left",
            "13 (480x272): graphic.width: does not fit",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_line(folder: Path, before: str, after: str, said: str) -> None:
    (folder / "text.svg").write_text(SVG.replace("</svg>", "<text font-family='Arial'>Hi</text></svg>"))
    assert before in JOB
    (folder / "bad.yaml").write_text(JOB.replace(before, after))
    told = answerprint(folder, "plan", folder / "bad.yaml")
    assert told.code in (2, 3)
    assert f"bad.yaml:{said}" in told.said
