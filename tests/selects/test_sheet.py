"""The command on a job of three small clips: page, JSON, table, and the cut that it writes."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.cli.app import run
from post.selects.sheet import strip_frames
from post.takes.made.scenes import SCENES
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values.array import Array
from post.values.time import Span
from tests.report.page_text import Tags

pytestmark = pytest.mark.usefixtures("kept_workers")

JOB = """\
schema: Job.2
title: Spot <b>
clock: 24
house: plain
brief: brief.yaml
takes:
  one: {file: one.mp4, beat: open, generator: {model: ltx, seed: 11}}
  two: {file: two.mp4, beat: open, generator: {model: ltx, seed: 12}}
  bars: {make: bars}
cut:
  - {take: one, name: open, length: 2s}
deliver: [{name: film, width: 64, height: 48}]
"""


def parted(at: int) -> Array:
    """A picture of one place before frame 30, and of another from there on."""
    return SCENES["dusk" if at < 30 else "bars"](160, 90, at / 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("selects")
    sound = SoundRecipe(codec="aac")
    make_clip(folder / "one.mp4", ClipRecipe("dusk", 160, 90, Fraction(24), 48, sound=sound), parted)
    make_clip(folder / "two.mp4", ClipRecipe("dusk", 160, 90, Fraction(24), 48))
    (folder / "brief.yaml").write_text("beats: [{id: open, says: a dog}, {id: end}]\n")
    (folder / "job.yaml").write_text(JOB)
    return folder


def said(folder: Path, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(folder / "config"))
        code = run(["selects", str(folder / "job.yaml"), "--store", str(folder / "store"), *words])
    out, err = capfd.readouterr()
    return code, out, err


def test_the_page_and_its_json_tell_what_was_measured_of_each_take(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(folder, capfd, "-o", str(folder / "out"), "--json")
    assert code == 0, err
    data: dict[str, Any] = json.loads(out)
    opened, end = data["groups"]
    assert (opened["beat"], opened["says"], end["takes"]) == ("open", "a dog", [])
    assert opened["varies"] == [{"field": "seed", "values": ["11", "12"]}]
    two, one = opened["takes"]
    assert [(each["name"], each["rank"]) for each in (two, one)] == [("two", 1), ("one", 2)]
    assert (one["cuts_s"], two["cuts_s"]) == ([1.25], [])
    assert one["usable"][0] == {"from_s": 0.0, "to_s": 1.25}
    assert two["usable"] == [{"from_s": 0.0, "to_s": 2.0}]
    assert two["why"].startswith("longest usable range (2.0 s)")
    assert (two["measures"]["loudness_lufs"], two["measures"]["fps"]) == (None, "24/1")
    assert one["measures"]["loudness_lufs"] < 0 < one["measures"]["edge_pct"]

    page = Path(data["sheet"])
    assert page == folder / "out" / "selects.html"
    tags = Tags(page.read_text("utf-8"))
    pictures = list(tags.all("img"))
    assert len(pictures) == 12
    assert all(str(each["src"]).startswith("data:image/webp;base64,") for each in pictures)
    assert not [
        name for name, has in tags.found if name in ("script", "link", "b") or ("href" in has and name != "a")
    ]
    text = " ".join(tags.text)
    for part in ("Spot <b>", "by seed: 11, 12", "Usable: 0.00 to 1.25 s", "Cuts inside", "No take yet."):
        assert part in text, part

    code, out, _ = said(folder, capfd, "-o", str(folder / "out"))
    assert (code, "by seed: 11, 12" in out, "usable 0.00..2.00: longest usable range" in out) == (
        0,
        True,
        True,
    )


def test_a_choice_is_written_and_a_wrong_one_writes_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    job = folder / "job.yaml"
    code, _, err = said(folder, capfd, "--choose", "open=two@0s..1s", "--choose", "end=one@1s..1.5s")
    assert (code, "a cut at 1.250 s" in err, job.read_text()) == (2, True, JOB)
    code, out, err = said(folder, capfd, "--choose", "open=two@0.5s..2s", "--choose", "end=one", "--json")
    assert code == 0, err
    assert [(each["shot"], each["did"]) for each in json.loads(out)["chosen"]] == [
        ("open", "changed"), ("end", "added"),
    ]  # fmt: skip
    assert job.read_text() == JOB.replace(
        "  - {take: one, name: open, length: 2s}\n",
        "  - {take: two, name: open, length: 1.5s, in: 0.5s}\n"
        "  - {id: end, take: one, in: 0s, length: 1.25s}\n",
    )
    assert run(["plan", str(job), "--store", str(folder / "store"), "--json"]) == 0
    assert "cut-inside" not in capfd.readouterr().out


def test_a_strip_is_spread_over_the_usable_spans() -> None:
    assert strip_frames([Span(0, 30), Span(60, 90)], 96) == (5, 15, 25, 65, 75, 85)
    assert strip_frames([], 12) == (1, 3, 5, 7, 9, 11)
    assert strip_frames([], 1) == (0,)
    assert np.diff(strip_frames([Span(10, 13)], 20)).min() > 0
