"""Locks: what a house style resolved to, written down, so that next month's film has the same style.

A lock lies beside its house: `presets/house/NAME.lock` in the job's folder, or next to the file where the
house is named by a path. A job whose house has one is read only while the house still resolves to it. What the
job itself lays over the house is the job's own business, and said in its plan.
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
from presets import Node, Shelves, Written
from presets.yaml_nodes import read

SCHEMA, SUFFIX = "House-lock.1", ".lock"
MOST_SAID = 4


def lock_text(house: House, release: str) -> str:
    """The lock of a house, as its file holds it. release: of this program, for whoever has to find it again."""
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
    """Where the lock of a house lies, or would. A house that ships is locked beside the job."""
    path = Shelves(folder).path("house", name)
    named_by_path = "/" in name or name.endswith((".yaml", ".yml"))
    return path.with_suffix(SUFFIX) if named_by_path else folder / "presets" / "house" / f"{name}{SUFFIX}"


def differences(locked: dict[str, Any], house: House) -> list[str]:
    """Where a house is no longer what its lock says, in words. Empty where it is.

    A file whose text changed and whose values did not is no difference. Nor is a knob that the lock does not
    know and that is at its default: a stage whose defaults give other pixels has another version.
    """
    return [*_parts(locked, house), *_values(locked, house), *_stages(locked, house)]


def read_lock(path: Path) -> dict[str, Any]:
    """Returns what a lock says, by its keys. JSON is YAML, and read by the one reader there is of that.

    Raises JobError where the file is not a lock.
    """
    try:
        found = read(Written(path, str(path))).plain()
    except JobError as fault:
        raise _no_lock(path, str(fault)) from fault
    if found.get("schema") != SCHEMA:
        raise _no_lock(path, "another file")
    wrong = [key for key, kind in _HOLDS.items() if not isinstance(found.get(key), kind)]
    if wrong:
        raise _no_lock(path, f"no {wrong[0]}")
    stages = {RENAMED.get(name, name): version for name, version in found["stages"].items()}
    return {**found, "stages": stages}


_HOLDS = {"files": dict, "stages": dict, "values": dict, "parts": list}


def _no_lock(path: Path, got: str) -> JobError:
    fix = "lock the house again with `answerprint house lock`"
    return JobError("cannot be read as a house's lock", where=str(path), expected=SCHEMA, got=got, fix=fix)


def hold(diagnostics: Diagnostics, named: Node) -> None:
    """Lays a fault on the diagnostics where the house a job names is locked, and is not what it was."""
    base = named.mapping.get("preset", named)
    if not isinstance(base.value, str):
        return
    try:
        check_lock(base.value, diagnostics.path.parent)
    except Problems as several:
        # What is wrong with the house itself is said where its parts are read, if the job reads them.
        why = str(several.faults[0])
        diagnostics.say("a locked house that cannot be read", base, "house", got=why)
    except JobError as fault:
        diagnostics.report(fault, base, "house")


def check_lock(name: str, folder: Path) -> bool:
    """Whether the house is locked. Raises JobError where it is, and is not what it was."""
    path = lock_path(name, folder)
    if not path.is_file():
        return False
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
    yield from (f"no {part}" for part in locked["parts"] if part not in house.parts)
    yield from (f"a {part}" for part in house.parts if part not in locked["parts"])


def _values(locked: dict[str, Any], house: House) -> Iterator[str]:
    was = locked["values"]
    now = {setting.place: setting for setting in house.settings}
    kept = set(locked["parts"]) & set(house.parts)
    for place, value in was.items():
        if _held(place, kept) and (place not in now or now[place].value != value):
            yield f"{place} {now[place].text if place in now else 'gone'} in place of {_plain(value)}"
    yield from (f"{place} {one.text}" for place, one in now.items() if _new(place, one, was, kept))


def _new(place: str, one: HouseSetting, was: dict[str, Any], kept: set[str]) -> bool:
    return place not in was and not one.idle and _held(place, kept)


def _stages(locked: dict[str, Any], house: House) -> Iterator[str]:
    now = dict(house.stages)
    for stage, version in locked["stages"].items():
        if stage in now and now[stage] != version:
            yield f"version {now[stage]} of the stage {stage} in place of {version}"


def _held(place: str, kept: set[str]) -> bool:
    """Whether a value is of a part that both have: a knob of it, or the part itself in one word."""
    return place in kept or _part_of(place) in kept


def _part_of(place: str) -> str:
    """`label[0]` of `label[0].height`, `optics.bloom` of `optics.bloom.radius`."""
    return place.rpartition(".")[0]


def _plain(value: object) -> str:
    """A locked value in few words."""
    if isinstance(value, list):
        return " ".join(_plain(part) for part in value)
    if isinstance(value, dict):
        return str(value.get("name", value))
    return f"{value:g}" if isinstance(value, float) else str(value)
