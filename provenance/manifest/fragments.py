"""Films in segments (CMAF, DASH, HLS): one manifest in the initialisation segment, and in each media
segment a box that says which leaf of the manifest's tree it is.

The tree is kept flat: all leaves stand in the manifest, so that no segment needs another to be proven.
Sources: C2PA 2.4, 18.7.2 (Merkle), A.5.4 (the uuid box of a segment); ISO/IEC 23000-19 (CMAF), 7.3.
"""

from __future__ import annotations

import secrets
import shutil
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from post.atomic import sync_file, sync_folder
from post.errors import OutputError, ProvenanceError
from provenance.formats.bmff import C2PA_USERTYPE, Layout, layout, walk
from provenance.formats.media_type import media_type
from provenance.manifest import bmff_layout as films
from provenance.manifest.bmff_layout import Piece, Unsuited
from provenance.manifest.one_pass import Desk
from provenance.manifest.read_back import said_of, untrusted
from provenance.manifest.reader import Reading, read_fragment, settings
from provenance.manifest.request import Progress, SignRequest, quiet
from provenance.manifest.sdk_builder import archives, opened
from provenance.manifest.sdk_callbacks import Watch
from provenance.manifest.stream_copy import write_all, write_film
from provenance.manifest.writer import check_signers, sdk_errors
from provenance.signing.signer import SignerWithIdentity

# One tree a manifest: segments of one track or several, in the order they are given.
_TREE = {"uniqueId": 1, "localId": 1}
# 14496-12, 8.8.7: the flag of a place in the file, which segments that stand alone never have.
_BASE_OFFSET = 1
MAX_SEGMENTS = 50_000


def sign_fragments(
    init: Path, fragments: Sequence[Path], out_dir: Path, order: SignRequest, progress: Progress = quiet
) -> None:
    """Signs an initialisation segment and its media segments into a new folder, under their own names, or
    leaves nothing there. progress: told the segments done and in all; may raise.

    Raises ProvenanceError where they cannot be signed or do not read back as trusted, SourceError where a
    segment cannot be read, OutputError where the folder is there already or cannot be written.
    """
    check_signers(order.signer)
    names = [path.name for path in (init, *fragments)]
    _check_set(init, names, out_dir)
    part = out_dir.with_name(f".{out_dir.name}.{secrets.token_hex(4)}.part")
    watch = Watch()
    try:
        part.mkdir()
        with sdk_errors(init, order, watch):
            leaves = [
                _write_segment(path, part / path.name, number, _told(progress, number, len(fragments)))
                for number, path in enumerate(fragments)
            ]
            _sign_init(init, part / init.name, leaves, (order, watch))
        _check(part, names, order, out_dir)
        sync_folder(part)
        part.rename(out_dir)
        sync_folder(out_dir.parent)
    except Unsuited as exc:
        raise ProvenanceError("the segments cannot be signed", where=str(init), got=str(exc)) from exc
    except OSError as exc:
        raise OutputError("the segments cannot be written", where=str(out_dir), got=exc.strerror) from exc
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_fragments(init: Path, fragments: Sequence[Path], anchors_pem: str) -> tuple[Reading, ...]:
    """What the credentials say of each media segment, in order: each is read with its `init`.

    Raises SourceError where a segment cannot be opened.
    """
    return tuple(_read(settings(anchors_pem), init, path) for path in fragments)


def _read(told: dict[str, Any], init: Path, fragment: Path) -> Reading:
    with opened(init) as first, opened(fragment) as segment:
        return read_fragment(told, first, segment, media_type(first, init))


def _check_set(init: Path, names: Sequence[str], out_dir: Path) -> None:
    if not 2 <= len(names) <= MAX_SEGMENTS:
        raise ProvenanceError(
            "no film in segments", where=str(init), expected=f"1 to {MAX_SEGMENTS} segments"
        )
    if len(set(names)) != len(names):
        raise ProvenanceError("two segments of one name", where=str(init), fix="rename one of them")
    if out_dir.exists():
        raise OutputError("is there already", where=str(out_dir), fix="name a new folder")


def _told(progress: Progress, number: int, count: int) -> Progress:
    return lambda *_: progress(number, count)


def _write_segment(source: Path, out: Path, number: int, progress: Progress) -> bytes:
    """Writes a segment with its place in the tree; comes back with its leaf."""
    with opened(source) as segment, out.open("xb+", buffering=0) as target:
        hashed = write_film(segment, target, tuple(_segment(segment, _box(number))), progress)
        sync_file(target)
    return hashed.digest


def _segment(source: BinaryIO, box: bytes) -> Iterator[Piece]:
    found = layout(source)
    _check_segment(source, found)
    at = 0
    for part in found.boxes:
        if part.kind not in ("styp", "ftyp") and box:
            yield Piece("uuid", at, len(box), covered=False, data=box)
            at, box = at + len(box), b""
        yield Piece(part.kind, at, part.size, part.kind not in ("ftyp", "mfra"), part.start)
        at += part.size


def _check_segment(source: BinaryIO, found: Layout) -> None:
    kinds = [box.kind for box in found.boxes]
    if found.rest or any(box.missing for box in found.boxes):
        raise Unsuited("a segment's boxes do not fill its file")
    if "moof" not in kinds or "moov" in kinds:
        raise Unsuited("a segment has no fragment (moof), or an index of its own")
    if any(box.c2pa for box in found.boxes):
        raise Unsuited("a segment carries credentials already")
    for moof in found.of("moof"):
        for box in walk(source, moof):
            source.seek(box.payload)
            if box.kind == "saio" or (box.kind == "tfhd" and source.read(4)[3] & _BASE_OFFSET):
                raise Unsuited(f"a segment has places in the file in {box.path}")


def _sign_init(init: Path, out: Path, leaves: Sequence[bytes], by: tuple[SignRequest, Watch]) -> None:
    order, watch = by
    with opened(init) as source, out.open("xb+", buffering=0) as target:
        kind, room = media_type(source), films.opening(source)
        if any(box.c2pa for box in layout(source).boxes):
            raise Unsuited("the film carries credentials already")
        desk = Desk(order, kind, room, archives(order, kind, watch))
        store, _ = desk.rehearsed(_tree(bytes(32), leaves), watch)
        hashed = write_film(source, target, films.pieces(source, films.box_of(store)), quiet)
        real = desk.signed(_tree(hashed.digest, leaves), watch)
        if len(real) != len(store):
            raise Unsuited("the manifest came out otherwise than announced")
        write_all(target, len(room), films.box_of(real))
        sync_file(target)


def _tree(init_hash: bytes, leaves: Sequence[bytes]) -> dict[str, Any]:
    """The hash assertion of a film in segments."""
    row = {"count": len(leaves), "alg": "sha256", "hashes": [list(leaf) for leaf in leaves]}
    return {**films.binding(), "merkle": [{**_TREE, **row, "initHash": list(init_hash)}]}


def _box(number: int) -> bytes:
    """The uuid box that says which leaf a segment is (A.5.4): a CBOR map (RFC 8949, 3)."""
    said = {**_TREE, "location": number}
    data = bytes([0xA0 | len(said)]) + b"".join(
        bytes([0x60 | len(key)]) + key.encode() + _unsigned(value) for key, value in said.items()
    )
    inner = C2PA_USERTYPE + b"\0\0\0\0merkle\0" + data
    return struct.pack(">I4s", 8 + len(inner), b"uuid") + inner


def _unsigned(value: int) -> bytes:
    """RFC 8949, 3.1: major type 0, in the fewest bytes."""
    if value < 24:
        return bytes([value])
    return bytes([0x18, value]) if value < 256 else struct.pack(">BH", 0x19, value)


def _check(part: Path, names: Sequence[str], order: SignRequest, named: Path) -> None:
    """Raises ProvenanceError where a segment as written does not read as trusted."""
    told = settings(order.anchors_pem, identities=isinstance(order.signer, SignerWithIdentity))
    init, *fragments = names
    for name in fragments:
        found = _read(told, part / init, part / name)
        if found.state != "Trusted":
            raise untrusted(named / name, said_of(found))
