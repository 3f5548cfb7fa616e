"""Manifests added to a film that is signed already: an UPDATE manifest with the time-stamp that was not
to be had when it was signed. The film's picture and sound, and all former manifests, stay as they are.

Source: C2PA 2.4, 11.2.2 (update manifests) and 18.19 (time-stamp assertion).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from post.atomic import sync_file, sync_folder
from post.errors import ProvenanceError
from provenance.claim.build import Claim
from provenance.crjson import status
from provenance.formats.media_type import media_type
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.reader import Reading, read_under, settings
from provenance.manifest.sdk_builder import SPEC_VERSION, opened
from provenance.manifest.sdk_callbacks import Kept, Watch
from provenance.manifest.writer import hidden, unchanged, unwritable
from provenance.signing.profile import check_signing
from provenance.signing.signer import Signer, SignerWithTsa
from provenance.signing.tsa_errors import translate_tsa_error
from provenance.signing.tsa_url import host_of

# trusted: a list vouches for the authority; untrusted: none does; there: it had one already.
Stamped = Literal["trusted", "untrusted", "there"]
_TITLE = "time-stamp"


def stamp(film: Path, signer: Signer, anchors_pem: str, tool: tuple[str, str]) -> Stamped:
    """Adds a time-stamp of all its manifests to a signed film, in place: whole or not at all.

    signer: who signs the addition, with the authority to ask; anchors_pem: what the film reads as trusted
    under, before and after; tool: this program's name and version.
    Raises ProvenanceError where the film is not trusted, the authority refuses, or what was written does
    not read back; RetryError where the authority or the key is lost for now; SourceError where the film
    cannot be read, OutputError where it cannot be written.
    """
    # (0): who signs, and who stamps
    check_signing(signer.chain_pem, "the signing certificate")
    if signer.tsa_url is None:
        raise ProvenanceError("no time-stamping authority", where=str(film), fix="name one: --tsa URL")
    # A link stays one: the film that it leads to is stamped.
    film = film.resolve()
    # (1): nothing is added to a film that is not sound
    found = _sound(film, anchors_pem, film)
    if _time(found):
        return "there"
    part = hidden(film)
    try:
        # (2): the addition is made beside the film
        with unchanged(film):
            _add(film, part, SignerWithTsa(signer, signer.tsa_url), _Order(anchors_pem, tool))
            # (3): what was written is read back, its content hashed again
            told = _time(_sound(part, anchors_pem, film))
        if not told:
            raise ProvenanceError("the time-stamp does not read back", where=str(film))
        # (4): only now does the film change, and not who may read it
        shutil.copymode(film, part)
        part.replace(film)
        sync_folder(film.parent)
    except OSError as exc:
        raise unwritable(film, exc) from exc
    finally:
        part.unlink(missing_ok=True)
    return told


@dataclass(frozen=True, slots=True)
class _Order:
    anchors_pem: str
    tool: tuple[str, str]


def _add(film: Path, part: Path, signer: SignerWithTsa, order: _Order) -> None:
    import c2pa

    watch = Watch()
    try:
        with opened(film) as source, part.open("xb+") as out:
            _build(Kept(source, watch), Kept(out, watch), media_type(source, film), (signer, order, watch))
            sync_file(out)
    except c2pa.C2paError as exc:
        watch.reraise()
        raise (
            translate_tsa_error(str(exc), signer.tsa_url)
            or ProvenanceError("the film could not be stamped", where=str(film), got=str(exc))
        ) from exc
    watch.reraise()


def _build(source: Kept, out: Kept, kind: str, by: tuple[SignerWithTsa, _Order, Watch]) -> None:
    import c2pa

    signer, order, watch = by
    nothing = Claim(_TITLE, *order.tool, ())
    with (
        watch.heard(),
        c2pa.Context.from_dict(_settings(signer, order)) as context,
        open_signer(signer, watch, nothing) as native,
        c2pa.Builder({"title": _TITLE, "format": kind}, context=context) as builder,
    ):
        builder.set_intent(c2pa.C2paBuilderIntent.UPDATE)
        builder.sign(native, kind, source, out)


def _settings(signer: SignerWithTsa, order: _Order) -> dict[str, Any]:
    told, off = settings(order.anchors_pem), {"enabled": False}
    assert signer.tsa_url is not None
    told["core"] = {"allowed_network_hosts": [host_of(signer.tsa_url)]}
    name, version = order.tool
    return told | {
        "builder": {
            "claim_generator_info": {"name": name, "version": version, "specVersion": SPEC_VERSION},
            "thumbnail": off,
            "bmff_hash_exclude_free_and_skip_boxes": False,
            "created_assertion_labels": ["c2pa.actions", "c2pa.ingredient", "c2pa.time-stamp"],
            "actions": {"all_actions_included": True, "auto_created_action": off, "auto_placed_action": off},
            # Of this film's manifests and of all it was made of: each signature outlives its certificate.
            "auto_timestamp_assertion": {"enabled": True, "skip_existing": True, "fetch_scope": "all"},
        },
    }


def _sound(film: Path, anchors_pem: str, named: Path) -> Reading:
    """What a film's own manifest says, where it is trusted, and so is an organisation that it names."""
    with opened(film) as source:
        found = read_under(settings(anchors_pem, identities=True), source, media_type(source, film))
    if found.state == "Trusted":
        return found
    results = found.manifests[0].get("validationResults") if found.manifests else None
    codes = ", ".join(status.codes(status.items(results, "failure")))
    raise ProvenanceError(
        "the film's credentials are not trusted, and nothing is added to them",
        where=str(named),
        expected="a film with a trusted manifest in it",
        got=" ".join(filter(None, (found.state or found.outcome, codes or found.why))),
        fix="run: answerprint verify, and check the trust lists",
    )


def _time(found: Reading) -> Literal["", "trusted", "untrusted"]:
    """What the active manifest's own time-stamp is worth; "" where it has none that holds."""
    results = found.manifests[0].get("validationResults")
    passed = status.codes(status.items(results, "success"))
    if "timeStamp.validated" not in passed:
        return ""
    return "trusted" if "timeStamp.trusted" in passed else "untrusted"
