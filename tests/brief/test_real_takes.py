"""A brief of 20 rules on real takes: each is decided or asked; what breaks it is caught, what meets it is not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from post.api.briefs import brief_profile
from post.brief.rulings import cut_rows
from post.engine import InProcess
from post.qc.look import WorkerLook
from post.values.array import Array
from provenance.policy import PolicyInput
from tests.brief.made import cut_of, film, plan_of
from tests.brief.real import SHOWN_ON, brief_in, judge
from tests.plan.made import cut, job
from tests.qc.brand.branded import Drawn, lay_logo, write_branded
from tests.qc.text.typed_films import real_frame

pytestmark = [pytest.mark.media, pytest.mark.slow]
Media = Callable[[str], Path]
CLIP = "ai_clips/ltx2_guitar_student.mp4"


def _clip(path: Path, shown: Callable[[int], Array], frames: int = 24) -> Path:
    """Writes a take. shown: the picture of each frame, (288, 512, 3) uint8 RGB."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=24, options={"crf": "16", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 512, 288, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown(number)), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _broken(path: Path, asks: Any) -> dict[str, Any]:
    return {each.id: each for each in judge(path, asks) if each.verdict == "fail"}


@pytest.mark.parametrize("name", SHOWN_ON[1:3] + SHOWN_ON[5:6])
def test_takes_that_meet_the_brief_raise_no_alarm(name: str, media: Media, tmp_path: Path) -> None:
    asks = brief_in(tmp_path)
    assert len(asks.rules) == 20
    rulings = judge(media(f"ai_clips/{name}.mp4"), asks)
    assert len(rulings) == 16
    assert {each.id: each.measured for each in rulings if each.verdict not in ("pass", "needs_human")} == {}


def test_a_banned_colour_and_a_fast_camera_are_caught(media: Media, tmp_path: Path) -> None:
    asks, frame = brief_in(tmp_path), real_frame(media(CLIP))
    assert frame.shape == (540, 960, 3)

    def calm(number: int) -> Array:
        return frame[100:388, 20 + number // 2 : 532 + number // 2]

    def red(number: int) -> Array:
        made = calm(number).copy()
        made[20:90, 300:420] = (0xE4, 0x00, 0x2B)
        return made

    def fast(number: int) -> Array:
        return frame[100:388, 10 + 16 * number : 522 + 16 * number]

    assert _broken(_clip(tmp_path / "calm.mp4", calm), asks) == {}
    found = _broken(_clip(tmp_path / "red.mp4", red), asks)
    assert list(found) == ["no-red"]
    left, top, right, bottom = found["no-red"].box
    assert left <= 316 and top <= 36 and right >= 404 and bottom >= 74  # noqa: PT018  one box
    found = _broken(_clip(tmp_path / "fast.mp4", fast), asks)
    assert "calm" in found
    # 16 of 512 pixels in each of 24 frames.
    assert float(found["calm"].measured.split()[1]) == pytest.approx(75, rel=0.1)


@pytest.mark.parametrize(("drawn", "verdict"), [(Drawn(), "pass"), (Drawn(stretch=1.25), "fail")])
def test_a_broken_logo_is_caught_on_the_film(
    drawn: Drawn, verdict: str, media: Media, tmp_path: Path
) -> None:
    logo = media("graphics/logo_blender.svg")
    rule = f'rules: [{{id: logo, check: {{type: logo, params: {{file: "{logo}", seconds: 0.5, room_percent: 0}}}}}}]'
    asks, frame = brief_in(tmp_path, rule), real_frame(media(CLIP))
    path = write_branded(tmp_path / "film.mp4", frame, lambda _, bare: lay_logo(bare, logo, drawn))
    given = film(asks).given
    with WorkerLook(path, pool=InProcess()) as look:
        asked = PolicyInput(given.report, given.reading, given.facts, look)
        (ruling,) = brief_profile(asks, path, look, ()).check(asked).rulings
    assert (ruling.verdict, ruling.origin) == (verdict, "brief logo"), ruling.measured
    assert ruling.box is not None
    assert ruling.frame is not None


def test_a_missing_beat_is_caught_and_every_rule_is_decided_or_asked(tmp_path: Path) -> None:
    asks = brief_in(tmp_path)
    made = job(cut("dog", length="2s"), cut("cat", length="1s"))
    refs = tuple(type(ref)(ref.name, ref.path, ref.where, beat="open") for ref in made.takes)
    asked = job(*made.cut, takes=refs)
    rows = cut_rows(cut_of(plan_of(asked, ("dog", "cat")), asked, asks), {})
    found = {row.ruling.id: row.ruling for row in rows}
    assert len(found) == len(asks.rules) == 20
    assert (found["told"].verdict, found["told"].measured) == ("fail", "end is not told")
    assert {name for name, each in found.items() if each.verdict == "needs_human"} == {"product", "lens"}
    # Nobody measured these takes: nothing about them passes.
    assert found["calm"].verdict == "cannot_check"
    assert Fraction(0) == found["calm"].at[0][0]
