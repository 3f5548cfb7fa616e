"""Locks: what a house style resolved to, written down, so that next month's film has the same style.

A lock lies beside its house: `presets/house/NAME.lock` in the job's folder, or next to the house's file if the
job names the house by a path. A job whose house is locked is refused once the house resolves to other values.
What the job itself changes of the house is not locked: its plan shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from post.errors import JobError, Problems
from post.job.diagnostics import Diagnostics
from post.job.house import House, HouseSetting, read_house
from post.stage import RENAMED
from post.values.short_text import short_text
from presets import Node, Shelves, Written
from presets.places import note
from presets.yaml_nodes import read

SCHEMA, SUFFIX = "House-lock.1", ".lock"
MOST_SAID = 4


def lock_text(house: House, release: str) -> str:
    """Returns the text of a house's lock. release: the version of this program, so that it can be found again."""
    data = {
        "schema": SCHEMA,
        "house": house.name,
        "release": release,
        "files": dict(house.files),
        "stages": dict(house.stages),
        "parts": list(house.parts),
        "values": {setting.place: setting.value for setting in house.settings},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def lock_path(name: str, folder: Path) -> Path:
    """Returns the path of a house's lock, which need not exist. A house that ships is locked beside the job."""
    path = Shelves(folder).path("house", name)
    named_by_path = "/" in name or name.endswith((".yaml", ".yml"))
    return path.with_suffix(SUFFIX) if named_by_path else folder / "presets" / "house" / f"{name}{SUFFIX}"


def differences(locked: dict[str, Any], house: House) -> list[str]:
    """Returns each difference between a lock and its house as it is now, in words; none if they agree.

    A file is no difference if its text changed but its values did not. A knob that the lock does not have is no
    difference if it is at its default: if a stage's defaults ever give other pixels, its version changes too.
    """
    return [*_parts(locked, house), *_values(locked, house), *_stages(locked, house)]


def read_lock(path: Path) -> dict[str, Any]:
    """Returns what a lock says, by its keys. A lock is JSON, which is YAML, so the reader of YAML reads it.

    Raises JobError if the file is not a lock.
    """
    try:
        found = read(Written(path, str(path))).plain()
    except JobError as fault:
        raise _no_lock(path, str(fault)) from fault
    if found.get("schema") != SCHEMA:
        raise _no_lock(path, "another file")
    wrong = [key for key, kind in _KEY_TYPES.items() if not isinstance(found.get(key), kind)]
    if wrong:
        raise _no_lock(path, f"no {wrong[0]}")
    stages = {RENAMED.get(name, name): version for name, version in found["stages"].items()}
    return {**found, "stages": stages}


_KEY_TYPES = {"files": dict, "stages": dict, "values": dict, "parts": list}


def _no_lock(path: Path, got: str) -> JobError:
    fix = "lock the house again with `answerprint house lock`"
    return JobError("cannot be read as a house's lock", where=str(path), expected=SCHEMA, got=got, fix=fix)


def report_broken_lock(diagnostics: Diagnostics, named: Node) -> None:
    """Reports a fault if the house that a job names is locked and is no longer what its lock says.

    named: what the job has under `house`.
    """
    base = named.mapping.get("preset", named)
    if not isinstance(base.value, str):
        return
    try:
        check_lock(base.value, diagnostics.path.parent)
    except Problems as several:
        # The house's own faults are reported when its parts are read, but a job may not read every part.
        why = str(several.faults[0])
        diagnostics.say("a locked house that cannot be read", base, "house", got=why)
    except JobError as fault:
        diagnostics.report(fault, base, "house")


def check_lock(name: str, folder: Path) -> bool:
    """Returns whether a house is locked. Raises JobError if it is and is no longer what its lock says."""
    path = lock_path(name, folder)
    if not path.is_file():
        return False
    note(path)
    locked, house = read_lock(path), read_house(name, folder)
    found = differences(locked, house)
    if found:
        raise _broken(name, path, found, _changed_files(locked, house))
    return True


def _broken(name: str, path: Path, found: list[str], files: list[str]) -> JobError:
    more = [f"and {len(found) - MOST_SAID} more"] if len(found) > MOST_SAID else []
    at_fault = f"restore {', '.join(files)}, or " if files else ""
    return JobError(
        "the house is not what it was when it was locked",
        expected=f"what {path} says",
        got=", ".join([*found[:MOST_SAID], *more]),
        fix=f"{at_fault}look at a test film and lock it again with `answerprint house lock {name}`",
    )


def _changed_files(locked: dict[str, Any], house: House) -> list[str]:
    was, now = locked["files"], dict(house.files)
    return [name for name in sorted(was.keys() | now.keys()) if was.get(name) != now.get(name)]


def _parts(locked: dict[str, Any], house: House) -> Iterator[str]:
    yield from (f"{part} removed" for part in locked["parts"] if part not in house.parts)
    yield from (f"{part} added" for part in house.parts if part not in locked["parts"])


def _values(locked: dict[str, Any], house: House) -> Iterator[str]:
    was = locked["values"]
    now = {setting.place: setting for setting in house.settings}
    kept = set(locked["parts"]) & set(house.parts)
    for place, value in was.items():
        if _is_within(place, kept) and (place not in now or now[place].value != value):
            yield f"{place} {now[place].text if place in now else 'removed'} (was {short_text(value)})"
    yield from (f"{place} added ({one.text})" for place, one in now.items() if _new(place, one, was, kept))


def _new(place: str, one: HouseSetting, was: dict[str, Any], kept: set[str]) -> bool:
    return place not in was and not one.idle and _is_within(place, kept)


def _stages(locked: dict[str, Any], house: House) -> Iterator[str]:
    now = dict(house.stages)
    for stage, version in locked["stages"].items():
        if stage in now and now[stage] != version:
            yield f"version {now[stage]} of the stage {stage} (was {version})"


def _is_within(place: str, parts: set[str]) -> bool:
    """Returns whether a value belongs to one of the parts: it is a knob of one, or a part written as one word."""
    return place in parts or _part_of(place) in parts


def _part_of(place: str) -> str:
    """Returns `label[0]` for `label[0].height`, `optics.bloom` for `optics.bloom.radius`."""
    return place.rpartition(".")[0]
