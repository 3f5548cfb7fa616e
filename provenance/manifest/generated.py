"""Signs a clip as its generator does: with the manifest that says it was newly generated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from post.values.claim import GENERATED
from provenance.claim import actions
from provenance.claim.build import Assertion, Claim
from provenance.manifest import sign
from provenance.signing.signer import Signer


def sign_generated(
    source: Path, destination: Path, generator: tuple[str, str], signer: Signer, anchors_pem: str
) -> None:
    """Signs a clip as newly generated. generator: its name and version.

    Raises what `provenance.manifest.sign` raises.
    """
    name, version = generator
    created: Mapping[str, Any] = {
        "action": "c2pa.created",
        "digitalSourceType": GENERATED,
        "softwareAgent": {"name": name, "version": version},
    }
    data = {"allActionsIncluded": True, "actions": [created]}
    claim = Claim(destination.name, name, version, (Assertion(actions.LABEL, data),))
    sign(source, destination, claim, (), signer, anchors_pem)
