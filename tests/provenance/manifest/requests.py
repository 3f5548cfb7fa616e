"""Orders as the tests place them."""

from __future__ import annotations

from pathlib import Path

from post.receipt import Ingredient
from provenance.claim.build import build_claim
from provenance.manifest import SignRequest
from tests.provenance.made import House, receipt


def ordered(source: Path, house: House, *parts: Ingredient) -> SignRequest:
    """To sign a film made of these parts."""
    made = build_claim(receipt(source, parts), source)
    return SignRequest(made, tuple((part, part.file.here) for part in parts), house.signer, house.pem)
