"""A film signed in one pass: the manifest's size is found out first, then the film is copied around room
for it and hashed on the way, then the hash is signed and put into that room.

The SDK signs a hash it is given, over a stand-in that is nothing but the film's `ftyp`; it neither sees
nor copies the film, for which it would take up to 512 MB of memory and twice the time.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import provenance.manifest.bmff_layout as films
from post.atomic import sync_file
from provenance.claim.build import Assertion
from provenance.formats.bmff import layout
from provenance.formats.media_type import BOXED, media_type
from provenance.formats.mp4_tags import XMP_USERTYPE
from provenance.manifest.bmff_layout import Unsuited
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.request import Signed, SignOptions, SignRequest
from provenance.manifest.sdk_builder import archives, builder, opened
from provenance.manifest.sdk_callbacks import Watch
from provenance.manifest.stream_copy import write_all, write_film
from provenance.signing.signer import Signer, SignerWithIdentity

# Bytes of a signature, by algorithm (RFC 9053, 2.1 and 2.2; RFC 8230, 2, keys of 2048 bits).
_SIGNATURE_BYTES = {"es256": 64, "es384": 96, "es512": 132, "ed25519": 64}


@dataclass(frozen=True)
class Blank:
    """Somebody who signs nothing, as long as the real signer would. Implements Signer."""

    signer: Signer
    tsa_url: None = None

    @property
    def algorithm(self) -> str:
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        return self.signer.chain_pem

    def sign(self, data: bytes) -> bytes:  # noqa: ARG002  it signs nothing
        return bytes([1]) * _SIGNATURE_BYTES.get(self.algorithm, 256)


@dataclass(frozen=True)
class Desk:
    """What one film's signings share. opening: what stands in for the film; ingredients: packed."""

    order: SignRequest
    kind: str
    opening: bytes
    ingredients: tuple[bytes, ...]

    def rehearsed(self, bound: Mapping[str, Any], watch: Watch, remote: str = "") -> tuple[bytes, bytes]:
        """As `signed`, by nobody: as long as what will be."""
        return self._signed(_blank(self.order.signer), bound, watch, remote)

    def signed(self, bound: Mapping[str, Any], watch: Watch) -> bytes:
        """The manifest store of a film that is bound by a hash assertion of this data."""
        return self._signed(self.order.signer, bound, watch, "")[0]

    def _signed(
        self, signer: Signer, bound: Mapping[str, Any], watch: Watch, remote: str
    ) -> tuple[bytes, bytes]:
        """(manifest store, the stand-in as the SDK leaves it)."""
        added, real = Assertion(films.HASH_LABEL, bound), signer is self.order.signer
        with (
            watch.heard(),
            builder(self.order, self.kind, [added], verified=real) as made,
            open_signer(signer, watch, self.order.claim) as native,
        ):
            for packed in self.ingredients:
                made.add_ingredient_from_archive(io.BytesIO(packed))
            made.set_no_embed()
            if remote:
                made.set_remote_url(remote)
            out = io.BytesIO()
            return made.sign(native, self.kind, io.BytesIO(self.opening), out), out.getvalue()


def sign_in_one_pass(part: Path, source: Path, order: SignRequest, way: SignOptions, watch: Watch) -> Signed:
    """Signs a film into `part`.

    Raises Unsuited, with nothing left at `part` worth keeping, where the film or the SDK is not made for it.
    """
    with opened(source) as film:
        kind = media_type(film)
        if kind not in BOXED:
            raise Unsuited(f"no MP4 or QuickTime film: {kind or 'unknown'}")
        room = films.opening(film)
        xmp = films.xmp_of(film) if way.remote else b""
        desk = Desk(order, kind, room + xmp, archives(order, kind, watch))
        # (1): a manifest without a true hash or signature is as long as the real one
        token = secrets.token_bytes(32)
        store, stand_in = desk.rehearsed(films.hash_assertion(token), watch, way.remote)
        if token not in store:
            raise Unsuited("this version of the SDK does not sign a hash it is given")
        laid = _laid(film, films.box_of(store) if way.embeds else b"", _addressed(stand_in, way), bool(xmp))
        with part.open("xb+", buffering=0) as out:
            # (2): the film around it, hashed
            hashed = write_film(film, out, laid, way.progress)
            # (3): signed
            real = desk.signed(films.hash_assertion(hashed.digest), watch)
            if len(real) != len(store) or hashed.digest not in real:
                raise Unsuited("the manifest came out otherwise than announced")
            # (4): into its room
            if way.embeds:
                write_all(out, len(room), films.box_of(real))
            sync_file(out)
    return Signed("one pass", real, hashed=hashed)


def _blank(signer: Signer) -> Signer:
    if isinstance(signer, SignerWithIdentity):
        return SignerWithIdentity(Blank(signer.signer), Blank(signer.identity), signer.roles)
    return Blank(signer)


def _addressed(stand_in: bytes, way: SignOptions) -> bytes:
    """The box of XMP with the manifest's address, as the SDK wrote it; b"" where there is to be none."""
    if not way.remote:
        return b""
    boxes = layout(io.BytesIO(stand_in)).boxes
    xmp = [stand_in[box.start : box.stop] for box in boxes if box.usertype == XMP_USERTYPE]
    if len(xmp) != 1:
        raise Unsuited("this version of the SDK writes an address elsewhere")
    return xmp[0]


def _laid(film: BinaryIO, room: bytes, xmp: bytes, there: bool) -> tuple[films.Piece, ...]:
    """The film around room for its manifest, and with XMP where there is any to write. there: it has some."""
    return films.pieces(film, room, xmp) if there else films.pieces(film, room + xmp)
