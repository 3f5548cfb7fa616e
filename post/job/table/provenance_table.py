"""Lists the keys by which a job says how its films are signed, marked and disclosed."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob


def _text(doc: str) -> Knob:
    return Knob(doc, "text")


def _pick(doc: str, *choices: str) -> Knob:
    return Knob(doc, "choice", choices=choices)


# CAWG Identity Assertion 1.3, 5.1.2.
_WHO = ("creator", "contributor", "editor", "producer", "publisher", "sponsor", "translator")
_ROLES = tuple(f"cawg.{role}" for role in _WHO)

PROVENANCE_FORMS: dict[str, Form] = {
    "provenance": Form(
        "How deliverables are signed",
        {
            "key": _text("the signing key, by its name in the key store, or `development`"),
            "title": _text("the title in the credentials; the job's where not given"),
            "tsa": _text("the time-stamping authority's address (RFC 3161); the key's own where not given"),
            "time": _pick("stamped as it is signed, or by `answerprint stamp` later", "now", "later"),
            "identity": _text("the key of the organisation whose film it is; the key's own where not given"),
            "role": _pick("what that organisation is to the film", *_ROLES),
            "manifest": _pick("where the manifest lies: NAME.c2pa is beside", "embedded", "sidecar", "both"),
            "remote": _text("an https address the manifest can be fetched at; written into the film's XMP"),
            "training_mining": _pick("may others train on it", "notAllowed", "constrained", "allowed"),
            "disclosure": Part("disclosure", "the AI disclosure"),
            "prompts": _pick("whether prompts are told in full, or proven by digest", "digest", "include"),
            "xmp": Knob("IPTC's fields in MP4s with generated parts, as XMP", "switch"),
            "aigc": Part("aigc", "the AIGC label of GB 45438, where China's rules ask for it"),
            "watermark": Part("watermark", "credentials that can be found again when the file has lost them"),
        },
        renamed={"durable": "watermark"},
    ),
    "watermark": Form(
        "Durable credentials",
        {
            "mark": Knob("whether an invisible mark carries an identifier", "switch"),
            "identifier": _text("8 hex digits; or auto: of `name` and this user's own key"),
            "name": _text("what auto is made of; the job's title where not given"),
            "registry": _text("register what is signed: true for this user's own registry, or a folder"),
            "iscc": Knob("whether films are registered with their ISCC as well", "switch"),
        },
        stages=("watermark",),
    ),
    "aigc": Form(
        "The AIGC label, as GB 45438-2025 (Annex E) has it",
        {
            "label": _pick("1 generated, 2 possibly, 3 suspected", "1", "2", "3"),
            "producer": _text("the service provider who made it, by code or name"),
            "produce_id": _text("its number with the producer; made from the plan where not given"),
            "reserved1": _text("ReservedCode1, such as the producer's own signature"),
            "propagator": _text("who passes it on; the producer where clips carry a label already"),
            "propagate_id": _text("its number with who passes it on"),
            "reserved2": _text("ReservedCode2"),
        },
        required=("producer",),
    ),
    "disclosure": Form(
        "The AI disclosure, as C2PA's c2pa.ai-disclosure has it",
        {
            "model_name": _text("the generator"),
            "model_type": _text("its kind, such as c2pa.types.model"),
            "human_oversight": _text("who decided what is shown, and how"),
        },
    ),
}
