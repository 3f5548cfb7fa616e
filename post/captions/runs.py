"""Joins and trims runs of text, so that the same caption has the same runs whatever file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from post.captions.model import Caption, CaptionRun

_SPACES = re.compile(r"[ \t\f\r]+")


def joined(runs: Iterable[CaptionRun]) -> tuple[CaptionRun, ...]:
    """Returns the runs with neighbours of one style made one, and without empty ones."""
    found: list[CaptionRun] = []
    for run in runs:
        if not run.text:
            continue
        if found and not run.text.strip("\n") and run.at in (None, found[-1].at) and not found[-1].ruby:
            found[-1] = replace(found[-1], text=found[-1].text + run.text)  # a line's end shows no style
        elif found and not run.ruby and not found[-1].ruby and replace(found[-1], text=run.text) == run:
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def spaced(runs: Sequence[CaptionRun]) -> list[CaptionRun]:
    """Returns the runs as they are shown: many spaces are one, and none stands at the end of a line or of all."""
    found: list[CaptionRun] = []
    last = "\n"
    for run in runs:
        text = re.sub(r" ?\n ?", "\n", _SPACES.sub(" ", run.text))
        if last in "\n ":
            text = text.removeprefix(" ")
        if text.startswith("\n") and last == " ":
            _trim(found)
        found.append(replace(run, text=text))
        last = text[-1:] or last
    if last == " ":
        _trim(found)
    return found


def _trim(runs: list[CaptionRun]) -> None:
    """Takes the space off the end of the last run that has text."""
    for i in range(len(runs) - 1, -1, -1):
        if runs[i].text:
            runs[i] = replace(runs[i], text=runs[i].text.removesuffix(" "))
            return


def in_order(captions: Iterable[Caption]) -> tuple[Caption, ...]:
    """Returns captions by the time they begin; those that begin together stay in the file's order."""
    return tuple(sorted(captions, key=lambda each: each.start))
