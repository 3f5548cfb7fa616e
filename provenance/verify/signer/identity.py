"""Further identities that stand by a claim, beside its signer's. Source: CAWG Identity Assertion 1.2, 5 to 8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from provenance.crjson import status
from provenance.report import Identity, IdentityState

LABEL = "cawg.identity"
_MAX_NAMES = 32
_DOUBTS, _UNCHECKED = ("untrusted", "expired"), ("unavailable", "inaccessible")


def identities(manifest: Mapping[str, Any], vouching: Mapping[str, tuple[str, ...]]) -> tuple[Identity, ...]:
    """Every identity assertion of a manifest, each with what was found about it.

    vouching: the lists of identities that vouch for each, by assertion.
    """
    assertions = manifest.get("assertions")
    found = assertions.items() if isinstance(assertions, Mapping) else ()
    rows = [(label, _map(data)) for label, data in found if label.split("__")[0] == LABEL]
    return tuple(_identity(label, data, manifest, vouching.get(label, ())) for label, data in rows)


def _identity(
    label: str, data: Mapping[str, Any], manifest: Mapping[str, Any], by: tuple[str, ...]
) -> Identity:
    payload = _map(data.get("signer_payload"))
    failed, passed, noted = (tuple(_codes(manifest, label, kind)) for kind in _KINDS)
    return Identity(
        label,
        str(payload.get("sig_type") or data.get("sig_type") or ""),
        tuple(dict.fromkeys(_names(data)))[:_MAX_NAMES],
        _state(failed, passed, by),
        (*failed, *passed, *noted),
        by,
    )


_KINDS: tuple[Literal["failure", "success", "informational"], ...] = ("failure", "success", "informational")


def _codes(manifest: Mapping[str, Any], label: str, kind: str) -> Iterator[str]:
    for entry in status.read_entries(manifest.get("validationResults"), kind):
        code = str(entry["code"])
        if code.startswith("cawg.") and str(entry.get("url", "")).rpartition("/")[2] == label:
            yield code


def _state(failed: tuple[str, ...], passed: tuple[str, ...], by: tuple[str, ...]) -> IdentityState:
    """A check that did not run is no pass: with nothing said at all, the state is unknown."""
    if any(not code.endswith((*_DOUBTS, *_UNCHECKED)) for code in failed):
        return "invalid"
    if any(code.endswith(_UNCHECKED) for code in failed):
        return "unknown"
    # The SDK is given no list of identities, and trusts none.
    if by and "cawg.x509.signature.validated" in passed and not any(c.endswith("expired") for c in failed):
        return "trusted"
    if failed:
        return "untrusted"
    if any(code.endswith(".trusted") for code in passed):
        return "trusted"
    return "untrusted" if passed else "unknown"


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    """Of a certificate its subject; of an aggregator's credential each verified name."""
    subject = _map(_map(_map(data.get("signature")).get("certificateInfo")).get("subject"))
    yield from (str(subject[key]) for key in ("CN", "O") if subject.get(key))
    credential = _map(data.get("signature")) or data
    rows = credential.get("verifiedIdentities") or _map(credential.get("credentialSubject")).get(
        "verifiedIdentities"
    )
    for row in rows if isinstance(rows, list) else ():
        name = _map(row).get("name") or _map(row).get("username")
        if name:
            yield f"{name} ({_map(_map(row).get('provider')).get('name', 'no provider named')})"


def _map(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
