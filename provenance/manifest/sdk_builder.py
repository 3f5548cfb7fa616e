"""Configures the SDK's builder: its settings, the claim's definition, and ingredients."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from post.atomic import open_regular
from post.errors import SourceError
from post.os_faults import retry_of
from post.receipt import Ingredient
from provenance.claim.build import Assertion, Claim
from provenance.formats.media_type import detect_media_type
from provenance.manifest.reader import build_settings
from provenance.manifest.request import SignRequest
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile
from provenance.signing.stamping.tsa_url import host_of

if TYPE_CHECKING:
    import c2pa

SPEC_VERSION = "2.4.0"
OPAQUE_TYPE = "application/octet-stream"
_OFF = {"enabled": False}


@contextmanager
def open_builder(
    request: SignRequest,
    kind: str,
    added: Sequence[Assertion] = (),
    *,
    redactions: Sequence[str] = (),
    verified: bool = True,
) -> Iterator[c2pa.Builder]:
    """Opens a builder of a request's claim, without ingredients yet.

    kind: the film's media type; added: assertions that only signing can make; redactions: addresses of the
    assertions to remove from ingredients; verified: whether the SDK validates the manifest after signing it.
    """
    import c2pa

    definition = _definition(request.claim, kind, added)
    if redactions:
        definition["redactions"] = list(redactions)
    with (
        c2pa.Context.from_dict(_sign_settings(request, verified=verified)) as context,
        c2pa.Builder(definition, context=context) as builder,
    ):
        yield builder


def add_ingredients(builder: c2pa.Builder, request: SignRequest, guard: CallbackGuard) -> None:
    """Adds each ingredient to a builder, from its file. Raises SourceError if a file cannot be opened."""
    for part, path in request.ingredients:
        with open_unbuffered(path) as clip:
            builder.add_ingredient(_ingredient(part), _type_of(part, clip), GuardedFile(clip, guard))


def pack_ingredients(request: SignRequest, kind: str, guard: CallbackGuard) -> tuple[bytes, ...]:
    """Returns each ingredient as an archive of the SDK, to be added to several builders. Reads each file once."""
    packed = []
    for each in request.ingredients:
        alone = SignRequest(request.claim, (each,), request.signer, request.anchors_pem)
        with guard.catch_interrupt(), open_builder(alone, kind) as builder:
            add_ingredients(builder, alone, guard)
            archive = io.BytesIO()
            builder.write_ingredient_archive(each[0].file.sha256, archive)
            packed.append(archive.getvalue())
    return tuple(packed)


def open_unbuffered(path: Path) -> BinaryIO:
    """Opens a file for reading, without a buffer. Raises SourceError if it cannot be opened."""
    try:
        return cast(BinaryIO, open_regular(path).detach())
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or SourceError("the file cannot be read", where=str(path), got=exc.strerror)
        ) from exc


def builder_settings(tool: tuple[str, str], created: Sequence[str]) -> dict[str, Any]:
    """Returns the SDK's settings for everything that is signed here.

    tool: name and version of the claim generator; created: labels, without versions, of the assertions that
    it made itself.
    """
    name, version = tool
    return {
        "claim_generator_info": {"name": name, "version": version, "specVersion": SPEC_VERSION},
        "thumbnail": _OFF,
        # Otherwise the hash leaves out `free` boxes, and anybody can add one.
        "bmff_hash_exclude_free_and_skip_boxes": False,
        "created_assertion_labels": list(created),
        "actions": {"all_actions_included": True, "auto_created_action": _OFF, "auto_placed_action": _OFF},
    }


def _type_of(part: Ingredient, clip: BinaryIO) -> str:
    """Returns the media type under which the SDK reads an ingredient.

    Under a wrong one it drops the credentials silently, so the file's bytes decide. Credentials that cannot be
    read would stop the signing: such a file is added without them.
    """
    if part.credential == "unreadable":
        return OPAQUE_TYPE
    return detect_media_type(clip) or part.media_type or OPAQUE_TYPE


def _definition(claim: Claim, kind: str, added: Sequence[Assertion]) -> dict[str, Any]:
    return {
        "title": claim.title,
        "format": kind,
        "assertions": [
            {"label": each.label, "data": each.data, **({"kind": "Json"} if each.json else {})}
            for each in (*claim.assertions, *added)
        ],
    }


def _ingredient(part: Ingredient) -> dict[str, Any]:
    """Returns an ingredient's definition. Actions refer to its `label` (ingredientIds)."""
    data = {"title": part.title, "relationship": part.relationship, "label": part.file.sha256}
    return data | ({"format": part.media_type} if part.media_type else {})


def _sign_settings(request: SignRequest, *, verified: bool) -> dict[str, Any]:
    """Returns the settings to sign under.

    verified: malformed claims are refused at once. The content is not hashed again: reading back does that.
    """
    claim = request.claim
    created = [each.label.removesuffix(".v2") for each in claim.assertions if each.created]
    settings = build_settings(request.anchors_pem)
    if request.signer.tsa_url:
        settings["core"] = {"allowed_network_hosts": [host_of(request.signer.tsa_url)]}
    settings["verify"] |= {"verify_after_sign": verified}
    made = (*created, "c2pa.ingredient", "c2pa.hash.bmff", "c2pa.hash.data")
    builder = builder_settings((claim.tool, claim.version), made)
    builder["actions"]["auto_opened_action"] = _OFF
    return settings | {"builder": {**builder, "generate_c2pa_archive": True}}
