"""Prepares the declarations of films for the page: actions, ingredients, and how each fact is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from post.receipt import Ingredient, Receipt
from post.values import Picture, Take, round_half_up
from post.values.media import CREDENTIALS
from post.values.short_text import short_text
from post.values.timecode import timecode
from provenance.claim.actions import build_actions
from provenance.claim.build import publish_rows
from provenance.verify.reviewer.plain_words import relationship_words

# Unicode's embeddings, overrides and isolates (UAX 9, 2): they can make a prompt look like another one.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
OWN = "org.answerprint."  # the namespace of this tool's parameters; the page says so once


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as the manifest states it. source_type: the last part of its URI; where: "" is the whole film."""

    name: str
    source_type: str
    source_uri: str
    where: str
    description: str
    parameters: tuple[tuple[str, str], ...]
    ingredients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One field of a generator's record, and how it is known (recorded, or claimed by the container)."""

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class IngredientRow:
    """A file that a film was made from. holds: its picture in words, and what the file
    does not say of it; marks: of generators, in its tags."""

    title: str
    sha256: str
    media_type: str
    relationship: str
    credential: str
    credential_means: str
    credential_detail: tuple[str, ...]
    source_type: str
    source_uri: str
    holds: str
    marks: tuple[str, ...]
    record: tuple[RecordRow, ...]


def action_rows(receipt: Receipt) -> tuple[ActionRow, ...]:
    """Returns every action of a film's manifest, in its order, with those made from its ingredients."""
    rate = Fraction(receipt.rate)
    titles = {part.file.sha256: part.title for part in receipt.ingredients}
    return tuple(_declared(action, rate, titles) for action in build_actions(receipt)["actions"])


def ingredient_rows(receipts: Sequence[Receipt], takes: Sequence[Take]) -> tuple[IngredientRow, ...]:
    """Returns every file that went into any of the films, once, in the order of first use.

    Prompts are their digests, unless the job tells them.
    """
    by_file = {take.file: take for take in takes}
    used = {part.file: part for receipt in reversed(receipts) for part in reversed(receipt.ingredients)}
    told = all(receipt.prompts for receipt in receipts)
    return tuple(_part(part, by_file.get(file), told=told) for file, part in reversed(used.items()))


def short_uri(uri: str) -> str:
    """Returns the last part of a digital source type's URI: its name."""
    return uri.rpartition("/")[2]


def _declared(action: Mapping[str, Any], rate: Fraction, titles: Mapping[str, str]) -> ActionRow:
    parameters = dict(action.get("parameters", {}))
    used = parameters.pop("ingredientIds", ())
    uri = str(action.get("digitalSourceType", ""))
    return ActionRow(
        str(action["action"]),
        short_uri(uri),
        uri,
        _where(action, rate),
        str(action.get("description", "")),
        tuple((name.removeprefix(OWN), short_text(value)) for name, value in parameters.items()),
        tuple(titles.get(sha, sha) for sha in used),
    )


def _where(action: Mapping[str, Any], rate: Fraction) -> str:
    """Returns the action's regions as timecodes, from the first frame to the one after the last."""
    times = [region["time"] for change in action.get("changes", ()) for region in change["region"]]
    return ", ".join(f"{_stamp(time['start'], rate)} – {_stamp(time['end'], rate)}" for time in times)


def _stamp(npt: str, rate: Fraction) -> str:
    return timecode(round_half_up(Fraction(npt) * rate), rate)


def _part(part: Ingredient, take: Take | None, *, told: bool) -> IngredientRow:
    return IngredientRow(
        part.title,
        part.file.sha256,
        part.media_type,
        relationship_words(part.relationship),
        part.credential,
        CREDENTIALS[part.credential],
        take.credential_detail if take else (),
        short_uri(part.source_type),
        part.source_type,
        _holds(take.picture) if take else "",
        tuple(map(legible, take.marks)) if take else (),
        tuple(
            RecordRow(field, legible(value), how)
            for field, value, how in (part.record if told else publish_rows(part.record))
        ),
    )


def legible(text: str) -> str:
    """Returns text that is shown in the order of its letters: characters that change direction are spelt out."""
    return "".join(f"⟨U+{ord(letter):04X}⟩" if letter in _TURNS else letter for letter in text)


def _holds(picture: Picture) -> str:
    rate = f"{float(picture.grid.rate):.3f}".rstrip("0").rstrip(".")
    shape = "" if picture.sar == 1 else f", pixels of {picture.sar.numerator}:{picture.sar.denominator}"
    turn = f", shown turned by {picture.rotation}°" if picture.rotation else ""
    size = f"{picture.width} × {picture.height}{shape}{turn}"
    if picture.stands_still:
        return f"{picture.codec}, a still, {size}"
    unsaid = f"; the file does not say: {', '.join(picture.assumed)}" if picture.assumed else ""
    return f"{picture.codec}, {picture.depth} bit, {size}, {picture.length} frames at {rate} fps{unsaid}"
