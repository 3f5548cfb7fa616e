"""Signs films that cannot be signed in one pass: by the SDK's own copying, or with a manifest beside them alone."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from post.atomic import sync_file
from provenance.claim.build import Assertion
from provenance.formats.media_type import BESIDE_ALONE, detect_media_type
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.request import SignedFilm, SignOptions, SignRequest
from provenance.manifest.sdk_builder import add_ingredients, open_builder, open_unbuffered
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile

DATA_HASH, ALGORITHM = "c2pa.hash.data", "sha256"
_PIECE = 1 << 20


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


def carries_manifest(film: Path) -> bool:
    """Returns whether a film's container can carry a manifest."""
    with open_unbuffered(film) as source:
        return detect_media_type(source) not in BESIDE_ALONE


def sign_beside(
    part: Path, source: Path, request: SignRequest, options: SignOptions, guard: CallbackGuard
) -> SignedFilm:
    """Copies a film into a new file `part`, byte for byte, and signs a manifest that lies beside it.

    The SDK knows no Matroska. It signs a hash of all the film's bytes that it is given (C2PA 2.4, 18.5, data hash), and
    compares the hash with the film where it is read by a manifest from beside it.
    Raises c2pa.C2paError if the SDK fails, and what the callbacks raised.
    """
    found = hashlib.sha256()
    with open_unbuffered(source) as film, part.open("xb") as out:
        kind, total, done = detect_media_type(film), source.stat().st_size, 0
        while piece := film.read(_PIECE):
            found.update(piece)
            out.write(piece)
            done += len(piece)
            options.progress(min(done, total), total)
        out.flush()
        sync_file(out)
    data = {"alg": ALGORITHM, "hash": list(found.digest()), "name": "the whole film", "pad": []}
    with (
        guard.catch_interrupt(),
        open_builder(request, kind, [Assertion(DATA_HASH, data)]) as builder,
        open_signer(request.signer, guard, request.claim) as native,
    ):
        add_ingredients(builder, request, guard)
        builder.set_no_embed()
        # The SDK does not read the film: one byte stands for it.
        store = builder.sign(native, kind, io.BytesIO(b"\0"), io.BytesIO())
    guard.reraise()
    return SignedFilm("one pass", store)
