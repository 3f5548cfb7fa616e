"""Defines what a check of a brief's rule is: a type, which a brief names, with parameters that are knobs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from post.knob import Knob, KnobKind, knobs_of

CHECK_TYPES: dict[str, type[RuleCheck]] = {}
C = TypeVar("C", bound="RuleCheck")


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """A check with its parameters. type: its name in a brief; needs: parameters of which at least one is given; paths:
    those that name files, which are then read as paths; of_takes: whether it is about takes and shots, so that a rule
    may ask it of those of some beats alone."""

    type: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    paths: ClassVar[tuple[str, ...]] = ()
    of_takes: ClassVar[bool] = True

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yields each parameter that no film can meet or that means nothing, and what is expected of it."""
        names = knobs_of(type(self))
        for low in names:
            high = low.replace("least", "most").replace("shortest", "longest")
            least, most = getattr(self, low), getattr(self, high, None)
            if high != low and least is not None and most is not None and least > most:
                yield low, f"{high} or less, {most:g}"

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that a parameter names."""
        found = (getattr(self, name) for name in self.paths)
        return tuple(
            path
            for value in found
            for path in (value if isinstance(value, tuple) else (value,))
            if isinstance(path, Path)
        )


def rule_check(name: str) -> Callable[[type[C]], type[C]]:
    """Registers a type of check under a name. Raises ValueError where the name is taken."""

    def declare(kind: type[C]) -> type[C]:
        if name in CHECK_TYPES:
            raise ValueError(f"check {name!r} is already declared")
        kind.type = name
        CHECK_TYPES[name] = kind
        return kind

    return declare


def listed(
    doc: str,
    kind: KnobKind = "text",
    *,
    choices: tuple[str, ...] = (),
    lo: float = -math.inf,
    hi: float = math.inf,
) -> Any:
    """Returns a parameter of several values, each as a knob of that kind holds it; none by default."""
    about = Knob(doc, "choice" if choices else kind, lo, hi, "", choices)
    return field(default=(), metadata={"knob": about, "listed": True})


def is_listed(kind: type[RuleCheck], name: str) -> bool:
    """Returns whether a parameter takes several values."""
    return any(each.name == name and "listed" in each.metadata for each in fields(kind))


def parameters_of(check: RuleCheck) -> dict[str, object]:
    """Returns the parameters of a check by name."""
    return {name: getattr(check, name) for name in knobs_of(type(check))}
