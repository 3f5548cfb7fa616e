"""Builds the `c2pa.actions.v2` assertion from a receipt.

The first action (created or opened) and one `placed` for each ingredient are added here. All other actions
are those that the plan's stages declared. Source: C2PA 2.4, 18.15.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from post.errors import ProvenanceError
from post.receipt import Ingredient, Receipt
from post.values.claim import COMPOSITE, COMPOSITE_CAPTURE, COMPOSITE_WITH_GENERATED, DIGITAL_CREATION, Action
from provenance.claim.regions import build_region
from provenance.claim.soft_bindings import BOUND, has_undeclared_watermark
from provenance.claim.vocabulary import ACTIONS, CAPTURED, INCEPTION, PARAMETERS, SOURCE_TYPES, is_generated

LABEL = "c2pa.actions.v2"


def build_actions(receipt: Receipt) -> dict[str, Any]:
    """Returns the assertion's data. A film with a parent is "opened", any other is "created".

    Raises ProvenanceError if an action is not one of C2PA's, a digital source type is wrong or missing, a
    parameter has no owner's name, an ingredient is not in the receipt, or there are two parents.
    """
    known = {part.file.sha256 for part in receipt.ingredients}
    rate = Fraction(receipt.rate)
    declared = [_declared(action, rate, known) for action in receipt.actions]
    bound = [{"action": BOUND}] if has_undeclared_watermark(receipt) else []
    return {
        "allActionsIncluded": True,
        "actions": [*_inception(receipt), *_placed(receipt), *declared, *bound],
    }


def derive_source_type(ingredients: Sequence[Ingredient]) -> str:
    """Returns the digital source type of a film made of these ingredients: an IPTC URI."""
    kinds = {part.source_type for part in ingredients}
    if not kinds:
        return DIGITAL_CREATION
    if kinds == {DIGITAL_CREATION}:
        return DIGITAL_CREATION
    if any(map(is_generated, kinds)):
        return COMPOSITE_WITH_GENERATED
    return COMPOSITE_CAPTURE if kinds <= CAPTURED else COMPOSITE


def _inception(receipt: Receipt) -> list[dict[str, Any]]:
    parents = [part for part in receipt.ingredients if part.relationship == "parentOf"]
    if len(parents) > 1:
        raise ProvenanceError(
            "a film has more than one parent",
            where=receipt.name,
            expected="one parent at most, other clips as componentOf",
            got=len(parents),
        )
    if parents:
        return [{"action": "c2pa.opened", "parameters": {"ingredientIds": [parents[0].file.sha256]}}]
    return [{"action": "c2pa.created", "digitalSourceType": derive_source_type(receipt.ingredients)}]


def _placed(receipt: Receipt) -> list[dict[str, Any]]:
    """Returns one `placed` for each component that no stage placed itself."""
    placed = {sha for action in receipt.actions if action.name == "c2pa.placed" for sha in action.ingredients}
    components = {
        part.file.sha256: None
        for part in receipt.ingredients
        if part.relationship == "componentOf" and part.file.sha256 not in placed
    }
    return [{"action": "c2pa.placed", "parameters": {"ingredientIds": [sha]}} for sha in components]


def _declared(action: Action, rate: Fraction, known: set[str]) -> dict[str, Any]:
    """Returns one action of a stage. known: the sha256 of every ingredient."""
    _check(action, known)
    data: dict[str, Any] = {"action": action.name}
    if action.source_type:
        data["digitalSourceType"] = action.source_type
    if action.description:
        data["description"] = action.description
    parameters: dict[str, Any] = dict(action.parameters)
    if action.ingredients:
        parameters["ingredientIds"] = list(action.ingredients)
    if parameters:
        data["parameters"] = parameters
    if action.where is not None:
        data["changes"] = [{"region": [build_region(action.where, rate)]}]
    return data


def _check(action: Action, known: set[str]) -> None:
    row = ACTIONS.get(action.name)
    if row is None or action.name in INCEPTION:
        raise ProvenanceError(
            "a stage cannot declare this action",
            where=action.name,
            expected="a c2pa.* action of C2PA 2.4 other than created and opened",
        )
    if action.source_type and action.source_type not in SOURCE_TYPES:
        raise ProvenanceError(
            "an unknown digital source type",
            where=action.name,
            expected="an IPTC or C2PA URI",
            got=action.source_type,
        )
    if row.source_type == "needs" and not action.source_type:
        raise ProvenanceError("a digital source type is missing", where=action.name, expected="an IPTC URI")
    loose = [key for key, _ in action.parameters if "." not in key and key not in PARAMETERS]
    if loose:
        raise ProvenanceError(
            "a parameter has no owner's name", where=action.name, expected="a dotted name", got=loose[0]
        )
    unlisted = set(action.ingredients) - known
    if unlisted:
        raise ProvenanceError(
            "an action names a file the receipt does not list", where=action.name, got=min(unlisted)
        )
