"""Renders a report as one page that a compliance reviewer can read, keep and print.

The page asks the network for nothing and runs no script: its content security policy says so to the
browser. All text from the file is escaped. The page gives no overall verdict, because there is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from post.errors import SourceError
from post.values.sights.label import LabelSight
from provenance.formats.media_type import BMFF_FILMS
from provenance.formats.sample_table import read_tracks
from provenance.html import render_html
from provenance.report import Report
from provenance.verify.reviewer import wording
from provenance.verify.reviewer.declared import DeclaredAction, label_span, list_actions
from provenance.verify.reviewer.manifest_tree import TreeLine, list_tree
from provenance.verify.reviewer.plain_words import code_words, relationship_words
from provenance.verify.reviewer.summary import Summary, summarise_for_people
from provenance.verify.steps import Verified

_TOOLS = ("answerprint", "c2pa-python", "cryptography", "encypher-c2pa")
_POSTER = re.compile(r"data:image/(webp|png|jpeg);base64,[A-Za-z0-9+/=]+")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer. means: what the answer means; how: what was checked."""

    question: str
    answer: str
    mood: wording.Mood
    means: str
    how: str


@dataclass(frozen=True, slots=True)
class Poster:
    """A picture of the file. uri: `data:image/...`; width, height: in pixels; at: the seconds of a film's frame."""

    uri: str
    width: int
    height: int
    at: float | None


@dataclass(frozen=True, slots=True)
class LabelEvidence:
    """What was seen of labels in the picture. still: a frame with a box round the label; None where none is seen."""

    sight: LabelSight
    still: Poster | None

    @property
    def searched(self) -> bool:
        """Whether the picture could be searched."""
        return not self.sight.fault


@dataclass(frozen=True, slots=True)
class Stretch:
    """A changed stretch on the time bar. start, width: in percent of the film; text: in seconds."""

    start: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class CredentialsPage:
    """Everything the template shows. more: the rubrics and the second opinion, as in the JSON; labelled: where in the
    film its signer says that a label is shown, in words, or ""; labelled_here: whether the poster is of that time;
    label: what was seen of labels in the picture, None where no policy asked."""

    report: Report
    name: str
    summary: Summary
    poster: Poster | None
    labelled: str
    labelled_here: bool
    rows: tuple[AnswerRow, ...]
    tree: tuple[TreeLine, ...]
    actions: tuple[DeclaredAction, ...]
    stretches: tuple[Stretch, ...]
    length_s: float
    tools: tuple[tuple[str, str], ...]
    more: Mapping[str, Any]
    label: LabelEvidence | None = None

    code_words = staticmethod(code_words)
    relationship_words = staticmethod(relationship_words)


def render_page(
    verified: Verified,
    more: Mapping[str, Any] | None = None,
    poster: Poster | None = None,
    label: LabelEvidence | None = None,
) -> str:
    """Returns the page as HTML. more: what else was asked for ("rubrics", "second"), as in the JSON; poster: a
    picture of the file, None for none; label: what was seen of labels in the picture. Raises ValueError for a poster
    that is no picture in itself."""
    if label and label.still:
        label = replace(label, still=safe_poster(label.still))
    page = _page(verified, more or {}, safe_poster(poster) if poster else None, label)
    return render_html("provenance.verify.reviewer", page)


def safe_poster(poster: Poster) -> Poster:
    """Returns a poster that a page can show as it is. Raises ValueError for one that is no picture in itself."""
    if not _POSTER.fullmatch(poster.uri):
        raise ValueError("a poster is a picture of base64 data")
    # Letters of base64 look like a secret: they are shown as they are, having been checked.
    return replace(poster, uri=Markup(poster.uri))


def poster_time(verified: Verified) -> float:
    """Returns the seconds of the film that a poster is taken at: the middle of the declared label, or of the film."""
    manifests = verified.reading.manifests
    length_s = _length_s(Path(verified.report.file.path), verified.reading.media_type)
    start, end = (label_span(manifests[0]) if manifests else None) or (0.0, length_s)
    return (start + min(end, max(start, length_s))) / 2


def _labelled(manifests: Sequence[Mapping[str, Any]]) -> str:
    span = label_span(manifests[0]) if manifests else None
    if span is None:
        return ""
    start, end = span
    if (start, end) == (0.0, math.inf):
        return "in all of it"
    return f"from {start:.2f} s to {'the end' if end == math.inf else f'{end:.2f} s'}"


def _is_labelled_at(manifests: Sequence[Mapping[str, Any]], poster: Poster | None) -> bool:
    """Whether a poster is of a time at which the signer says that a label is shown. A still is of all times."""
    span = label_span(manifests[0]) if manifests else None
    if span is None or poster is None:
        return False
    return poster.at is None or span[0] <= poster.at < span[1]


def _page(
    verified: Verified, more: Mapping[str, Any], poster: Poster | None, label: LabelEvidence | None
) -> CredentialsPage:
    report, manifests = verified.report, verified.reading.manifests
    length_s = _length_s(Path(report.file.path), verified.reading.media_type)
    return CredentialsPage(
        report,
        Path(report.file.path).name,
        summarise_for_people(
            report, verified.reading.media_type, searched=label is not None and label.searched
        ),
        poster,
        _labelled(manifests),
        _is_labelled_at(manifests, poster),
        tuple(answer_rows(report)),
        list_tree(manifests, report.manifests) if report.manifests else (),
        list_actions(manifests[0]) if manifests else (),
        tuple(_stretches(report, length_s)),
        length_s,
        tuple((name, _version(name)) for name in _TOOLS),
        {"rubrics": (), "second": None, **more},
        label,
    )


def answer_rows(report: Report) -> Iterator[AnswerRow]:
    """Yields each question that a report answers, in the order of the page."""
    plain = report.plain()
    for name, question in wording.QUESTIONS.items():
        state = question.state(report)
        row = question.states.get(state, wording.NO_WORDING)
        yield AnswerRow(name, question.answer(plain, state), row.mood, row.text, question.how)


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
