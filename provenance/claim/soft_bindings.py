"""What a film can be found by once its manifest is gone, as `c2pa.soft-binding` assertions.

Source: C2PA 2.4, 18.10 (soft binding assertion), 9.3 and 18.15.5 (watermarking).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from post.errors import ProvenanceError
from post.receipt import Receipt
from post.values.time import Span
from provenance.claim.regions import region

LABEL = "c2pa.soft-binding"
BOUND = "c2pa.watermarked.bound"
# Algorithms that only look at a film. Every other one has put something into it.
_FINGERPRINTS = ("io.iscc.", "org.answerprint.fingerprint.")


def soft_bindings(receipt: Receipt) -> Iterator[tuple[str, dict[str, Any]]]:
    """One assertion an algorithm, its values each with what part of the film they are of.

    Raises ProvenanceError where a film is declared as marked and is bound by nothing, or where a scope is
    no stretch of the film.
    """
    if not receipt.bindings and any(action.name == BOUND for action in receipt.actions):
        raise ProvenanceError(
            "a mark is declared, and nothing is said of what it carries", where=receipt.name,
            expected="a soft binding",
        )  # fmt: skip
    blocks: dict[str, list[dict[str, Any]]] = {}
    for alg, value, scope in dict.fromkeys(receipt.bindings):
        if not alg or not value:
            raise ProvenanceError("an empty soft binding", where=receipt.name, got=alg or value)
        blocks.setdefault(alg, []).append({"scope": _scope(scope, receipt), "value": value})
    for alg, found in blocks.items():
        yield LABEL, {"alg": alg, "blocks": found, "pad": []}


def marked(receipt: Receipt) -> bool:
    """Whether something was put into the film that no stage declared."""
    declared = any(action.name == BOUND for action in receipt.actions)
    return not declared and any(not alg.startswith(_FINGERPRINTS) for alg, _, _ in receipt.bindings)


def _scope(scope: str, receipt: Receipt) -> dict[str, Any]:
    if not scope:
        return {}
    try:
        first, stop = map(int, scope.split(":"))
        span = Span(first, stop)
    except ValueError as exc:
        raise ProvenanceError("no part of the film", where="bindings", expected="0:48", got=scope) from exc
    if not 0 <= first < stop <= receipt.frames:
        raise ProvenanceError(
            "a binding of no part of the film",
            where="bindings",
            expected=f"at most {receipt.frames}",
            got=scope,
        )
    return {"region": {"region": [region(span, Fraction(receipt.rate))]}}
