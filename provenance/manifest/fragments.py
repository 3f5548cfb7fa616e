"""Signs and reads films in segments (CMAF, DASH, HLS).

There is one manifest, in the initialisation segment. In each media segment a box says which leaf of the
manifest's Merkle tree it is. The tree is flat: all leaves are in the manifest, so that each segment can be
validated without the others.
Sources: C2PA 2.4, 18.7.2 (Merkle), A.5.4 (the uuid box of a segment); ISO/IEC 23000-19 (CMAF), 7.3.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from post.atomic import sync_file, sync_folder
from post.errors import OutputError, ProvenanceError
from post.os_faults import retry_of
from provenance.formats import cbor
from provenance.formats.bmff import Layout, read_layout, walk
from provenance.formats.c2pa_box import build_merkle_box
from provenance.formats.media_type import detect_media_type
from provenance.manifest import bmff_layout
from provenance.manifest.bmff_layout import PlacedBox, Unsuited
from provenance.manifest.one_pass import SigningSession
from provenance.manifest.read_back import describe_failure, untrusted_error
from provenance.manifest.reader import Reading, build_settings, read_fragment
from provenance.manifest.request import Progress, SignRequest, ignore_progress
from provenance.manifest.sdk_builder import open_unbuffered, pack_ingredients
from provenance.manifest.sdk_callbacks import CallbackGuard
from provenance.manifest.stream_copy import write_all, write_film
from provenance.manifest.writer import check_signers, translate_sdk_errors
from provenance.signing.signer import SignerWithIdentity

# One tree for a manifest: the segments of one track or several, in the order they are given.
_TREE = {"uniqueId": 1, "localId": 1}
# 14496-12, 8.8.7: the flag of an absolute place in the file, which segments that stand alone never have.
_BASE_OFFSET = 1
MAX_SEGMENTS = 50_000


def sign_fragments(
    init: Path,
    fragments: Sequence[Path],
    out_dir: Path,
    request: SignRequest,
    progress: Progress = ignore_progress,
) -> None:
    """Signs an initialisation segment and its media segments into a new folder, or leaves nothing there.

    The segments keep their names. progress: called with segments done and in all; may raise.
    Raises ProvenanceError if they cannot be signed or do not read back as trusted, SourceError if a segment
    cannot be read, OutputError if the folder exists or cannot be written.
    """
    check_signers(request.signer)
    names = [path.name for path in (init, *fragments)]
    _check_set(init, names, out_dir)
    part = out_dir.with_name(f".{out_dir.name}.{secrets.token_hex(4)}.part")
    guard = CallbackGuard()
    try:
        part.mkdir()
        with translate_sdk_errors(init, request, guard):
            leaves = [
                _write_segment(path, part / path.name, number, _segments_done(progress, number, fragments))
                for number, path in enumerate(fragments)
            ]
            _sign_init(init, part / init.name, leaves, (request, guard))
        _check_written(part, names, request, out_dir)
        sync_folder(part)
        part.rename(out_dir)
        sync_folder(out_dir.parent)
    except Unsuited as exc:
        raise ProvenanceError("the segments cannot be signed", where=str(init), got=str(exc)) from exc
    except OSError as exc:
        raise (
            retry_of(exc, str(out_dir))
            or OutputError("the segments cannot be written", where=str(out_dir), got=exc.strerror)
        ) from exc
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_fragments(init: Path, fragments: Sequence[Path], anchors_pem: str) -> tuple[Reading, ...]:
    """Reads each media segment with its initialisation segment; returns the readings in the same order.

    Raises SourceError if a segment cannot be opened.
    """
    return tuple(_read(build_settings(anchors_pem), init, path) for path in fragments)


def _read(settings: dict[str, Any], init: Path, fragment: Path) -> Reading:
    with open_unbuffered(init) as first, open_unbuffered(fragment) as segment:
        return read_fragment(settings, first, segment, detect_media_type(first, init))


def _check_set(init: Path, names: Sequence[str], out_dir: Path) -> None:
    if not 2 <= len(names) <= MAX_SEGMENTS:
        raise ProvenanceError(
            "no film in segments", where=str(init), expected=f"1 to {MAX_SEGMENTS} segments"
        )
    if len(set(names)) != len(names):
        raise ProvenanceError("two segments of one name", where=str(init), fix="rename one of them")
    if out_dir.exists():
        raise OutputError("is there already", where=str(out_dir), fix="name a new folder")


def _segments_done(progress: Progress, number: int, fragments: Sequence[Path]) -> Progress:
    """Returns a progress of bytes that reports segments."""
    return lambda *_: progress(number, len(fragments))


def _write_segment(source: Path, out: Path, number: int, progress: Progress) -> bytes:
    """Writes a segment with its place in the tree, and returns its leaf: sha256, 32 bytes."""
    with open_unbuffered(source) as segment, out.open("xb+", buffering=0) as target:
        boxes = tuple(_segment_boxes(segment, _merkle_box(number)))
        found = write_film(segment, target, boxes, progress)
        sync_file(target)
    return found.digest


def _segment_boxes(source: BinaryIO, merkle: bytes) -> Iterator[PlacedBox]:
    """Yields the boxes of a segment, with its Merkle box behind `styp`."""
    found = read_layout(source)
    _check_segment(source, found)
    at = 0
    for part in found.boxes:
        if part.kind not in ("styp", "ftyp") and merkle:
            yield PlacedBox("uuid", at, len(merkle), covered=False, data=merkle)
            at, merkle = at + len(merkle), b""
        yield PlacedBox(part.kind, at, part.size, part.kind not in ("ftyp", "mfra"), part.start)
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
                raise Unsuited(f"a segment has file offsets in {box.path}")


def _sign_init(init: Path, out: Path, leaves: Sequence[bytes], by: tuple[SignRequest, CallbackGuard]) -> None:
    request, guard = by
    with open_unbuffered(init) as source, out.open("xb+", buffering=0) as target:
        kind, ftyp = detect_media_type(source), bmff_layout.read_ftyp(source)
        if any(box.c2pa for box in read_layout(source).boxes):
            raise Unsuited("the film carries credentials already")
        session = SigningSession(request, kind, ftyp, pack_ingredients(request, kind, guard))
        store, _ = session.rehearse(_tree(bytes(32), leaves), guard)
        boxes = bmff_layout.place_boxes(source, bmff_layout.wrap_store(store))
        found = write_film(source, target, boxes, ignore_progress)
        real = session.sign(_tree(found.digest, leaves), guard)
        if len(real) != len(store):
            raise Unsuited("the manifest came out otherwise than announced")
        write_all(target, len(ftyp), bmff_layout.wrap_store(real))
        sync_file(target)


def _tree(init_hash: bytes, leaves: Sequence[bytes]) -> dict[str, Any]:
    """Returns the hash assertion's data of a film in segments."""
    row = {"count": len(leaves), "alg": "sha256", "hashes": [list(leaf) for leaf in leaves]}
    return {**bmff_layout.build_hash_parameters(), "merkle": [{**_TREE, **row, "initHash": list(init_hash)}]}


def _merkle_box(number: int) -> bytes:
    """Returns the uuid box that says which leaf a segment is (A.5.4)."""
    return build_merkle_box(cbor.encode({**_TREE, "location": number}))


def _check_written(part: Path, names: Sequence[str], request: SignRequest, named: Path) -> None:
    """Raises ProvenanceError if a segment as written does not read as trusted."""
    settings = build_settings(request.anchors_pem, identities=isinstance(request.signer, SignerWithIdentity))
    init, *fragments = names
    for name in fragments:
        found = _read(settings, part / init, part / name)
        if found.state != "Trusted":
            raise untrusted_error(named / name, describe_failure(found))
