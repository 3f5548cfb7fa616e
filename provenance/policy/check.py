"""Defines what a check of a policy's rules is: what it is given, what it takes, and what it comes to.

A check judges what was found in the file (`PolicyInput`) by its parameters. Each family of checks stands in a module
of `checks/`, with a table of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from post.values.claim import Box, Stretch, Verdict
from provenance.claim.build import RECEIPT_LABEL
from provenance.claim.vocabulary import is_generated
from provenance.crjson.manifest import ManifestView, as_mapping
from provenance.manifest import Reading
from provenance.policy.document.policy import Parameters as Parameters
from provenance.policy.document.references import NO_REFERENCES, References
from provenance.policy.document.waivers import Waiver
from provenance.policy.look import FilmLook
from provenance.report import Report

_LABEL = "org.answerprint.label."
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,24})?", re.ASCII)


@dataclass(frozen=True)
class PolicyInput:
    """What rules are checked against. facts: what a named person declares about the film; report: of the file, before
    its policies are checked; look: looks at the picture and listens to the sound, None where nothing here can; at: the
    day to judge as of (ISO 8601), "" for any, on which every rule is in force; label_texts: all texts of labels that
    any of the policies asks for, so that the picture is searched once; waivers: those that may let the film pass;
    references: what it is compared with; label: the text of the one label that rules about one label are judged of, ""
    for any."""

    report: Report
    reading: Reading
    facts: Mapping[str, Any]
    look: FilmLook | None = None
    at: str = ""
    label_texts: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    references: References = NO_REFERENCES
    label: str = ""

    @property
    def film(self) -> str:
        """The film's name: of its file, without its ending."""
        return PurePath(self.report.file.path).stem

    @property
    def active(self) -> ManifestView:
        """Returns the active manifest; an empty view where there is none."""
        return ManifestView(self.reading.manifests[0] if self.reading.manifests else {})

    @property
    def is_generated(self) -> bool:
        """Whether anything in the manifest says that the film, or a part of it, was generated."""
        kinds = [str(part.get("digitalSourceType", "")) for part in self.active.ingredients]
        takes = self.active.assertions.get(RECEIPT_LABEL)
        rows = takes.get("takes") if isinstance(takes, Mapping) else None
        kinds += [str(row.get("source_type", "")) for row in rows or () if isinstance(row, Mapping)]
        return any(map(is_generated, (self.report.ai.source_type, *kinds)))

    @property
    def declared_labels(self) -> tuple[str, ...]:
        """The texts of the visible labels that the manifest declares, "" for one without a text."""
        said = [as_mapping(action.get("parameters")) for action in self.active.actions]
        labels = [each for each in said if any(str(key).startswith(_LABEL) for key in each)]
        return tuple(str(each.get(f"{_LABEL}text", "")) for each in labels)


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The outcome of a check: its verdict, what was found, what was required, and more about what was found.

    at: the stretches of the film that it is about, in seconds; box: the part of the picture, in pixels of the upright
    frame; frame: the number of a frame that shows it.
    """

    verdict: Verdict
    found: str
    required: str
    evidence: str = ""
    at: tuple[Stretch, ...] = ()
    box: Box | None = None
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check. takes: its parameters, each with its type: str, int (0 or more), Fraction for a number that
    may have decimals (0 or more), tuple for several texts. Each has a default: a check runs without parameters. words:
    all values of those texts that have few."""

    run: Callable[[PolicyInput, Parameters], CheckOutcome]
    takes: Mapping[str, type] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def pass_or_fail(passed: bool, found: object, required: str) -> CheckOutcome:
    """Returns a pass or a failure."""
    return CheckOutcome("pass" if passed else "fail", str(found), required)


def unseen(required: str) -> CheckOutcome:
    """Returns the outcome of a check of the picture or the sound where nothing here looks at them."""
    return CheckOutcome("cannot_check", "nothing here looks at the picture or listens to the sound", required)


def texts(parameters: Parameters, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Returns a parameter of several texts."""
    found = parameters.get(name, default)
    return found if isinstance(found, tuple) else (str(found),)


def text(parameters: Parameters, name: str, default: str = "") -> str:
    """Returns a parameter of one text."""
    return str(parameters.get(name, default))


def whole(parameters: Parameters, name: str, default: int = 0) -> int:
    """Returns a parameter that is a whole number. Raises TypeError for another."""
    found = parameters.get(name, default)
    if not isinstance(found, int):
        raise TypeError(f"{name} is a whole number")
    return found


def number(parameters: Parameters, name: str, default: Fraction | int = 0) -> Fraction:
    """Returns a parameter that is a number, exactly. Raises TypeError for another."""
    found = parameters.get(name, default)
    if not isinstance(found, int | Fraction):
        raise TypeError(f"{name} is a number")
    return Fraction(found)


def written_number(written: str) -> Fraction | None:
    """Returns a number that a manifest or a person wrote as decimals; None for anything else, such as an exponent,
    which may stand for more digits than a machine holds."""
    return Fraction(written) if _NUMBER.fullmatch(written.strip()) else None


def shown(value: Fraction) -> str:
    """Returns an exact number as decimals, without zeros behind them: 24.9."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
