"""Adds a time-stamp to a film that is signed already, in an UPDATE manifest.

A time-stamp may not be available when a film is signed. Picture, sound and all former manifests stay as they
are. Source: C2PA 2.4, 11.2.2 (update manifests) and 18.19 (time-stamp assertion).
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from post.atomic import real_path, sync_file
from post.errors import ProvenanceError
from post.step_log import StepLog
from provenance.claim.build import Claim
from provenance.crjson.manifest import ManifestView
from provenance.formats.media_type import detect_media_type
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.read_back import describe_failure
from provenance.manifest.reader import Reading, build_settings, read_under
from provenance.manifest.sdk_builder import builder_settings, open_unbuffered
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile
from provenance.manifest.writer import check_unchanged, place_whole
from provenance.signing.profile import check_signing
from provenance.signing.signer import Signer, SignerWithTsa
from provenance.signing.stamping.tsa_errors import translate_tsa_error
from provenance.signing.stamping.tsa_url import host_of

# trusted: a list vouches for the authority; untrusted: no list does; there: the film had a time-stamp already.
StampResult = Literal["trusted", "untrusted", "there"]
log = logging.getLogger(__name__)
_TITLE = "time-stamp"
_CREATED = ("c2pa.actions", "c2pa.ingredient", "c2pa.time-stamp")


def stamp(film: Path, signer: Signer, anchors_pem: str, tool: tuple[str, str]) -> StampResult:
    """Adds a time-stamp of all its manifests to a signed film, in place: completely or not at all.

    signer: signs the addition, and names the authority; anchors_pem: trust anchors under which the film must
    read as trusted before and after; tool: this program's name and version.
    Raises ProvenanceError if the film is not trusted, the authority refuses, or what was written does not
    read back; RetryError if the authority or the key cannot be reached now; SourceError if the film cannot be
    read, OutputError if it cannot be written.
    """
    # (0): who signs, and who stamps
    check_signing(signer.chain_pem, "the signing certificate")
    if signer.tsa_url is None:
        raise ProvenanceError("no time-stamping authority", where=str(film), fix="name one: --tsa URL")
    # A link stays a link: the film that it leads to is stamped.
    film = real_path(film)
    # (1): nothing is added to a film that is not sound
    found = _read_trusted(film, anchors_pem, film)
    if _time_stamp(found):
        return "there"
    steps = StepLog(log, film=film.name, tsa=host_of(signer.tsa_url))
    with place_whole(film) as part:
        # (2): the addition is made beside the film
        with check_unchanged(film):
            _add(film, part, SignerWithTsa(signer, signer.tsa_url), _StampContext(anchors_pem, tool))
            # (3): what was written is read back, its content hashed again
            result = _time_stamp(_read_trusted(part, anchors_pem, film))
        steps.done(f"asked for a time-stamp of {film.name}: {result or 'it does not read back'}")
        if not result:
            raise ProvenanceError("the time-stamp does not read back", where=str(film))
        # (4): only now does the film change; its permissions stay
        shutil.copymode(film, part)
    return result


@dataclass(frozen=True, slots=True)
class _StampContext:
    anchors_pem: str
    tool: tuple[str, str]


def _add(film: Path, part: Path, signer: SignerWithTsa, context: _StampContext) -> None:
    """Writes the film with the addition to a new file `part`."""
    import c2pa

    guard = CallbackGuard()
    try:
        with open_unbuffered(film) as source, part.open("xb+") as out:
            kind = detect_media_type(source, film)
            files = GuardedFile(source, guard), GuardedFile(out, guard)
            _build(files, kind, (signer, context, guard))
            sync_file(out)
    except c2pa.C2paError as exc:
        guard.reraise()
        raise (
            translate_tsa_error(str(exc), signer.tsa_url)
            or ProvenanceError("the film could not be stamped", where=str(film), got=str(exc))
        ) from exc
    guard.reraise()


def _build(
    files: tuple[GuardedFile, GuardedFile], kind: str, by: tuple[SignerWithTsa, _StampContext, CallbackGuard]
) -> None:
    import c2pa

    signer, stamping, guard = by
    empty = Claim(_TITLE, *stamping.tool, ())
    with (
        guard.catch_interrupt(),
        c2pa.Context.from_dict(_settings(signer, stamping)) as context,
        open_signer(signer, guard, empty) as native,
        c2pa.Builder({"title": _TITLE, "format": kind}, context=context) as builder,
    ):
        builder.set_intent(c2pa.C2paBuilderIntent.UPDATE)
        builder.sign(native, kind, *files)


def _settings(signer: SignerWithTsa, stamping: _StampContext) -> dict[str, Any]:
    assert signer.tsa_url is not None
    # Of this film's manifests and of all it was made of: each signature outlives its certificate.
    stamps = {"enabled": True, "skip_existing": True, "fetch_scope": "all"}
    return build_settings(stamping.anchors_pem) | {
        "core": {"allowed_network_hosts": [host_of(signer.tsa_url)]},
        "builder": {**builder_settings(stamping.tool, _CREATED), "auto_timestamp_assertion": stamps},
    }


def _read_trusted(film: Path, anchors_pem: str, named: Path) -> Reading:
    """Returns the reading of a film with a trusted manifest, and a trusted organisation where it names one.

    named: its name in the error. Raises ProvenanceError if it is not trusted.
    """
    with open_unbuffered(film) as source:
        settings = build_settings(anchors_pem, identities=True)
        found = read_under(settings, source, detect_media_type(source, film))
    if found.state == "Trusted":
        return found
    raise ProvenanceError(
        "the film's credentials are not trusted, and nothing is added to them",
        where=str(named),
        expected="a film with a trusted manifest in it",
        got=describe_failure(found),
        fix="run: answerprint verify, and check the trust lists",
    )


def _time_stamp(found: Reading) -> Literal["", "trusted", "untrusted"]:
    """Returns whether the active manifest's own time-stamp is trusted; "" where it has no valid one."""
    passed = ManifestView(found.manifests[0]).codes("success")
    if "timeStamp.validated" not in passed:
        return ""
    return "trusted" if "timeStamp.trusted" in passed else "untrusted"
