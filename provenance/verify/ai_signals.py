"""Reads what a file says about having been generated: its digital source type, and marks in its tags.

A mark is only a claim: anybody can write one, and a transcode drops most of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.values.claim import IPTC
from provenance.claim.vocabulary import is_generated
from provenance.crjson.ingredients import read_ingredient_links
from provenance.crjson.manifest import ManifestView
from provenance.formats.bmff import read_layout, read_payload
from provenance.formats.mp4_tags import TEXT_LIMIT, XMP_USERTYPE, read_tags
from provenance.report import AiDeclaration

_SOURCE_TYPE = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class GeneratorMark:
    """A trace that a generator leaves in a file's tags.

    keys: the tags it may stand in, case folded; matches: whether a tag's value is the mark.
    """

    name: str
    keys: tuple[str, ...]
    matches: Callable[[str], bool]


def _json_keys(text: str) -> frozenset[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(map(str, found)) if isinstance(found, dict) else frozenset()


def _is_comfy_graph(text: str) -> bool:
    """ComfyUI writes the whole graph: nodes with a class type, or a workflow with nodes and links."""
    return '"class_type"' in text or {"nodes", "links"} <= _json_keys(text)


_COMMENTS = ("©cmt", "comment")
_MARKS = (
    # GB 45438-2025, Annex E; TC260-PG-20257A, MP4: the key AIGC holding JSON with a Label.
    GeneratorMark("AIGC label (GB 45438)", ("aigc",), lambda text: "Label" in _json_keys(text)),
    GeneratorMark("Google", ("©too", "encoder"), lambda text: text.strip() == "Google"),
    GeneratorMark("ComfyUI", ("prompt", "workflow", *_COMMENTS), _is_comfy_graph),
    GeneratorMark("Kling", ("kling-ai", *_COMMENTS), lambda text: "kling-ai" in text.casefold()),
)
# The programme's own names for how a manifest begins (asset rubric "signals", 2026-08-06).
_INCEPTIONS = {
    "trainedAlgorithmicMedia": "fullyGenAIMedia",
    "compositeWithTrainedAlgorithmicMedia": "partlyGenAICreation",
    "composite": "compositionMayContainGenAI",
    "compositeCapture": "capturedMediaStitched",
    "digitalCapture": "capturedMedia",
    "computationalCapture": "capturedMedia",
    "digitalCreation": "nonGenAIDigitalCreation",
    "screenCapture": "screenCaptureMayContainGenAI",
    "empty": "blankCanvas",
}


def read_declared(manifests: Sequence[Mapping[str, Any]]) -> AiDeclaration:
    """Returns what the active manifest declares.

    Where it opened a clip, that clip's manifest gives the source type, and so on inwards.
    """
    if not manifests:
        return AiDeclaration()
    source_type = _source_type(manifests)
    code = source_type.rpartition("/")[2]
    signals = [f"c2pa: {_INCEPTIONS[code]}"] if code in _INCEPTIONS else []
    active = ManifestView(manifests[0])
    if any(is_generated(kind) for kind in _edit_source_types(active)):
        signals.append("c2pa: perceptibleGenAI")
    if "c2pa.ai-disclosure" in active.assertions:
        signals.append("c2pa.ai-disclosure")
    return AiDeclaration(source_type, tuple(signals))


def read_marks(film: Path) -> tuple[str, ...]:
    """Returns the names of the generators' marks in an MP4's tags and XMP.

    Raises SourceError where its boxes cannot be walked.
    """
    return tuple(dict.fromkeys((*_tag_marks(read_tags(film)), *_xmp_marks(film))))


def _source_type(manifests: Sequence[Mapping[str, Any]]) -> str:
    """Follows `opened` to the clip it opened. Each manifest is read once, so that a loop of parents ends."""
    views = {view.label: view for view in map(ManifestView, manifests)}
    parents = {
        link.owner: link.manifest
        for link in read_ingredient_links(manifests)
        if link.relationship == "parentOf"
    }
    label: str | None = next(iter(views))
    while label in views:
        for action in views.pop(label).actions:
            if action.get("action") == "c2pa.created":
                return str(action.get("digitalSourceType") or "").strip()
        label = parents.get(label)
    return ""


def _edit_source_types(manifest: ManifestView) -> Iterator[str]:
    for action in manifest.actions:
        if action.get("action") not in ("c2pa.created", "c2pa.opened", "c2pa.placed"):
            yield str(action.get("digitalSourceType") or "")


def _tag_marks(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    for key, value in found:
        yield from (mark.name for mark in _MARKS if key.casefold() in mark.keys and mark.matches(value))


def _xmp_marks(film: Path) -> Iterator[str]:
    """Yields IPTC's DigitalSourceType from the file's XMP (XMP part 3, 1.1.5: a uuid box)."""
    with film.open("rb") as source:
        for box in read_layout(source).boxes:
            if box.usertype != XMP_USERTYPE or box.payload_bytes > TEXT_LIMIT:
                continue
            for code in _SOURCE_TYPE.findall(read_payload(source, box, TEXT_LIMIT)):
                if is_generated(IPTC + code.decode("ascii")):
                    yield f"XMP: {code.decode('ascii')}"
