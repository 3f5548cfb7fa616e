"""Holds takes that are no clips by their content: an image sequence as one pack, a made source as its recipe."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from post.engine import ContentStore, Store
from post.errors import SourceError
from post.job.model import TakeRef
from post.prepare.kept_probe import kept_probe
from post.takes.made.source import BLACK, write_recipe
from post.takes.probe import look_for_picture
from post.takes.stills.format import format_at
from post.takes.stills.sequence import SUFFIX, is_pattern, open_pack, read_frame, write_pack
from post.values import File, Take
from post.values.media import Credential
from post.values.time import Clock
from post.watchdog import watched
from provenance.ingest import IncomingClip, inspect
from provenance.manifest.sidecar import sidecar_path
from provenance.trust.lists import Anchors

WEAKEST_FIRST: tuple[Credential, ...] = (
    "tampered", "unreadable", "revoked", "expired", "untrusted", "vendor-marked", "unsigned", "verified",
)  # fmt: skip


def hold_take(ref: TakeRef, content: ContentStore) -> File:
    """Returns a take's file as an immutable copy.

    Raises SourceError as ContentStore.hold does, and for a sequence with a gap.
    """
    if ref.made is not None:
        return content.hold_written(
            f"{ref.made.make}.json", partial(write_recipe, ref.made.make, ref.made.fill)
        )
    if is_pattern(ref.path):
        return content.hold_written(ref.path.name + SUFFIX, partial(write_pack, ref.path))
    return content.hold(ref.path, sidecar_path(ref.path), look_for_picture)


@contextmanager
def packed_aside(pattern: Path) -> Iterator[Path]:
    """Packs an image sequence for the block, where no store holds it. Raises SourceError as `write_pack` does."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / (pattern.name + SUFFIX)
        with place.open("xb") as out:
            write_pack(pattern, out)
        yield place


def inspect_frames(pack: Path, anchors: Sequence[Anchors]) -> IncomingClip | None:
    """Returns what the frames of a packed sequence say of themselves: the weakest credential among them, by its frame.

    None where no frame is of a kind that can carry credentials.
    """
    found: dict[str, IncomingClip] = {}
    with tempfile.TemporaryDirectory() as folder, open_pack(pack) as (opened, names):
        for name in names:
            place = Path(folder) / Path(name).name
            place.write_bytes(read_frame(opened, name).read())
            try:
                with watched(name, place.stat().st_size):
                    found[name] = inspect(place, anchors)
            except SourceError:
                if format_at(place) is None:
                    raise
            place.unlink()
    if not found:
        return None
    name = min(found, key=lambda each: WEAKEST_FIRST.index(found[each].credential))
    weakest = found[name]
    marks = dict.fromkeys(mark for each in found.values() for mark in each.marks)
    findings = tuple(replace(each, why=f"{name}: {each.why}") for each in weakest.findings)
    return replace(weakest, marks=tuple(marks), findings=findings)


def refuse_fill(ref: TakeRef) -> None:
    """Raises SourceError where the job sets a `fill` for a clip: what is clear in one is laid over black."""
    if ref.fill != BLACK:
        raise SourceError(
            "is a clip, which has no `fill`",
            where=ref.path.name,
            expected="a still, an animation, a sequence or a made picture",
            got=ref.fill,
            fix="leave `fill` out: a clip's transparent parts are laid over black",
        )


def still_take(ref: TakeRef, sha256: str, keep: Store | None, clock: Clock | None) -> Take:
    """Returns a take that is no clip, over its `fill`, without its credentials.

    sha256: of its file; keep: where what probing finds is looked up first, and kept; clock: of the film, None where
    there is none. Raises SourceError where it cannot be read, or where the job says of
    its colour what it would say of a clip's.
    """
    said = {"colour": ref.colour, "range": ref.range, "develop": ref.develop}
    key = next((key for key, value in said.items() if value), "")
    if key:
        raise SourceError(
            f"`{key}` is said of a picture that is no clip",
            where=ref.path.name,
            expected="its own profile, or sRGB",
            fix="leave it out, and export the picture in sRGB",
        )
    take = kept_probe(ref, sha256, keep, Clock(ref.rate) if ref.rate else clock)
    if take.picture.kind == "made":
        return take
    return replace(take, picture=replace(take.picture, fill=ref.fill))
