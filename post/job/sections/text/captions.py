"""Reads the caption files of a job, and what is to be made of each."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from pathlib import Path

from post.captions.model import CaptionTrack
from post.captions.read import read_captions
from post.errors import AnswerprintError, JobError, Problems, unknown
from post.job.diagnostics import Diagnostics
from post.job.model import CaptionFile
from post.job.rates import RATES, read_rate
from post.job.reader import Section
from post.job.sections.entries import FILE_LETTERS, FILE_NAME, NO_FILE_NAME, EntryIds
from post.picture.captions.caption import CaptionLayer
from post.picture.type.itemise import check_language
from presets import Node, merge

FILM = "film"
BROADCAST = "broadcast"
NO_LANGUAGE = "not a language"
_TAG = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\Z")


def read_caption_files(
    diagnostics: Diagnostics, job: Section, films: Collection[str], takes: Collection[str]
) -> tuple[CaptionFile, ...]:
    """Returns the job's caption files, read. films: the names of its deliverables; takes: those of its takes."""
    read, ids = [], EntryIds()
    for node, place in job.items("captions"):
        section = Section(diagnostics, "caption", _styled(diagnostics, node, place), place)
        own = _id(section, ids)
        named, style = section.node.mapping.get("file"), section.stage(CaptionLayer)
        path = diagnostics.source(named, section.spot("file")) if named is not None else None
        track = _track(section, path) if path is not None and named is not None else None
        burn, muxed = section.switch("burn"), section.switch("track")
        sidecars = _words(section, "sidecar", "format")
        on = section.text("on") or FILM
        if on not in (FILM, *takes):
            diagnostics.report(
                unknown(on, [FILM, *takes], "", "take"), node.mapping.get("on", node), section.spot("on")
            )
        deliver = _words(section, "deliver", "name")
        for name in deliver:
            if name not in films:
                wrong = unknown(name, films, "", "deliverable")
                diagnostics.report(wrong, node.mapping["deliver"], section.spot("deliver"))
        if isinstance(node.value, dict) and not (burn or muxed or sidecars):
            fix = "write `burn: true`, `sidecar: vtt` or `track: true`"
            diagnostics.say("captions that nothing is made of", node, place, fix=fix)
        language = _language(section, track)
        if path is not None and track is not None and style is not None:
            on = "" if on == FILM else on
            read.append(
                CaptionFile(
                    path,
                    track,
                    style,
                    node.where,
                    language,
                    burn,
                    sidecars,
                    muxed,
                    deliver,
                    on,
                    own,
                )
            )
    return tuple(read)


def _styled(diagnostics: Diagnostics, node: Node, place: str) -> Node:
    """Returns an entry laid over the style that it names."""
    if not isinstance(node.value, dict):
        return node
    named = node.mapping.get("style")
    word = named or Node(BROADCAST, node.line, node.file)
    style = diagnostics.preset("caption", word, f"{place}.style")
    return node if style is None else merge(style, node)


def _track(section: Section, path: Path) -> CaptionTrack | None:
    """Returns what a caption file says; None, with its faults, where it cannot be read."""
    diagnostics, node = section.diagnostics, section.node.mapping["file"]
    try:
        return read_captions(path, section.text("format"), _rate(section), encoding=section.text("encoding"))
    except Problems as many:
        for fault in many.faults:
            diagnostics.keep(fault)
    except AnswerprintError as fault:
        diagnostics.keep(fault) if fault.where else diagnostics.report(fault, node, section.spot("file"))
    return None


def _rate(section: Section) -> Fraction | None:
    node = section.node.mapping.get("rate")
    if node is None:
        return None
    rate = read_rate(node.text)
    if rate is None:
        section.diagnostics.say("not a frame rate", node, section.spot("rate"), expected=RATES, got=node.text)
    return rate


def _id(section: Section, ids: EntryIds) -> str:
    """Returns an entry's id, which a file beside the film may be named by; "" where it has none that can be used."""
    own = ids.read(section)
    if not own or FILE_NAME.match(own):
        return own
    node, place = section.node.mapping["id"], section.spot("id")
    section.diagnostics.say(NO_FILE_NAME, node, place, expected=FILE_LETTERS, got=repr(own), fix="rename it")
    return ""


def _language(section: Section, track: CaptionTrack | None) -> str:
    """Returns the language of captions: the job's word, else their file's. Files beside the film are named by it."""
    written = section.node.mapping.get("language")
    language = section.text("language") or (track.language if track else "")
    try:
        check_language(language, "")
    except JobError as fault:
        wrong: JobError | None = fault
    else:
        wrong = JobError(NO_LANGUAGE, got=repr(language)) if language and not _TAG.match(language) else None
    if wrong is None:
        return language
    if written is None:
        wrong = JobError(
            f"its file's language is {NO_LANGUAGE}", got=repr(language), fix="write `language` here"
        )
    section.diagnostics.report(wrong, written or section.node.mapping["file"], section.spot("language"))
    return ""


def _words(section: Section, key: str, of: str) -> tuple[str, ...]:
    """Returns the words under a key that takes one or a list of them, each once."""
    node = section.part(key)
    if node is None:
        return ()
    items = node.items if isinstance(node.value, tuple) else (node,)
    form, words = section.form.keys[key], []
    for number, item in enumerate(items):
        place = f"{section.spot(key)}[{number}]" if isinstance(node.value, tuple) else section.spot(key)
        own = item if isinstance(item.value, dict) else Node({of: item}, item.line, item.file)
        words.append(Section(section.diagnostics, form.form, own, place).text(of))  # type: ignore[union-attr]  # a Part
    return tuple(dict.fromkeys(word for word in words if word))
