"""Reads what a job's films are compared with: approved texts, and what their brand fixes.

claims: {file: claims.yaml, own_text: Ana Roth}
brand_guide: {colours: {accent: "#ffc400"}, logos: [{id: logo, file: logo.svg}]}
"""

from __future__ import annotations

from post.errors import JobError
from post.job.diagnostics import Diagnostics
from post.job.disclosure.files import keep_all, keep_faults
from post.job.reader import Section
from post.values.brand.guide import BrandGuide
from presets import Node
from provenance.policy.document.claims import ApprovedText, load_claims
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.given import read_brand
from provenance.policy.document.references import References


def read_compared(diagnostics: Diagnostics, job: Section) -> tuple[References, str]:
    """Returns what a job's own keys name, and who approves the words that it shows itself, "" for nobody. Faults are
    kept, those of other files with their own lines."""
    node = job.part("claims")
    named, own_text = node, ""
    if node is not None and not isinstance(node.value, str):
        section = Section(diagnostics, "claims", node, "claims")
        named, own_text = node.mapping.get("file"), section.text("own_text")
    if own_text:
        diagnostics.credit("claims.own_text", own_text, "approves the words that the job itself shows")
    texts = None if named is None else _claims(diagnostics, named)
    return References(texts, _brand(diagnostics, job.part("brand_guide"))), own_text


def _claims(diagnostics: Diagnostics, named: Node) -> tuple[ApprovedText, ...]:
    path = diagnostics.source(named, "claims")
    if path is None:
        return ()
    try:
        return load_claims(path)
    except JobError as fault:
        keep_all(diagnostics, fault)
    return ()


def _brand(diagnostics: Diagnostics, node: Node | None) -> BrandGuide | None:
    fields = FieldReader()
    try:
        found = read_brand(fields, node, "brand_guide")
    except JobError as fault:
        keep_all(diagnostics, fault)
        return None
    keep_faults(diagnostics, fields)
    return found
