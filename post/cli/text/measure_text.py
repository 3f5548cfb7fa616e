"""Says what `measure` found in lines for a person: aligned, with units, and with words for codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from post.cli.text.warning_text import row_lines, wrapped

NAME = 16
# H.273, tables 2 to 4, by the names that the trade uses.
PRIMARIES = {1: "BT.709", 5: "BT.601 (625 lines)", 6: "BT.601 (525 lines)", 9: "BT.2020", 12: "Display P3"}
TRANSFERS = {
    1: "BT.709", 4: "gamma 2.2", 5: "gamma 2.8", 6: "BT.601", 8: "linear", 13: "sRGB", 14: "BT.2020",
    15: "BT.2020", 16: "PQ", 18: "HLG",
}  # fmt: skip
MATRICES = {0: "RGB", 1: "BT.709", 4: "FCC", 5: "BT.601", 6: "BT.601", 7: "SMPTE 240M", 9: "BT.2020"}
# From here banding begins to annoy (CAMBI), flicker is seen, and a drift of exposure is one.
ANNOYING_CAMBI, SEEN_FLICKER_PCT, DRIFT_PCT = 5.0, 1.5, 10.0
MOST_CUTS = 12
PARTS = {
    "cambi": "banding", "flicker_pct": "flicker", "drift_pct": "drift of light", "integrated_lufs": "loudness",
    "max_momentary_lufs": "loudest 0.4 s", "max_short_term_lufs": "loudest 3 s", "range_lu": "loudness range",
    "true_peak_dbtp": "true peak",
}  # fmt: skip


def measure_lines(data: Mapping[str, Any], columns: int) -> list[str]:
    """Returns what `measure` prints. data: its JSON, of the command-line contract."""
    picture, sound, reasons = data["picture"], data["sound"], data["unmeasured"]
    return [
        *(_block("picture", _picture(picture), columns) if picture else ()),
        *(_block("sound", _sound(sound), columns) if sound else ()),
        *(_block("not measured", ((PARTS.get(name, name), why) for name, why in reasons.items()), columns)),
        *row_lines(data["warnings"], columns),
    ]


def _block(title: str, rows: Iterable[tuple[str, str]], columns: int) -> list[str]:
    """Returns a title and its rows; nothing where there are none."""
    lines = [line for name, value in rows for line in wrapped(f"  {name:{NAME}}{value}", columns, 2 + NAME)]
    return [title, *lines] if lines else []


def _picture(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rate = Fraction(found["fps"])
    seconds = float(found["frames"] / rate)
    yield "size", f"{found['width']} x {found['height']} pixels"
    yield "length", f"{seconds:.2f} s, {found['frames']} frames at {float(rate):.6g} a second"
    yield "colour", _colour(found["tags"])
    if found["cuts"] is not None:
        yield "cuts", _cuts(found["cuts"], rate)
    if found["grain"] is not None:
        yield "grain", _grain(found["grain"])
    if found["flicker_pct"] is not None:
        yield (
            "flicker",
            _judged(found["flicker_pct"], SEEN_FLICKER_PCT, "%", "of brightness", "seen", "steady"),
        )
        yield (
            "drift of light",
            _judged(found["drift_pct"], DRIFT_PCT, "%", "of brightness", "a drift", "steady"),
        )
    if found["cambi"] is not None:
        yield "banding", _judged(found["cambi"], ANNOYING_CAMBI, "CAMBI", "of 24", "annoying", "not seen")


def _sound(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seconds = found["samples"] / found["rate_hz"]
    yield "length", f"{seconds:.2f} s, {found['samples']} samples at {found['rate_hz'] / 1000:g} kHz"
    units = {"integrated_lufs": "LUFS", "max_short_term_lufs": "LUFS", "max_momentary_lufs": "LUFS",
             "range_lu": "LU", "true_peak_dbtp": "dBTP"}  # fmt: skip
    for key, unit in units.items():
        if found[key] is not None:
            over = ": over full scale" if key == "true_peak_dbtp" and found[key] > 0 else ""
            digits = 2 if key == "true_peak_dbtp" else 1
            yield PARTS[key], f"{found[key]:.{digits}f} {unit}{over}"


def _judged(value: float, least: float, unit: str, of: str, bad: str, good: str) -> str:
    shown = "less than 0.1" if 0 < value < 0.05 else f"{value:.1f}"
    return f"{shown} {unit} {of}: {bad if value >= least else good}"


def _colour(tags: Mapping[str, Any]) -> str:
    names = [
        PRIMARIES.get(tags["primaries"], f"primaries {tags['primaries']}"),
        TRANSFERS.get(tags["transfer"], f"transfer {tags['transfer']}"),
        MATRICES.get(tags["matrix"], f"matrix {tags['matrix']}"),
    ]
    same = len(set(names)) == 1
    kind = names[0] if same else f"{names[0]} primaries, {names[1]} curve, {names[2]} matrix"
    unsaid = [each for each in tags["assumed"] if each in ("colour", "range")]
    assumed = f" ({' and '.join(unsaid)} assumed: the file does not say)" if unsaid else ""
    return f"{kind}, {tags['range']} range{assumed}"


def _cuts(frames: Sequence[int], rate: Fraction) -> str:
    if not frames:
        return "none: one shot"
    more = f" and {len(frames) - MOST_CUTS} more" if len(frames) > MOST_CUTS else ""
    return f"{len(frames)}, at {_list(f'{float(at / rate):.2f} s' for at in frames[:MOST_CUTS])}{more}"


def _grain(found: Mapping[str, Any]) -> str:
    rows: Sequence[Sequence[float]] = found["sigma"]
    strongest = max(rows, key=lambda row: row[1])
    where = "shadows" if strongest[0] < 1 / 3 else "mid-tones" if strongest[0] < 2 / 3 else "highlights"
    return f"up to {strongest[1]:.1f} codes of 255, in the {where} ({found['confidence']:.0%} sure)"


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)
