"""Makes small films, their receipts and signers, and damages them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from post.receipt import SCHEMA, Disclosure, Ingredient, Receipt
from post.values.claim import GENERATED, HUMAN_EDITS, Action
from post.values.media import Credential, File
from post.values.time import Span
from provenance import manifest
from provenance.claim import build as claims
from provenance.claim.build import Assertion, Claim
from provenance.report import Report
from provenance.signing import certificates
from provenance.signing.signer import Signer
from provenance.signing.software_key import key_pem, load
from provenance.trust import lists
from provenance.trust.lists import Anchors
from provenance.verify import verify

GRADE = Action(
    "c2pa.adjustedColor", HUMAN_EDITS, Span(0, 6), (("org.answerprint.look.saturation", 1.1),), "look"
)
ENCODE = Action("c2pa.transcoded", description="encoded")


@dataclass(frozen=True)
class House:
    """A signer, and the trust list that vouches for it."""

    signer: Signer
    anchors: tuple[Anchors, ...]

    @property
    def pem(self) -> str:
        return lists.join_pem(self.anchors)

    def verify(self, path: Path) -> Report:
        return verify(path, self.anchors)


@dataclass(frozen=True)
class Noise:
    """A film of pure noise, which no encoder makes small."""

    frames: int = 12
    width: int = 64
    height: int = 48
    seed: int = 0
    options: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        rng = np.random.default_rng(self.seed)
        with av.open(str(path), "w", options=self.options) as out:
            stream = out.add_stream(
                "libx264", rate=24, options={"preset": "ultrafast", "crf": "8", "g": "12"}
            )
            stream.width, stream.height, stream.pix_fmt = self.width, self.height, "yuv420p"
            for _ in range(self.frames):
                pixels = rng.integers(0, 255, (self.height, self.width, 3), dtype=np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            out.mux(stream.encode())
        return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ingredient(
    path: Path,
    relationship: str = "componentOf",
    source_type: str = GENERATED,
    credential: Credential = "unsigned",
    record: tuple[tuple[str, str, str], ...] = (),
) -> Ingredient:
    file = File(digest(path), path.name, path)
    return Ingredient(file, path.name, "video/mp4", relationship, credential, source_type, record)


def receipt(
    film: Path,
    ingredients: Sequence[Ingredient] = (),
    actions: Sequence[Action] = (GRADE, ENCODE),
    training_mining: str = "notAllowed",
) -> Receipt:
    return Receipt(
        SCHEMA,
        "answerprint 0.1.0",
        "A spot",
        "main",
        digest(film),
        "ab" * 32,
        "24/1",
        12,
        24000,
        ("cd" * 32,),
        tuple(ingredients),
        tuple(actions),
        Disclosure("Model 1", "", "human_validated"),
        training_mining,
        (("loudness_lufs", -16.0),),
    )


def finish(film: Path, out: Path, ingredients: Sequence[Ingredient], house: House) -> Path:
    """Signs a finished film into `out`, and returns `out`."""
    made = claims.build_claim(receipt(film, ingredients), film)
    manifest.sign(film, out, made, [(each, each.file.here) for each in ingredients], house.signer, house.pem)
    return out


def vendor(film: Path, out: Path, house: House) -> Path:
    """Signs a clip into `out` as its generator would, and returns `out`."""
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED}
    data = {"allActionsIncluded": True, "actions": [created]}
    made = Claim(out.name, "FakeGen", "3", (Assertion("c2pa.actions.v2", data),))
    manifest.sign(film, out, made, [], house.signer, house.pem)
    return out


def tagged(clip: Path, out: Path, **tags: str) -> Path:
    """Returns a copy of a clip with tags in its container, as generators write them."""
    with av.open(clip) as source, av.open(out, "w", options={"movflags": "use_metadata_tags"}) as made:
        made.metadata.update(tags)
        stream = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return out


def flipped(data: bytes, at: int) -> bytes:
    """Returns the same bytes with one bit flipped."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def short_lived(folder: Path, life: timedelta) -> House:
    """Returns a signer whose certificate is valid for `life` from now on (below 0: it has expired)."""
    folder.mkdir()
    root = certificates.make_root("Test root", 10)
    issuer = certificates.make_intermediate("Test issuer", root, 10)
    leaf = certificates.make_leaf("Test signer", issuer, 10)
    until = datetime.now(UTC) + life
    builder = x509.CertificateBuilder(
        leaf.certificate.issuer,
        leaf.certificate.subject,
        leaf.key.public_key(),
        leaf.certificate.serial_number,
        until - timedelta(days=5),
        until,
        list(leaf.certificate.extensions),
    )
    cut = builder.sign(issuer.key, hashes.SHA256())
    path = folder / "signer.pem"
    path.touch(0o600)
    path.write_text(key_pem(leaf.key) + certificates.to_pem(cut, issuer.certificate))
    signer = load(path, path, at=until - timedelta(days=1))
    return House(signer, (Anchors("test root", certificates.to_pem(root.certificate), "2026-01-01", 1),))
