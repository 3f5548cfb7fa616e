"""Lists what the signer says was done, in the order of the film, with the shots that each action is about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from provenance.claim.build import RECEIPT_LABEL
from provenance.crjson.ingredients import read_ingredient_links
from provenance.crjson.manifest import ManifestView, as_list, as_mapping, mappings
from provenance.verify.reviewer.plain_words import action_words, source_type_words

MAX_ACTIONS = 300
_MAX_CHARACTERS = 400
_MAX_TEXT = 4_000  # of a title: a screen of it at least
_NAMED_APART = ("ingredients", "ingredientIds")  # shown by their titles
_FIRST = ("c2pa.created", "c2pa.opened", "c2pa.placed")
_LABEL = "org.answerprint.label."
_RATE = re.compile(r"[0-9]{1,9}(/[0-9]{1,9})?")
_LONGEST_S = 1e9  # of a film: what is foreign may name any number


@dataclass(frozen=True, slots=True)
class DeclaredAction:
    """One action as the signer declares it.

    words: what it is; when: seconds of the film, or a date, or ""; shots: the takes whose shots it is about;
    source_words: what its source type is; texts: what was written into the picture, in full.
    """

    name: str
    words: str
    when: str
    shots: tuple[str, ...]
    source_type: str
    source_words: str
    texts: tuple[str, ...]
    details: str


def list_actions(manifest: Mapping[str, Any]) -> tuple[DeclaredAction, ...]:
    """Returns at most 300 actions of a manifest: how it began, then by when they begin, then those on all of it."""
    view = ManifestView(manifest)
    titles = {link.label: link.title for link in read_ingredient_links([manifest])}
    shots = tuple(_shots(view))
    ordered = sorted(view.actions, key=_place)
    return tuple(_declared(action, titles, shots) for action in ordered[:MAX_ACTIONS])


def label_span(manifest: Mapping[str, Any]) -> tuple[float, float] | None:
    """Returns the seconds in which the signer says that the film shows a label; the second is infinite where it
    ends with the film. None where no label is declared."""
    for action in ManifestView(manifest).actions:
        if any(str(key).startswith(_LABEL) for key in as_mapping(action.get("parameters"))):
            return next(_spans(action), (0.0, float("inf")))
    return None


def _declared(
    action: Mapping[str, Any], titles: Mapping[str, str], shots: tuple[tuple[str, float, float], ...]
) -> DeclaredAction:
    parameters = as_mapping(action.get("parameters"))
    texts = tuple(str(value)[:_MAX_TEXT] for key, value in parameters.items() if str(key).endswith(".text"))
    details = [str(action["description"])] if action.get("description") else []
    details += [titles[label] for label in _ingredient_labels(parameters) if titles.get(label)]
    details += [
        f"{key}: {value}"
        for key, value in parameters.items()
        if key not in _NAMED_APART and not str(key).endswith(".text")
    ]
    name, kind = str(action.get("action", "")), str(action.get("digitalSourceType", ""))
    spans = tuple(_spans(action))
    about = (take for take, first, stop in shots for start, end in spans if first < end and start < stop)
    return DeclaredAction(
        name,
        action_words(name),
        "; ".join(_when(action)),
        tuple(dict.fromkeys(about)),
        kind,
        source_type_words(kind),
        texts,
        _shortened("; ".join(details)),
    )


def _place(action: Mapping[str, Any]) -> tuple[int, float]:
    """Returns where an action comes in a list in the order of the film."""
    if action.get("action") in _FIRST:
        return (0, 0.0)
    first = next(_spans(action), None)
    return (2, 0.0) if first is None else (1, first[0])


def _shots(view: ManifestView) -> Iterator[tuple[str, float, float]]:
    """Yields (shot, first second, second after the last) of each shot, where our own receipt names them."""
    receipt = view.assertion(RECEIPT_LABEL)
    rate = _rate(str(receipt.get("rate")))
    for row in mappings(receipt.get("shots")) if rate > 0 else ():
        first, stop = row.get("first"), row.get("stop")
        if isinstance(first, int) and isinstance(stop, int):
            try:
                start_s, stop_s = float(first / rate), float(stop / rate)
            except OverflowError:
                continue
            yield str(row.get("shot", "")), start_s, stop_s


def _rate(text: str) -> Fraction:
    """Returns a rate in foreign text; 0 where it is none. A power of ten in it could fill the memory."""
    try:
        return Fraction(text) if _RATE.fullmatch(text) else Fraction(0)
    except ZeroDivisionError:
        return Fraction(0)


def _spans(action: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Yields the seconds of the film that an action is about; the second is infinite where none is named."""
    for change in mappings(action.get("changes")):
        for region in mappings(change.get("region")):
            time = as_mapping(region.get("time"))
            try:
                start, end = float(time.get("start", 0)), float(time.get("end", _LONGEST_S))
            except (TypeError, ValueError, OverflowError):
                continue
            if not time or not math.isfinite(start) or not math.isfinite(end):
                continue
            start, end = (min(max(0.0, each), _LONGEST_S) for each in (start, end))
            if start < end:
                yield start, end if "end" in time else math.inf


def _when(action: Mapping[str, Any]) -> Iterator[str]:
    for change in map(as_mapping, as_list(action.get("changes"))):
        for region in map(as_mapping, as_list(change.get("region"))):
            time = region.get("time")
            if isinstance(time, Mapping):
                yield f"{time.get('start', '0')} s to {time.get('end', 'the end')} s"
    if action.get("when"):
        yield str(action["when"])


def _ingredient_labels(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yields the labels of the ingredients an action is about."""
    for each in as_list(parameters.get("ingredients")):
        if isinstance(each, Mapping):
            yield str(each.get("url", "")).rpartition("/")[2]


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]} …"
