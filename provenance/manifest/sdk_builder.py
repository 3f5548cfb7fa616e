"""What the SDK is told of a film: its settings, the claim's definition, and ingredients."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from post.errors import SourceError
from post.receipt import Ingredient
from provenance.claim.build import Assertion, Claim
from provenance.formats.media_type import media_type
from provenance.manifest.reader import settings
from provenance.manifest.request import SignRequest
from provenance.manifest.sdk_callbacks import Kept, Watch
from provenance.signing.tsa_url import host_of

if TYPE_CHECKING:
    import c2pa

SPEC_VERSION = "2.4.0"
OPAQUE = "application/octet-stream"


@contextmanager
def builder(
    order: SignRequest,
    kind: str,
    added: Sequence[Assertion] = (),
    *,
    redactions: Sequence[str] = (),
    verified: bool = True,
) -> Iterator[c2pa.Builder]:
    """A builder of an order's claim, without ingredients yet.

    added: assertions that only signing can make; redactions: addresses of those that ingredients lose;
    verified: whether what it signs is checked at once.
    """
    import c2pa

    told = _settings(order, verified=verified)
    definition = _definition(order.claim, kind, added)
    if redactions:
        definition["redactions"] = list(redactions)
    with (
        c2pa.Context.from_dict(told) as context,
        c2pa.Builder(definition, context=context) as made,
    ):
        yield made


def add_ingredients(made: c2pa.Builder, order: SignRequest, watch: Watch) -> None:
    """Reads each ingredient from its file."""
    for part, path in order.ingredients:
        with opened(path) as clip:
            made.add_ingredient(_ingredient(part), _carried_as(part, clip), Kept(clip, watch))


def archives(order: SignRequest, kind: str, watch: Watch) -> tuple[bytes, ...]:
    """Each ingredient read once and packed, to be given to several builders."""
    packed = []
    for each in order.ingredients:
        alone = SignRequest(order.claim, (each,), order.signer, order.anchors_pem)
        with watch.heard(), builder(alone, kind) as made:
            add_ingredients(made, alone, watch)
            archive = io.BytesIO()
            made.write_ingredient_archive(each[0].file.sha256, archive)
            packed.append(archive.getvalue())
    return tuple(packed)


def opened(path: Path) -> BinaryIO:
    """An unbuffered file. Raises SourceError where it cannot be opened."""
    try:
        return path.open("rb", buffering=0)
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def _carried_as(part: Ingredient, clip: BinaryIO) -> str:
    """The type an ingredient is read as. Under a wrong one the SDK drops its credentials without a word,
    so its bytes decide; credentials that cannot be read would stop the signing, and are left behind."""
    if part.credential == "unreadable":
        return OPAQUE
    return media_type(clip) or part.media_type or OPAQUE


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
    """`label` is how actions name it (ingredientIds)."""
    told = {"title": part.title, "relationship": part.relationship, "label": part.file.sha256}
    return told | ({"format": part.media_type} if part.media_type else {})


def _settings(order: SignRequest, *, verified: bool) -> dict[str, Any]:
    """The settings everything is signed under. verified: malformed claims are refused at once; the
    content is not hashed again, which reading back does."""
    claim, off = order.claim, {"enabled": False}
    created = [each.label.removesuffix(".v2") for each in claim.assertions if each.created]
    told = settings(order.anchors_pem)
    if order.signer.tsa_url:
        told["core"] = {"allowed_network_hosts": [host_of(order.signer.tsa_url)]}
    told["verify"] |= {"verify_after_sign": verified}
    return told | {
        "builder": {
            "claim_generator_info": {
                "name": claim.tool,
                "version": claim.version,
                "specVersion": SPEC_VERSION,
            },
            "thumbnail": off,
            "generate_c2pa_archive": True,
            "bmff_hash_exclude_free_and_skip_boxes": False,
            "created_assertion_labels": [*created, "c2pa.ingredient", "c2pa.hash.bmff"],
            "actions": {
                "all_actions_included": True,
                "auto_created_action": off,
                "auto_opened_action": off,
                "auto_placed_action": off,
            },
        },
    }
