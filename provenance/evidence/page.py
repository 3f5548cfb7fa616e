"""Renders an evidence report as one page that opens from a disk, connects to nothing, and checks the film itself.

The page runs one script, named by its hash in the content security policy: c2pa-web, and what shows its results. It may
compile WebAssembly (CSP 3, 'wasm-unsafe-eval'), start a worker, and play a film from bytes that it has. It may connect
to nothing.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from provenance.evidence.blocks import (
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
)
from provenance.evidence.report import EvidenceReport
from provenance.evidence.verifier import link_script, read_wasm
from provenance.html import house_style, render_html
from provenance.trust.lists import Anchors
from provenance.verify.reviewer.page import Poster, safe_poster

_KINDS: dict[type, str] = {
    EvidenceHeading: "heading", EvidenceWords: "words", EvidenceFacts: "facts", EvidenceTable: "table",
    EvidenceCommand: "command",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmbeddedFilm:
    """What the page plays. data: a file's bytes; media_type: of them; is_copy: they are a small copy, and the film
    itself is not in the page."""

    data: bytes
    media_type: str
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What the template shows: the report, and the parts of the page as markup."""

    report: EvidenceReport
    policy: Markup
    style: Markup
    script: Markup
    facts: Markup
    film: Markup
    wasm: Markup
    film_kind: str
    poster: Poster | None

    @property
    def sections(self) -> Sequence[EvidenceSection]:
        """The sections, in order."""
        return self.report.sections

    @property
    def is_picture(self) -> bool:
        """Whether the file is a still picture, which no player plays."""
        return self.report.media_type.startswith("image/")

    @staticmethod
    def kind(block: object) -> str:
        """Returns which macro shows a block."""
        return _KINDS[type(block)]

    @staticmethod
    def picture(cell: EvidenceCell) -> Poster | None:
        """Returns a cell's picture as the page can show it."""
        return safe_poster(cell.picture) if cell.picture else None


def render_evidence(report: EvidenceReport, film: EmbeddedFilm | None = None) -> str:
    """Returns the page as HTML. film: what it plays and checks; without one, and with a copy, the page asks for the
    film's file."""
    style, script = house_style() + _read("page.css"), link_script() + _read("page.js")
    kind = "none" if film is None else "copy" if film.is_copy else "film"
    facts = {
        "name": report.name,
        "sha256": report.file.sha256,
        "bytes": report.file.bytes,
        "type": report.media_type,
        "film": kind,
        "filmType": film.media_type if film else "",
        "signers": _pem(report.anchors, "signer"),
        "all": _pem(report.anchors, "signer", "tsa"),
        "others": _pem([each for each in report.anchors if each.kind != "development"], "signer"),
    }
    page = EvidencePage(
        report,
        _policy(script, style),
        Markup(style),
        Markup(script),
        Markup(json.dumps(facts).replace("<", "\\u003c")),
        _base64(film.data if film else b""),
        _base64(read_wasm()),
        kind,
        safe_poster(report.poster) if report.poster else None,
    )
    return render_html("provenance.evidence", page)


def _policy(script: str, style: str) -> Markup:
    """Returns the page's content security policy: what is not named here, the browser refuses."""
    return Markup(
        f"default-src 'none'; script-src {_hash(script)} 'wasm-unsafe-eval'; worker-src blob:; "
        f"style-src {_hash(style)}; img-src data:; media-src blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def _read(name: str) -> str:
    return files("provenance.evidence").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _base64(data: bytes) -> Markup:
    return Markup(b64encode(data).decode("ascii"))


def _pem(anchors: Sequence[Anchors], *roles: str) -> str:
    return "\n".join(each.pem.strip() for each in anchors if each.role in roles)
