"""Measures all facts of a clip in one pass over its frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from post.engine.store import Store
from post.errors import SourceError

# Importing a measure declares it.
from post.measure import banding, cuts, defects, flicker, motion, thumbnails  # noqa: F401
from post.measure.fact import (
    MEASURES,
    ClipLength,
    Measure,
    Unmeasured,
    load_fact,
    shown_by_job,
    store_fact,
)
from post.measure.frames import walk
from post.values.media import Fact, Picture

# Measured whenever a clip is decoded for another measure, and kept: asked for later, they would cost that again.
IN_PASSING = ("thumbnails",)


def facts_of(
    path: Path, picture: Picture, asset: str, keep: Store | None = None, names: Iterable[str] | None = None
) -> dict[str, Fact]:
    """Returns the facts of a clip by the name of their measure: all, or those in `names`.

    picture: the result of `probe` without a colour override; asset: the sha256 of the file; keep: the
    store where facts are read from and kept. The clip is decoded once, or not at all if every fact is stored.
    If a frame is damaged, the facts still open are Unmeasured, and are not stored.
    """
    wanted = set(MEASURES).difference(IN_PASSING) if names is None else _with_what_they_need(names)
    shown = shown_by_job(picture)
    found = {name: fact for name in wanted if keep and (fact := load_fact(keep, asset, name, shown))}
    missing = [name for name in MEASURES if name in wanted and name not in found]
    if not missing:
        return found
    beside = [name for name in IN_PASSING if keep and name not in wanted]
    footage = ClipLength(picture.length, picture.grid.rate)
    open_measures = {name: MEASURES[name](footage) for name in (*missing, *beside)}
    damage = _show(path, picture, open_measures)
    for name, one in open_measures.items():
        known = {each: found[each].value for each in one.after}
        value = Unmeasured(damage) if damage else one.found(known)
        found[name] = Fact(asset, name, one.version, value)
        if keep and not damage:
            store_fact(keep, found[name], shown)
    return {name: fact for name, fact in found.items() if name in wanted}


def _show(path: Path, picture: Picture, measures: dict[str, Measure]) -> str:
    """Passes every frame to every measure. Returns the text of the error that stopped it, or ""."""
    try:
        for step in walk(path, picture):
            for one in measures.values():
                one.see(step)
    except SourceError as fault:
        return str(fault)
    return ""


def _with_what_they_need(names: Iterable[str]) -> set[str]:
    wanted: set[str] = set()
    for name in names:
        wanted |= {name} | _with_what_they_need(MEASURES[name].after)
    return wanted
