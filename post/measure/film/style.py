"""Measures the style of finished films and stills.

Several references have one tone: each counts by its number of shots, up to MOST_SHOTS. Softness, grain and
loudness are one reference's, and `Style.best` says whose: a mean of two films' grain is neither's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from post.engine.store import Store
from post.errors import SourceError
from post.measure.fact import ClipLength, Unmeasured
from post.measure.facts import facts_of
from post.measure.film.shots import PictureShots
from post.measure.film.softness import Softness, SoftnessMeasure
from post.measure.frames import Frame
from post.measure.grain.strength import MeasuredGrain
from post.measure.match.figures import MeasuredFigures, measure_figures, median_figures
from post.measure.match.frames import ShotFrames, frames_of, smaller_rgb, spread
from post.measure.stills import read_still
from post.measure.tone import Band, Tally, Tone, as_bt709, measure_tone
from post.sound import measure
from post.takes.probe import probe
from post.takes.sound.decode import read_sound_file
from post.takes.stills.still_file import STILLS
from post.values.array import Array
from post.values.colour import BT709, HDR
from post.values.media import Picture, Sound
from post.values.shot_figures import ShotFigures
from post.values.time import Span
from post.values.ycbcr import chroma_of_rgb, luma_of

MOST_SHOTS = 30
MEASURES = ("shots", "softness", "grain")


@dataclass(frozen=True, slots=True)
class Reference:
    """The measurements of one film or still. shots: lengths in seconds, () for a still; loudness: (LUFS, dBTP);
    figures: of each shot that was looked at, as shots are balanced by."""

    name: str
    still: bool
    tone: Tone | Unmeasured
    softness: Softness | Unmeasured
    grain: MeasuredGrain | Unmeasured
    loudness: tuple[float, float] | Unmeasured
    shots: tuple[float, ...] = ()
    figures: tuple[MeasuredFigures, ...] = ()

    @property
    def weight(self) -> int:
        """How much this reference counts: by its number of shots."""
        return min(max(1, len(self.shots)), MOST_SHOTS)


@dataclass(frozen=True, slots=True)
class FilmStyle:
    """The measurements of several references together. tone is always there; the others may be Unmeasured.

    shots: lengths in seconds; views: how many different pictures it rests on (shots and stills); best: whose
    softness, grain and loudness they are, by measure; figures: of the usual shot of all of them.
    """

    names: tuple[str, ...]
    tone: Tone
    softness: Softness | Unmeasured
    grain: MeasuredGrain | Unmeasured
    loudness: tuple[float, float] | Unmeasured
    shots: tuple[float, ...]
    views: int
    left_out: tuple[tuple[str, str], ...] = ()
    best: tuple[tuple[str, str], ...] = ()
    figures: ShotFigures = field(default_factory=ShotFigures)


def measure_style(paths: Sequence[Path], keep: Store | None = None) -> FilmStyle:
    """Returns the style that finished films and stills have together.

    keep: a store where facts are looked for first and kept. Raises SourceError where one cannot be read, or
    where none shows any picture.
    """
    found = [_still(path) if path.suffix.lower() in STILLS else _film(path, keep) for path in paths]
    return pool_references(found)


def pool_references(references: Sequence[Reference]) -> FilmStyle:
    """Combines several references into one style. Raises SourceError if none has a tone."""
    seen = [each for each in references if isinstance(each.tone, Tone)]
    dark = tuple((each.name, each.tone.why) for each in references if isinstance(each.tone, Unmeasured))
    if not seen:
        raise SourceError(
            "nothing to learn from", where=", ".join(name for name, _ in dark), expected="a picture",
            got=dark[0][1] if dark else "no reference", fix="give a film or a still that shows something",
        )  # fmt: skip
    best = {name: max(seen, key=lambda each: _weighed(each, name)) for name in _WEIGHED}
    return FilmStyle(
        names=tuple(each.name for each in seen),
        tone=_mean_tone(seen),
        softness=best["softness"].softness,
        grain=best["grain"].grain,
        loudness=best["loudness"].loudness,
        shots=tuple(length for each in seen for length in each.shots),
        views=sum(each.weight for each in seen),
        left_out=dark,
        best=tuple((name, each.name) for name, each in best.items()),
        figures=median_figures([shot for each in seen for shot in each.figures]).figures,
    )


def _mean_tone(seen: Sequence[Reference]) -> Tone:
    """Averages levels and bands, each reference by its weight, and each band by its share too."""
    tones = [each.tone for each in seen if isinstance(each.tone, Tone)]
    weight = np.array([each.weight for each in seen], np.float64)
    levels = np.average([[level for _, level in tone.levels] for tone in tones], axis=0, weights=weight)
    bands = [_mean_band([tone.bands[at] for tone in tones], weight) for at in range(3)]
    percents = [percent for percent, _ in tones[0].levels]
    return Tone(
        tuple(zip(percents, map(float, levels), strict=True)),
        (bands[0], bands[1], bands[2]),
        sum(tone.frames for tone in tones),
        float(np.average([tone.hues for tone in tones], weights=weight)),
    )


def _mean_band(bands: Sequence[Band], weight: Array) -> Band:
    rows = np.array([[getattr(band, field.name) for field in fields(Band)] for band in bands])
    share, grey = rows[:, 0], rows[:, 0] * rows[:, 6]
    by_share, by_grey = weight * np.maximum(share, 1e-9), weight * np.maximum(grey, 1e-9)
    of = [weight, by_share, by_share, by_share, by_grey, by_grey, by_share]
    return Band(*(float(np.average(rows[:, at], weights=each)) for at, each in enumerate(of)))


# By what a measurement counts as the best; of equals, the reference named first.
_WEIGHED: dict[str, Callable[[Any], float]] = {
    "softness": lambda value: value.frames,
    "grain": lambda value: value.confidence,
    "loudness": lambda _: 0.0,
}


def _weighed(reference: Reference, name: str) -> float:
    value = getattr(reference, name)
    return -1.0 if isinstance(value, Unmeasured) else _WEIGHED[name](value)


def _film(path: Path, keep: Store | None) -> Reference:
    take = probe(path, path.stem)
    colour = take.picture.colour
    if colour.transfer in HDR:
        raise SourceError(
            "is HDR: its levels are no Rec.709 film's", where=str(path), expected="an SDR film",
            got=HDR[colour.transfer], fix="learn from its SDR version",
        )  # fmt: skip
    plain = as_bt709(colour)
    facts = facts_of(path, take.picture, take.file.sha256, keep, [*MEASURES, *(["tone"] if plain else [])])
    length, rate = take.picture.length, take.picture.grid.rate
    pictures = facts["shots"].value
    pictures = pictures if isinstance(pictures, PictureShots) else None
    shots = pictures.shots(length) if pictures else ((0, length),)
    return Reference(
        name=path.name,
        still=False,
        tone=_known(facts["tone"].value, Tone) if plain else measure_tone(path, take.picture, pictures),
        softness=_known(facts["softness"].value, Softness),
        grain=_known(facts["grain"].value, MeasuredGrain),
        loudness=_loudness(path, take.sound),
        shots=tuple(float((stop - first) / rate) for first, stop in shots),
        figures=_figures(path, take.picture, shots),
    )


def _figures(path: Path, picture: Picture, shots: Sequence[tuple[int, int]]) -> tuple[MeasuredFigures, ...]:
    """Returns the figures of up to MOST_SHOTS shots, evenly chosen."""
    chosen = [shots[place] for place in spread(Span(0, len(shots)), MOST_SHOTS)]
    spans = [Span(first, stop) for first, stop in chosen]
    return tuple(measure_figures(frames_of(ShotFrames(path, picture, span))) for span in spans)


def _known(value: object, kind: type[Any]) -> Any:
    return value if isinstance(value, kind | Unmeasured) else Unmeasured("not measured")


def _loudness(path: Path, sound: Sound | None) -> tuple[float, float] | Unmeasured:
    if sound is None or sound.silent:
        return Unmeasured("there is no sound")
    try:
        found = measure(read_sound_file(path, sound.rate_hz), sound.rate_hz, sound.speakers)
    except SourceError as fault:
        return Unmeasured(fault.what)
    if found.integrated_lufs is None or found.true_peak_dbtp is None:
        return Unmeasured("it is too quiet or too short to have a loudness")
    return found.integrated_lufs, found.true_peak_dbtp


def _still(path: Path) -> Reference:
    frame = still_frame(path)
    tally, edges = Tally(), SoftnessMeasure(ClipLength(1, 1))  # type: ignore[arg-type]  # a rate nobody asks for
    tally.add(frame)
    edges.look(frame)
    one = Unmeasured("one frame does not tell grain from texture")
    return Reference(
        path.name, True, tally.tone(), edges.found({}), one, Unmeasured("a still makes no sound"),
        figures=(measure_figures([smaller_rgb(read_still(path))]),),
    )  # fmt: skip


def still_frame(path: Path) -> Frame:
    """Returns a still as a frame of full-range 8-bit Y'CbCr. Raises SourceError if it cannot be read."""
    rgb = read_still(path) * np.float32(255)
    luma = luma_of(rgb, BT709)
    cb, cr = (chroma + 128 for chroma in chroma_of_rgb(rgb, luma, BT709))
    codes = [np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in (luma, cb, cr)]
    return Frame(0, codes[0], (codes[1], codes[2]), 8, "full")


def distance(a: Tone, b: Tone) -> tuple[float, float]:
    """How far two tones are apart: (of luma levels, of palette), both as shares of full code.

    Levels: their mean difference. Palette: by band, how far its mean colour and its mean chroma are apart; a
    band counts by how much there is of it in both.
    """
    levels = float(np.mean([abs(x - y) for (_, x), (_, y) in zip(a.levels, b.levels, strict=True)]))
    weight = np.array([min(x.share, y.share) for x, y in zip(a.bands, b.bands, strict=True)])
    apart = [
        np.hypot(x.cb - y.cb, x.cr - y.cr) + abs(x.chroma - y.chroma)
        for x, y in zip(a.bands, b.bands, strict=True)
    ]
    return levels, float(np.average(apart, weights=np.maximum(weight, 1e-6)))
