"""Reads what a film is compared with, out of the file that declares its facts.

claims: claims.yaml              # or a list of claims; see `claims.py`
brand:                           # or a file that holds these keys
  colours: {accent: "#ffc400"}
  logos: [{id: logo, file: logo.svg}, {id: logo-2019, file: old.svg, retired: true}]
  look: {light: 0.62, contrast: 0.41, colourfulness: 0.05, hues: [0.004, 0.02]}     # Oklab
marks:                           # that generators put on takes; an empty list says that there are none
  - {id: veo, take: dog.mp4, frame: 12, box: [1700, 1000, 1880, 1060], shown: [{from: 0, to: 2.5}]}
speech: [Winter is here.]        # what is said, for a person to compare
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from post.atomic import checksum, real_path
from post.values.brand.guide import BrandGuide, LogoFile, LookTarget, VendorMark
from post.values.media import File
from presets.places import path_in
from presets.yaml_nodes import Node, Written, read
from provenance.policy.document.claims import ApprovedText, load_claims, read_claims
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.references import References

KEYS = ("claims", "brand", "marks", "speech")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_DECIMAL = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,12})?")


def read_references(fields: FieldReader, root: Node) -> References:
    """Returns what the keys of KEYS hold. Faults are kept by the reader.

    Raises JobError where a file that they name is missing or no YAML file, Problems for the faults in a file of claims.
    """
    keys = root.mapping
    marks = tuple(_mark(fields, item, place) for item, place in fields.items(keys.get("marks"), "marks"))
    return References(
        _claims(fields, keys.get("claims")),
        read_brand(fields, keys.get("brand")),
        marks if "marks" in keys else None,
        fields.texts(keys.get("speech"), "speech"),
    )


def _claims(fields: FieldReader, node: Node | None) -> tuple[ApprovedText, ...] | None:
    if node is None:
        return None
    if isinstance(node.value, tuple):
        return read_claims(fields, node)
    named = fields.text(node, "claims")
    return load_claims(_beside(node, named)) if named else None


def read_brand(fields: FieldReader, node: Node | None, place: str = "brand") -> BrandGuide | None:
    """Returns what a brand fixes, as its keys or a file of them say; None without any. place: of the node, dotted.

    Faults are kept by the reader. Raises JobError where a file that it names is missing or no YAML file.
    """
    if node is None:
        return None
    if not isinstance(node.value, dict):
        named = fields.text(node, place)
        if not named:
            return None
        path = _beside(node, named)
        node = read(Written(real_path(path), str(path)))
    keys = fields.keys(node, place, (), ("colours", "logos", "look"))
    colours = fields.keys(keys.get("colours"), f"{place}.colours")
    logos = fields.items(keys.get("logos"), f"{place}.logos")
    return BrandGuide(
        tuple((name, _colour(fields, item, f"{place}.colours.{name}")) for name, item in colours.items()),
        tuple(_logo(fields, item, spot) for item, spot in logos),
        _look(fields, keys.get("look"), f"{place}.look"),
    )


def _colour(fields: FieldReader, node: Node, place: str) -> str:
    written = fields.text(node, place)
    if written and not _HEX.fullmatch(written):
        fields.say("not a colour", node, place, expected='"#rrggbb"', got=written)
        return "#000000"
    return written or "#000000"


def _logo(fields: FieldReader, node: Node, place: str) -> LogoFile:
    keys = fields.keys(node, place, ("id", "file"), ("retired",))
    name = fields.text(keys.get("id"), f"{place}.id")
    retired = fields.switch(keys.get("retired"), f"{place}.retired")
    return LogoFile(name, _file(fields, keys.get("file"), f"{place}.file"), retired)


def _look(fields: FieldReader, node: Node | None, place: str) -> LookTarget | None:
    if node is None:
        return None
    needed = ("light", "contrast", "colourfulness", "hues")
    keys = fields.keys(node, place, needed, ())
    light, contrast, colourfulness = (_decimal(fields, keys.get(key), f"{place}.{key}") for key in needed[:3])
    hues = [_decimal(fields, item, spot) for item, spot in fields.items(keys.get("hues"), f"{place}.hues")]
    if len(hues) != 2:
        fields.say("not two numbers", node, f"{place}.hues", expected="Oklab a and b", got=len(hues))
        hues = [0.0, 0.0]
    return LookTarget(light, contrast, colourfulness, (hues[0], hues[1]))


def _mark(fields: FieldReader, node: Node, place: str) -> VendorMark:
    keys = fields.keys(node, place, ("id", "take", "frame", "box", "shown"), ())
    box = [fields.whole(item, spot) for item, spot in fields.items(keys.get("box"), f"{place}.box")]
    if len(box) != 4 or box[0] >= box[2] or box[1] >= box[3]:
        fields.say("not a box", node, f"{place}.box", expected="left, top, right, bottom in pixels", got=box)
        box = [0, 0, 1, 1]
    frame = keys.get("frame")
    return VendorMark(
        fields.text(keys.get("id"), f"{place}.id"),
        _file(fields, keys.get("take"), f"{place}.take"),
        fields.whole(frame, f"{place}.frame") if frame else 0,
        (box[0], box[1], box[2], box[3]),
        tuple(
            _stretch(fields, item, spot) for item, spot in fields.items(keys.get("shown"), f"{place}.shown")
        ),
    )


def _stretch(fields: FieldReader, node: Node, place: str) -> tuple[Fraction, Fraction]:
    keys = fields.keys(node, place, ("from", "to"), ())
    start, end = (
        fields.number(keys[key], f"{place}.{key}") if key in keys else Fraction(0) for key in ("from", "to")
    )
    return start, max(start, end)


def _decimal(fields: FieldReader, node: Node | None, place: str) -> float:
    written = fields.text(node, place)
    if node is not None and not _DECIMAL.fullmatch(written):
        fields.say("not a number", node, place, expected="such as 0.62", got=written)
        return 0.0
    return float(written or 0)


def _file(fields: FieldReader, node: Node | None, place: str) -> File:
    """Returns a file that is named beside the file that names it. Raises JobError where it cannot be read."""
    named = fields.text(node, place)
    if node is None or not named:
        return File("0" * 64)
    path = _beside(node, named)
    if not path.is_file():
        fields.say("no file", node, place, got=named)
        return File("0" * 64)
    return File(checksum(path).sha256, path.name, path)


def _beside(node: Node, named: str) -> Path:
    return real_path(path_in(node.file.path.parent, named))
