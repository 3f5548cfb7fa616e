"""Stills and ranges, made before there is a film: the film's own frames and samples, and never taken for the film."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import post.engine
from post.cli.app import run
from post.engine import InProcess
from post.picture.kernel import Planes, to_rgb
from post.render.segment import draw_alone
from post.render.sound import decode_sound
from post.render.sound import make as make_sound
from post.values import Segment, Span, from_plain, plain
from post.values.array import Array
from provenance.trust import lists
from provenance.verify import verify
from tests.flow_job import JOB, Small, make_clips, small_job

LOSSLESS = JOB.replace(
    "    picture: {crf: 0, preset: ultrafast}",
    "    picture: {crf: 0, preset: ultrafast}\n    container: mov\n    audio: {codec: pcm_s16le}",
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("range")
    make_clips(folder)
    return folder


@pytest.fixture(scope="module")
def film(room: Path) -> Small:
    return small_job(room, LOSSLESS)


@pytest.fixture
def here(room: Path, film: Small, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the job, where commands run in this process."""
    monkeypatch.chdir(room)
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(room / "config"))
    monkeypatch.setattr(post.engine, "WorkerPool", lambda *_: InProcess())
    return room


def command(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words, "--store", "store", "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def drawn(film: Small, frame: int) -> Planes:
    """A frame of the whole film's plan, as an encoder gets it."""
    segment = next(each for each in film.rendition.on_film if frame in each.span)
    return draw_alone(from_plain(Segment, plain(segment), film.sources.files()), frame)


def decoded(path: Path) -> list[list[Array]]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(container.streams.video[0])]
    return [[frame[:90], *np.split(frame[90:].reshape(-1), 2)] for frame in frames]


# A plain frame, one under a title, one in a dissolve, one of a ramp.
@pytest.mark.parametrize("frame", [0, 14, 20, 45])
def test_a_still_is_the_frame_that_an_encoder_gets(
    here: Path, film: Small, capsys: pytest.CaptureFixture[str], frame: int
) -> None:
    data = command(capsys, "still", "small.yaml", "--at", f"{frame}f", "-o", "out.png")
    length = film.rendition.format.length
    assert {row["code"] for row in data.pop("warnings")} <= {"colour-untagged", "crop-cuts"}
    assert data == {
        "path": "out.png", "name": "wide", "frame": frame, "frames": length,
        "seconds_in": round(frame / 24, 6), "width": 160, "height": 90, "signed": False,
    }  # fmt: skip
    rgb = to_rgb(drawn(film, frame), 8, film.rendition.format.colour, "420")
    codes = np.rint(np.clip(rgb, 0, 1) * np.float32(255)).astype(np.uint8)
    read = cv2.imread("out.png")
    assert read is not None
    assert np.array_equal(read[..., ::-1], codes)


def test_a_still_says_that_it_is_none_of_a_film_and_that_it_is_generated(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from PIL import Image

    command(capsys, "still", "small.yaml", "--at", "1s", "-o", "told.png")
    with Image.open(here / "told.png") as image:
        image.load()
        texts = image.info
    assert texts["Title"].startswith("STILL, NOT THE FILM: wide, frame 24 of ")
    assert not [path.name for path in here.glob("*.part")]


def test_a_still_is_never_written_over_a_source(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (here / "sea.mp4").read_bytes()
    assert run(["still", "small.yaml", "--at", "1s", "-o", "sea.mp4", "--store", "store"]) == 2
    assert "expected a name ending in .png" in capsys.readouterr().err
    assert (here / "sea.mp4").read_bytes() == before


def test_a_range_has_the_films_own_frames_and_samples(
    here: Path, film: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    data = command(capsys, "finish", "small.yaml", "-o", "out", "--range", "11f..41f")
    (made,) = data["deliverables"]
    assert (made["name"], made["frames"], made["samples"]) == ("wide.range-11-40", 30, 60000)
    assert Path(made["path"]) == Path("out/range/wide.range-11-40.mov")
    frames = decoded(here / made["path"])
    for number, planes in enumerate(frames, start=11):
        wanted = drawn(film, number)
        assert all(
            np.array_equal(a.reshape(-1), b.reshape(-1)) for a, b in zip(planes, wanted, strict=True)
        ), number
    mix = film.rendition.mix
    make_sound(plain(mix), film.sources.files(), here / "whole.mov")
    whole = decode_sound(here / "whole.mov", mix.length)
    assert np.array_equal(decode_sound(here / made["path"], 60000), whole[22000:82000])


def test_a_range_is_never_taken_for_the_film(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = here / "apart"
    out.mkdir()
    for name in ("wide.mov", "receipt.json", "report.html"):
        (out / name).write_text("the film's")
    first = command(capsys, "finish", "small.yaml", "-o", "apart", "--range", "0s..1s")
    command(capsys, "finish", "small.yaml", "-o", "apart", "--range", "1s..2s")
    (made,) = first["deliverables"]
    assert made["signed"] is False
    assert made["range"] == {"first": 0, "stop": 24, "of": made["range"]["of"]}
    assert first["report"] is None
    # Nothing of the film's is touched, and ranges lie apart, each under its own name.
    assert all(
        (out / name).read_text() == "the film's" for name in ("wide.mov", "receipt.json", "report.html")
    )
    assert sorted(path.name for path in (out / "range").iterdir()) == [
        "receipt.json", "wide.range-0-23.mov", "wide.range-24-47.mov",
    ]  # fmt: skip
    told = json.loads((out / "range" / "receipt.json").read_text())
    assert told["schema"] == "Ranges.1"
    assert [(row["schema"], row["name"], row["signed"]) for row in told["receipts"]] == [
        ("Range.1", "wide.range-24-47", False),
        ("Range.1", "wide.range-0-23", False),
    ]
    assert "colour-untagged" in [each["code"] for each in told["receipts"][0]["warnings"]]
    assert str(here) not in json.dumps(told["receipts"][0]["warnings"])
    with av.open(str(out / "range" / "wide.range-0-23.mov")) as container:
        assert container.metadata["title"].startswith("RANGE, NOT THE FILM: frames 0 to 23 of ")
    report = verify(Path(made["path"]), lists.read_configured(here / "config"))
    assert (report.integrity, report.signer) == ("absent", "none")


def test_a_range_reuses_what_the_store_has(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("finish", "small.yaml", "-o", "again", "--range")
    command(capsys, *words, "0s..2s")
    (made,) = command(capsys, *words, "0s..1.8s")["deliverables"]
    assert made["reused"] == made["segments"] - 1  # all but the one that is cut elsewhere


def test_a_film_and_its_range_are_as_long_as_they_say(film: Small) -> None:
    assert film.rendition.shown == Span(0, film.rendition.format.length)
