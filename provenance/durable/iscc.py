"""The ISCC Video-Code of a film: the fingerprint on C2PA's list of soft binding algorithms.

It is a similarity hash over MPEG-7 frame signatures. It finds re-encoded, scaled and graded copies; crops and
other shapes it does not. Source: ISO 24138:2024, 7.7 (Content-Code Video); ISO/IEC 15938-3:2002/Amd 4.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from post.errors import IncompleteError

ALGORITHM = "io.iscc.v0"
BITS = 256
# Of 256 bits, measured: the same film re-encoded, scaled, graded 0 to 9, with titles up to 42, cropped by a
# tenth up to 38; another film from 110.
LIMIT = 64


def video_code(signatures: Sequence[Sequence[int]]) -> str:
    """The code of a film's MPEG-7 frame signatures (each of 380 values, 0..2), as `ISCC:...`.

    Raises IncompleteError where iscc-lib is not installed.
    """
    return str(library().gen_video_code_v0(signatures, BITS)["iscc"])


def bits(code: str) -> bytes | None:
    """The 32 bytes of a Video-Code of 256 bits; None of anything else. Raises IncompleteError as above."""
    iscc = library()
    try:
        kind, sub, _, _, body = iscc.iscc_decode(code)
    except ValueError:
        return None
    is_video = (kind, sub) == (iscc.MT.CONTENT, iscc.ST.VIDEO)
    return bytes(body) if is_video and len(body) == BITS // 8 else None


def installed() -> bool:
    return importlib.util.find_spec("iscc_lib") is not None


def library() -> Any:
    """iscc-lib. Raises IncompleteError where it is not installed."""
    try:
        return importlib.import_module("iscc_lib")
    except ImportError as fault:
        raise IncompleteError(
            "no ISCC can be made", expected="the package iscc-lib", fix="pip install answerprint[durable]"
        ) from fault
