"""A report as one page that a compliance reviewer can read, keep and print.

The page asks the network for nothing and runs no script: its content security policy says so to the
browser. Whatever text a manifest brought is escaped. It names no sum of its matters, because there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from post.errors import SourceError
from provenance.crjson.ingredients import read_ingredient_links
from provenance.crjson.manifest import ManifestView
from provenance.formats.media_type import BMFF_FILMS
from provenance.formats.sample_table import read_tracks
from provenance.report import Report
from provenance.verify import wording
from provenance.verify.steps import Verified
from provenance.verify.tree import Branch, tree

_TOOLS = ("answerprint", "c2pa-python", "cryptography", "encypher-c2pa")
_MOST_ACTIONS = 300
_TEXT = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One matter: what was found, what that means, what was looked at. mood: "good", "bad" or "open"."""

    matter: str
    found: str
    mood: str
    means: str
    looked_at: str


@dataclass(frozen=True, slots=True)
class Done:
    """One action as declared. when: seconds of the film, or a date, or ""."""

    name: str
    when: str
    source_type: str
    said: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A changed stretch on the time bar, in percent of the film."""

    start: float
    width: float
    says: str


@dataclass(frozen=True, slots=True)
class Page:
    report: Report
    name: str
    rows: tuple[Row, ...]
    branches: tuple[Branch, ...]
    actions: tuple[Done, ...]
    bar: tuple[Stretch, ...]
    length_s: float
    tools: tuple[tuple[str, str], ...]
    more: Mapping[str, Any]


def render(done: Verified, more: Mapping[str, Any] | None = None) -> str:
    """The page as HTML. more: what else was asked for ("rubrics", "second"), as in the JSON."""
    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    source = files("provenance.verify").joinpath("page.html").read_text("utf-8")
    return env.from_string(source).render(page=_page(done, more or {}))


def _page(done: Verified, more: Mapping[str, Any]) -> Page:
    report, manifests = done.report, done.reading.manifests
    length = _length_s(Path(report.file.path), done.reading.media_type)
    return Page(
        report,
        Path(report.file.path).name,
        tuple(_rows(report)),
        tree(manifests, report.manifests) if report.manifests else (),
        tuple(_actions(manifests[0]))[:_MOST_ACTIONS] if manifests else (),
        tuple(_bar(report, length)),
        length,
        tuple((name, _version(name)) for name in _TOOLS),
        {"rubrics": (), "second": None, **more},
    )


def _rows(report: Report) -> Iterator[Row]:
    plain = report.plain()
    for matter, known in wording.MATTERS.items():
        state = known.state(report)
        row = known.states.get(state, wording.UNKNOWN)
        yield Row(matter, known.shown(plain, state), row.mood, row.means, known.looked_at)


def _actions(manifest: Mapping[str, Any]) -> Iterator[Done]:
    titles = {link.label: link.title for link in read_ingredient_links([manifest])}
    for action in ManifestView(manifest).actions:
        parameters = action.get("parameters")
        held = parameters if isinstance(parameters, Mapping) else {}
        said = [str(action["description"])] if action.get("description") else []
        said += [titles[label] for label in _used(held) if titles.get(label)]
        said += [
            f"{key}: {value}" for key, value in held.items() if key not in ("ingredients", "ingredientIds")
        ]
        yield Done(
            str(action.get("action", "")),
            "; ".join(_when(action)),
            str(action.get("digitalSourceType", "")).rpartition("/")[2],
            _cut("; ".join(said)),
        )


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[:_TEXT]} …"


def _used(parameters: Mapping[str, Any]) -> Iterator[str]:
    """The labels of the ingredients an action is about."""
    for each in _list(parameters.get("ingredients")):
        if isinstance(each, Mapping):
            yield str(each.get("url", "")).rpartition("/")[2]


def _when(action: Mapping[str, Any]) -> Iterator[str]:
    """Where in the film (18.15.4.6: temporal regions), else when on the calendar."""
    for change in _list(action.get("changes")):
        for region in _list(change.get("region") if isinstance(change, Mapping) else None):
            time = region.get("time") if isinstance(region, Mapping) else None
            if isinstance(time, Mapping):
                yield f"{time.get('start', '0')} s to {time.get('end', 'the end')} s"
    if action.get("when"):
        yield str(action["when"])


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _bar(report: Report, length_s: float) -> Iterator[Stretch]:
    for start, stop in report.tampered_at if length_s > 0 else ():
        left = min(100.0, 100 * start / length_s)
        width = max(0.4, min(100 - left, 100 * (stop - start) / length_s))
        yield Stretch(round(left, 3), round(width, 3), f"{start:.2f} s to {stop:.2f} s")


def _length_s(path: Path, kind: str) -> float:
    """How long a film is; 0 where that cannot be told."""
    if kind not in BMFF_FILMS:
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
