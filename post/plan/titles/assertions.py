"""Checks what a job asserts about its titles: when they are seen, where they are, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from post.errors import JobError, Problems
from post.job.asserted import Asserted
from post.knob import duration_frames
from post.picture.type.place import Bounds, around
from post.picture.type.standing import SafeAreaLayer
from post.plan.layers import DrawnLayer
from post.stage import Seen
from post.values import Format

FULL = 0.99  # of its opacity at rest: all of it is seen


@dataclass(frozen=True)
class _Shown:
    """A layer and what is seen of it in each of its frames. seen: by the film's frame, those without it left out."""

    layer: DrawnLayer
    seen: Mapping[int, Seen]

    @property
    def full(self) -> list[int]:
        """The frames in which all of it is seen."""
        return [frame for frame, seen in self.seen.items() if seen.share >= FULL]


def check_assertions(layers: Sequence[DrawnLayer], film: Format) -> None:
    """Raises Problems with one fault for each assertion that does not hold, naming the first frame where."""
    asserted = [layer for layer in layers if layer.timed.asserted]
    named = {layer.timed.id: layer for layer in layers if layer.timed.id}
    faults = [fault for layer in asserted for fault in _faults(layer, named, film)]
    if faults:
        raise Problems(faults)


def _faults(layer: DrawnLayer, named: Mapping[str, DrawnLayer], film: Format) -> Iterator[JobError]:
    asked, shown = layer.timed.asserted or Asserted(), _shown(layer, film)
    if asked.enters_before:
        yield from _enters(shown, duration_frames(asked.enters_before, film.clock), asked.enters_before, film)
    if asked.stays_until:
        yield from _stays(shown, duration_frames(asked.stays_until, film.clock), asked.stays_until, film)
    if asked.inside:
        yield from _inside(shown, asked.inside, film)
    if asked.after and asked.after not in named:
        ids = ", ".join(sorted(named)) or "none has one"
        yield _fault(
            layer,
            "after",
            "names a title that is not there",
            film,
            expected=f"one of: {ids}",
            got=asked.after,
        )
    elif asked.after:
        yield from _comes_after(shown, _shown(named[asked.after], film), film)


def _shown(layer: DrawnLayer, film: Format) -> _Shown:
    span, stage = layer.placement.span, layer.timed.layer
    found, strongest = dict[int, Seen](), 0.0
    for frame in span:
        number, length = frame - span.first, len(span)
        seen = stage.seen_in(film, number, length)
        if seen is None:
            box, opacity = around(layer.kept), stage.pose(number, length, film.clock).opacity
            seen = Seen(box.left, box.top, box.right, box.bottom, opacity)
            strongest = max(strongest, opacity)
        if seen.share > 0 and seen.right > seen.left:
            found[frame] = seen
    if strongest:  # of a layer that does not move: its opacity is of its own
        found = {f: Seen(s.left, s.top, s.right, s.bottom, s.share / strongest) for f, s in found.items()}
    return _Shown(layer, found)


def _enters(shown: _Shown, frame: int, asked: str, film: Format) -> Iterator[JobError]:
    full = shown.full
    if not full or full[0] > frame:
        got = f"frame {full[0]} ({_time(full[0], film)})" if full else "never"
        yield _fault(
            shown.layer, "enters_before", "is not seen in full in time", film,
            expected=f"all of it by frame {frame} ({asked})", got=got,
            fix="show it earlier, or shorten the `in` of its motion or its fade",
        )  # fmt: skip


def _stays(shown: _Shown, frame: int, asked: str, film: Format) -> Iterator[JobError]:
    full = shown.full
    if not full or full[-1] + 1 < frame:
        got = f"frame {full[-1]} is the last ({_time(full[-1], film)})" if full else "never"
        yield _fault(
            shown.layer, "stays_until", "is not seen in full for long enough", film,
            expected=f"all of it until frame {frame} ({asked})", got=got,
            fix="show it longer, or shorten the `out` of its motion or its fade",
        )  # fmt: skip


def _inside(shown: _Shown, where: str, film: Format) -> Iterator[JobError]:
    room = Bounds(0, 0, film.width, film.height)
    stage = shown.layer.timed.layer
    if where == "safe-area" and isinstance(stage, SafeAreaLayer):
        room = stage.safe.area(film, stage.name)
    for frame, seen in shown.seen.items():
        over = max(
            room.left - seen.left, room.top - seen.top, seen.right - room.right, seen.bottom - room.bottom
        )
        if over > 0:
            yield _fault(
                shown.layer, "inside", f"leaves the {where.replace('-', ' ')}", film,
                expected="none of it outside in any frame", got=f"{over} px in frame {frame} ({_time(frame, film)})",
                fix="move less far, or give it another place",
            )  # fmt: skip
            return


def _comes_after(shown: _Shown, first: _Shown, film: Format) -> Iterator[JobError]:
    ready = first.full[0] if first.full else None
    starts = min(shown.seen, default=None)
    if starts is None or ready is None or starts <= ready:
        told = f"frame {ready} ({_time(ready, film)})" if ready is not None else "never"
        yield _fault(
            shown.layer, "after", f"does not come after {first.layer.name}", film,
            expected=f"later than that one is seen in full: {told}",
            got="never" if starts is None else f"frame {starts} ({_time(starts, film)})",
            fix="show it later, or the other one earlier",
        )  # fmt: skip


def _fault(  # noqa: PLR0913  one argument for each part of an error
    layer: DrawnLayer, key: str, what: str, film: Format, *, expected: str, got: str, fix: str = ""
) -> JobError:
    where = f"{layer.timed.where} ({film.width}x{film.height})"
    return JobError(f"assert.{key}: {layer.name} {what}", where=where, expected=expected, got=got, fix=fix)


def _time(frame: int, film: Format) -> str:
    return f"{float(film.clock.seconds(frame)):.2f} s"
