"""Writes a first job file from clips alone."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from post.atomic import real_path
from post.errors import JobError
from post.job.rates import DECIMAL_RATES
from post.job.table.schema_table import SCHEMA
from post.job.yaml_text import scalar
from post.unused_name import unused_name
from post.values.media import Take
from post.values.time import Clock

# Rates a film is delivered at; a clip at 8 or 15 frames a second is put on 24.
USUAL = tuple(Fraction(rate) for rate in (24, 25, 30, 50, 60)) + tuple(DECIMAL_RATES.values())
LONGEST_SHOT_S, STILL_SHOT_S = 4, 3
_BRIEF = """\
# What the film has to tell and to keep to; `answerprint check job.yaml` measures it.
brief: {brief}

"""
_HEAD = """\
# A job: what is wanted, of which takes, in which versions.
#   answerprint plan job.yaml            what would be done, and where each value came from
#   answerprint finish job.yaml -o out   makes it, signs it, checks it
# Times are written 1.5s, 250ms or 36f (frames of the clock below).
schema: {schema}
title: {title}
clock: {clock}              # frames a second: 24, 25, 30, 50, 60, 23.976, 29.97, 59.94

# The house style: look, grain, title style, AI label and loudness. `answerprint house list` names
# them; a path to a file of your own does as well. look:, grain:, type: and label: here change it.
house: daylight

{brief}# The clips and stills. sha256 is what each held when it was taken in: another content is refused. They count as
# generated; `graphic: true` says that people drew one (an end card), `camera: true` that it was shot.
# Also: `file: frames/frame_%04d.png`, and without a file `make: black`, `colour`, `bars` or `slate`.
takes:
"""
_CUT = """
# The shots, in order. in: and length: choose the part; without length a shot runs to the take's end.
# Also: speed: 0.5 or "0s:1, 1s:4:smooth", fit: fill or fit, focus: [x, y], zoom, look: {{saturation: 0.9}},
# sound: {{gain: -3 dB}}, transition: 12f.
cut:
"""
_TAIL = """
# Type on the film.
# titles:
#   - {{text: {title}, at: 0.5s, length: 2s, place: lower-third}}

# The visible AI label is the house's. Change it here, or write `label: none` to leave it out.
# label: {{text: AI GENERATED, place: top-right}}

# sound:
#   voice: [{{file: vo.wav, at: 1s}}]
#   music: [{{file: bed.wav, loop: true, duck: 12 dB, fade_out: 2s}}]     # 12 dB below the voice, where there is voice

# The files to make, each a preset's name, or {{preset: NAME, name: ..., width: ..., ...}}. focus: auto keeps what
# stands out in each shot; a shot's own focus: [x, y] comes before it.
deliver:
  - {{preset: social-16x9, focus: auto}}
  - {{preset: social-9x16, focus: auto}}

# Who signs. `answerprint keys new` makes a key; `development` is for trying things out. Prompts are told by
# their digest; `prompts: include` tells them in full, and `answerprint redact` takes them out again.
# `aigc: {{producer: ...}}` writes the label of GB 45438. `xmp: false` leaves out IPTC's fields.
provenance:
  key: development
  training_mining: notAllowed
"""


def new_job(
    folder: Path, clips: Sequence[Path], takes: Sequence[Take], *, whole: bool = False, brief: str = ""
) -> str:
    """Returns the text of a job in `folder` that uses every clip for one shot of at most 4 s.

    takes: the result of probing each of `clips`, in the same order; whole: uses all of each; brief: the path
    of its brief, "" for none. Raises ValueError for no clips, JobError for a clip that a job cannot name.
    """
    if not clips:
        raise ValueError("a job needs at least one clip")
    names = take_names(clips)
    clock = _clock(takes)
    title = scalar(_title(folder))
    rows = list(zip(names, clips, takes, strict=True))
    return "".join(
        (
            _HEAD.format(
                schema=SCHEMA,
                title=title,
                clock=_rate(clock.rate),
                brief=_BRIEF.format(brief=brief) if brief else "",
            ),
            *(_take(name, clip, take, folder) for name, clip, take in rows),
            _CUT.format(),
            *(_shot(name, take, whole=whole) for name, _, take in rows),
            _TAIL.format(title=title),
        )
    )


def take_names(clips: Iterable[Path], taken: Iterable[str] = ()) -> list[str]:
    """Returns a name for each clip, made from its file's name. No two are equal, and none is in `taken`."""
    used, names = set(taken), list[str]()
    for clip in clips:
        stem = re.sub(r"[-_.]*%(0\d)?d", "", clip.stem)  # of an image sequence
        base = re.sub(r"[^\w-]+", "-", stem).strip("-") or "take"
        name = unused_name(base, used)
        used.add(name)
        names.append(name)
    return names


def relative(path: Path, folder: Path) -> str:
    """Returns a path as a job in `folder` writes it: relative if both are on one drive, with forward slashes.

    Raises JobError for a path that is not UTF-8: a job cannot name it.
    """
    try:
        written = Path(os.path.relpath(real_path(path), real_path(folder))).as_posix()
    except ValueError:
        written = real_path(path).as_posix()
    if written != _utf8(written):
        raise JobError(
            "a job cannot name this file",
            where=str(path),
            expected="a path in UTF-8",
            fix="rename it, or the folder that it is in",
        )
    return written


def _utf8(text: str) -> str:
    """Returns a text with question marks for what no UTF-8 text can hold."""
    return text.encode("utf-8", "replace").decode()


def _clock(takes: Sequence[Take]) -> Clock:
    """Returns the most common of the clips' rates that films are delivered at; 24 if there is none."""
    clips = [take.picture.grid.rate for take in takes if take.picture.kind == "clip"]
    rates = Counter(rate for rate in clips if rate in USUAL)
    return Clock(rates.most_common(1)[0][0] if rates else Fraction(24))


def _rate(rate: Fraction) -> str:
    decimal = next((text for text, exact in DECIMAL_RATES.items() if exact == rate), "")
    return decimal or str(rate)


def _title(folder: Path) -> str:
    words = re.sub(r"[-_]+", " ", _utf8(real_path(folder).name)).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _take(name: str, clip: Path, take: Take, folder: Path) -> str:
    lasts = "a still" if take.picture.stands_still else f"{float(_seconds(take)):.2f} s"
    shown = f"{take.picture.width}x{take.picture.height}, {lasts}"
    fault = "" if take.credential in ("verified", "unsigned") else f", credentials: {take.credential}"
    return (
        f"  {scalar(name)}:                # {shown}{fault}\n"
        f"    file: {scalar(relative(clip, folder))}\n"
        f"    sha256: {scalar(take.file.sha256)}\n"
    )


def _shot(name: str, take: Take, *, whole: bool) -> str:
    if take.picture.stands_still:
        return f"  - take: {scalar(name)}\n    length: {STILL_SHOT_S}s\n"
    if whole or _seconds(take) < LONGEST_SHOT_S:
        return f"  - take: {scalar(name)}\n"
    return f"  - take: {scalar(name)}\n    length: {LONGEST_SHOT_S}s\n"


def _seconds(take: Take) -> Fraction:
    return take.picture.grid.seconds(take.picture.length)
