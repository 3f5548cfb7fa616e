"""What a loudness meter reads."""

from __future__ import annotations

from dataclasses import dataclass

PROGRAMME, DIALOGUE = "programme", "dialogue"


@dataclass(frozen=True, slots=True)
class Loudness:
    """A meter's readings. Each is None where it cannot be measured; `unmeasured` says why, by its name.

    gate: what counts for `integrated_lufs`: "programme", all that the level gates of BS.1770-5 let through, or
    "dialogue", all speech.
    """

    integrated_lufs: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    unmeasured: tuple[tuple[str, str], ...] = ()
    gate: str = PROGRAMME
