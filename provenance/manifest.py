"""Manifests written and read: the one door to the C2PA SDK. Nothing here ever reaches the network,
but for a time-stamping authority that a signer names.

The SDK's ways that matter here, each met in version 0.38: signing a file onto itself truncates it; a
manifest already there is dropped without a word; an exception inside a callback is hidden; unknown
settings are accepted; free boxes go unhashed unless told otherwise; what was signed is not hashed
again unless told to. Its native library does not survive `fork`: start workers with spawn.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar
from urllib.parse import urlsplit

from post.errors import OutputError, ProvenanceError, SourceError
from post.receipt import Ingredient
from provenance.claim import Claim
from provenance.media_type import media_type
from provenance.signing.certificates import check_current
from provenance.signing.signer import Signer

SPEC_VERSION = "2.4.0"
OPAQUE = "application/octet-stream"
T = TypeVar("T")

# found: there is a manifest, for better or worse; absent: there is none; unsupported: the kind of file
# cannot carry one that we can read; unreadable: there is something, and it cannot be made sense of.
Outcome = Literal["found", "absent", "unsupported", "unreadable"]


@dataclass(frozen=True)
class Reading:
    """What the SDK made of a file. state: "Trusted", "Valid", "Invalid", or "" where nothing was found;
    crjson: the standard's own JSON of all manifests (C2PA 2.4, crJSON); why: of anything but found."""

    outcome: Outcome
    media_type: str
    state: str = ""
    crjson: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def manifests(self) -> tuple[Mapping[str, Any], ...]:
        """All manifests, the active one first."""
        return tuple(item for item in self.crjson.get("manifests", ()) if isinstance(item, dict))


def read(path: Path, anchors_pem: str) -> Reading:
    """What a file's credentials say, validated against trust anchors (PEM; "" trusts nobody).

    Raises SourceError where the file cannot be opened.
    """
    try:
        with path.open("rb") as source:
            return read_stream(source, media_type(source, path), anchors_pem)
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def read_stream(source: BinaryIO, kind: str, anchors_pem: str) -> Reading:
    """As `read`, of an open file of a media type."""
    import c2pa

    watch = _Watch()
    try:
        with (
            c2pa.Context.from_dict(_settings(anchors_pem)) as context,
            c2pa.Reader(kind, _Kept(source, watch), context=context) as reader,
        ):
            found: dict[str, Any] = json.loads(reader.crjson())
            return Reading("found", kind, str(reader.get_validation_state()), found)
    except c2pa.C2paError as exc:
        watch.reraise()
        return Reading(_outcome(exc), kind, why=str(exc))


def sign(
    source: Path,
    destination: Path,
    claim: Claim,
    ingredients: Sequence[tuple[Ingredient, Path]],
    signer: Signer,
    anchors_pem: str,
) -> None:
    """Signs a finished film into `destination`, or leaves nothing there.

    Each ingredient is read from its own file, so that the credentials it carries come along.
    anchors_pem: what the signed file must then read as trusted under.
    Raises ProvenanceError where it cannot be signed or does not read back as trusted, SourceError where
    a file cannot be read, OutputError where the destination cannot be written, and
    whatever the signer raised.
    """
    # (0): a certificate that has run out is found before any work is done
    check_current(signer.chain_pem, "the signing certificate")
    # (1): nothing is signed onto itself, and no history is dropped
    _check_apart(source, destination)
    _check_unsigned(source)
    part = destination.with_name(f".{destination.stem}.{secrets.token_hex(4)}.part{destination.suffix}")
    try:
        # (2): sign beside the destination
        _sign_to(part, source, _Order(claim, tuple(ingredients), signer, anchors_pem))
        # (3): what was written is read back, its content hashed again
        _check_trusted(part, destination, anchors_pem)
        # (4): only now does the name exist
        part.replace(destination)
        _sync(destination.parent)
    except OSError as exc:
        raise _unwritable(destination, exc) from exc
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Order:
    """What is to be signed, by whom, and whom its ingredients are checked against."""

    claim: Claim
    ingredients: tuple[tuple[Ingredient, Path], ...]
    signer: Signer
    anchors_pem: str


def _sign_to(part: Path, source: Path, order: _Order) -> None:
    import c2pa

    watch = _Watch()
    with _open(source) as film, part.open("xb+") as out:
        try:
            _build(film, out, order, watch)
        except c2pa.C2paError as exc:
            watch.reraise()
            raise ProvenanceError("the film could not be signed", where=str(source), got=str(exc)) from exc
        watch.reraise()
        out.flush()
        os.fsync(out.fileno())


def _build(film: BinaryIO, out: BinaryIO, order: _Order, watch: _Watch) -> None:
    import c2pa

    def signed(data: bytes) -> bytes:
        try:
            return watch.run(order.signer.sign, data)
        except OSError:
            return b""  # the SDK reads this as failure; raising would log the message, whatever it holds

    kind, signer = media_type(film), order.signer
    algorithm = c2pa.C2paSigningAlg[signer.algorithm.upper()]
    with (
        c2pa.Context.from_dict(_signing_settings(order)) as context,
        c2pa.Signer.from_callback(signed, algorithm, signer.chain_pem, signer.tsa_url) as native,
        c2pa.Builder(_definition(order.claim, kind), context=context) as builder,
    ):
        for part, path in order.ingredients:
            with _open(path) as clip:
                builder.add_ingredient(_ingredient(part), _carried_as(part, clip), _Kept(clip, watch))
        builder.sign(native, kind, _Kept(film, watch), _Kept(out, watch))


def _carried_as(part: Ingredient, clip: BinaryIO) -> str:
    """The type an ingredient is read as. Under a wrong one the SDK drops its credentials without a word,
    so its bytes decide; credentials that cannot be read would stop the signing, and are left behind."""
    if part.credential == "unreadable":
        return OPAQUE
    return media_type(clip) or part.media_type or OPAQUE


def _definition(claim: Claim, kind: str) -> dict[str, Any]:
    return {
        "title": claim.title,
        "format": kind,
        "assertions": [
            {"label": each.label, "data": each.data, **({"kind": "Json"} if each.json else {})}
            for each in claim.assertions
        ],
    }


def _ingredient(part: Ingredient) -> dict[str, Any]:
    """`label` is how actions name it (ingredientIds)."""
    told = {"title": part.title, "relationship": part.relationship, "label": part.file.sha256}
    return told | ({"format": part.media_type} if part.media_type else {})


def _settings(anchors_pem: str) -> dict[str, Any]:
    return {
        "version": 1,
        "trust": {"trust_anchors": anchors_pem} if anchors_pem else {},
        "core": {"allowed_network_hosts": []},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    }


def _signing_settings(order: _Order) -> dict[str, Any]:
    claim, off = order.claim, {"enabled": False}
    created = [each.label.removesuffix(".v2") for each in claim.assertions if each.created]
    settings = _settings(order.anchors_pem)
    if order.signer.tsa_url:
        settings["core"] = {"allowed_network_hosts": [urlsplit(order.signer.tsa_url).hostname]}
    # Refuses malformed claims at once. It does not hash the content again: reading back does.
    settings["verify"] |= {"verify_after_sign": True}
    return settings | {
        "builder": {
            "claim_generator_info": {
                "name": claim.tool,
                "version": claim.version,
                "specVersion": SPEC_VERSION,
            },
            "thumbnail": off,
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


def _check_apart(source: Path, destination: Path) -> None:
    try:
        same = (
            source.samefile(destination)
            if destination.exists()
            else source.resolve() == destination.resolve()
        )
    except OSError as exc:
        raise SourceError("the film cannot be read", where=str(source), got=exc.strerror) from exc
    if same:
        raise ProvenanceError(
            "a film cannot be signed onto itself", where=str(destination), fix="name another file to write"
        )


def _check_unsigned(source: Path) -> None:
    found = read(source, "")
    if found.outcome == "absent":
        return
    if found.outcome == "unsupported":
        raise ProvenanceError(
            "this kind of file cannot be signed",
            where=str(source),
            expected="MP4 or QuickTime",
            got=found.media_type,
        )
    raise ProvenanceError(
        "the film already carries credentials, which signing would drop",
        where=str(source),
        got=found.why or f"{len(found.manifests)} manifests",
        fix="sign what was rendered, and name this film as an ingredient",
    )


def _check_trusted(part: Path, destination: Path, anchors_pem: str) -> None:
    found = read(part, anchors_pem)
    if found.state == "Trusted":
        return
    results = found.manifests[0].get("validationResults", {}) if found.manifests else {}
    codes = ", ".join(str(item.get("code")) for item in results.get("failure", ()))
    raise ProvenanceError(
        "what was signed does not read back as trusted",
        where=str(destination),
        expected="Trusted",
        got=" ".join(filter(None, (found.state or found.outcome, codes or found.why))),
        fix="check the certificate chain and the trust anchors",
    )


def _outcome(exc: Exception) -> Outcome:
    import c2pa

    kinds: tuple[tuple[Any, Outcome], ...] = (
        (c2pa.C2paError.ManifestNotFound, "absent"),
        (c2pa.C2paError.NotSupported, "unsupported"),
    )
    return next((outcome for kind, outcome in kinds if isinstance(exc, kind)), "unreadable")


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def _sync(folder: Path) -> None:
    """Makes a rename outlast a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(destination: Path, exc: OSError) -> OutputError:
    return OutputError(
        "the signed film cannot be written",
        where=str(destination),
        got=exc.strerror or str(exc),
        fix="choose another place",
    )


class _Watch:
    """Keeps the first exception raised inside a callback, which the SDK would hide: Ctrl-C included."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def run(self, act: Callable[..., T], *args: Any) -> T:
        try:
            return act(*args)
        except BaseException as exc:
            self.error = self.error or exc
            raise OSError("stopped") from exc

    def reraise(self) -> None:
        if self.error is not None:
            raise self.error


class _Kept:
    """A file the SDK reads or writes, whose failures are kept."""

    def __init__(self, file: BinaryIO, watch: _Watch) -> None:
        self._file, self._watch = file, watch

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._watch.run(self._reading, self._file.read, size)
        return data

    def readinto(self, buffer: Any) -> int:
        fill: Callable[[Any], int] = self._file.readinto  # type: ignore[attr-defined]  # BinaryIO leaves it out
        count: int = self._watch.run(self._reading, fill, buffer)
        return count

    def _reading(self, act: Callable[[Any], T], wanted: Any) -> T:
        try:
            return act(wanted)
        except OSError as exc:
            name = str(getattr(self._file, "name", ""))
            raise SourceError("the file cannot be read", where=name, got=exc.strerror) from exc

    def write(self, data: bytes) -> int:
        return self._watch.run(self._file.write, data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._watch.run(self._file.seek, offset, whence)

    def tell(self) -> int:
        return self._watch.run(self._file.tell)

    def flush(self) -> None:
        self._watch.run(self._file.flush)
