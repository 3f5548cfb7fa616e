"""Measures the picture and the sound of a file, as `answerprint measure` prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from post.engine.store import Store
from post.errors import SourceError
from post.measure.banding import Banding
from post.measure.cuts import Cuts
from post.measure.fact import Unmeasured
from post.measure.facts import facts_of
from post.measure.flicker import Flicker
from post.measure.grain.strength import MeasuredGrain
from post.sound import measure
from post.takes.container import open_container
from post.takes.index import picture_streams
from post.takes.probe import probe, probe_sound
from post.takes.sound.decode import read_sound_file
from post.values.canonical import plain
from post.values.media import Picture, Sound, Take
from post.values.warning import JobWarning, ranked

Reasons = dict[str, str]


def measure_file(path: Path, keep: Store | None = None) -> dict[str, Any]:
    """Returns everything that can be measured of a video or sound file, as the `measure` JSON.

    keep: a store where facts about the picture are read from and stored. A value that cannot be measured is
    None, with its reason under "unmeasured". Raises SourceError if neither picture nor sound can be read.
    """
    reasons: Reasons = {}
    try:
        take = probe(path, path.stem)
    except SourceError as fault:
        reasons["picture"] = fault.what
        alone, said = _sound_alone(path, fault, reasons)
        return {"picture": None, "sound": alone, "unmeasured": reasons, "warnings": _rows(said)}
    picture = _picture(path, take, keep, reasons)
    sound = _sound_of(path, take, reasons)
    return {"picture": picture, "sound": sound, "unmeasured": reasons, "warnings": _rows(take.warnings)}


def _rows(warnings: Iterable[JobWarning]) -> list[dict[str, str]]:
    return [each.row() for each in ranked(warnings)]


def _picture(path: Path, take: Take, keep: Store | None, reasons: Reasons) -> dict[str, Any]:
    picture = take.picture
    facts = facts_of(path, picture, take.file.sha256, keep, _KEYS)
    measured: dict[str, Any] = {
        "width": picture.width,
        "height": picture.height,
        "fps": str(picture.grid),
        "frames": picture.length,
        "tags": _tags(picture),
    }
    for name, keys in _KEYS.items():
        value = facts[name].value
        if isinstance(value, Unmeasured):
            measured |= dict.fromkeys(keys)
            reasons |= dict.fromkeys(keys, value.why)
        else:
            measured |= _shown(value)
    return measured


_KEYS = {
    "cuts": ("cuts",),
    "grain": ("grain",),
    "flicker": ("flicker_pct", "drift_pct"),
    "banding": ("cambi",),
}


def _shown(value: object) -> dict[str, Any]:
    """Returns the value of a fact under its keys of the JSON."""
    match value:
        case Cuts():
            return {"cuts": list(value.frames)}
        case MeasuredGrain():
            return {"grain": plain(value)}
        case Flicker():
            return {"flicker_pct": value.flicker_pct, "drift_pct": value.drift_pct}
        case Banding():
            return {"cambi": value.cambi, "cambi_worst": value.worst}
    raise TypeError(f"no place for {type(value).__name__}")


def _tags(picture: Picture) -> dict[str, Any]:
    """Returns the colour as H.273 codes, and which of them are assumed."""
    return asdict(picture.colour) | {"assumed": list(picture.assumed)}


def _sound_alone(
    path: Path, no_picture: SourceError, reasons: Reasons
) -> tuple[dict[str, Any] | None, tuple[JobWarning, ...]]:
    """Returns the levels of a file whose picture cannot be read, and the warnings of its sound.

    Raises SourceError if its sound cannot be read either: the fault of the sound where the file holds sound alone.
    """
    try:
        sound, said = probe_sound(path)
    except SourceError as no_sound:
        raise (no_sound if _holds_sound_alone(path) else no_picture) from None
    return _levels(path, sound, reasons), said


def _holds_sound_alone(path: Path) -> bool:
    """Tells whether a file has streams of sound and none of picture. False for what is no media."""
    try:
        with open_container(path) as container:
            return bool(container.streams.audio) and not picture_streams(container)
    except SourceError:
        return False


def _sound_of(path: Path, take: Take, reasons: Reasons) -> dict[str, Any] | None:
    if take.sound is None:
        reasons["sound"] = take.sound_left_out or "there is no sound"
        return None
    return _levels(path, take.sound, reasons)


def _levels(path: Path, sound: Sound, reasons: Reasons) -> dict[str, Any] | None:
    try:
        loudness = measure(read_sound_file(path, sound.rate_hz), sound.rate_hz, sound.speakers)
    except SourceError as fault:
        reasons["sound"] = fault.what
        return None
    reasons |= dict(loudness.unmeasured)
    levels = asdict(loudness)
    del levels["unmeasured"]
    return levels | {"samples": sound.samples, "rate_hz": sound.rate_hz}
