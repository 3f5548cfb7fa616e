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
    """What was mended, or found, in a source.

    file: its name; what: dc | hum | clicks | overs; says: with figures, for people; sha256: of the file; mended: false
    where it was found and left as it is; clipped_pc: of its samples on flat tops, in percent, where those were left.
    """

    file: str
    what: str
    says: str
    sha256: str = ""
    mended: bool = True
    clipped_pc: float = 0.0


@dataclass(frozen=True, slots=True)
class SpeechNote:
    """Where the speech in one sound was raised. file: its name; at: its first sample in the mix; asked_db: by how much;
    raised: spans of samples of the mix, () where no speech was found."""

    file: str
    at: int
    asked_db: float
    raised: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ShotLoudnessNote:
    """How loud the own sound of a shot is, as it is laid, before anything ducks it.

    sha256: of its file; at, samples: its first sample in the mix, and how long it is; lufs: its integrated loudness.
    """

    sha256: str
    at: int
    samples: int
    lufs: float


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
    """What was decided from the sound of one mix. tone: the spans of samples that were filled with room tone; speech:
    of every sound whose speech was to be raised; shots: of those whose loudness can be measured, two at least."""

    crossings: tuple[Crossing, ...] = ()
    ducks: tuple[DuckNote, ...] = ()
    tone: tuple[Span, ...] = ()
    repairs: tuple[RepairNote, ...] = ()
    levels: tuple[SourceLevelNote, ...] = ()
    level: LevelNote = LevelNote()
    speech: tuple[SpeechNote, ...] = ()
    shots: tuple[ShotLoudnessNote, ...] = ()


NO_NOTES = MixNotes()
