"""Reads a Lottie file within bounds: JSON, or dotLottie (a zip that holds JSON). Nothing is fetched."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from post.errors import JobError
from post.os_faults import retry_of
from post.values.files.file_limits import LOTTIE_MB, MB

Document = dict[str, Any]


def read_document(path: Path, where: str, name: str) -> Document:
    """Returns the JSON object of a Lottie file. Raises JobError where it is none, or is beyond the bounds."""
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
        found = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise _no_lottie(where, name, str(fault)) from fault
    if not isinstance(found, dict):
        raise _no_lottie(where, name, f"a {type(found).__name__}")
    return found


def rate_of(document: Document, where: str, name: str) -> Fraction:
    """Returns its frames a second."""
    try:
        return Fraction(str(document["fr"]))
    except (KeyError, ValueError, ZeroDivisionError) as fault:
        raise _no_lottie(where, name, "no frame rate `fr`") from fault


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _no_lottie(where: str, name: str, got: str) -> JobError:
    return JobError(
        "not a Lottie animation", where=where, expected="Lottie JSON", got=f"{name}: {got}",
        fix="export it again from After Effects (Bodymovin) or the LottieFiles plug-in",
    )  # fmt: skip
