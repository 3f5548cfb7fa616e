"""A film signed by the SDK's own copying: for films and versions that one pass is not made for."""

from __future__ import annotations

from pathlib import Path

from post.atomic import sync_file
from provenance.formats.media_type import media_type
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.request import Signed, SignOptions, SignRequest
from provenance.manifest.sdk_builder import add_ingredients, builder, opened
from provenance.manifest.sdk_callbacks import Kept, Watch


def sign_by_copying(
    part: Path, source: Path, order: SignRequest, way: SignOptions, why: str, watch: Watch
) -> Signed:
    """Signs a film into `part`. why: it is done this way."""
    with opened(source) as film, part.open("xb+") as out:
        kind, total, done = media_type(film), source.stat().st_size, 0

        def written(count: int) -> None:
            nonlocal done
            done += count
            way.progress(min(done, total), total)

        with (
            watch.heard(),
            builder(order, kind) as made,
            open_signer(order.signer, watch, order.claim) as native,
        ):
            add_ingredients(made, order, watch)
            if not way.embeds:
                made.set_no_embed()
            if way.remote:
                made.set_remote_url(way.remote)
            store = made.sign(native, kind, Kept(film, watch), Kept(out, watch, written))
        watch.reraise()
        sync_file(out)
    return Signed("copy", store, why)
