"""Defines what a mix notes while it is made: what was decided from the sound itself, for receipts and reports."""

from __future__ import annotations

from dataclasses import dataclass

from post.values.time import Span


@dataclass(frozen=True, slots=True)
class Crossing:
    """How two shots' sound crossed over: from sample `at` of the mix, for `samples`, by their correlation (0 equal
    power, 1 equal gain)."""

    at: int
    samples: int
    correlation: float


@dataclass(frozen=True, slots=True)
class DuckNote:
    """How a stem was ducked.

    what: the stem; asked_db: how far below the voice it was to stand; reached_db: how far it stands, measured over all
    passages of voice; passages: spans of samples with voice; curve: (sample, gain in dB) at the corners of the gain,
    straight in dB between them; lower: it stands lower than asked without any ducking; ratios: how far it stands below
    the voice in each passage, in LU, None where it is silent.
    """

    what: str
    asked_db: float
    reached_db: float | None
    passages: tuple[Span, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    lower: bool = False
    ratios: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class RepairNote:
    """What was mended in a source. file: its name; what: dc | hum | clicks | overs; says: with figures, for people."""

    file: str
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class SourceLevelNote:
    """How one sound was brought to its own level.

    file: its name; at: its first sample in the mix; asked_lufs: its level; found_lufs: its loudness before, None for
    digital silence; measured: "integrated", "momentary" (below the gate) or "mean" (under 400 ms); gain_db: what was
    added.
    """

    file: str
    at: int
    asked_lufs: float
    found_lufs: float | None
    measured: str
    gain_db: float


@dataclass(frozen=True, slots=True)
class LevelNote:
    """How the mix was levelled.

    gain_db: of all samples; reduction_db: the limiter's largest, of which its slow stage takes up to slow_db; passes:
    encodes; says: what to tell people; loudness_lufs, true_peak_dbtp: of the whole mix, as it decodes.
    """

    gain_db: float = 0.0
    reduction_db: float = 0.0
    passes: int = 0
    says: str = ""
    slow_db: float = 0.0
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


@dataclass(frozen=True, slots=True)
class MixNotes:
    """What was decided from the sound of one mix. tone: the spans of samples that were filled with room tone."""

    crossings: tuple[Crossing, ...] = ()
    ducks: tuple[DuckNote, ...] = ()
    tone: tuple[Span, ...] = ()
    repairs: tuple[RepairNote, ...] = ()
    levels: tuple[SourceLevelNote, ...] = ()
    level: LevelNote = LevelNote()


NO_NOTES = MixNotes()
