"""Checks an SVG before it is drawn: what it may hold, and that it is drawn as a browser shows it.

Refused by name: what moves (SMIL and CSS animation), scripts, HTML inside it, references to anything outside the file,
rules of CSS that are not drawn, and text whose font is not given. Size, depth and numbers are bounded.
Sources: SVG 1.1 (Second Edition) and 2; CSS Fonts 4 for `font-family`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from post.errors import SourceError
from post.printable import printable
from post.takes.stills.still_file import open_frames

MOST_BYTES, MOST_ELEMENTS, DEEPEST = 16 << 20, 100_000, 256
MOST_ENTITIES, LONGEST_ENTITY = 64, 256  # Illustrator declares its namespaces as entities
MOST_PICTURES = 64
NAMESPACES = ("http://www.w3.org/2000/svg", "")
MOVING = frozenset(("animate", "animateTransform", "animateMotion", "animateColor", "set", "discard"))
ACTIVE = frozenset(("script", "handler", "listener"))
FOREIGN = frozenset(("foreignObject", "iframe", "video", "audio", "canvas", "object", "embed"))
PICTURES = ("PNG", "JPEG", "GIF", "WEBP")
UNITS: dict[str, Fraction] = {
    "": Fraction(1), "px": Fraction(1), "pt": Fraction(4, 3), "pc": Fraction(16), "in": Fraction(96),
    "cm": Fraction(9600, 254), "mm": Fraction(960, 254),
}  # fmt: skip
GENERIC = frozenset(
    ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit", "initial")
)
_LENGTH = re.compile(r"\s*\+?(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(px|pt|pc|in|cm|mm|)\s*\Z")
_NUMBER = r"\s*,?\s*([+-]?(?:\d{1,9}(?:\.\d{0,18})?|\.\d{1,18}))"
_BOX = re.compile(rf"{_NUMBER}{_NUMBER}{_NUMBER}{_NUMBER}\s*\Z")
_ROOT_TAG = re.compile(r"""(<[^\s/>]+)((?:[^"'>]|"[^"]*"|'[^']*')*?)(?=/?>)""")
_SIZES = re.compile(r"""(?<=[\s"'])(?:width|height|viewBox|x|y)\s*=\s*(?:"[^"]*"|'[^']*')""")
_URL = re.compile(r"url\(\s*[\"']?\s*([^\"')]*)", re.IGNORECASE)
_RULE = re.compile(r"@(?!charset|namespace)[a-zA-Z-]+")
_COMPUTED = re.compile(r"\b(var|calc|env|attr|min|max|clamp)\(", re.IGNORECASE)
_FAMILY = re.compile(r"(?<![\w-])font-family\s*:\s*([^;}]*)", re.IGNORECASE)
_SHORTHAND = re.compile(r"(?<![\w-])font\s*:", re.IGNORECASE)
_COMMENT = re.compile(
    r"/\*.*?(\*/|\Z)", re.DOTALL
)  # one that is never closed is read once, not from each "/*"


@dataclass(slots=True)
class SvgFacts:
    """What an SVG says of itself.

    shape: width over height; text: all letters that it shows; families: each list of families that it names, as
    written; root: where its root's tag begins, in bytes of UTF-8; view_box: of its root, made from its size where it
    has none.
    """

    shape: Fraction = Fraction(1)
    text: str = ""
    families: list[str] = field(default_factory=list)
    root: int = 0
    view_box: str = ""


class _Checker:
    def __init__(self, name: str) -> None:
        self.name, self.facts = name, SvgFacts()
        self.count = self.entities = self.pictures = 0
        self.open: list[str] = []
        self.style = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.EntityDeclHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction

    def refuse(self, what: str, got: str, fix: str, expected: str = "") -> SourceError:
        where = f"{self.name}:{self.parser.CurrentLineNumber}"
        return SourceError(what, where=where, expected=expected, got=printable(got), fix=fix)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            bound = f"up to {MOST_ELEMENTS} elements, {DEEPEST} within each other"
            raise self.refuse("too large an SVG", f"{self.count} elements", "simplify it", bound)
        space, _, local = tag.rpartition(" ")
        if not self.open:
            self.root(space, local, attributes)
        self.open.append(local)
        if space not in NAMESPACES:
            return  # an editor's own notes, which no renderer draws
        self.element(local)
        for key, value in attributes.items():
            self.attribute(local, key.rpartition(" ")[2], value)

    def root(self, space: str, local: str, attributes: dict[str, str]) -> None:
        if local != "svg" or space not in NAMESPACES:
            raise self.refuse("not an SVG", f"<{local}>", "export it again as SVG", "<svg>")
        self.facts.root = self.parser.CurrentByteIndex
        self.facts.shape = self.shape(attributes)

    def shape(self, attributes: dict[str, str]) -> Fraction:
        wide, high = (_length(attributes.get(key, "")) for key in ("width", "height"))
        box = _BOX.match(attributes.get("viewBox", ""))
        if (not wide or not high) and box:
            wide, high = (Fraction(part).limit_denominator(10**6) for part in box.groups()[2:])
        if wide <= 0 or high <= 0:
            fix = "export it with a viewBox, or with width and height"
            raise self.refuse("says no size", f"viewBox {attributes.get('viewBox', 'missing')}", fix)
        # Written anew of what was read: what else stands in the attribute never reaches the renderer.
        self.facts.view_box = " ".join(box.groups()) if box else f"0 0 {float(wide):g} {float(high):g}"
        return wide / high

    def element(self, local: str) -> None:
        if local in MOVING:
            raise self.refuse(
                "moves, which is not drawn of an SVG", f"<{local}>", "export it as Lottie or as a clip"
            )
        if local in ACTIVE:
            raise self.refuse("holds a script", f"<{local}>", "export it without scripts")
        if local in FOREIGN:
            raise self.refuse("holds what is no SVG", f"<{local}>", "convert it to paths or text of SVG")

    def attribute(self, local: str, key: str, value: str) -> None:
        if key.startswith("on") and value.strip():
            raise self.refuse("holds a script", f"{key} of <{local}>", "export it without scripts")
        if key in ("href", "src") and local not in ("a", "svg"):
            self.reference(local, value.strip())
        if key == "font-family":
            self.facts.families.append(value)
        if key == "style":
            self.css(value)
        else:
            self.urls(value)

    def reference(self, local: str, value: str) -> None:
        if value.startswith("#") or not value:
            return
        if not value.startswith("data:"):
            fix = "embed the picture, or convert it to paths"
            raise self.refuse("refers to another file", f"{value[:80]} of <{local}>", fix)
        self.embedded(local, value)

    def embedded(self, local: str, value: str) -> None:
        self.pictures += 1
        if self.pictures > MOST_PICTURES:
            raise self.refuse(
                "holds too many pictures", str(self.pictures), "flatten them", f"up to {MOST_PICTURES}"
            )
        head, _, data = value.partition(",")
        try:
            raw = base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)
            with open_frames(BytesIO(raw), self.name, PICTURES):
                return
        except (OSError, SyntaxError, ValueError, binascii.Error) as fault:
            got = f"{head[:40]} of <{local}>: {fault}"
            raise self.refuse(
                "embeds a picture that cannot be read", got, "embed it as PNG or JPEG"
            ) from fault

    def urls(self, value: str) -> None:
        for target in _URL.findall(value):
            if not target.strip().startswith("#"):
                raise self.refuse(
                    "refers to another file", f"url({target[:80]})", "embed it, or leave it out"
                )

    def css(self, text: str) -> None:
        if any(not found[1] for found in _COMMENT.finditer(text)):
            raise self.refuse("has a comment of CSS that is not closed", "/*", "close it, or leave it out")
        plain = _COMMENT.sub(" ", text)
        if found := _RULE.search(plain):
            raise self.refuse(
                "has a rule of CSS that is not drawn", found[0], "export it with plain attributes"
            )
        if found := _COMPUTED.search(plain):
            raise self.refuse("has a computed value of CSS", found[0] + ")", "export it with plain values")
        if _SHORTHAND.search(plain):
            raise self.refuse("has the shorthand `font` of CSS", "font:", "write font-family and font-size")
        self.facts.families += _FAMILY.findall(plain)
        self.urls(plain)

    def end(self, _: str) -> None:
        if self.open.pop() == "style":
            self.css(self.style)
            self.style = ""

    def data(self, text: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += text
        elif "text" in self.open and text.strip():
            self.facts.text += text

    def entity(self, name: str, is_parameter: int, value: str | None, *_: object) -> None:
        self.entities += 1
        plain = value is not None and len(value) <= LONGEST_ENTITY and "&" not in value and "<" not in value
        if is_parameter or not plain or self.entities > MOST_ENTITIES:
            raise self.refuse("declares an entity that is no short text", name, "save it again as plain SVG")

    def instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet":
            raise self.refuse("refers to another file", f"{target} {data[:80]}", "put its rules into <style>")


def check_svg(data: bytes, name: str) -> tuple[str, SvgFacts]:
    """Returns an SVG's text and what it says of itself. name: the file's, for errors, which name its line.

    Raises SourceError where it is not well-formed, or holds what is refused here.
    """
    if len(data) > MOST_BYTES:
        raise SourceError(
            "too large an SVG", where=name, expected=f"up to {MOST_BYTES >> 20} MB", got=f"{len(data) >> 20} MB",
            fix="simplify it, or export it as PNG",
        )  # fmt: skip
    checker = _Checker(name)
    try:
        # Both readers, this one and the renderer's, get one text: what a file says of its encoding is not used.
        text = data.decode("utf-8-sig")
        checker.parser.Parse(text, True)
    except expat.ExpatError as fault:
        raise SourceError(
            "not well-formed SVG", where=f"{name}:{fault.lineno}", got=expat.ErrorString(fault.code),
            fix="export it again",
        ) from fault  # fmt: skip
    except ValueError as fault:
        raise SourceError(
            "not an SVG", where=name, got=printable(str(fault)), fix="save it in UTF-8"
        ) from fault
    return text, checker.facts


def sized_svg(text: str, facts: SvgFacts, width: int, height: int) -> str:
    """Returns a checked SVG whose own size is so many pixels, so that it is drawn whole, in the middle of that box.

    By its own size it would be drawn up to a pixel smaller than the box, in its corner.
    """
    data = text.encode()
    before, rest = data[: facts.root].decode(), data[facts.root :].decode()
    found = _ROOT_TAG.match(rest)
    assert found is not None  # expat found it
    kept = _SIZES.sub("", found[2])
    tag = f'{found[1]} width="{width}" height="{height}" viewBox="{facts.view_box}"{kept}'
    return f"{before}{tag}{rest[found.end() :]}"


def named_families(written: str) -> list[str]:
    """Returns the families of a `font-family` list, lower case, without generic ones."""
    names = (
        part.strip().strip("\"'").strip().casefold() for part in written.replace("!important", "").split(",")
    )
    return [name for name in names if name and name not in GENERIC]


def _length(text: str) -> Fraction:
    """Returns a length of SVG in pixels; 0 for a share of what surrounds it, or nothing."""
    found = _LENGTH.match(text)
    return Fraction(found[1]) * UNITS[found[2]] if found else Fraction(0)
