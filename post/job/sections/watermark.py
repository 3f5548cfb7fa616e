"""Reads what a job says about the invisible mark and the registry."""

from __future__ import annotations

from post.atomic import real_path
from post.job.diagnostics import Diagnostics
from post.job.model import Marking, Registration
from post.job.reader import Section
from post.picture.watermark import Watermark

AUTO = "auto"
OWN, NO = ("true", "yes", "on"), ("false", "no", "off")


def read_marking(diagnostics: Diagnostics, provenance: Section) -> Marking | None:
    """Returns the mark that is asked for; None if none is, or if something is wrong with it."""
    node = provenance.part("watermark")
    if node is None:
        return None
    section = Section(diagnostics, "watermark", node, provenance.spot("watermark"))
    asked, identifier, name = section.switch("mark"), section.text("identifier", AUTO), section.text("name")
    given = (
        {} if identifier == AUTO else {"identifier": (node.mapping["identifier"], section.spot("identifier"))}
    )
    stage = section.stage(Watermark, given)
    return Marking(stage, name, node.where) if asked and stage is not None else None


def read_registration(diagnostics: Diagnostics, provenance: Section) -> Registration | None:
    """Returns the registry for signed films; None if they are not registered."""
    node = provenance.part("watermark")
    if node is None:
        return None
    section = Section(diagnostics, "watermark", node, provenance.spot("watermark"))
    asked, coded = section.text("registry"), section.switch("iscc")
    if asked.casefold() in NO or not asked:
        if coded:
            fix = "registry: true, or leave iscc out"
            diagnostics.say("an ISCC is of no use without a registry", node, section.spot("iscc"), fix=fix)
        return None
    own = asked.casefold() in OWN
    folder = None if own else real_path(node.mapping["registry"].file.path.parent / asked)
    return Registration(folder, coded, node.where)
