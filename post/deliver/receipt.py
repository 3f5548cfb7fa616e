"""Accounts for a finished film: its receipt, which is all that its manifest is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from post import __version__
from post.atomic import checksum
from post.deliver.captions.sidecars import sidecar_digest
from post.deliver.sound.account import measured_words
from post.job.model import Job
from post.plan import actions_of
from post.prepare.sources import JobSources
from post.prepare.watermark import watermark_bindings
from post.receipt import SCHEMA, Ingredient, Receipt
from post.takes.tags import LONGEST_VALUE
from post.values import File, Rendition, Shot, Take, digest
from post.values.claim import DIGITAL_CREATION, GENERATED, Plain
from post.values.toolchain import Releases
from provenance.claim.build import ACCEPTED, digest_text
from provenance.formats.media_type import detect_media_type
from provenance.ingest import is_claim_tag
from provenance.policy.document.policy import Policy
from provenance.record import PROMPTS, merge
from provenance.record.secrets import remove_row_secrets, remove_secrets

if TYPE_CHECKING:
    from post.deliver.check import MeasuredFilm


def make_receipt(
    sources: JobSources, rendition: Rendition, keys: Sequence[str], made: tuple[str, MeasuredFilm]
) -> Receipt:
    """Returns the receipt of one film. keys: of its segments, in order; made: the unsigned file's SHA-256,
    and what it measures. Raises ProvenanceError where a stage does not declare itself."""
    sha256, measured = made
    job = sources.job
    return Receipt(
        schema=SCHEMA,
        tool=f"Answerprint {__version__}",
        title=remove_secrets(job.provenance.title or job.title),
        name=rendition.name,
        sha256=sha256,
        plan=digest(rendition),
        rate=str(rendition.format.clock),
        frames=measured.frames,
        samples=measured.samples,
        segments=tuple(keys),
        ingredients=ingredients(sources, rendition),
        actions=actions_of(rendition, measured.notes),
        disclosure=job.provenance.disclosure,
        training_mining=job.provenance.training_mining,
        measured=tuple(_measured(measured).items()),
        versions=releases(rendition),
        bindings=watermark_bindings(job),
        prompts=job.provenance.prompts == "include",
        shots=tuple((_shot_name(each), each.span.first, each.span.stop) for each in rendition.shots),
        sidecars=tuple(
            (each.name, each.format, each.language, sidecar_digest(each)) for each in rendition.sidecars
        ),
        version=job.version.axes if job.version else (),
        policies=tuple(map(_policy, job.disclosure.policies)),
        disclosed=job.disclosed,
        facts=tuple((each.name, each.value, each.by, each.at) for each in job.disclosure.facts.declared),
        approvals=tuple(row for film, row in job.signoff.approved if film == rendition.name),
    )


def _policy(policy: Policy) -> tuple[str, str, str]:
    """Returns a policy's name and version, and the digest of its file, "" where it was read from none."""
    return policy.name, policy.version, checksum(policy.path).sha256 if policy.path else ""


def _shot_name(shot: Shot) -> str:
    """Returns a shot's name with that of its take, where they differ."""
    return shot.name if shot.name == shot.take.name else f"{shot.name} ({shot.take.name})"


def releases(rendition: Rendition) -> Releases:
    """Returns what made the picture, then what made the sound and is not named yet: names and releases."""
    sound = rendition.mix.toolchain if rendition.mix.events else ()
    return tuple({**dict(rendition.segments[0].toolchain), **dict(sound)}.items())


def ingredients(sources: JobSources, rendition: Rendition) -> tuple[Ingredient, ...]:
    """Returns every file that went in, once: takes in the order of the cut, then sounds, logos, references."""
    # What is made here is no file of anybody's: its stage declares it.
    shots = [shot for shot in rendition.shots if shot.take.picture.kind != "made"]
    takes = list({shot.take.file: shot.take for shot in shots}.values())
    take_files = {take.file for take in takes}
    used = {sha256 for action in actions_of(rendition) for sha256 in action.ingredients}
    # A reference that no shot was matched to in the end has had no part in the film.
    elements = [
        element
        for element in sources.elements
        if element.relationship != "inputTo" or element.file.sha256 in used
    ]
    relationship = "parentOf" if len(takes) == 1 else "componentOf"
    made = [_take_ingredient(take, sources.job, relationship) for take in takes]
    made += [
        Ingredient(each.file, each.file.name, kind_of(each.file), each.relationship, each.credential)
        for each in elements
        if each.file not in take_files
    ]
    return tuple(made)


def _take_ingredient(take: Take, job: Job, relationship: str) -> Ingredient:
    ref = job.take(take.name)
    tags = (
        (key, _shortened(value), "container-claimed")
        for key, value in take.tags
        if not is_claim_tag(key, value)
    )
    accepted = [(ACCEPTED, ref.accept, "recorded")] if ref.accept else []
    rows = merge(ref.record, take.record, tags, accepted)
    record = tuple(
        (name, remove_row_secrets(name, value, prompt=name.partition(".")[0] in PROMPTS), how)
        for name, value, how in rows
    )
    unsaid = DIGITAL_CREATION if ref.graphic else "" if ref.camera else GENERATED
    kind = take.source_type or unsaid
    return Ingredient(
        take.file, take.file.name, kind_of(take.file), relationship, take.credential, kind, record
    )


def _shortened(tag: str) -> str:
    """A tag's value, or its digest where it is too long to be declared."""
    return tag if len(tag) <= LONGEST_VALUE else digest_text(tag)


def kind_of(file: File) -> str:
    """Returns a file's IANA media type, by its first bytes. Raises OSError where it cannot be read."""
    with file.here.open("rb") as source:
        return detect_media_type(source, file.here)


def _measured(measured: MeasuredFilm) -> Mapping[str, Plain]:
    plain: dict[str, Plain] = {"width": measured.width, "height": measured.height}
    loudness = measured.loudness
    if loudness is not None and loudness.integrated_lufs is not None:
        plain["loudness_lufs"] = round(loudness.integrated_lufs, 2)
    if loudness is not None and loudness.true_peak_dbtp is not None:
        plain["true_peak_dbtp"] = round(loudness.true_peak_dbtp, 2)
    plain.update(measured_words(measured.notes))
    return plain
