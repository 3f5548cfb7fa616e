"""Signs a film in one pass.

First the manifest is made without a true hash, to learn its size. Then the film is copied around room for it
and hashed on the way. Then the true hash is signed, and the manifest written into its room.

The SDK signs a hash that it is given, over a stand-in that is only the film's `ftyp`. It neither reads nor
copies the film, for which it would need up to 512 MB of memory and twice the time.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.atomic import sync_file
from provenance.claim.build import Assertion
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS, detect_media_type
from provenance.formats.mp4_tags import XMP_USERTYPE
from provenance.manifest import bmff_layout
from provenance.manifest.bmff_layout import Unsuited
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.request import SignedFilm, SignOptions, SignRequest
from provenance.manifest.sdk_builder import open_builder, open_unbuffered, pack_ingredients
from provenance.manifest.sdk_callbacks import CallbackGuard
from provenance.manifest.stream_copy import write_all, write_film
from provenance.signing.signer import Signer, SignerWithIdentity

# Bytes of a signature, by algorithm (RFC 9053, 2.1 and 2.2; RFC 8230, 2, keys of 2048 bits).
_SIGNATURE_BYTES = {"es256": 64, "es384": 96, "es512": 132, "ed25519": 64}


@dataclass(frozen=True)
class PlaceholderSigner:
    """Returns a false signature as long as the real signer's. Implements Signer."""

    signer: Signer
    tsa_url: None = None

    @property
    def algorithm(self) -> str:
        """The real signer's algorithm."""
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        """The real signer's certificates."""
        return self.signer.chain_pem

    def sign(self, data: bytes) -> bytes:  # noqa: ARG002  it signs nothing
        """Returns bytes that are no signature."""
        return bytes([1]) * _SIGNATURE_BYTES.get(self.algorithm, 256)


@dataclass(frozen=True)
class SigningSession:
    """What the two signings of one film share. stand_in: the bytes that stand for the film; ingredients: packed
    as archives."""

    request: SignRequest
    kind: str
    stand_in: bytes
    ingredients: tuple[bytes, ...]

    def rehearse(
        self, hash_data: Mapping[str, Any], guard: CallbackGuard, remote: str = ""
    ) -> tuple[bytes, bytes]:
        """Returns (a manifest store as long as the real one will be, the stand-in as the SDK writes it).

        hash_data: of a hash assertion as long as the real one; remote: an address to write into the XMP.
        """
        return self._sign(_placeholder(self.request.signer), hash_data, guard, remote)

    def sign(self, hash_data: Mapping[str, Any], guard: CallbackGuard) -> bytes:
        """Returns the manifest store of the film whose hash assertion has this data."""
        return self._sign(self.request.signer, hash_data, guard, "")[0]

    def _sign(
        self, signer: Signer, hash_data: Mapping[str, Any], guard: CallbackGuard, remote: str
    ) -> tuple[bytes, bytes]:
        added, real = Assertion(bmff_layout.HASH_LABEL, hash_data), signer is self.request.signer
        with (
            guard.catch_interrupt(),
            open_builder(self.request, self.kind, [added], verified=real) as builder,
            open_signer(signer, guard, self.request.claim) as native,
        ):
            for packed in self.ingredients:
                builder.add_ingredient_from_archive(io.BytesIO(packed))
            builder.set_no_embed()
            if remote:
                builder.set_remote_url(remote)
            out = io.BytesIO()
            return builder.sign(native, self.kind, io.BytesIO(self.stand_in), out), out.getvalue()


def sign_in_one_pass(
    part: Path, source: Path, request: SignRequest, options: SignOptions, guard: CallbackGuard
) -> SignedFilm:
    """Signs a film into a new file `part`.

    Raises Unsuited if the film or the SDK cannot be handled in this way; `part` is then useless.
    """
    with open_unbuffered(source) as film:
        kind = detect_media_type(film)
        if kind not in BMFF_FILMS:
            raise Unsuited(f"no MP4 or QuickTime film: {kind or 'unknown'}")
        ftyp = bmff_layout.read_ftyp(film)
        xmp = bmff_layout.read_xmp_box(film) if options.remote else b""
        session = SigningSession(request, kind, ftyp + xmp, pack_ingredients(request, kind, guard))
        # (1): a manifest without a true hash or signature is as long as the real one
        token = secrets.token_bytes(32)
        store, stand_in = session.rehearse(bmff_layout.build_hash_assertion(token), guard, options.remote)
        if token not in store:
            raise Unsuited("this version of the SDK does not sign a hash it is given")
        room = bmff_layout.wrap_store(store) if options.embeds else b""
        new_xmp = _xmp_with_address(stand_in, options)
        # A film's own XMP is replaced where it is; a new one goes in with the manifest.
        boxes = bmff_layout.place_boxes(film, *((room, new_xmp) if xmp else (room + new_xmp,)))
        with part.open("xb+", buffering=0) as out:
            # (2): the film around it, hashed
            found = write_film(film, out, boxes, options.progress)
            # (3): signed
            real = session.sign(bmff_layout.build_hash_assertion(found.digest), guard)
            if len(real) != len(store) or found.digest not in real:
                raise Unsuited("the manifest came out otherwise than announced")
            # (4): into its room
            if options.embeds:
                write_all(out, len(ftyp), bmff_layout.wrap_store(real))
            sync_file(out)
    return SignedFilm("one pass", real, hash=found)


def _placeholder(signer: Signer) -> Signer:
    if isinstance(signer, SignerWithIdentity):
        return SignerWithIdentity(
            PlaceholderSigner(signer.signer), PlaceholderSigner(signer.identity), signer.roles
        )
    return PlaceholderSigner(signer)


def _xmp_with_address(stand_in: bytes, options: SignOptions) -> bytes:
    """Returns the XMP box with the manifest's address, as the SDK wrote it; b"" where there is no address."""
    if not options.remote:
        return b""
    boxes = read_layout(io.BytesIO(stand_in)).boxes
    xmp = [stand_in[box.start : box.stop] for box in boxes if box.usertype == XMP_USERTYPE]
    if len(xmp) != 1:
        raise Unsuited("this version of the SDK writes an address elsewhere")
    return xmp[0]
