"""Baked hand-offs: what plates hold, frame by frame, the cut that points at them, and the reference movie."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import post.engine
from post.cli.app import run
from post.engine import InProcess
from post.handoff.baked.cut import baked_timeline
from post.handoff.baked.files import PlateFile
from post.handoff.baked.plates import plan_plates
from post.handoff.baked.reference import burnt_in
from post.handoff.from_plan import timeline_of
from post.job import load_job
from post.picture.kernel import Planes
from post.plan.shots import source_frames
from post.render.frame_planes import planes_of
from post.render.segment import draw_alone
from post.values import Segment, Span, from_plain, plain
from tests.flow.bad import ALONE
from tests.flow_job import JOB, Small, make_clips, small_job

# `tall` starts late enough for handles.
CUT = JOB.replace("{take: tall, length: 1s,", "{take: tall, in: 0.2s, length: 0.8s,").replace(
    "preset: draft", "preset: prores-422hq"
).replace("    picture: {crf: 0, preset: ultrafast}\n", "")  # fmt: skip
UNGRADED = CUT.replace("house: daylight", "house: plain").replace(
    "titles:\n  - {text: Salt, at: 0.5s, length: 1s}\n", ""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plates")
    make_clips(folder)
    return folder


@pytest.fixture(scope="module")
def film(folder: Path) -> Small:
    """The film without grade and titles."""
    return small_job(folder, UNGRADED)


@pytest.fixture
def here(folder: Path, film: Small, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the job, where commands run in this process."""
    (folder / "cut.yaml").write_text(CUT)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(folder / "config"))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(folder / "store"))
    monkeypatch.setattr(post.engine, "WorkerPool", lambda *_: InProcess())
    return folder


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def decoded(path: str) -> list[Planes]:
    with av.open(path) as container:
        return [planes_of(frame) for frame in container.decode(video=0)]


def psnr(a: Planes, b: Planes) -> float:
    """Of the worst of three planes of 10 bits, in dB."""
    errors = [np.mean((np.float64(x) - np.float64(y)) ** 2) for x, y in zip(a, b, strict=True)]
    return float(10 * np.log10(1023**2 / max(1e-9, *map(float, errors))))


def drawn(film: Small, frame: int) -> Planes:
    """A frame of the ungraded film, as its encoder gets it, but for the AI label."""
    segment = replace(next(each for each in film.rendition.on_film if frame in each.span), layers=())
    return draw_alone(from_plain(Segment, plain(segment), film.sources.files()), frame)


def test_plates_are_the_ungraded_film_with_handles(
    here: Path, film: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("handoff", "cut.yaml", "--to", "otio", "-o", "cut.otio", "--baked", "--handles", "4f")
    data = told(capsys, *words, "--start", "1001")
    rows = data["media"]
    assert [Path(row["path"]).name for row in rows] == ["dusk_v1.mov", "tall_v1.mov", "sea_v1.mov"]
    assert [(row["before"], row["after"]) for row in rows] == [(0, 4), (4, 4), (2, 0)]
    assert {row["where"] for row in data["lost"] if row["what"] == "handles"} == {"dusk", "sea"}
    assert {"house style", "clip sound", "Content Credentials"} <= {row["what"] for row in data["lost"]}
    shots = film.rendition.shots
    for row, shot, after in zip(rows, shots, [*shots[1:], None], strict=True):
        made = decoded(row["path"])
        assert len(made) == row["frames"] == row["before"] + len(shot.span) + row["after"]
        alone = Span(shot.span.first + shot.transition, shot.span.stop - (after.transition if after else 0))
        for frame in (alone.first, (alone.first + alone.stop) // 2, alone.stop - 1):
            own = made[row["before"] + frame - shot.span.first]
            assert psnr(own, drawn(film, frame)) > 40
        with av.open(row["path"]) as container:
            (picture,) = container.streams.video
            context = picture.codec_context
            assert (context.name, context.profile, context.pix_fmt) == ("prores", "HQ", "yuv422p10le")
            assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
            assert picture.average_rate == 24
            assert picture.metadata["timecode"] == row["timecode"] == "00:00:41:17"
    assert not [*here.rglob(".*.part")]
    first = [Path(row["path"]).read_bytes() for row in rows]
    told(capsys, *words, "--start", "1001", "--store", "other")
    assert [Path(row["path"]).read_bytes() for row in rows] == first


def test_handles_show_the_take_beyond_the_cut(film: Small) -> None:
    _, plate, _ = plan_plates(film.rendition, 4)
    (clip,) = plate.segment.clips
    shot = plate.shot
    wanted = source_frames(shot, Span(shot.span.first - 4, shot.span.stop + 4))
    assert clip.frames == wanted
    before = [number + weight for number, weight in wanted[:5]]
    assert before == sorted({*before})


@pytest.mark.parametrize("form", ["otio", "fcpxml", "fcp7xml", "edl"])
def test_a_baked_cut_comes_back_as_long(
    here: Path, film: Small, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    edit = f"{form}.{'xml' if form == 'fcp7xml' else form}"
    data = told(
        capsys,
        "handoff",
        "cut.yaml",
        "--to",
        form,
        "-o",
        edit,
        "--baked",
        "--handles",
        "4f",
        "--start",
        "86400",
    )
    again = told(capsys, "conform", edit, "--takes", f"{form}-media", "-o", f"{form}/back.yaml")
    assert (again["clips"], again["retimes"], again["transitions"], again["refused"]) == (3, 0, 1, [])
    back = small_job(here, (here / form / "back.yaml").read_text().replace("../", ""))
    assert [each.span for each in back.rendition.shots] == [each.span for each in film.rendition.shots]
    starts = [each.time(0) for each in back.rendition.shots]
    assert starts == [row["before"] for row in data["media"]]
    assert load_job(here / form / "back.yaml").clock == film.plan.clock


def test_what_is_wrong_is_refused_and_leaves_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*words: str) -> str:
        assert run(["handoff", "cut.yaml", *words]) == 2
        return capsys.readouterr().err

    edit = ("--to", "otio", "-o", "wrong.otio")
    assert "add --baked" in refused(*edit, "--handles", "8f")
    assert "add --baked" in refused(*edit, "--start", "1001")
    assert "not a time" in refused(*edit, "--baked", "--handles", "eight")
    assert "a grade has no media" in refused("--to", "cube", "-o", "wrong", "--baked")
    assert not [*here.glob("*wrong*")]


def test_a_plate_is_not_written_over_a_take(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "handoff", "cut.yaml", "--to", "otio", "-o", "a.otio", "--baked")
    told(capsys, "conform", "a.otio", "--takes", "a-media", "-o", "again.yaml")
    before = {path: path.read_bytes() for path in (here / "a-media").iterdir()}
    assert run(["handoff", "again.yaml", "--to", "otio", "-o", "a.otio", "--baked"]) == 2
    assert "written over one of the job's own files" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (here / "a-media").iterdir()} == before


def test_a_reference_is_the_film_and_says_where_each_frame_is(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wide = JOB.replace("160", "1280").replace("90", "720")
    for old, new in ALONE:
        wide = wide.replace(old, new)
    (here / "wide.yaml").write_text(wide)
    data = told(capsys, "handoff", "wide.yaml", "--to", "edl", "-o", "ref.edl", "--reference")
    assert data["media"] == []
    movie = data["reference"]
    assert (Path(movie["path"]).name, movie["signed"], movie["sound"]) == ("ref-reference.mp4", False, True)
    assert (movie["width"], movie["height"]) == (960, 540)
    with av.open(movie["path"]) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        shown = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    assert len(shown) == movie["frames"] == 24
    corners = [np.float64(frame[490:535, 640:950]) for frame in shown]
    # The plate is dark under bright type, and its numbers change from frame to frame.
    assert all(corner.max() > 150 for corner in corners)
    assert all(np.abs(a - b).max() > 60 for a, b in pairwise(corners))


def test_a_reference_names_the_shot_that_an_editor_sees(film: Small) -> None:
    made = burnt_in(film.rendition)
    texts = [layer.call.knob("text") for segment in made.segments for layer in segment.layers]
    codes = [str(text) for text in texts if str(text).startswith("00:")]
    assert len(codes) == film.rendition.format.length
    cut = film.rendition.shots[1].span.first + 4  # the middle of a transition of 8 frames
    assert codes[0] == "00:00:00:00  dusk  0"
    assert [code.split()[1] for code in codes[cut - 1 : cut + 1]] == ["dusk", "tall"]
    assert not any(segment.finishes for segment in made.segments)


def test_a_picture_that_is_made_here_stays_made(tmp_path: Path, folder: Path) -> None:
    job = CUT.replace("sea: sea.mp4}", "sea: sea.mp4, card: {make: slate, text: One}}")
    job = job.replace("cut:\n", "cut:\n  - {take: card, id: head, length: 12f}\n")
    job = job.replace("{take: dusk,", "{take: dusk, id: a/B,")
    planned = small_job(folder, job)
    plates = plan_plates(planned.rendition, 4)
    assert [plate.name for plate in plates] == ["a-B_v1", "tall_v1", "sea_v1"]
    live = timeline_of(load_job(folder / "small.yaml"), planned.rendition)
    files = [PlateFile(plate, tmp_path / f"{plate.name}.mov", "", 0) for plate in plates]
    head, second, *_ = baked_timeline(live, planned.rendition, files).clips
    assert (head.media.make, head.media.text) == ("slate", "One")
    assert second.media.path.endswith("a-B_v1.mov")
