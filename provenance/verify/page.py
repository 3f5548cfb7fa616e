"""Renders a report as one page that a compliance reviewer can read, keep and print.

The page asks the network for nothing and runs no script: its content security policy says so to the
browser. All text from the file is escaped. The page gives no overall verdict, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from post.errors import SourceError
from provenance.crjson.ingredients import read_ingredient_links
from provenance.crjson.manifest import ManifestView, as_list, as_mapping
from provenance.formats.media_type import BMFF_FILMS
from provenance.formats.sample_table import read_tracks
from provenance.html import render_html
from provenance.report import Report
from provenance.verify import wording
from provenance.verify.manifest_tree import TreeLine, list_tree
from provenance.verify.steps import Verified

_TOOLS = ("answerprint", "c2pa-python", "cryptography", "encypher-c2pa")
_MAX_ACTIONS = 300
_MAX_CHARACTERS = 400
_NAMED_APART = ("ingredients", "ingredientIds")  # shown by their titles


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer. means: what the answer means; how: what was checked."""

    question: str
    answer: str
    mood: wording.Mood
    means: str
    how: str


@dataclass(frozen=True, slots=True)
class DeclaredAction:
    """One action as the signer declares it. when: seconds of the film, or a date, or ""."""

    name: str
    when: str
    source_type: str
    details: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A changed stretch on the time bar. start, width: in percent of the film; text: in seconds."""

    start: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class CredentialsPage:
    """Everything the template shows. more: the rubrics and the second opinion, as in the JSON."""

    report: Report
    name: str
    rows: tuple[AnswerRow, ...]
    tree: tuple[TreeLine, ...]
    actions: tuple[DeclaredAction, ...]
    stretches: tuple[Stretch, ...]
    length_s: float
    tools: tuple[tuple[str, str], ...]
    more: Mapping[str, Any]


def render_page(verified: Verified, more: Mapping[str, Any] | None = None) -> str:
    """Returns the page as HTML. more: what else was asked for ("rubrics", "second"), as in the JSON."""
    return render_html("provenance.verify", _page(verified, more or {}))


def _page(verified: Verified, more: Mapping[str, Any]) -> CredentialsPage:
    report, manifests = verified.report, verified.reading.manifests
    length_s = _length_s(Path(report.file.path), verified.reading.media_type)
    return CredentialsPage(
        report,
        Path(report.file.path).name,
        tuple(_rows(report)),
        list_tree(manifests, report.manifests) if report.manifests else (),
        tuple(_actions(manifests[0]))[:_MAX_ACTIONS] if manifests else (),
        tuple(_stretches(report, length_s)),
        length_s,
        tuple((name, _version(name)) for name in _TOOLS),
        {"rubrics": (), "second": None, **more},
    )


def _rows(report: Report) -> Iterator[AnswerRow]:
    plain = report.plain()
    for name, question in wording.QUESTIONS.items():
        state = question.state(report)
        row = question.states.get(state, wording.NO_WORDING)
        yield AnswerRow(name, question.answer(plain, state), row.mood, row.text, question.how)


def _actions(manifest: Mapping[str, Any]) -> Iterator[DeclaredAction]:
    titles = {link.label: link.title for link in read_ingredient_links([manifest])}
    for action in ManifestView(manifest).actions:
        parameters = as_mapping(action.get("parameters"))
        details = [str(action["description"])] if action.get("description") else []
        details += [titles[label] for label in _ingredient_labels(parameters) if titles.get(label)]
        details += [f"{key}: {value}" for key, value in parameters.items() if key not in _NAMED_APART]
        yield DeclaredAction(
            str(action.get("action", "")),
            "; ".join(_when(action)),
            str(action.get("digitalSourceType", "")).rpartition("/")[2],
            _shortened("; ".join(details)),
        )


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]} …"


def _ingredient_labels(parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yields the labels of the ingredients an action is about."""
    for each in as_list(parameters.get("ingredients")):
        if isinstance(each, Mapping):
            yield str(each.get("url", "")).rpartition("/")[2]


def _when(action: Mapping[str, Any]) -> Iterator[str]:
    """Yields where in the film an action was done (18.15.4.6: temporal regions), and on which date."""
    for change in map(as_mapping, as_list(action.get("changes"))):
        for region in map(as_mapping, as_list(change.get("region"))):
            time = region.get("time")
            if isinstance(time, Mapping):
                yield f"{time.get('start', '0')} s to {time.get('end', 'the end')} s"
    if action.get("when"):
        yield str(action["when"])


def _stretches(report: Report, length_s: float) -> Iterator[Stretch]:
    for start, stop in report.tampered_at if length_s > 0 else ():
        left = min(100.0, 100 * start / length_s)
        width = max(0.4, min(100 - left, 100 * (stop - start) / length_s))
        yield Stretch(round(left, 3), round(width, 3), f"{start:.2f} s to {stop:.2f} s")


def _length_s(path: Path, media_type: str) -> float:
    """Returns a film's length in seconds; 0 where it cannot be read."""
    if media_type not in BMFF_FILMS:
        return 0.0
    try:
        with path.open("rb") as source:
            ends = [float(track.last_s.max()) for track in read_tracks(source) if len(track.last_s)]
            return max(ends, default=0.0)
    except (OSError, SourceError):
        return 0.0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
