"""Writes a learnt house style as a preset that a person reads and edits: each value with its measurement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import quantiles
from textwrap import wrap

import numpy as np

from post.job.yaml_text import scalar
from post.measure.fact import Unmeasured
from post.measure.film.style import FilmStyle
from post.measure.grain.strength import MeasuredGrain
from post.measure.tone import Tone
from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.picture.grain.spectrum import NYQUIST, Spectrum
from post.plan.grain import grain_like
from post.plan.house_from_film import CAST, COLOUR, LEAST_LINES, NORMAL, TONE, LearntLook, is_grey
from post.printable import printable
from post.values.shot_figures import ShotFigures

BANDS = ("shadows", "mids", "highlights")
WIDE = 96
# Below this a clip's grain is mostly its codec's, which says nothing of the film's.
LEAST_SURE, LEAST_CODES = 0.02, 0.25
# A spectrum is written as one row where the row's table is at most this far from it, rms; else by direction.
# The axes alone do not show that: where they agree within 2 dB, diagonals may be 3.2 dB off.
ONE_ROW_DB = 0.3
LEAST_TINT = 0.004  # of full code: what rounding to 8 bits may leave of a grey
QUIETEST, LOUDEST = -28.0, -9.0  # LUFS of delivered films: Netflix wants -27, platforms play at -14


def house_text(style: FilmStyle, learned: LearntLook, source: FilmStyle | None = None) -> str:
    """Returns the preset's YAML, ready to be named under `house:`.

    learned: made from `style`; source: measured from ungraded clips, None for the usual values.
    """
    parts = (_head(style, source), _look(style, learned, source), _optics(style, learned), _grain(style),
             _balance(style), _sound(style), _pace(style))  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


def _say(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, WIDE)]


def _head(style: FilmStyle, source: FilmStyle | None) -> Iterator[str]:
    names = _names(style)
    yield f"doc: {scalar(f'learnt from {names}'[:110])}"
    base = f"what {_names(source)} measure" if source else "what ungraded clips usually measure"
    yield from _say(
        f"Measured on {names} ({_counted(style.views)}). A look says what to do to a picture, and a "
        f"finished film only shows what came out: these values lead from {base} towards it, part of the way, "
        "because what was in the picture cannot be told from its grade. Change them as you like."
    )
    for name, why in style.left_out:
        yield from _say(f"Left out: {printable(name)}: {why}.")
    yield "# The label, and what is not measured, are those of the house `plain`."
    yield "extends: plain"


def _look(style: FilmStyle, learned: LearntLook, source: FilmStyle | None) -> Iterator[str]:
    start, end, look = source.tone if source else NORMAL, style.tone, learned.look
    yield ""
    yield "look:"
    yield from _indented(_say(f"Luma at {_listed([f'{p:g} %' for p, _ in end.levels])} of the pixels: "
                              f"{_levels(end.levels)}, from {_levels(start.levels)}; "
                              f"{_way(TONE.share(learned.views))}."))  # fmt: skip
    yield f"  curve: {_quoted(look.curve)}"
    if is_grey(end):
        yield from _black_and_white(end, learned)
        return
    greys = [
        f"{name} {100 * band.grey_cb:+.1f} {100 * band.grey_cr:+.1f}"
        for name, band in zip(BANDS, end.bands, strict=True)
    ]
    yield from _indented(
        _say(f"Greys stand at Cb, Cr of (in %) {_listed(greys)}; {_way(CAST.share(learned.views))}.")
    )
    yield from _channels(look)
    colour = [
        f"{name} {100 * b.chroma:.1f} from {100 * a.chroma:.1f}"
        for name, a, b in zip(BANDS, start.bands, end.bands, strict=True)
    ]
    yield from _indented(_say(f"Mean chroma (in %): {_listed(colour)}; {_way(COLOUR.share(learned.views))}."))
    yield from (f"  saturation_{name}: {getattr(look, f'saturation_{name}'):g}" for name in BANDS)


def _black_and_white(tone: Tone, learned: LearntLook) -> Iterator[str]:
    tints = [
        f"{name} {100 * band.cb:+.1f} {100 * band.cr:+.1f}"
        for name, band in zip(BANDS, tone.bands, strict=True)
    ]
    if max(np.hypot(band.cb, band.cr) for band in tone.bands) < LEAST_TINT:
        yield "  # There is no colour in it."
        yield "  saturation: 0"
        return
    yield from _indented(_say(f"There is no colour in it but a tint, Cb, Cr of (in %) {_listed(tints)}; "
                              f"{_way(CAST.share(learned.views))}."))  # fmt: skip
    yield "  saturation: 0"
    yield from _channels(learned.look)


def _channels(look: Look) -> Iterator[str]:
    yield from (f"  {name}: {_quoted(getattr(look, name))}" for name in ("red", "green", "blue"))


def _optics(style: FilmStyle, learned: LearntLook) -> Iterator[str]:
    yield ""
    softness = style.softness
    if isinstance(softness, Unmeasured):
        yield from _say(f"Softness was not measured: {softness.why}.")
        return
    whose, lines = _of(style, "softness"), f"{softness.lines} lines'"
    edge = f"Edges in focus{whose} are blurred by {softness.edge_px:.2f} of its {lines} pixels"
    if learned.soften is None:
        why = " (fewer lines than a delivered film's: no telling)" if softness.lines < LEAST_LINES else ""
        yield from _say(f"{edge}: nothing to soften{why}.")
        return
    yield from _say(f"{edge}, {softness.edge_pct:.3f} % of the height: softer than clips usually are.")
    yield "optics:"
    yield f"  soften: {{radius: {learned.soften.radius:g}, amount: {learned.soften.amount:g}}}"


def _grain(style: FilmStyle) -> Iterator[str]:
    yield ""
    found = style.grain
    if isinstance(found, Unmeasured):
        yield from _say(f"Grain was not measured: {found.why}.")
        return
    made = grain_like(found)
    sure = f"confidence {found.confidence:.2f} of 1, {found.blocks} blocks"
    grain = f"Grain{_of(style, 'grain')}"
    if found.confidence < LEAST_SURE or made.strength < LEAST_CODES:
        yield from _say(
            f"{grain}: {made.strength:.2f} codes at the most ({sure}): too little, or too unsure, to be laid over "
            "other pictures."
        )
        return
    yield from _say(
        f"{grain} ({sure}). Compression takes grain away: by a tenth to a fifth at a confidence of .4 to .8, by "
        "half below .2; add to `strength` what you think was lost."
    )
    yield "grain:"
    yield f"  strength: {made.strength:g}"
    yield "  # At equal steps of brightness, black to white, as shares of strength."
    yield f"  tones: {_row(made.tones)}"
    yield from _spectra(found, made)
    yield f"  chroma: {made.chroma:g}"


def _spectra(found: MeasuredGrain, made: Grain) -> Iterator[str]:
    yield f"  # Power in dB, from slow to half a cycle a pixel, of a picture of {made.lines} lines."
    yield from _spectrum("spectrum", found.spectrum)
    if found.chroma_spectrum:
        yield from _spectrum("chroma_spectrum", found.chroma_spectrum)
    yield f"  lines: {made.lines}"


def _spectrum(key: str, table: Sequence[Sequence[float]]) -> Iterator[str]:
    """Yields a spectrum's lines: one row if all directions are alike, else a table (frequency down, then across)."""
    row = [(across + down[0]) / 2 for across, down in zip(table[0], table, strict=True)]
    if _apart_db(row, table) <= ONE_ROW_DB:
        yield f"  {key}: {_row(row)}"
        return
    yield f"  {key}: ["
    yield from (f"    {_row(row)[1:-1]}," for row in table)
    yield "  ]"


def _apart_db(row: Sequence[float], table: Sequence[Sequence[float]]) -> float:
    """Returns how far a row's table is from another table, in dB rms, apart from their levels."""
    steps = np.linspace(0, NYQUIST, len(table))
    said = 10 * np.log10(Spectrum((tuple(row),)).power(steps[:, None], steps[None]))
    return float(np.std(said - np.array(table)))


def _balance(style: FilmStyle) -> Iterator[str]:
    """Yields what the usual shot measures: `match: house` brings shots nearer to it."""
    found = {name: getattr(style.figures, name) for name in ShotFigures.__slots__}
    known = [f"{name}: {value:.3f}" for name, value in found.items() if value is not None]
    if not known:
        return
    yield ""
    yield from _say("The usual shot, as it is seen: `match: house` in a job brings each shot nearer to it.")
    yield f"balance: {{{', '.join(known)}}}"


def _sound(style: FilmStyle) -> Iterator[str]:
    yield ""
    if isinstance(style.loudness, Unmeasured):
        yield from _say(f"Loudness was not measured: {style.loudness.why}.")
        return
    integrated, peak = style.loudness
    measured = f"Measured{_of(style, 'loudness')}: {integrated:.1f} LUFS, true peaks up to {peak:.1f} dBTP."
    if not QUIETEST <= integrated <= LOUDEST:
        yield from _say(f"{measured} No film is delivered at such a level: it stays as in `plain`.")
        return
    yield from _say(f"{measured} Peaks are kept below -1.")
    yield f"loudness: {{target: {round(2 * integrated) / 2:g}, true_peak: -1}}"


def _pace(style: FilmStyle) -> Iterator[str]:
    """Yields the film's pace as a comment, because a house does not decide the cut."""
    shots = sorted(style.shots)
    if not shots:
        return
    yield ""
    if len(shots) < 2:
        yield f"# Pace: one shot of {shots[0]:.1f} s."
        return
    low, middle, high = quantiles(shots, n=4, method="inclusive")
    yield from _say(
        f"Pace: {len(shots)} shots, half of them shorter than {middle:.1f} s, the middle half {low:.1f} to "
        f"{high:.1f} s; {60 * (len(shots) - 1) / sum(shots):.0f} cuts a minute."
    )


def _names(style: FilmStyle) -> str:
    return ", ".join(map(printable, style.names))


def _of(style: FilmStyle, measure: str) -> str:
    """Returns " of " and the file that a measurement is of, if several files were measured; else ""."""
    if len(style.names) < 2:
        return ""
    return f" of {printable(dict(style.best)[measure])}"


def _counted(views: int) -> str:
    return "one view" if views == 1 else f"{views} different views"


def _way(share: float) -> str:
    return f"gone {100 * share:.0f} % of the way"


def _levels(levels: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{level:.2f}" for _, level in levels)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _row(numbers: Sequence[float]) -> str:
    return "[" + ", ".join(f"{round(number, 2):g}" for number in numbers) + "]"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
