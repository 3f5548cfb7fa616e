"""Reads a Lottie file within bounds: JSON, or dotLottie, a zip that holds JSON and images. Nothing is fetched."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from post.errors import JobError
from post.os_faults import retry_of
from post.picture.lottie.reading import Json
from post.values.files.file_limits import LOTTIE_MB, MB

ZIP = b"PK\3\4"
MOST_UNPACKED = 4 * LOTTIE_MB * MB  # bytes of all members that are read
# dotLottie 1 and 2: where animations and images stand.
ANIMATIONS, IMAGES = ("animations", "a"), ("images", "i")
FIX = "export it again from After Effects (Bodymovin), or save it as Lottie JSON"


@dataclass(frozen=True, slots=True)
class Document:
    """A Lottie file. json: the animation; images: of a dotLottie file, by name."""

    json: Json
    images: Mapping[str, bytes]


def read_document(path: Path, where: str, name: str) -> Document:
    """Returns what a Lottie file holds. Raises JobError where it is none, or is beyond the bounds."""
    try:
        with path.open("rb") as file:
            data = file.read(LOTTIE_MB * MB + 1)
    except OSError as fault:
        raise (
            retry_of(fault, where) or JobError("the animation cannot be read", where=where, got=name)
        ) from fault
    if len(data) > LOTTIE_MB * MB:
        raise JobError(
            "the animation is too large", where=where, expected=f"at most {LOTTIE_MB} MB", got=name
        )
    try:
        if data.startswith(ZIP):
            return _unpacked(data)
        return Document(_parsed(data), {})
    except (
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        EOFError,
        zipfile.BadZipFile,
        NotImplementedError,
    ) as fault:
        raise JobError(
            "not a Lottie animation", where=where, expected="Lottie JSON, or dotLottie",
            got=f"{name}: {str(fault)[:120] or type(fault).__name__}", fix=FIX,
        ) from fault  # fmt: skip


def _parsed(data: bytes) -> Json:
    found = json.loads(data, parse_constant=_refuse_constant)
    if not isinstance(found, dict) or not isinstance(found.get("layers"), list):
        raise ValueError("JSON without layers")  # noqa: TRY004  the file is wrong, not a type of ours
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _unpacked(data: bytes) -> Document:
    """Returns the first animation of a dotLottie file, or the one that it says is shown first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        left = MOST_UNPACKED
        manifest = json.loads(_member(archive, files["manifest.json"], left))
        rows = [row["id"] for row in manifest["animations"]]
        chosen = (
            manifest.get("activeAnimationId") or (manifest.get("initial") or {}).get("animation") or rows[0]
        )
        places = (f"{folder}/{chosen}.json" for folder in ANIMATIONS)
        place = next((place for place in places if place in files), "")
        text = _member(archive, files[place], left)
        left -= len(text)
        images: dict[str, bytes] = {}
        for place, info in files.items():
            if PurePosixPath(place).parts[0] in IMAGES:
                images[PurePosixPath(place).name] = _member(archive, info, left)
                left -= len(images[PurePosixPath(place).name])
    return Document(_parsed(text), images)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    with archive.open(info) as member:
        data = member.read(left + 1)
    if len(data) > left:
        raise ValueError(f"more than {MOST_UNPACKED // MB} MB when unpacked")
    return data
