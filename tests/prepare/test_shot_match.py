from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from post.engine import ContentStore
from post.errors import Problems
from post.job import load_job
from post.measure.match.decision import Decision, abstained
from post.picture.colour.match import ColourMatch
from post.picture.kernel import new_planes
from post.prepare import match_question
from post.prepare.plan_job import plan_job
from post.render.segment import draw
from post.stage import open_call
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Plan
from post.values.array import Array
from post.values.colour import BT2020
from tests.made.stores import open_store

SMALL = ClipRecipe(width=320, height=320, frames=12, colour=BT709)
JOB = """
schema: Job.2
title: Matching
clock: 24
{house}
takes:
  hero: hero.mp4
  warm: warm.mp4
  black: black.mp4
  mild: mild.mp4
  log-hero: {{file: hero.mp4, develop: apple-log}}
  log-warm: {{file: warm.mp4, develop: apple-log}}
  log-mild: {{file: mild.mp4, develop: apple-log}}
  log-mild-wide: {{file: mild-wide.mp4, develop: apple-log}}
  log-wide: {{file: wide.mp4, develop: apple-log}}
cut: [{cut}]
{more}
deliver: [{{name: film, width: 320, height: 320}}]
"""
PLAIN = "house: {grain: none, look: none}"
MID = 16 + 0.46 * 219  # the code of luma .46
Prepared = Callable[..., Plan]


def shown(frame: int) -> Array:
    """Returns a picture that scikit-image ships, seen through a drifting window; 0..1."""
    picture: Array = data.astronaut()  # type: ignore[no-untyped-call]
    return picture[frame : 400 + frame, frame : 400 + frame].astype(np.float32) / 255


def graded(frame: int) -> Array:
    return np.clip(shown(frame) * np.array([0.8, 0.68, 0.55], np.float32) + np.float32(0.02), 0, 1)


def lifted(frame: int) -> Array:
    return shown(frame) * np.float32(0.92) + np.float32(0.03)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "hero.mp4", SMALL, shown)
    make_clip(folder / "warm.mp4", SMALL, graded)
    make_clip(folder / "wide.mp4", replace(SMALL, colour=BT2020), graded)
    make_clip(folder / "mild.mp4", SMALL, lifted)
    make_clip(folder / "mild-wide.mp4", replace(SMALL, colour=BT2020), lifted)
    make_clip(folder / "black.mp4", ClipRecipe("black", 320, 320, frames=12, colour=BT709))
    return folder


@pytest.fixture
def prepared(clips: Path, tmp_path: Path) -> Prepared:
    """Plans a job. keep: where facts are kept; None: where all of these tests keep them."""

    def plan(cut: str, more: str = "", keep: Path | None = None, house: str = PLAIN) -> Plan:
        path = clips / f"{tmp_path.name}.yaml"
        path.write_text(JOB.format(cut=cut, more=more, house=house))
        return plan_job(
            load_job(path), (), ContentStore(clips / "content"), facts=open_store(keep or clips / "facts")
        )[1]

    return plan


def luma(plan: Plan, frame: int) -> Array:
    out = new_planes(320, 320, 8, "420")
    [segment] = [each for each in plan.renditions[0].on_film if frame in each.span]
    draw(segment, frame, out)
    return np.stack([out.y[::2, ::2], out.cb, out.cr]).astype(float)


def stages(plan: Plan, shot: str) -> list[str]:
    return [placed.call.stage for placed in plan.renditions[0].placed if placed.shot == shot]


def test_a_shot_looks_like_its_reference_and_says_so(prepared: Prepared) -> None:
    as_it_was, plan = (prepared("{take: hero}, {take: warm}", more) for more in ("", "match: hero"))
    [found] = plan.matched
    assert (found.shot, found.reference, found.method) == ("warm", "hero", "correspondence")
    assert "match" in stages(plan, "warm")
    assert "match" not in stages(plan, "hero")
    assert ("cut[1].match", "correspondence, 100%") in [origin[:2] for origin in plan.origins]
    before, after = (np.abs(luma(each, 14) - luma(each, 2)).mean() for each in (as_it_was, plan))
    assert after < before / 8


def test_half_the_strength_makes_half_the_change(prepared: Prepared) -> None:
    cut = "{{take: hero}}, {{take: warm, match: {{to: hero, strength: {}}}}}"
    whole, half = (prepared(cut.format(share)).matched[0] for share in (1, 0.5))
    assert whole.call is not None
    assert half.call is not None
    full, part = open_call(whole.call), open_call(half.call)
    assert isinstance(full, ColourMatch)
    assert isinstance(part, ColourMatch)
    assert np.allclose(part.exposure, np.array(full.exposure) / 2, atol=1e-9)
    assert part.saturation == pytest.approx(full.saturation**0.5)
    assert half.strength == whole.strength / 2
    assert prepared(cut.format(0)).matched[0].call is None


def test_in_a_chain_every_shot_gets_the_colour_of_the_first(prepared: Prepared) -> None:
    plan = prepared("{take: hero}, {take: warm}, {take: warm, name: last}", "match: previous")
    assert [(each.shot, each.reference) for each in plan.matched] == [("warm", "hero"), ("last", "warm")]
    assert np.abs(luma(plan, 26) - luma(plan, 14)).mean() < 0.5


def test_the_tags_of_a_log_clip_do_not_change_its_picture(prepared: Prepared) -> None:
    """Both clips have the same R'G'B', one tagged BT.709 and one BT.2020, as log clips of cameras often are."""
    plan = prepared("{take: log-warm}, {take: log-wide}")
    apart = np.abs(luma(plan, 14) - luma(plan, 2))
    # The rounding of two encodings, enlarged by the log curve's contrast; converted codes differ by 10.7 and 67.
    assert apart.mean() < 2
    assert np.percentile(apart, 99) < 12


def test_a_log_clip_is_matched_after_it_is_developed_whatever_its_tags(prepared: Prepared) -> None:
    calls = []
    for name in ("mild", "mild-wide"):
        [found] = prepared(f"{{take: log-hero}}, {{take: log-{name}, match: log-hero}}").matched
        assert found.call is not None
        stage = open_call(found.call)
        assert isinstance(stage, ColourMatch)
        calls.append(stage)
    assert calls[0].exposure == pytest.approx(calls[1].exposure, abs=0.03)
    assert calls[0].saturation == pytest.approx(calls[1].saturation, abs=0.03)


def test_a_file_can_be_the_reference(prepared: Prepared) -> None:
    [found] = prepared("{take: warm, match: {file: hero.mp4}}").matched
    assert (found.reference, found.method) == ("hero.mp4", "correspondence")


def test_the_house_is_a_reference_by_figures_of_the_finished_picture(prepared: Prepared) -> None:
    """Mid comes to what the house measures, seen through its look."""
    house = "house: {{look: {look}, grain: none, balance: {{mid: 0.46, saturation: 0.05}}}}"
    for look in ("none", "postcard"):
        as_it_was, plan = (
            prepared("{take: hero}", more, house=house.format(look=look)) for more in ("", "match: house")
        )
        [found] = plan.matched
        assert (found.shot, found.reference, found.method) == ("hero", "house", "balance")
        assert "match" in stages(plan, "hero")
        before, after = (abs(float(np.median(luma(each, 2)[0])) - MID) for each in (as_it_was, plan))
        assert after < min(8, before / 2)


def test_a_shot_that_cannot_be_matched_is_unchanged_with_a_reason(prepared: Prepared) -> None:
    plan = prepared("{take: hero}, {take: black}", "match: hero")
    [found] = plan.matched
    assert (found.method, found.call) == ("abstain", None)
    assert "shows next to nothing" in found.why
    assert "match" not in stages(plan, "black")


def test_a_reference_that_is_no_picture_is_refused_at_its_line(prepared: Prepared, clips: Path) -> None:
    (clips / "words.png").write_text("not a picture")
    with pytest.raises(Problems, match=r"yaml:\d+: words.png"):
        prepared("{take: warm, match: {file: words.png}}")


def test_a_decision_is_made_once(prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = "{take: hero}, {take: warm, match: hero}"
    first = prepared(cut, keep=tmp_path / "facts")
    monkeypatch.setattr(match_question, "find_transfer", None)
    monkeypatch.setattr(match_question, "decide_spot", None)
    assert prepared(cut, keep=tmp_path / "facts") == first
    with pytest.raises(TypeError):
        prepared("{take: hero}, {take: warm, length: 6f, match: hero}", keep=tmp_path / "facts")


def test_a_spot_with_one_changed_shot_is_decided_anew_but_for_the_transfers_of_the_others(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _counted(monkeypatch)
    for length in ("12f", "6f", "12f"):
        cut = f"{{take: hero}}, {{take: warm}}, {{take: mild, length: {length}}}"
        prepared(cut, "match: hero", keep=tmp_path / "facts")
    # Two transfers and a spot of two; then one transfer and a spot of two; then all is kept.
    assert asked == [1, 1, 2, 1, 2]


def test_a_spot_is_decided_once_whatever_the_order_of_its_shots(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _counted(monkeypatch)
    shots = [f"{{take: {name}, name: {name}, match: hero}}" for name in ("warm", "mild", "black")]
    found = [
        {
            each.shot: each
            for each in prepared(", ".join(["{take: hero}", *order]), keep=tmp_path / "facts").matched
        }
        for order in (shots, shots[::-1])
    ]
    assert found[0] == found[1]
    assert {name: each.why for name, each in found[0].items()} == {
        name: f"mean {MEANS[name]}" for name in ("warm", "mild", "black")
    }
    assert asked == [1, 1, 1, 3]


MEANS = {"warm": 38, "mild": 50, "black": 0}  # luma, in per cent


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replaces what decides by what says of how many shots it was asked, and knows each shot by its picture."""
    asked: list[int] = []

    def transfer(target: list[Array], reference: list[Array], when: str) -> Decision:
        asked.append(1)
        return abstained("")

    def spot(targets: list[list[Array]], *rest: object) -> list[Decision]:
        asked.append(len(targets))
        return [abstained(f"mean {100 * np.mean(each):.0f}") for each in targets]

    monkeypatch.setattr(match_question, "find_transfer", transfer)
    monkeypatch.setattr(match_question, "decide_spot", spot)
    return asked
