"""What a crop keeps, as jobs say it: of a shot in its own keys or under `reframe`, and of a deliverable."""

from __future__ import annotations

import pytest

from post.errors import Problems
from post.job import load_job
from tests.job.conftest import Write


@pytest.mark.parametrize(
    ("keys", "focus", "at", "fit", "zoom"),
    [
        ("", "", (0.5, 0.5), "fill", 1.0),
        ("focus: [0.3, 0.4]", (0.3, 0.4), (0.3, 0.4), "fill", 1.0),
        ("focus: auto", "auto", (0.5, 0.5), "fill", 1.0),
        ("reframe: auto", "auto", (0.5, 0.5), "fill", 1.0),
        ("reframe: {focus: [0.4, 0.5]}", (0.4, 0.5), (0.4, 0.5), "fill", 1.0),
        ("reframe: {focus: auto, fit: fit, zoom: 1.5}", "auto", (0.5, 0.5), "fit", 1.5),
        ("zoom: 2, reframe: {fit: fit}", "", (0.5, 0.5), "fit", 2.0),
    ],
)
def test_a_shot_says_what_its_crop_keeps(
    write: Write, keys: str, focus: object, at: tuple[float, float], fit: str, zoom: float
) -> None:
    (cut,) = load_job(write(cut=f"cut: [{{take: dog{', ' if keys else ''}{keys}}}]")).cut
    assert cut.focus == focus
    assert (cut.reframe.focus_x, cut.reframe.focus_y) == at
    assert (cut.reframe.fit, cut.reframe.zoom) == (fit, zoom)


def test_a_shot_says_its_focus_by_hand_what_no_crop_may_cut_and_what_fills_the_frame(write: Write) -> None:
    keys = "keys: [[0s, [0.3, 0.5]], [36f, [0.6, 0.5]]], keep: [[0, 0.9, 0.1, 1]], fill: blur"
    (cut,) = load_job(write(cut=f"cut: [{{take: dog, reframe: {{{keys}}}}}]")).cut
    assert cut.focus == ""
    assert cut.focus_keys == (("0s", 0.3, 0.5), ("36f", 0.6, 0.5))
    assert cut.keep == ((0.0, 0.9, 0.1, 1.0),)
    assert cut.reframe.fill == "blur"


def test_a_deliverable_says_what_fills_the_frame(write: Write) -> None:
    (deliver,) = load_job(
        write(deliver="deliver: [{width: 64, height: 64, name: small, fill: auto}]")
    ).deliver
    assert deliver.fill == "auto"


@pytest.mark.parametrize(
    ("keys", "focus"), [("", ""), (", focus: auto", "auto"), (", focus: [0.25, 1]", (0.25, 1.0))]
)
def test_a_deliverable_says_it_for_all_its_shots(write: Write, keys: str, focus: object) -> None:
    (deliver,) = load_job(write(deliver=f"deliver: [{{width: 64, height: 64, name: small{keys}}}]")).deliver
    assert deliver.focus == focus


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("focus: middle", r"focus: not two numbers; expected \[x, y\], each 0 to 1, or auto, got 'middle'"),
        ("focus: [0.5]", r"focus: not two numbers"),
        ("focus: [0.5, 2]", r"focus\[1\]: out of range"),
        ("reframe: centre", r"reframe: unknown choice; expected auto, got 'centre'"),
        ("reframe: {fokus: auto}", r"reframe.fokus: unknown key.*did you mean 'focus'"),
        (
            "zoom: 2, reframe: {zoom: 3}",
            r"reframe.zoom: given twice; expected zoom in one place; keep one of the two",
        ),
        ("focus: auto, reframe: {focus: auto}", r"reframe.focus: given twice"),
        ("focus: auto, reframe: auto", r"reframe.focus: given twice"),
        ("reframe: {keys: [[0s, [0, 1]]]}", r"reframe.keys: one key; expected two or more"),
        ("reframe: {keys: [[0s, [0, 1]], [2s]]}", r"reframe.keys\[1\]: not a time and a focus"),
        ("reframe: {keys: [[0s, [0, 1]], [2s, auto]]}", r"reframe.keys\[1\]\[1\]: no point"),
        ("reframe: {keys: [[2s, [0, 1]], [1s, [0, 1]]]}", r"reframe.keys\[1\]: not after the key before it"),
        (
            "reframe: {focus: auto, keys: [[0s, [0, 1]], [2s, [1, 1]]]}",
            r"reframe.keys: focus and keys both given",
        ),
        ("reframe: {keep: [[0, 0, 1]]}", r"reframe.keep\[0\]: no box; expected \[left, top, right, bottom\]"),
        ("reframe: {keep: [[0.5, 0, 0.2, 1]]}", r"reframe.keep\[0\]: no box"),
        ("reframe: {keep: [[0, 0, 2, 1]]}", r"reframe.keep\[0\]\[2\]: out of range"),
        ("fill: stretch", r"fill: unknown choice; expected auto \| blur \| crop \| pad, got 'stretch'"),
    ],
)
def test_what_is_no_focus_is_refused_with_its_place(write: Write, keys: str, says: str) -> None:
    with pytest.raises(Problems, match=rf"^job.yaml:5: cut\[0\].{says}"):
        load_job(write(cut=f"cut: [{{take: dog, {keys}}}]"))


def test_a_deliverables_focus_is_checked(write: Write) -> None:
    with pytest.raises(Problems, match=r"deliver\[0\].focus\[0\]: out of range"):
        load_job(write(deliver="deliver: [{width: 64, height: 64, name: small, focus: [3, 0]}]"))
