"""Finds who approved a film, as its signer declares it: names and digests of decisions, which nobody verified here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from post.values.claim import Finding
from provenance.claim.build import APPROVALS_LABEL
from provenance.crjson.manifest import ManifestView, as_mapping, mappings

DECLARED = "approval.declared"
MOST = 64


def declared_approvals(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yields a finding for each approval that any of a file's manifests declares, the active one's first."""
    for manifest in manifests:
        view = ManifestView(manifest)
        for _, data in view.assertions_of(APPROVALS_LABEL):
            for row in mappings(as_mapping(data).get("approvals"))[:MOST]:
                said = {key: str(row.get(key, ""))[:80] for key in ("gate", "role", "person", "decision")}
                who = f"{said['person']} approved it as {said['role']} at the gate {said['gate']}"
                why = f"the signer says that {who}, by the decision {said['decision'][:16]}"
                yield Finding(DECLARED, "signer", view.label, why)
