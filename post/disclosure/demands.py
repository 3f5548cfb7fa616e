"""Reads from merged policies what they ask of a film's disclosure: of each visible label, and of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from provenance.policy.document.merge import MergedPolicy, MergedRule
from provenance.policy.document.policy import Parameter

# The texts of a rule that asks for a label and names none: those of the EU's icons.
ANY_LABEL = ("AI GENERATED", "AI MODIFIED", "AI")
_VISIBLE, _TEXT, _CONTINUOUS, _ZONE = "label.visible", "label.text", "label.continuous", "label.zone"
# What rules may ask of a label, by the names of their parameters; and whether the larger number asks more.
_NUMBERS = {
    "height_percent": "height", "percent": "height", "seconds": "dwell", "contrast": "contrast", "ratio": "contrast",
    "by_s": "first", "max_gap": "gap", "every": "every",
}  # fmt: skip
_LESS_IS_MORE = ("first", "gap", "every")


@dataclass(frozen=True, slots=True)
class Asked:
    """A number that rules ask. rules: their names, as "policy/rule"; firm: a film can fail by one of them."""

    value: Fraction
    rules: tuple[str, ...]
    firm: bool

    @property
    def why(self) -> str:
        """The rules, in words."""
        return ", ".join(self.rules)


@dataclass(frozen=True, slots=True)
class LabelDemand:
    """What is asked of one label.

    texts: any one of these is what it says, () for every label that there is; rules: that ask for it; numbers: the
    strictest that firm rules ask and that others ask, by (name, firm); the names are height, dwell, contrast, first,
    gap, every and continuous.
    """

    texts: tuple[str, ...]
    rules: tuple[str, ...]
    firm: bool
    numbers: Mapping[tuple[str, bool], Asked] = field(default_factory=dict)

    def number(self, name: str) -> Asked | None:
        """Returns the strictest number of a name, whoever asks it."""
        both = [self.numbers[name, firm] for firm in (True, False) if (name, firm) in self.numbers]
        return _stricter(name, both[0], both[-1]) if both else None

    def and_also(self, other: LabelDemand) -> LabelDemand:
        """Returns what both ask together. The texts are those of this one."""
        numbers = dict(self.numbers)
        for key, asked in other.numbers.items():
            numbers[key] = _stricter(key[0], numbers[key], asked) if key in numbers else asked
        rules = tuple(dict.fromkeys((*self.rules, *other.rules)))
        return replace(self, rules=rules, firm=self.firm or other.firm, numbers=numbers)

    def with_numbers(self, other: LabelDemand) -> LabelDemand:
        """Returns a demand with the numbers of one that asks for no label itself."""
        return replace(self, numbers=self.and_also(other).numbers)


@dataclass(frozen=True, slots=True)
class CheckDemand:
    """What rules with one type of check ask, by its parameters."""

    check: str
    values: Mapping[str, Parameter]
    rules: tuple[str, ...]
    firm: bool


def label_demands(merged: MergedPolicy) -> tuple[LabelDemand, ...]:
    """Returns what is asked of each label, one for each set of texts, in the order of the names of their rules; what is
    asked of every label comes last, without texts."""
    found: dict[tuple[str, ...], LabelDemand] = {}
    for rule in merged.rules:
        if rule.check.startswith("label.") and rule.check != _ZONE:
            asked = _label_demand(rule)
            found[asked.texts] = found[asked.texts].and_also(asked) if asked.texts in found else asked
    return tuple(sorted(found.values(), key=lambda each: (not each.texts, min(each.rules))))


def zone_demands(merged: MergedPolicy) -> Iterator[CheckDemand]:
    """Yields what labels must be clear of: each for films of one shape, or of any."""
    yield from check_demands(merged, (_ZONE,))


def check_demands(merged: MergedPolicy, checks: Iterable[str]) -> Iterator[CheckDemand]:
    """Yields what is asked by rules with these types of check."""
    wanted = frozenset(checks)
    for rule in merged.rules:
        if rule.check in wanted:
            yield CheckDemand(rule.check, rule.values, rule.rules, rule.firm)


def _label_demand(rule: MergedRule) -> LabelDemand:
    values = rule.values
    texts = values.get("texts", _usual_texts(values) if rule.check in (_VISIBLE, _TEXT) else ())
    numbers: dict[tuple[str, bool], Asked] = {}
    for each in rule.parameters:
        if each.name in _NUMBERS and isinstance(each.value, int | Fraction):
            key = _NUMBERS[each.name], rule.firm
            asked = Asked(Fraction(each.value), each.set_by, rule.firm)
            numbers[key] = _stricter(key[0], numbers[key], asked) if key in numbers else asked
    if rule.check == _CONTINUOUS:
        numbers["continuous", rule.firm] = Asked(Fraction(1), rule.rules, rule.firm)
    return LabelDemand(texts if isinstance(texts, tuple) else (str(texts),), rule.rules, rule.firm, numbers)


def _usual_texts(values: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Returns the texts of a rule that names none: those of the usual ones that hold all words that it asks for, or
    else those words."""
    asked = values.get("elements", ())
    elements = [each.split("|") for each in asked] if isinstance(asked, tuple) else []
    usual = tuple(
        text for text in ANY_LABEL if all(any(word in text for word in words) for words in elements)
    )
    return usual or (" ".join(words[0] for words in elements),)


def _stricter(name: str, a: Asked, b: Asked) -> Asked:
    """Returns the stricter of two numbers; of two that are the same, with the rules of both."""
    if a.value == b.value:
        return Asked(a.value, tuple(sorted({*a.rules, *b.rules})), a.firm or b.firm)
    larger, smaller = (a, b) if a.value > b.value else (b, a)
    return smaller if name in _LESS_IS_MORE else larger
