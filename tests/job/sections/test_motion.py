"""The motion of a title in a job: a preset's name, its keys over a preset, or written out; and what is asserted."""

from __future__ import annotations

import pytest

from post.errors import JobError, Problems
from post.job import load_job
from post.job.asserted import Asserted
from post.picture.motion.moves import Move, TypeMotion
from post.picture.title import Title
from tests.job.conftest import Write, write

__all__ = ["write"]


def title(write: Write, keys: str) -> Title:
    layer = load_job(write(titles=f"titles: [{{text: Winter, at: 0s, length: 1s, {keys}}}]")).titles[0].layer
    assert isinstance(layer, Title)
    return layer


def test_a_motion_is_a_preset_or_written_out_or_both(write: Write) -> None:
    rise = title(write, "motion: rise").moves
    assert rise is not None
    assert rise.into == Move(length="0.6s", ease="out-quint", dy="0.55em", opacity=0)
    written = title(write, "motion: {in: {length: 4f, dx: -3%, by: word}, shutter: 180}").moves
    assert written == TypeMotion(into=Move(length="4f", dx="-3%", by="word"), shutter=180)
    both = title(write, "motion: {preset: rise, in: {length: 1s}}").moves
    assert both == TypeMotion(into=Move("1s", "out-quint", dy="0.55em", opacity=0), out=rise.out)
    assert title(write, "motion: none").moves is None


def test_what_is_asserted_is_kept_with_the_title(write: Write) -> None:
    text = "titles: [{text: Winter, at: 0s, length: 1s, assert: {enters_before: 0.5s, inside: frame}}]"
    assert load_job(write(titles=text)).titles[0].asserted == Asserted("0.5s", inside="frame")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("motion: rize", "unknown motion preset; .*did you mean 'rise'"),
        ("motion: 3", r"titles\[0\].motion: not keys and values"),
        ("motion: {inn: {}}", r"titles\[0\].motion.inn: unknown key"),
        ("motion: {in: {dy: 4px}}", r"titles\[0\].motion.in.dy: not a distance"),
        ("motion: {out: {ease: boing}}", r"titles\[0\].motion.out.ease: not an easing"),
        ("motion: {while: {by: letter}}", r"titles\[0\].motion.while.by: unknown choice"),
        ("motion: {shutter: 400}", r"titles\[0\].motion.shutter: out of range"),
        ("assert: {inside: moon}", r"titles\[0\].assert.inside: unknown choice"),
        ("assert: {enters: 1s}", r"titles\[0\].assert.enters: unknown key"),
    ],
)
def test_a_wrong_motion_is_told_at_its_key(keys: str, said: str, write: Write) -> None:
    with pytest.raises((JobError, Problems), match=said):
        title(write, keys)
