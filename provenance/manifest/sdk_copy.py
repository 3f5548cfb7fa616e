"""Signs a film with the SDK's own copying: for films and SDK versions that cannot be signed in one pass."""

from __future__ import annotations

from pathlib import Path

from post.atomic import sync_file
from provenance.formats.media_type import detect_media_type
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.request import SignedFilm, SignOptions, SignRequest
from provenance.manifest.sdk_builder import add_ingredients, open_builder, open_unbuffered
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile


def sign_by_copying(
    part: Path, source: Path, request: SignRequest, options: SignOptions, why: str, guard: CallbackGuard
) -> SignedFilm:
    """Signs a film into a new file `part`. why: the film is signed in this way, for the result.

    Raises c2pa.C2paError if the SDK fails, and what the callbacks raised.
    """
    with open_unbuffered(source) as film, part.open("xb+") as out:
        kind, total, done = detect_media_type(film), source.stat().st_size, 0

        def written(count: int) -> None:
            nonlocal done
            done += count
            options.progress(min(done, total), total)

        with (
            guard.catch_interrupt(),
            open_builder(request, kind) as builder,
            open_signer(request.signer, guard, request.claim) as native,
        ):
            add_ingredients(builder, request, guard)
            if not options.embeds:
                builder.set_no_embed()
            if options.remote:
                builder.set_remote_url(options.remote)
            store = builder.sign(native, kind, GuardedFile(film, guard), GuardedFile(out, guard, written))
        guard.reraise()
        sync_file(out)
    return SignedFilm("copy", store, why)
