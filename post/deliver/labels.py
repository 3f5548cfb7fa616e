"""What a film says of having been generated, where no manifest is read: made from what went into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from post.deliver.receipt import ingredients
from post.prepare.sources import Gathered
from post.receipt import Ingredient
from post.values import Rendition, digest
from provenance.claim.actions import derive_source_type
from provenance.claim.vocabulary import is_generated
from provenance.labels import Labels, xmp
from provenance.labels.aigc import AigcLabel, from_record, merge_labels


def labels_of(gathered: Gathered, version: Rendition) -> Labels:
    """The labels of one version, as its job asks for them."""
    asked = gathered.job.provenance
    parts = [part for part in ingredients(gathered, version) if part.relationship != "inputTo"]
    # QuickTime keeps XMP within its index (XMP part 3, 1.1.5 is of MP4 alone), where nothing here writes it.
    wanted = asked.xmp and version.segments[0].encoder.container == "mp4"
    said = _iptc(parts, asked.disclosure.model_name, asked.prompts == "include") if wanted else None
    label = merge_labels(asked.aigc, _carried(parts), f"{version.name}-{digest(version)[:32]}")
    return Labels(xmp.build_packet(said) if said else b"", label.json() if label else "")


def _iptc(parts: Sequence[Ingredient], model: str, in_full: bool) -> xmp.IptcFields | None:
    """IPTC's fields; None for a film nothing of which is known to be generated."""
    source_type = parts[0].source_type if len(parts) == 1 else derive_source_type(parts)
    if not is_generated(source_type):
        return None
    made = [part for part in parts if is_generated(part.source_type)]
    prompts = "\n\n".join(_each(made, "prompt")) if in_full else ""
    return xmp.IptcFields(
        source_type,
        "; ".join(_each(made, "model", "generator")) or model,
        "; ".join(_each(made, "version")),
        prompts,
        "; ".join(_each(made, "operator")) if prompts else "",
    )


def _each(parts: Iterable[Ingredient], *fields: str) -> list[str]:
    """What is told of the first of these fields that a part has, of all parts, each thing once."""
    found = (next(_told(part, fields), "") for part in parts)
    return list(dict.fromkeys(value for value in found if value))


def _told(part: Ingredient, fields: Sequence[str]) -> Iterator[str]:
    return (value for field in fields for name, value, _ in part.record if name == field)


def _carried(parts: Iterable[Ingredient]) -> Iterator[AigcLabel]:
    return (label for part in parts if (label := from_record(part.record)))
