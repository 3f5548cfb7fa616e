"""The timeline that `plan` draws."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from post.cli.text.plan_text import ASCII, BLOCKS, plan_lines, stdout_glyphs
from post.job.model import Timed
from post.picture.title import Title
from post.plan import compile_plan
from post.report.timeline import timeline_rows
from post.values import Plan, Toolchain
from tests.plan.made import cut, job, take


def planned() -> Plan:
    shots = (
        cut("dog", length="4s"),
        cut("sea", length="3s", transition=24),
        cut("cat", length="4s", speed="0s:1, 2s:1, 4s:0.5"),
    )
    titles = (Timed(Title(text="Winter"), "1s", "2s", "spot.yaml:7"),)
    takes = {name: take(name, 240) for name in ("dog", "sea", "cat")}
    return compile_plan(job(*shots, titles=titles), takes, (), Toolchain((("av", "18"),)))


def data_of(**more: Any) -> dict[str, Any]:
    film = {
        "name": "wide",
        "frames": 240,
        "width": 640,
        "height": 360,
        "codec": "h264",
        "segments": 6,
        "cached": 1,
    }
    work = {"segments": 6, "unique": 6, "cached": 1, "cost_of_one": 1.0}
    return {"seconds": 10.0, "deliverables": [film], "work": work, "remade": [], **more}


def drawn(columns: int = 80, **more: Any) -> list[str]:
    plan = planned()
    return plan_lines(plan, data_of(**more), timeline_rows(plan), columns, BLOCKS)


def test_every_shot_stands_under_its_seconds() -> None:
    lines = drawn()
    ruler = next(line for line in lines if line.strip().startswith("0s"))
    rows = {line.split()[0]: line for line in lines if line.startswith("  ") and "█" in line}
    bar = ruler.index("0s")
    assert rows["dog"].index("█") == bar
    assert rows["sea"].index("╱") == pytest.approx(ruler.index("3s"), abs=1)
    assert rows["cat"].index("█") == pytest.approx(ruler.index("6s"), abs=1)
    assert rows["title"].index("█") == pytest.approx(bar + 4, abs=1)
    assert rows["cat"].rstrip().endswith("4.00 s 0.5-1x")


def test_a_ramp_and_a_transition_are_drawn_and_explained() -> None:
    lines = drawn()
    (legend,) = [line.strip() for line in lines if "transition" in line and "slowed" in line]
    assert legend == "╱ transition   ▓ slowed"
    cat = next(line for line in lines if line.startswith("  cat"))
    assert cat.index("█") < cat.index("▓")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    lines = drawn(columns)
    assert max(map(len, lines)) <= columns
    assert max(line.rindex("█") for line in lines if "█" in line) >= columns - 18


def test_it_says_what_is_made_and_why() -> None:
    row = {
        "film": "wide",
        "from_s": 1.0,
        "to_s": 3.0,
        "why": ['title "Winter" changed'],
        "finished_before": True,
    }
    lines = drawn(remade=[row])
    assert "to make: 5 of 6 segments" in lines
    assert '  1.00 s to 3.00 s     title "Winter" changed' in lines
    first = {**row, "why": ["not finished before"], "finished_before": False}
    assert "  all of it: no film of this job was finished before" in drawn(remade=[first])
    assert "to make: nothing; every segment is in the store" in drawn()


def test_what_comes_first_is_the_film_then_its_work_then_its_warnings() -> None:
    lines = drawn()
    order = [lines.index(each) for each in ("shots", "layers", "sound", "films")]
    assert order == sorted(order)
    assert lines[0] == "Spot: 10.00 s, 240 frames at 24 fps, 3 shots"
    assert lines[-1] == "no warnings"


def test_a_terminal_without_blocks_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, glyphs in (("ascii", ASCII), ("utf-8", BLOCKS)):
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
        assert stdout_glyphs() == glyphs
