"""The account of a finished deliverable: its receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from post import __version__
from post.atomic import checksum
from post.deliver.check import Measured
from post.job.model import Job
from post.plan import actions_of
from post.prepare.sources import Gathered
from post.prepare.watermark import marked_with
from post.receipt import SCHEMA, Ingredient, Receipt
from post.takes.tags import LONGEST_VALUE
from post.values import File, Rendition, Take, digest
from post.values.claim import GENERATED, Plain
from provenance.claim.build import ACCEPTED, digest_text
from provenance.formats.media_type import detect_media_type
from provenance.ingest import is_claim_tag
from provenance.record import merged


def make_receipt(
    gathered: Gathered, version: Rendition, keys: Sequence[str], made: tuple[Path, Measured]
) -> Receipt:
    """The receipt of one version. keys: of its segments, in order; made: the unsigned file and what was
    read back from it."""
    path, measured = made
    job = gathered.job
    return Receipt(
        schema=SCHEMA,
        tool=f"Answerprint {__version__}",
        title=job.provenance.title or job.title,
        name=version.name,
        sha256=checksum(path).sha256,
        plan=digest(version),
        rate=str(version.format.clock),
        frames=measured.frames,
        samples=measured.samples,
        segments=tuple(keys),
        ingredients=ingredients(gathered, version),
        actions=actions_of(version),
        disclosure=job.provenance.disclosure,
        training_mining=job.provenance.training_mining,
        measured=tuple(_measured(measured).items()),
        versions=releases(version),
        bindings=marked_with(job),
        prompts=job.provenance.prompts == "include",
    )


def releases(version: Rendition) -> tuple[tuple[str, str], ...]:
    """Returns what made the picture, then what made the sound and is not named yet: names and releases."""
    sound = version.mix.versions if version.mix.events else ()
    return tuple({**dict(version.segments[0].versions), **dict(sound)}.items())


def ingredients(gathered: Gathered, version: Rendition) -> tuple[Ingredient, ...]:
    """Every file that went in, once: takes in the order of the cut, then sounds, brand elements, references."""
    takes = list({shot.take.file: shot.take for shot in version.shots}.values())
    seen = {take.file for take in takes}
    used = {sha for action in actions_of(version) for sha in action.ingredients}
    # A reference that no shot was matched to in the end has had no part in the film.
    parts = [
        asset for asset in gathered.assets if asset.relationship != "inputTo" or asset.file.sha256 in used
    ]
    others = [asset for asset in parts if asset.file not in seen]
    alone = len(takes) == 1
    made = [_of_take(take, gathered.job, "parentOf" if alone else "componentOf") for take in takes]
    made += [
        Ingredient(asset.file, asset.file.name, kind_of(asset.file), asset.relationship, asset.credential)
        for asset in others
    ]
    return tuple(made)


def _of_take(take: Take, job: Job, relationship: str) -> Ingredient:
    asked = job.take(take.name)
    tags = (
        (key, _told(value), "container-claimed") for key, value in take.tags if not is_claim_tag(key, value)
    )
    accepted = [(ACCEPTED, asked.accept, "recorded")] if asked.accept else []
    record = merged(asked.record, take.record, tags, accepted)
    kind = take.source_type or ("" if asked.camera else GENERATED)
    return Ingredient(
        take.file, take.file.name, kind_of(take.file), relationship, take.credential, kind, record
    )


def _told(tag: str) -> str:
    return tag if len(tag) <= LONGEST_VALUE else digest_text(tag)


def kind_of(file: File) -> str:
    """A file's IANA media type, by its first bytes."""
    with file.here.open("rb") as source:
        return detect_media_type(source, file.here)


def _measured(measured: Measured) -> Mapping[str, Plain]:
    plain: dict[str, Plain] = {"width": measured.width, "height": measured.height}
    loudness = measured.loudness
    if loudness is not None and loudness.integrated_lufs is not None:
        plain["loudness_lufs"] = round(loudness.integrated_lufs, 2)
    if loudness is not None and loudness.true_peak_dbtp is not None:
        plain["true_peak_dbtp"] = round(loudness.true_peak_dbtp, 2)
    return plain
