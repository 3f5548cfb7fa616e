"""Builds the `c2pa.soft-binding` assertions, by which a film is found again without its manifest.

Source: C2PA 2.4, 18.10 (soft binding assertion), 9.3 and 18.15.5 (watermarking).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from post.errors import ProvenanceError
from post.receipt import Receipt
from post.values.time import Span
from provenance.claim.regions import build_region

LABEL = "c2pa.soft-binding"
BOUND = "c2pa.watermarked.bound"
# Algorithms that only read a film. Every other algorithm has changed its pixels or samples.
_FINGERPRINTS = ("io.iscc.", "org.answerprint.fingerprint.")


def build_soft_bindings(receipt: Receipt) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields (label, data) of one assertion for each algorithm, each value with its part of the film.

    Raises ProvenanceError if a watermark is declared and there is no binding, or a scope is no part of the
    film.
    """
    if not receipt.bindings and any(action.name == BOUND for action in receipt.actions):
        raise ProvenanceError(
            "a watermark is declared without what it carries", where=receipt.name,
            expected="a soft binding",
        )  # fmt: skip
    blocks: dict[str, list[dict[str, Any]]] = {}
    for alg, value, scope in dict.fromkeys(receipt.bindings):
        if not alg or not value:
            raise ProvenanceError("an empty soft binding", where=receipt.name, got=alg or value)
        blocks.setdefault(alg, []).append({"scope": _scope(scope, receipt), "value": value})
    for alg, found in blocks.items():
        yield LABEL, {"alg": alg, "blocks": found, "pad": []}


def has_undeclared_watermark(receipt: Receipt) -> bool:
    """Says whether the film has a watermark that no stage declared."""
    declared = any(action.name == BOUND for action in receipt.actions)
    return not declared and any(not alg.startswith(_FINGERPRINTS) for alg, _, _ in receipt.bindings)


def _scope(scope: str, receipt: Receipt) -> dict[str, Any]:
    """Returns a block's scope; {} for the whole film. scope: "first:stop" in frames, or ""."""
    if not scope:
        return {}
    try:
        first, stop = map(int, scope.split(":"))
        span = Span(first, stop)
    except ValueError as exc:
        raise ProvenanceError(
            "not a part of a film",
            where="bindings",
            expected="first:stop in frames, as in 0:48",
            got=scope,
        ) from exc
    if not 0 <= first < stop <= receipt.frames:
        raise ProvenanceError(
            "a binding runs past the end of the film, or is empty",
            where="bindings",
            expected=f"at most {receipt.frames}",
            got=scope,
        )
    return {"region": {"region": [build_region(span, Fraction(receipt.rate))]}}
