"""Places captions that are burnt in: each is a layer that keeps clear of the layers shown with it.

A caption that would cover another layer, or an earlier caption that is still seen, moves up to the next free place; one
that stands at the top moves down. Where no place is free, it stays, and a warning tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.captions.model import Caption as Said
from post.errors import AnswerprintError, Problems
from post.job.model import CaptionFile, Timed
from post.knob import knobs_of
from post.picture.captions.caption import CaptionLayer
from post.picture.captions.content import write_content
from post.picture.type.place import Bounds
from post.plan.captions.timing import FilmCaptions
from post.plan.captions.together import shown_together
from post.plan.layers import DrawnLayer, is_ground
from post.stage import call_of
from post.values import Clock, Format, LayerPlacement, Placed, Span
from post.values.warning import JobWarning

# BBC Subtitle Guidelines, colours: white, yellow, cyan and green tell speakers apart.
SPEAKER_COLOURS = ("#ffffff", "#ffff00", "#00ffff", "#00ff00")
# Knobs that only warn: they do not change pixels, and so not what is made again.
_CHECKED = ("reading_speed", "letters", "shortest", "gap")


@dataclass(frozen=True, slots=True)
class BurntCaptions:
    """The captions that one film shows in its picture. placed: what it declares; crowded: those with no free place."""

    layers: tuple[DrawnLayer, ...] = ()
    placed: tuple[Placed, ...] = ()
    crowded: tuple[tuple[DrawnLayer, DrawnLayer], ...] = ()


def burn_captions(
    files: Sequence[FilmCaptions],
    name: str,
    film: Format,
    others: Sequence[DrawnLayer],
    clear: tuple[float, ...] = (),
) -> BurntCaptions:
    """Returns the captions of a film as layers.

    name: the film's; others: its layers that stay where they are; clear: what its platforms' controls cover.

    Raises Problems with one fault for each caption that cannot be drawn, at its line of its file.
    """
    layers, placed, crowded = list[DrawnLayer](), list[Placed](), list[tuple[DrawnLayer, DrawnLayer]]()
    faults: list[AnswerprintError] = []
    fixed = [layer for layer in others if not is_ground(layer, film)]
    for each in files:
        if not each.file.burn or (each.file.deliver and name not in each.file.deliver):
            continue
        spoken = shown_together(_with_speakers(each))
        own, file = list[DrawnLayer](), replace(each.file, style=replace(each.file.style, clear=clear))
        for said in spoken:
            span = frames_of(said, film)
            if span is None:
                continue
            try:
                around = [*fixed, *_still_seen(layers, span)] if said.runs else []
                drawn, over = _placed(file, said, span, film, around)
            except AnswerprintError as fault:
                faults.append(fault.at(f"{said.where} ({film.width}x{film.height})"))
                continue
            layers.append(drawn)
            own.append(drawn)
            crowded += [(under, drawn) for under in over]
        placed += _declared(file, own)
    if faults:
        raise Problems(faults)
    return BurntCaptions(tuple(layers), tuple(placed), tuple(crowded))


def frames_of(said: Said, film: Format) -> Span | None:
    """Returns the frames that show a caption, at least one; None where the film has none of them."""
    first = film.clock.frames(said.start)
    stop = min(max(film.clock.frames(said.stop), first + 1), film.length)
    return Span(first, stop) if first < stop else None


def crowding_warnings(films: Mapping[str, BurntCaptions], clock: Clock, part: Span) -> Iterator[JobWarning]:
    """Yields a warning for each layer that covers, or is covered by, captions that have no free place. films: by their
    names; part: of the film."""
    found: dict[str, tuple[DrawnLayer, list[DrawnLayer], list[str]]] = {}
    for name, burnt in films.items():
        for under, over in burnt.crowded:
            if over.placement.span.meets(part):
                row = found.setdefault(under.timed.where, (under, [], []))
                row[1].append(over)
                row[2].append(name)
    for under, several, names in found.values():
        first = min(several, key=lambda layer: layer.placement.span.first)
        at = float(clock.seconds(first.placement.span.first))
        told = tuple(dict.fromkeys(names))
        yield JobWarning(
            "layers-overlap",
            f"overlaps {len(several)} caption{'s' * (len(several) > 1)}, for which no place is free",
            f"first {first.timed.where} at {at:.2f} s in {', '.join(told)}",
            "move it, show it at another time, or shorten the captions",
            under.name,
            under.timed.where,
            films=told,
        )


def _with_speakers(each: FilmCaptions) -> list[Said]:
    """Returns captions that tell who speaks, as their style asks for."""
    how, captions = each.file.style.speakers, each.track.captions
    if how == "none":
        return list(captions)
    names = list(dict.fromkeys(said.speaker for said in captions if said.speaker))
    colours = {name: SPEAKER_COLOURS[number % len(SPEAKER_COLOURS)] for number, name in enumerate(names)}
    told, before = list[Said](), ""
    for said in captions:
        if how == "colour":
            colour = colours.get(said.speaker, "")
            runs = tuple(replace(run, colour=run.colour or colour) for run in said.runs)
        elif said.speaker and said.speaker != before:
            runs = (replace(said.runs[0], text=f"{said.speaker.upper()}: ", at=None, ruby=""), *said.runs)
        else:
            runs = said.runs
        before = said.speaker or before
        told.append(replace(said, runs=runs))
    return told


def _placed(
    file: CaptionFile, said: Said, span: Span, film: Format, shown: Sequence[DrawnLayer]
) -> tuple[DrawnLayer, list[DrawnLayer]]:
    """Returns a caption as a layer, and the layers that it overlaps because no place is free."""
    # Its times in whole frames from its first: films that show it elsewhere share its pixels.
    start = film.clock.seconds(span.first)
    words = tuple(
        replace(run, at=None if run.at is None else start + _whole(run.at - start, film.clock))
        for run in said.runs
    )
    content = replace(said, start=start, stop=film.clock.seconds(span.stop), runs=words)
    stage = _plain_checks(replace(file.style, content=write_content(content), language=file.language))
    box = stage.set(film).box
    around = [layer for layer in shown if layer.placement.span.meets(span)]
    area = stage.safe.area(film, stage.name)
    lift = _free_lift(box, [kept for layer in around for kept in layer.kept], area)
    over = (
        []
        if lift is not None
        else [layer for layer in around if any(overlap(kept, box) for kept in layer.kept)]
    )
    stage = replace(stage, lift=lift or 0)
    moved = Bounds(box.left, box.top - stage.lift, box.right, box.bottom - stage.lift)
    timed = Timed(stage, f"{span.first}f", f"{len(span)}f", said.where, file.id)
    return DrawnLayer(timed, LayerPlacement(call_of(stage), span), moved), over


def _whole(seconds: Fraction, clock: Clock) -> Fraction:
    return clock.seconds(clock.frames(seconds))


def _plain_checks(stage: CaptionLayer) -> CaptionLayer:
    """Returns the stage with the knobs that only warn as they are where nothing is asked."""
    plain = CaptionLayer()
    return replace(
        stage, **{name: getattr(plain, name) for name in _CHECKED if name in knobs_of(CaptionLayer)}
    )


def _free_lift(box: Bounds, others: Sequence[Bounds], area: Bounds) -> int | None:
    """Returns by how many pixels a box has to move up (below 0: down) to stand free; None where it cannot."""
    gap = max(1, box.height // 8)
    ways = [0]
    ways += [box.bottom - other.top + gap for other in others]
    ways += [box.top - other.bottom - gap for other in others]
    down = box.top + box.bottom < area.top + area.bottom  # a caption of the upper half moves down first
    for lift in sorted(ways, key=lambda way: (way != 0, (way > 0) == down, abs(way))):
        moved = Bounds(box.left, box.top - lift, box.right, box.bottom - lift)
        inside = not lift or (area.top <= moved.top and moved.bottom <= area.bottom)
        if inside and not any(overlap(moved, other) for other in others):
            return lift
    return None


def overlap(a: Bounds, b: Bounds) -> bool:
    """Returns whether two boxes share a pixel."""
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _still_seen(layers: Sequence[DrawnLayer], span: Span) -> Iterator[DrawnLayer]:
    """Yields the captions that are seen with one of that span; what has no text is no obstacle."""
    seen = (layer for layer in layers if layer.placement.span.meets(span))
    return (layer for layer in seen if isinstance(layer.timed.layer, CaptionLayer) and layer.timed.layer.text)


def _declared(file: CaptionFile, layers: Sequence[DrawnLayer]) -> Iterator[Placed]:
    """Yields what the captions of a file declare: one stage with all their words, from the first frame to the last."""
    if layers:
        words = "\n".join(str(layer.placement.call.knob("content")) for layer in layers)
        spans = [layer.placement.span for layer in layers]
        whole = Span(min(span.first for span in spans), max(span.stop for span in spans))
        yield Placed(
            call_of(replace(_plain_checks(file.style), content=words, language=file.language)), whole
        )
