"""Makes what lies beside a film, or in it, of its captions: caption files and tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import icu

from post.captions.model import Caption
from post.captions.write.captions import LANGUAGE, SUFFIXES, write_captions
from post.errors import JobError
from post.plan.captions.timing import FilmCaptions
from post.values import round_half_up
from post.values.files.film_container import FILM_CONTAINERS
from post.values.plan import Sidecar, TextCue, TextRun, TextTrack

UNKNOWN = "und"


def sidecars_of(files: Sequence[FilmCaptions], film: str) -> tuple[Sidecar, ...]:
    """Returns the caption files beside a film. film: its name.

    Raises JobError where two would have one name.
    """
    made: dict[str, tuple[Sidecar, str]] = {}
    for each in _of_film(files, film):
        for kind in each.file.sidecars:
            names = [part for part in (film, each.file.language, SUFFIXES[kind].lstrip(".")) if part]
            if ".".join(names) in made and each.file.id:
                names.insert(1, each.file.id)
            name = ".".join(names)
            if name in made:
                raise JobError(
                    "two caption files of a film would have the same name",
                    where=each.file.where,
                    expected=f"another language than {made[name][1]}",
                    got=name,
                    fix="give each an `id` or a `language` of its own",
                )
            written = write_captions(replace(each.track, language=each.file.language), kind)
            count = len(each.track.captions)
            lost = tuple(word for word in written.lost if word != LANGUAGE)  # the file's name has it
            sidecar = Sidecar(name, kind, each.file.language, written.text, count, lost)
            made[name] = sidecar, each.file.where
    return tuple(sidecar for sidecar, _ in made.values())


def tracks_of(files: Sequence[FilmCaptions], film: str, container: str = "mp4") -> tuple[TextTrack, ...]:
    """Returns the tracks of captions in a film. film: its name; container: its container.

    Raises JobError where that has no timed text as MP4 and QuickTime have it.
    """
    chosen = [each.file for each in _of_film(files, film) if each.file.track]
    if chosen and not FILM_CONTAINERS[container].boxes:
        raise JobError(
            f"no track of captions is written into {container}",
            where=chosen[0].where,
            expected=" | ".join(name for name, kind in FILM_CONTAINERS.items() if kind.boxes),
            got=f"{film}.{container}",
            fix="`sidecar: srt` for a file beside it, or deliver: of the other films alone",
        )
    return tuple(
        TextTrack(each.file.language, iso639(each.file.language), tuple(_cues(each.track.captions)))
        for each in _of_film(files, film)
        if each.file.track
    )


def iso639(language: str) -> str:
    """Returns the three letters of a BCP 47 tag's language, as MP4 and QuickTime have them."""
    return icu.Locale(language).getISO3Language() or UNKNOWN if language else UNKNOWN


def _of_film(files: Sequence[FilmCaptions], film: str) -> Iterator[FilmCaptions]:
    return (each for each in files if not each.file.deliver or film in each.file.deliver)


def _cues(captions: Sequence[Caption]) -> Iterator[TextCue]:
    """Yields what a track shows at once: captions that overlap are one cue while both are seen, the first one above."""
    edges = sorted({edge for each in captions for edge in (each.start, each.stop)})
    waiting, shown, at = sorted(captions, key=lambda each: each.start), list[Caption](), 0
    for start, stop in pairwise(edges):
        shown = [each for each in shown if each.stop > start]
        while at < len(waiting) and waiting[at].start <= start:
            shown.append(waiting[at])
            at += 1
        if shown and round_half_up(start * 1000) < round_half_up(stop * 1000):
            yield TextCue(start, stop, tuple(_runs(shown)))


def _runs(captions: Sequence[Caption]) -> Iterator[TextRun]:
    for number, caption in enumerate(captions):
        if number:
            yield TextRun("\n")
        for run in caption.runs:
            yield TextRun(run.text, run.bold, run.italic, run.underline, run.colour[:7])
