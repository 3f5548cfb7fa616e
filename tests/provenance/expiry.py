"""Signs films with certificates that expire soon, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from post.errors import ProvenanceError

Made = TypeVar("Made")
_LIVES_S = (4, 16, 64, 256)


def sign_and_wait(sign: Callable[[Path, datetime], Made], folder: Path) -> Made:
    """Returns what `sign` made with a certificate that has expired since.

    sign: takes a folder and the second at which the certificate is to expire, and signs. Where the machine
    is so busy that the certificate expires before the film is signed, the next one lives four times as long.
    """
    for life in _LIVES_S:
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=life)
        room = folder / f"{life} s"
        room.mkdir()
        try:
            made = sign(room, until)
        except ProvenanceError:
            if datetime.now(UTC) < until:
                raise
            continue
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds() + 1.2))
        return made
    raise AssertionError(f"nothing was signed in {_LIVES_S[-1]} s")
