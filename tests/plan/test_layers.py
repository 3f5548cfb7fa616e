"""Layers that cover each other, and the AI label that nothing covers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.errors import Problems
from post.job.model import Timed
from post.picture.label import Label
from post.picture.title import Title
from post.picture.type.place import Bounds
from post.picture.type.standing import seen_box
from post.plan import compile_plan
from post.plan.layers import draw_layer, layer_name
from post.stage import LayerStage, Raster
from post.values import BT709, Format, Plan, Toolchain
from post.values.warning import JobWarning
from tests.plan.made import FILM_CLOCK, cut, deliver, job, take

FILM = Format(640, 360, FILM_CLOCK, 48, 8, "420", BT709)
TAKES = {"dog": take()}
WIDE, TALL = deliver("wide"), deliver("tall", 360, 640)


def timed(layer: LayerStage, at: str = "0s", length: str = "", line: int = 1) -> Timed:
    return Timed(layer, at, length, f"spot.yaml:{line}")


def planned(*layers: Timed) -> Plan:
    titles = tuple(each for each in layers if each.layer.name == "title")
    marks = tuple(each for each in layers if each.layer.name != "title")
    asked = job(cut("dog"), titles=titles, marks=marks, deliver=(WIDE, TALL))
    return compile_plan(asked, TAKES, (), Toolchain((("av", "18"),)))


def overlaps(*layers: Timed) -> list[JobWarning]:
    return [each for each in planned(*layers).warnings if each.code == "layers-overlap"]


def test_a_title_under_the_label_is_told_with_both_names_and_every_film() -> None:
    (found,) = overlaps(
        timed(Title(text="Winter", place="top-right"), line=7), timed(Label(place="top-right"))
    )
    assert (found.of, found.where) == ('title "Winter"', "spot.yaml:7")
    assert found.what == 'is covered by label "AI GENERATED"'
    assert found.got == "in wide, tall"


def test_layers_apart_in_place_or_in_time_do_not_cover_each_other() -> None:
    assert not overlaps(timed(Title(text="Winter")), timed(Label()))
    first = timed(Title(text="One"), "0s", "1s")
    assert not overlaps(first, timed(Title(text="Two"), "1s", "1s"))
    assert len(overlaps(first, timed(Title(text="Two"), "23f", "1s"))) == 1


def test_two_titles_in_one_place_are_told_of_the_lower_one() -> None:
    (found,) = overlaps(timed(Title(text="One"), line=3), timed(Title(text="Two"), line=4))
    assert (found.of, found.where, found.what) == ('title "One"', "spot.yaml:3", 'is covered by title "Two"')


def test_two_labels_in_one_place_are_refused() -> None:
    with pytest.raises(Problems) as caught:
        planned(timed(Label(place="top-right"), line=8), timed(Label(text="AI", place="top-right"), line=9))
    assert [fault.what for fault in caught.value.faults] == ['an AI label would be covered by label "AI"'] * 2
    assert caught.value.faults[0].where == "spot.yaml:8 (640x360)"
    planned(timed(Label(), "0s", "1s"), timed(Label(text="AI"), "1s", "1s"))


def test_the_box_of_a_layer_is_what_is_seen_of_it() -> None:
    rgba = np.zeros((10, 12, 4), np.float32)
    rgba[2:5, 3:9, 3] = 1
    rgba[1, 1, 3] = 0.2  # the rim of a shadow
    assert seen_box(Raster(rgba, 100, 50)) == Bounds(103, 52, 109, 55)
    assert seen_box(Raster(rgba * 0, 100, 50)) == Bounds(100, 50, 100, 50)


def test_the_box_of_a_title_moves_with_its_place() -> None:
    left = draw_layer(timed(Title(text="Winter", place="top-left")), FILM).box
    right = draw_layer(timed(Title(text="Winter", place="bottom-right")), FILM).box
    assert left.right < right.left
    assert left.bottom < right.top


def test_a_long_text_is_named_by_its_beginning() -> None:
    assert layer_name(Title(text="a\nb  c")) == 'title "a b c"'
    assert layer_name(Title(text="x" * 60, lines=9)) == f'title "{"x" * 29}..."'


def test_marks_of_a_job_are_read_with_the_label_last(tmp_path: Path) -> None:
    from post.job import load_job
    from tests.flow_job import JOB, make_clips

    make_clips(tmp_path)
    from PIL import Image

    Image.new("RGBA", (20, 20), "red").save(tmp_path / "logo.png")
    (tmp_path / "job.yaml").write_text(JOB.replace("titles:", "bug: {file: logo.png}\ntitles:"))
    assert [each.layer.name for each in load_job(tmp_path / "job.yaml").marks] == ["graphic", "label"]
