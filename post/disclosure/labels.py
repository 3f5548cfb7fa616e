"""Makes the labels of a job meet what is asked: fills what the job leaves open, refuses where it says less."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.disclosure.demands import Asked, LabelDemand
from post.disclosure.wording import language_of
from post.errors import JobError
from post.job.model import Timed
from post.knob import duration_frames
from post.picture.label import INITIAL, Label
from post.values import Clock
from provenance.policy.document.merge import parameter_text

CONTINUOUS = "continuous"
LONG_TEXT, MOST_LINES = 20, 2  # letters; a text of more may take two lines
# One thing that was set: (key, value, the rules that ask it).
SetRow = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FilledLabel:
    """A label that meets a demand. rows: what was set; faults: where the job says less than a film can pass with."""

    timed: Timed
    rows: tuple[SetRow, ...]
    faults: tuple[JobError, ...]


def new_label(text: str, demand: LabelDemand, like: Timed | None, where: str) -> Timed:
    """Returns a further label, in the style of another one. where: "file:line" of the job."""
    style = Label.require(like.layer) if like else Label()
    return Timed(replace(_saying(style, text, demand), place="auto"), "0s", "", where)


def _saying(label: Label, text: str, demand: LabelDemand, said: Sequence[str] = ()) -> Label:
    """Returns a label that says another text. A long one is no larger than is asked, and may take two lines.

    said: the keys that the job itself writes, which stay.
    """
    made = replace(label, text=text, language=language_of(text))
    if len(text) <= LONG_TEXT:
        return made
    asked = demand.number("height")
    height = float(asked.value) if asked and "height" not in said else made.height
    return replace(made, height=height, lines=made.lines if "lines" in said else max(made.lines, MOST_LINES))


def fill_label(timed: Timed, text: str, demand: LabelDemand, clock: Clock) -> FilledLabel:
    """Returns a label that says a text and meets a demand. clock: the film's."""
    filling = _Filling(timed, clock)
    label = Label.require(timed.layer)
    if label.text != text:
        filling.timed = replace(timed, layer=_saying(label, text, demand, timed.said))
        filling.rows += rows_of_text(filling.label, demand, label)
    for (name, _), asked in sorted(
        demand.numbers.items(), key=lambda each: not each[0][1]
    ):  # firm ones first
        _FILLERS[name](filling, asked)
    return FilledLabel(filling.timed, tuple(filling.rows), tuple(filling.faults))


class _Filling:
    """A label while it is filled."""

    def __init__(self, timed: Timed, clock: Clock) -> None:
        self.timed, self.clock = timed, clock
        self.rows: list[SetRow] = []
        self.faults: list[JobError] = []

    @property
    def label(self) -> Label:
        return Label.require(self.timed.layer)

    def change(self, **knobs: object) -> None:
        self.timed = replace(self.timed, layer=replace(self.label, **knobs))  # type: ignore[arg-type]  # by name

    def put(self, key: str, value: str, why: str) -> None:
        self.rows.append((key, value, why))

    def seconds(self, duration: str) -> Fraction:
        return self.clock.seconds(duration_frames(duration, self.clock))

    def at_least(self, seconds: Fraction) -> str:
        """Returns a duration of so many seconds, or of the first whole frame after them."""
        said = f"{parameter_text(seconds)}s"
        return said if self.seconds(said) >= seconds else f"{math.ceil(seconds * self.clock.rate)}f"

    def may_set(self, key: str, asked: Asked, expected: str, got: str) -> bool:
        """Returns whether a key may be set. Where the job itself says less, it may not; a firm rule then refuses it."""
        if key not in self.timed.said:
            return True
        if asked.firm:
            self.faults.append(
                JobError(
                    "the label is less than a policy requires", where=f"{self.timed.where}: label.{key}",
                    expected=f"{expected} ({asked.why})", got=got,
                    fix=f"write that, or leave {key} out: it is then set for you",
                )
            )  # fmt: skip
        return False


def _height(filling: _Filling, asked: Asked) -> None:
    label, least = filling.label, float(asked.value)
    if label.height >= least:
        return
    if filling.may_set("height", asked, f"at least {least:g} %", f"{label.height:g} %"):
        filling.change(height=least)
        filling.put("height", f"{least:g} %", asked.why)


def _first(filling: _Filling, asked: Asked) -> None:
    timed = filling.timed
    if filling.seconds(timed.at) <= asked.value:
        return
    if filling.may_set("at", asked, f"at {float(asked.value):g} s or before", timed.at):
        filling.timed = replace(timed, at="0s")
        filling.put("at", "0s", asked.why)


def _dwell(filling: _Filling, asked: Asked) -> None:
    least = filling.at_least(asked.value)
    timed = filling.timed
    if (
        timed.length
        and filling.seconds(timed.length) < asked.value
        and filling.may_set("length", asked, f"{least} or more", timed.length)
    ):
        filling.timed = replace(timed, length=least)
        filling.put("length", least, asked.why)
    label = filling.label
    short = label.show == INITIAL and filling.seconds(label.dwell) < asked.value
    if short and filling.may_set("dwell", asked, f"{least} or more", label.dwell):
        filling.change(dwell=least)
        filling.put("dwell", least, asked.why)


def _gap(filling: _Filling, asked: Asked) -> None:
    """A label is away for so long at most. At the end of the film it is away for less than `every`: what would not show
    for its whole dwell there does not show."""
    _comes_again(filling, asked, asked.value + filling.seconds(filling.label.dwell))


def _every(filling: _Filling, asked: Asked) -> None:
    _comes_again(filling, asked, asked.value)


def _comes_again(filling: _Filling, asked: Asked, most: Fraction) -> None:
    """Makes a label that shows at intervals come again soon enough wherever the film ends. most: the seconds from one
    time that it shows to the next that a job may say, as its film may end well."""
    _to_the_end(filling, asked)
    label = filling.label
    if label.show != INITIAL:
        return
    every, dwell = filling.seconds(label.every), filling.seconds(label.dwell)
    if 0 < every <= (most if "every" in filling.timed.said else asked.value):
        return
    if asked.value <= dwell:  # it would come again before it has gone
        _continuous(filling, asked)
        return
    longest = f"{parameter_text(asked.value)}s"
    if filling.may_set("every", asked, f"{longest} at most", label.every):
        filling.change(every=longest)
        filling.put("every", longest, asked.why)


def _continuous(filling: _Filling, asked: Asked) -> None:
    _to_the_end(filling, asked)
    if filling.label.show == INITIAL and filling.may_set("show", asked, CONTINUOUS, INITIAL):
        filling.change(show=CONTINUOUS)
        filling.put("show", CONTINUOUS, asked.why)


def _to_the_end(filling: _Filling, asked: Asked) -> None:
    timed = filling.timed
    if timed.length and filling.may_set("length", asked, "to the end of the film", timed.length):
        filling.timed = replace(timed, length="")
        filling.put("length", "to the end", asked.why)


def _contrast(filling: _Filling, asked: Asked) -> None:
    """A plate that nothing shows through has the contrast of its two colours."""
    label, least = filling.label, float(asked.value)
    if label.contrast >= least:
        return
    solid = replace(label, plate_opacity=1.0, opacity=1.0)
    got = f"{label.contrast:.2f}:1"
    if solid.contrast < least:
        solid = replace(solid, colour="#ffffff", plate_colour="#000000")
    changed = [key for key in _LOOK if getattr(solid, key) != getattr(label, key)]
    settable = [
        key for key in changed if filling.may_set(key, asked, f"a contrast of {least:g}:1 or more", got)
    ]
    if settable == changed:
        filling.change(**{key: getattr(solid, key) for key in changed})
        filling.rows += [(key, str(getattr(solid, key)), asked.why) for key in changed]


_LOOK = ("plate_opacity", "opacity", "colour", "plate_colour")
_FILLERS: Mapping[str, Callable[[_Filling, Asked], None]] = {
    "height": _height,
    "first": _first,
    "dwell": _dwell,
    "gap": _gap,
    "every": _every,
    "continuous": _continuous,
    "contrast": _contrast,
}


def rows_of_text(label: Label, demand: LabelDemand, before: Label | None = None) -> Iterator[SetRow]:
    """Yields what a label was made with: its text and what goes with it. before: what it was, None for a new one."""
    yield "text", label.text, ", ".join(demand.rules)
    if label.language:
        yield "language", label.language, ", ".join(demand.rules)
    asked = demand.number("height")
    set_here = before is None or label.height != before.height
    if asked and set_here and label.height == float(asked.value):  # else it is that of the label's style
        yield "height", f"{label.height:g} %", asked.why
