"""Decides when a rule applies, by what a named person declares of the film.

    when: {all: [{fact: is_deepfake, eq: true}, {not: {fact: medium, one_of: [audio]}},
                 {fact: generated_at, gte: 2026-08-02}]}

A fact that nobody declared decides nothing: what depends on it is left to a person (Kleene's three values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from provenance.policy.document.dates import is_day

Scalar = bool | int | float | str
Comparison = Literal["eq", "one_of", "gte", "lte"]
COMPARISONS: tuple[Comparison, ...] = ("eq", "one_of", "gte", "lte")
_SAYS: dict[Comparison, str] = {"eq": "is", "one_of": "is one of", "gte": "is at least", "lte": "is at most"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a condition holds; None where nobody has declared what decides it. why: in words; by: the facts that
    decide it."""

    holds: bool | None
    why: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparing:
    """One fact against one or more values, of its own kind: text, number, true or false. gte and lte compare numbers,
    and days in ISO 8601."""

    fact: str
    how: Comparison
    values: tuple[Scalar, ...]

    def facts(self) -> Iterator[str]:
        """Yields the facts that decide it."""
        yield self.fact

    def ask(self, facts: Mapping[str, Scalar]) -> Answer:
        """Returns whether it holds for declared facts."""
        if self.fact not in facts:
            return Answer(None, f"nobody has declared: {self.fact}")
        found = facts[self.fact]
        if self.how in ("eq", "one_of"):
            alike = [each for each in self.values if _kind(each) is _kind(found)]
            # YAML reads `yes` as text: no rule goes by because of that, a person has to say what is meant.
            return self._answer(found in alike, found) if alike else self._unlike(found)
        order = _compared(found, self.values[0])
        if order is None:
            return self._unlike(found)
        return self._answer(order >= 0 if self.how == "gte" else order <= 0, found)

    def _answer(self, holds: bool, found: Scalar) -> Answer:
        return Answer(holds, f"{self.fact} is {_said(found)}", (self.fact,))

    def _unlike(self, found: Scalar) -> Answer:
        others = " or ".join(map(_said, self.values))
        return Answer(
            None, f"{self.fact} is declared as {_said(found)}, which cannot be compared with {others}"
        )

    def __str__(self) -> str:
        return f"{self.fact} {_SAYS[self.how]} {', '.join(map(_said, self.values))}"


@dataclass(frozen=True, slots=True)
class Condition:
    """Several conditions: all of them, any of them, or (of one) not it. Of none, "all" always holds."""

    how: Literal["all", "any", "not"]
    parts: tuple[Condition | Comparing, ...]

    def facts(self) -> Iterator[str]:
        """Yields the facts that decide it, each once."""
        yield from dict.fromkeys(fact for part in self.parts for fact in part.facts())

    def ask(self, facts: Mapping[str, Scalar]) -> Answer:
        """Returns whether it holds for declared facts."""
        answers = [part.ask(facts) for part in self.parts]
        if self.how == "not":
            (one,) = answers
            return replace(one, holds=None if one.holds is None else not one.holds)
        deciding = self.how == "any"  # one that holds settles "any", one that does not settles "all"
        return (
            _first(answers, lambda each: each.holds is deciding)
            or _first(answers, lambda each: each.holds is None)
            or Answer(
                not deciding,
                "; ".join(each.why for each in answers),
                tuple(dict.fromkeys(name for each in answers for name in each.by)),
            )
        )

    def __str__(self) -> str:
        if self.how == "not":
            return f"not ({self.parts[0]})"
        joined = f" {'and' if self.how == 'all' else 'or'} ".join(
            f"({part})" if isinstance(part, Condition) and len(part.parts) > 1 else str(part)
            for part in self.parts
        )
        return joined or "always"


ALWAYS = Condition("all", ())


def _first(answers: Iterable[Answer], wanted: Callable[[Answer], bool]) -> Answer | None:
    return next((each for each in answers if wanted(each)), None)


def _kind(value: Scalar) -> type:
    """Returns which values it can be compared with: `true` is not 1."""
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _compared(found: Scalar, bound: Scalar) -> int | None:
    """Returns -1, 0 or 1 for less, the same and more; None for what has no order."""
    if isinstance(found, bool) or isinstance(bound, bool):
        return None
    if isinstance(found, str) and isinstance(bound, str):
        return (found > bound) - (found < bound) if is_day(found) and is_day(bound) else None
    if isinstance(found, str) or isinstance(bound, str):
        return None
    a, b = Fraction(found), Fraction(bound)
    return (a > b) - (a < b)


def _said(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
