"""A receipt's actions as the `c2pa.actions.v2` assertion.

The inception action (created or opened) and the placing of each ingredient are made here, from the
ingredients; everything else is what the plan's stages declared. Source: C2PA 2.4, 18.15.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from post.errors import ProvenanceError
from post.receipt import Ingredient, Receipt
from post.values.claim import COMPOSITE, COMPOSITE_CAPTURE, COMPOSITE_WITH_GENERATED, DIGITAL_CREATION, Action
from provenance.claim.regions import region
from provenance.claim.soft_bindings import BOUND, marked
from provenance.claim.vocabulary import ACTIONS, CAPTURED, INCEPTION, PARAMETERS, SOURCE_TYPES, generated

LABEL = "c2pa.actions.v2"


def actions(receipt: Receipt) -> dict[str, Any]:
    """The assertion's data: one parent is opened, several components are placed on something created.

    Raises ProvenanceError for an action C2PA does not know, a wrong or missing digital source type, a
    parameter without its owner's name, an ingredient the receipt lacks, or two parents.
    """
    known = {part.file.sha256 for part in receipt.ingredients}
    rate = Fraction(receipt.rate)
    done = [_done(action, rate, known) for action in receipt.actions]
    bound = [{"action": BOUND}] if marked(receipt) else []
    return {"allActionsIncluded": True, "actions": [*_inception(receipt), *_placed(receipt), *done, *bound]}


def film_source_type(ingredients: Sequence[Ingredient]) -> str:
    """The digital source type of a film made out of these: an IPTC URI."""
    kinds = {part.source_type for part in ingredients}
    if not kinds:
        return DIGITAL_CREATION
    if any(map(generated, kinds)):
        return COMPOSITE_WITH_GENERATED
    return COMPOSITE_CAPTURE if kinds <= CAPTURED else COMPOSITE


def _inception(receipt: Receipt) -> list[dict[str, Any]]:
    parents = [part for part in receipt.ingredients if part.relationship == "parentOf"]
    if len(parents) > 1:
        raise ProvenanceError(
            "a film has one parent at most",
            where=receipt.name,
            expected="several clips as componentOf",
            got=len(parents),
        )
    if parents:
        return [{"action": "c2pa.opened", "parameters": {"ingredientIds": [parents[0].file.sha256]}}]
    return [{"action": "c2pa.created", "digitalSourceType": film_source_type(receipt.ingredients)}]


def _placed(receipt: Receipt) -> list[dict[str, Any]]:
    """One `placed` for each component that no stage placed itself."""
    told = {sha for action in receipt.actions if action.name == "c2pa.placed" for sha in action.ingredients}
    components = {
        part.file.sha256: None
        for part in receipt.ingredients
        if part.relationship == "componentOf" and part.file.sha256 not in told
    }
    return [{"action": "c2pa.placed", "parameters": {"ingredientIds": [sha]}} for sha in components]


def _done(action: Action, rate: Fraction, known: set[str]) -> dict[str, Any]:
    _check(action, known)
    told: dict[str, Any] = {"action": action.name}
    if action.source_type:
        told["digitalSourceType"] = action.source_type
    if action.description:
        told["description"] = action.description
    parameters: dict[str, Any] = dict(action.parameters)
    if action.ingredients:
        parameters["ingredientIds"] = list(action.ingredients)
    if parameters:
        told["parameters"] = parameters
    if action.where is not None:
        told["changes"] = [{"region": [region(action.where, rate)]}]
    return told


def _check(action: Action, known: set[str]) -> None:
    row = ACTIONS.get(action.name)
    if row is None or action.name in INCEPTION:
        raise ProvenanceError(
            "no action a stage can declare",
            where=action.name,
            expected="a c2pa.* action of C2PA 2.4 other than created and opened",
        )
    if action.source_type and action.source_type not in SOURCE_TYPES:
        raise ProvenanceError(
            "no digital source type",
            where=action.name,
            expected="an IPTC or C2PA URI",
            got=action.source_type,
        )
    if row.source_type == "needs" and not action.source_type:
        raise ProvenanceError("a digital source type is missing", where=action.name, expected="an IPTC URI")
    loose = [key for key, _ in action.parameters if "." not in key and key not in PARAMETERS]
    if loose:
        raise ProvenanceError(
            "a parameter without its owner's name", where=action.name, expected="a dotted name", got=loose[0]
        )
    strange = set(action.ingredients) - known
    if strange:
        raise ProvenanceError(
            "an action names a file the receipt does not list", where=action.name, got=min(strange)
        )
