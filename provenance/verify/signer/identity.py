"""Reads the identity assertions of a manifest: who stands by it beside its signer.

Source: CAWG Identity Assertion 1.2, 5 to 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.crjson.manifest import ManifestView, ResultKind, as_list, as_mapping
from provenance.report import Identity, IdentityState

LABEL = "cawg.identity"
_MAX_NAMES = 32
_VALIDATED = "cawg.x509.signature.validated"
# The last part of a failure code: about trust, or about a check that could not run. Others are faults.
_NOT_TRUSTED, _NOT_CHECKED = ("untrusted", "expired"), ("unavailable", "inaccessible")
_KINDS: tuple[ResultKind, ...] = ("failure", "success", "informational")


def read_identities(
    manifest: Mapping[str, Any], vouching: Mapping[str, tuple[str, ...]]
) -> tuple[Identity, ...]:
    """Returns every identity assertion of a manifest in crJSON, each with its state.

    vouching: for each assertion, by its label, the names of the lists of identities that vouch for it.
    """
    view = ManifestView(manifest)
    return tuple(
        _identity(label, as_mapping(data), view, vouching.get(label, ()))
        for label, data in view.assertions_of(LABEL)
    )


def _identity(
    label: str, data: Mapping[str, Any], manifest: ManifestView, vouched_by: tuple[str, ...]
) -> Identity:
    payload = as_mapping(data.get("signer_payload"))
    failed, passed, noted = (tuple(_codes(manifest, label, kind)) for kind in _KINDS)
    return Identity(
        label,
        str(payload.get("sig_type") or data.get("sig_type") or ""),
        tuple(dict.fromkeys(_names(data)))[:_MAX_NAMES],
        _state(failed, passed, vouched_by),
        (*failed, *passed, *noted),
        vouched_by,
    )


def _codes(manifest: ManifestView, label: str, kind: ResultKind) -> Iterator[str]:
    """Yields the CAWG status codes of one assertion."""
    for entry in manifest.entries(kind):
        code = str(entry["code"])
        if code.startswith("cawg.") and str(entry.get("url", "")).rpartition("/")[2] == label:
            yield code


def _state(failed: tuple[str, ...], passed: tuple[str, ...], vouched_by: tuple[str, ...]) -> IdentityState:
    """A check that did not run is no pass: without any code the state is "unknown"."""
    if any(not code.endswith((*_NOT_TRUSTED, *_NOT_CHECKED)) for code in failed):
        return "invalid"
    if any(code.endswith(_NOT_CHECKED) for code in failed):
        return "unknown"
    # The SDK is given no list of identities, so that it trusts none: our lists decide.
    if vouched_by and _VALIDATED in passed and not any(code.endswith("expired") for code in failed):
        return "trusted"
    if failed:
        return "untrusted"
    if any(code.endswith(".trusted") for code in passed):
        return "trusted"
    return "untrusted" if passed else "unknown"


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    """Yields a certificate's subject, or each name that an aggregator's credential verified."""
    signature = as_mapping(data.get("signature"))
    subject = as_mapping(as_mapping(signature.get("certificateInfo")).get("subject"))
    yield from (str(subject[key]) for key in ("CN", "O") if subject.get(key))
    credential = signature or data
    verified = as_mapping(credential.get("credentialSubject")).get("verifiedIdentities")
    for row in map(as_mapping, as_list(credential.get("verifiedIdentities") or verified)):
        name = row.get("name") or row.get("username")
        if name:
            yield f"{name} ({as_mapping(row.get('provider')).get('name', 'no provider named')})"
