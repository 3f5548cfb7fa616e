"""Says in a film's own metadata (XMP, AIGC label) that it was generated, where no manifest is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from post.deliver.receipt import ingredients
from post.prepare.sources import JobSources
from post.receipt import Ingredient
from post.values import Rendition, digest
from provenance.claim.actions import derive_source_type
from provenance.claim.vocabulary import is_generated
from provenance.labels import Labels, xmp
from provenance.labels.aigc import AigcLabel, from_record, merge_labels


def labels_of(sources: JobSources, rendition: Rendition) -> Labels:
    """Returns the labels of one film, as its job wants them: IPTC fields in XMP, and the AIGC label of
    GB 45438-2025."""
    wanted = sources.job.provenance
    parts = [part for part in ingredients(sources, rendition) if part.relationship != "inputTo"]
    # QuickTime keeps XMP within its index (XMP part 3, 1.1.5 is of MP4 alone), where nothing here writes it.
    takes_xmp = wanted.xmp and rendition.segments[0].encoder.container == "mp4"
    iptc = _iptc(parts, wanted.disclosure.model_name, wanted.prompts == "include") if takes_xmp else None
    label = merge_labels(wanted.aigc, _incoming(parts), f"{rendition.name}-{digest(rendition)[:32]}")
    return Labels(xmp.build_packet(iptc) if iptc else b"", label.json() if label else "")


def _iptc(parts: Sequence[Ingredient], model: str, with_prompts: bool) -> xmp.IptcFields | None:
    """IPTC's fields; None for a film of which no part is known to be generated."""
    source_type = parts[0].source_type if len(parts) == 1 else derive_source_type(parts)
    if not is_generated(source_type):
        return None
    made = [part for part in parts if is_generated(part.source_type)]
    prompts = "\n\n".join(_recorded(made, "prompt")) if with_prompts else ""
    return xmp.IptcFields(
        source_type,
        "; ".join(_recorded(made, "model", "generator")) or model,
        "; ".join(_recorded(made, "version")),
        prompts,
        "; ".join(_recorded(made, "operator")) if prompts else "",
    )


def _recorded(parts: Iterable[Ingredient], *fields: str) -> list[str]:
    """Of each part, the value of the first of these fields that its record has; each value once."""
    found = (next(_values(part, fields), "") for part in parts)
    return list(dict.fromkeys(value for value in found if value))


def _values(part: Ingredient, fields: Sequence[str]) -> Iterator[str]:
    return (value for field in fields for name, value, _ in part.record if name == field)


def _incoming(parts: Iterable[Ingredient]) -> Iterator[AigcLabel]:
    """The AIGC labels that the film's parts brought with them."""
    return (label for part in parts if (label := from_record(part.record)))
