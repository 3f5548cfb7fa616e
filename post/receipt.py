"""What was done: the record a finished deliverable carries, and the only thing the declarer reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from post.values.claim import Action, Plain
from post.values.media import Credential, File

# Gate, role, person, SHA-256 of the signed decision; number and SHA-256 of its entry in a log, and that log's ID.
ApprovalRow = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file that went into a film. relationship: parentOf (the film is one clip, edited),
    componentOf, or inputTo (nothing of it is in the film, as of a reference for colour).

    source_type: its digital source type where known (a generated clip: trainedAlgorithmicMedia), or "".
    record: what is known of how it was generated, as (field, value, how it is known).
    """

    file: File
    title: str
    media_type: str
    relationship: str
    credential: Credential
    source_type: str = ""
    record: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The AI disclosure as the job states it. Empty fields are left out of the manifest."""

    model_name: str = ""
    model_type: str = ""
    human_oversight: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One finished deliverable. sha256: of the file before it was signed; plan: digest of its Rendition;
    segments: content keys in order; measured: what was read back from the finished file.

    shots: of the cut, in order, as (name, first frame, frame after the last); bindings: what the film can be found by
    without its manifest, as (algorithm by its name in C2PA's list, value, scope: "" for all of it or its frames as
    "0:48"); prompts: whether they are told in full; sidecars: the caption files beside the film, as (name, format,
    language or "", SHA-256); version: which of the job's versions it is, as (axis, value); policies: those that it is
    to meet, as (name, version, SHA-256 of its file, "" without one); disclosed: what they set, as (dotted place, value,
    by which rule); facts: what was declared, as (name, value, by whom, when); approvals: who let it be released.
    """

    schema: str
    tool: str
    title: str
    name: str
    sha256: str
    plan: str
    rate: str
    frames: int
    samples: int
    segments: tuple[str, ...]
    ingredients: tuple[Ingredient, ...]
    actions: tuple[Action, ...]
    disclosure: Disclosure = field(default_factory=Disclosure)
    training_mining: str = ""
    measured: tuple[tuple[str, Plain], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    bindings: tuple[tuple[str, str, str], ...] = ()
    prompts: bool = False
    shots: tuple[tuple[str, int, int], ...] = ()
    sidecars: tuple[tuple[str, str, str, str], ...] = ()
    version: tuple[tuple[str, str], ...] = ()
    policies: tuple[tuple[str, str, str], ...] = ()
    disclosed: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, Plain, str, str], ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()


SCHEMA = "Receipt.1"
