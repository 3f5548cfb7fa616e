"""Prompts taken out of a signed film, in a new manifest that says so.

The film becomes the new manifest's parent, its history complete but for the assertions that are named as
redacted; picture and sound stay as they are, byte for byte. Their digests in the receipt still prove a
prompt to whoever has it. Source: C2PA 2.4, 6.8 (redaction), 18.15.4.8 (reasons).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from post.atomic import sync_file, sync_folder
from post.errors import JobError, ProvenanceError
from post.receipt import Ingredient
from post.values.media import File
from provenance.blocks import hashing
from provenance.claim import actions
from provenance.claim.build import DISCLOSURE_LABEL, PROMPTS_LABEL, TRAINING_LABEL, Assertion, Claim
from provenance.formats.media_type import media_type
from provenance.labels import xmp
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.read_back import check_trusted
from provenance.manifest.reader import Reading, read_under, settings
from provenance.manifest.request import SignRequest
from provenance.manifest.sdk_builder import add_ingredients, builder, opened
from provenance.manifest.sdk_callbacks import Kept, Watch
from provenance.manifest.writer import check_apart, check_signers, hidden, unchanged, unwritable
from provenance.record.reading import hash_of
from provenance.signing.signer import Signer
from provenance.signing.tsa_errors import translate_tsa_error

# 18.15.4.8: one of the standard's, or a name with its owner's. A client's words go beside it.
REASONS = (
    "c2pa.PII.present",
    "c2pa.invalid.data",
    "c2pa.tradesecret.present",
    "c2pa.government.confidential",
)
OWN_REASON = "org.answerprint.withheld"
_NAMED = re.compile(r"([\dA-Za-z_-]+\.)+[\dA-Za-z_-]+")
_SHORTEST = 12  # characters: of a text found again by chance
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was taken out. assertions: their addresses; xmp: how many prompts of the film's XMP;
    still_told: prompts that stand elsewhere in the film, in what a clip brought with it."""

    assertions: tuple[str, ...]
    xmp: int
    still_told: int


@dataclass(frozen=True, slots=True)
class Redacting:
    """Who takes prompts out, and why. tool: this program's name and version; anchors_pem: what the film
    reads as trusted under, before and after."""

    reason: str
    signer: Signer
    anchors_pem: str
    tool: tuple[str, str]


def redact(film: Path, destination: Path, asked: Redacting) -> Redacted:
    """Writes the film to `destination` without its prompts, signed anew; or leaves nothing there.

    Raises ProvenanceError where the film is not sound or cannot be signed, JobError where it tells no
    prompts or there is no reason, SourceError where it cannot be read, OutputError where it cannot be
    written, and whatever the signer raised.
    """
    # (0): who signs
    check_signers(asked.signer)
    if not asked.reason.strip():
        raise JobError("no reason", where="--reason", expected="why the prompts are taken out")
    check_apart(film, destination)
    aside, part = (hidden(destination, name) for name in ("film", "part"))
    try:
        with unchanged(film):
            told = _redact(film, (aside, part), destination, asked)
        # (5): only now does the name exist
        part.replace(destination)
        sync_folder(destination.parent)
    except OSError as exc:
        raise unwritable(destination, exc) from exc
    finally:
        part.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
    return told


def _redact(film: Path, at: tuple[Path, Path], named: Path, asked: Redacting) -> Redacted:
    """Makes the film. at: where it may be copied to, and where it goes, to be named `named`."""
    aside, part = at
    # (1): what is not sound would be sound again, signed anew
    found = _sound(film, asked.anchors_pem)
    # (2): what is to go
    prompts = list(_prompts(found.manifests))
    if not prompts:
        raise JobError("tells no prompts", where=str(film), expected=f"an assertion {PROMPTS_LABEL}")
    # (3): XMP is a part of the film's bytes, and says the prompt as well
    source, blanked = _blanked(film, aside)
    # (4): signed beside the destination, and read back
    uris = tuple(uri for uri, _ in prompts)
    order = _ordered(found, film, uris, asked)
    _sign_to(part, source, order)
    check_trusted(part, named, SignRequest(order.claim, (), asked.signer, asked.anchors_pem))
    return Redacted(uris, blanked, _still_told(part, prompts))


def _sound(film: Path, anchors_pem: str) -> Reading:
    with opened(film) as source:
        found = read_under(settings(anchors_pem, identities=True), source, media_type(source, film))
    if found.state != "Trusted":
        raise ProvenanceError(
            "the film is not sound, and is not signed over",
            where=str(film),
            expected="intact, with credentials in it, by a signer on a trusted list",
            got=found.state or found.why or found.outcome,
        )
    return found


def _prompts(manifests: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Every assertion of prompts in a film's manifests, those of films it was made from as well."""
    for manifest in manifests:
        label, assertions = manifest.get("label"), manifest.get("assertions")
        for name, data in assertions.items() if isinstance(assertions, Mapping) else ():
            if name.partition("__")[0] == PROMPTS_LABEL:
                yield f"self#jumbf=/c2pa/{label}/c2pa.assertions/{name}", data


@dataclass(frozen=True)
class _Order:
    """What is to be signed: a claim over its parent, and what of the parent's manifests goes."""

    asked: Redacting
    claim: Claim
    parent: Path
    sha256: str
    uris: tuple[str, ...]


def _ordered(found: Reading, film: Path, uris: tuple[str, ...], asked: Redacting) -> _Order:
    """The new manifest holds what was done, and what readers look for in the outermost one."""
    sha256, _ = hash_of(film)
    first = {"action": "c2pa.opened", "parameters": {"ingredientIds": [sha256]}}
    done = {"allActionsIncluded": True, "actions": [first, *(_action(uri, asked.reason) for uri in uris)]}
    carried = found.manifests[0].get("assertions", {})
    kept = [
        Assertion(label, carried[label], created)
        for label, created in ((DISCLOSURE_LABEL, True), (TRAINING_LABEL, False))
        if label in carried
    ]
    located = Assertion(hashing.LABEL, hashing.record(film), json=True)
    claim = Claim(film.name, *asked.tool, (Assertion(actions.LABEL, done), *kept, located))
    return _Order(asked, claim, film, sha256, uris)


def _action(uri: str, reason: str) -> dict[str, Any]:
    named = reason in REASONS or (_NAMED.fullmatch(reason) and not reason.startswith("c2pa."))
    told: dict[str, Any] = {"action": "c2pa.redacted", "reason": reason if named else OWN_REASON}
    if not named:
        told["description"] = reason
    return told | {"parameters": {"redacted": uri}}


def _blanked(film: Path, aside: Path) -> tuple[Path, int]:
    """The film whose XMP tells no prompt: itself, or a copy; and how many were taken out."""
    said = xmp.read(film)
    if said is None or not said.prompt:
        return film, 0
    shutil.copyfile(film, aside)
    return aside, xmp.blank_prompts(aside)


def _sign_to(part: Path, source: Path, order: _Order) -> None:
    import c2pa

    watch = Watch()
    with opened(source) as film, part.open("xb+") as out:
        try:
            _build(film, out, order, watch)
        except c2pa.C2paError as exc:
            watch.reraise()
            raise (
                translate_tsa_error(str(exc), order.asked.signer.tsa_url)
                or ProvenanceError("the film could not be signed", where=str(order.parent), got=str(exc))
            ) from exc
        watch.reraise()
        sync_file(out)


def _build(film: BinaryIO, out: BinaryIO, order: _Order, watch: Watch) -> None:
    asked, kind = order.asked, media_type(film)
    taken = Ingredient(File(order.sha256), order.parent.name, kind, "parentOf", "verified")
    whole = SignRequest(order.claim, ((taken, order.parent),), asked.signer, asked.anchors_pem)
    with (
        watch.heard(),
        builder(whole, kind, redactions=order.uris) as made,
        open_signer(asked.signer, watch, order.claim) as native,
    ):
        add_ingredients(made, whole, watch)
        made.sign(native, kind, Kept(film, watch), Kept(out, watch))


def _still_told(film: Path, prompts: Sequence[tuple[str, Any]]) -> int:
    """How many of the prompts still stand somewhere in a film, as text or as JSON writes it."""
    texts = {text for _, data in prompts for text in _texts(data) if len(text) >= _SHORTEST}
    wanted = {text: _forms(text) for text in texts}
    longest = max((len(form) for forms in wanted.values() for form in forms), default=0)
    seen: set[str] = set()
    with film.open("rb") as source:
        before = b""
        while block := source.read(_BLOCK):
            window = before + block
            seen |= {text for text, forms in wanted.items() if any(form in window for form in forms)}
            before = window[-longest:] if longest else b""
    return len(seen)


def _forms(text: str) -> tuple[bytes, ...]:
    """A text as it may stand in a file: as it is, and as JSON writes it."""
    escaped = (json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    return tuple(dict.fromkeys(each.encode() for each in (text, *escaped)))


def _texts(data: Any) -> Iterator[str]:
    takes = data.get("takes") if isinstance(data, Mapping) else None
    for take in takes if isinstance(takes, list) else ():
        rows = take.get("prompts") if isinstance(take, Mapping) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, list) and len(row) > 1 and isinstance(row[1], str):
                yield row[1]
