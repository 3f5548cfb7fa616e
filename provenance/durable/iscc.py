"""Makes and reads ISCC Video-Codes, the fingerprint on C2PA's list of soft binding algorithms.

A Video-Code is a similarity hash over MPEG-7 frame signatures. It finds re-encoded, scaled and graded copies, but no
crops and no other shapes. Source: ISO 24138:2024, 7.7 (Content-Code Video); ISO/IEC 15938-3:2002/Amd 4.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from post.errors import IncompleteError

ALGORITHM = "io.iscc.v0"
BITS = 256
# Measured, of 256 bits: the same film differs in 0 to 9 when re-encoded, scaled or graded, in up to 42 with titles, in
# up to 38 when cropped by a tenth; another film differs in 110 or more.
MAX_DISTANCE = 64


def make_video_code(signatures: Sequence[Sequence[int]]) -> str:
    """Returns the Video-Code of a film as `ISCC:...`. signatures: MPEG-7, one a frame, 380 values of 0..2 each.

    Raises IncompleteError if iscc-lib is not installed.
    """
    return str(load_library().gen_video_code_v0(signatures, BITS)["iscc"])


def decode(code: str) -> bytes | None:
    """Returns the 32 bytes of a Video-Code of 256 bits; None for any other text.

    Raises IncompleteError if iscc-lib is not installed.
    """
    library = load_library()
    try:
        kind, sub, _, _, body = library.iscc_decode(code)
    except ValueError:
        return None
    is_video = (kind, sub) == (library.MT.CONTENT, library.ST.VIDEO)
    return bytes(body) if is_video and len(body) == BITS // 8 else None


def is_installed() -> bool:
    """Returns whether iscc-lib is installed, without importing it."""
    return importlib.util.find_spec("iscc_lib") is not None


def load_library() -> Any:
    """Returns the module iscc_lib. Raises IncompleteError if it is not installed."""
    try:
        return importlib.import_module("iscc_lib")
    except ImportError as fault:
        raise IncompleteError(
            "no ISCC can be made", expected="the package iscc-lib", fix="pip install answerprint[durable]"
        ) from fault
