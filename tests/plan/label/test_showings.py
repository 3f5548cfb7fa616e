"""When a label shows: all the time, or for a while at first, and again at intervals."""

from __future__ import annotations

import pytest

from post.errors import JobError
from post.job.model import Timed
from post.picture.label import Label
from post.plan.label.showings import repeat_labels
from post.plan.layers import draw_layer
from post.values import BT709, Format
from tests.plan.made import FILM_CLOCK

FILM = Format(640, 360, FILM_CLOCK, 20 * 24, 8, "420", BT709)


def spans(at: str = "0s", length: str = "", **knobs: str) -> list[tuple[int, int]]:
    drawn = draw_layer(Timed(Label(**knobs), at, length, "spot.yaml:7"), FILM)  # type: ignore[arg-type]  # texts
    found = [each.placement.span for each in repeat_labels([drawn], FILM)]
    return [(span.first, span.stop) for span in found]


def test_a_label_shows_all_the_time_where_nothing_is_said() -> None:
    assert spans() == [(0, 480)]
    assert spans("1s", "4s") == [(24, 120)]


def test_an_initial_label_shows_for_its_dwell() -> None:
    assert spans(show="initial") == [(0, 72)]
    assert spans("1s", show="initial", dwell="2s") == [(24, 72)]


def test_it_comes_again_only_where_it_can_be_read_in_full() -> None:
    assert spans(show="initial", every="8s") == [(0, 72), (192, 264), (384, 456)]
    assert spans("0s", "18s", show="initial", every="8s") == [(0, 72), (192, 264)]


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ({"dwell": "47f"}, r"label.dwell: the label does not show for long enough; expected at least 2 s"),
        ({"every": "3s"}, r"label.every: the label would come again before it has gone; .* its dwell of 3s"),
    ],
)
def test_a_time_too_short_to_read_is_refused(knobs: dict[str, str], says: str) -> None:
    with pytest.raises(JobError, match=rf"^spot.yaml:7: {says}"):
        spans(show="initial", **knobs)


def test_a_length_does_not_cut_the_dwell_short() -> None:
    assert spans(length="2s", show="initial") == [(0, 48)]
    with pytest.raises(
        JobError, match=r"label.length: .* expected at least 2 s \(GB 45438-2025\), got 1\.00 s"
    ):
        spans(length="1s", show="initial")
