"""Writes RO-Crate metadata: a JSON-LD file that says what each file of an archive is, and which was made from which.

    prompt -> CreateAction by a model -> take
    takes, job, presets -> CreateAction by this program -> film

Source: RO-Crate Metadata Specification 1.1, https://w3id.org/ro/crate/1.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
_RIGHTS = "#rights"
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CrateFile:
    """A file of the archive. path: relative to the crate; media_type: IANA's; about: what it is, in words."""

    path: str
    media_type: str
    bytes: int
    sha256: str
    about: str


@dataclass(frozen=True, slots=True)
class CrateTake:
    """A take. path: of its file in the crate; used: whether a film shows it; record: how it was generated, as
    (field, value)."""

    name: str
    path: str
    used: bool
    record: tuple[tuple[str, str], ...] = ()

    def values(self, *fields: str) -> list[str]:
        """Returns the values of some fields, each once, in the order of the record."""
        return list(dict.fromkeys(value for name, value in self.record if name in fields))


@dataclass(frozen=True, slots=True)
class CrateFilm:
    """A finished film. path: of its file in the crate, "" where that is not in it; sources: paths of everything that it
    was made from; sha256: of the film as it was before it was signed."""

    name: str
    path: str
    sources: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class CrateAbout:
    """What the crate is as a whole. dated: its date (YYYY-MM-DD); tool: (name, release) of this program."""

    title: str
    dated: str
    tool: tuple[str, str]


def write_crate(
    about: CrateAbout, files: Iterable[CrateFile], takes: Iterable[CrateTake], films: Iterable[CrateFilm]
) -> bytes:
    """Returns the metadata file. The same values give the same bytes."""
    listed, shown, made = list(files), list(takes), list(films)
    parts = [_file(each) for each in listed]
    actions = [*_generations(shown), *_finishings(made, about)]
    top: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Archive of {about.title}",
        "description": "Everything that the films of this job were made from, and what was done, decided and checked.",
        "datePublished": about.dated,
        "license": _ref(_RIGHTS),
        "hasPart": [_ref(each["@id"]) for each in parts],
        "mentions": [_ref(each["@id"]) for each in actions if each["@type"] == "CreateAction"],
    }
    descriptor: Entity = {
        "@id": NAME, "@type": "CreativeWork", "conformsTo": _ref(PROFILE), "about": _ref("./"),
    }  # fmt: skip
    rights: Entity = {
        "@id": _RIGHTS, "@type": "CreativeWork", "name": "Rights of the owners",
        "description": "No licence is given: each file belongs to its owner, on the owner's terms.",
    }  # fmt: skip
    graph = [descriptor, top, rights, *parts, *actions]
    unique = {each["@id"]: each for each in graph}
    data = {"@context": CONTEXT, "@graph": list(unique.values())}
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _ref(name: str) -> Entity:
    return {"@id": name}


def _id(path: str) -> str:
    """Returns a path as an identifier: a relative URI reference (RFC 3986)."""
    return quote(path, safe="/-._~")


def _anchor(kind: str, name: str) -> str:
    return f"#{kind}-{quote(name, safe='-._~')}"


def _file(file: CrateFile) -> Entity:
    return {
        "@id": _id(file.path),
        "@type": "File",
        "name": file.path.rpartition("/")[2],
        "description": file.about,
        "encodingFormat": file.media_type,
        "contentSize": str(file.bytes),
        "identifier": f"sha256:{file.sha256}",
    }


def _generations(takes: Iterable[CrateTake]) -> Iterator[Entity]:
    """Yields the action that made each take of which that is known, with its prompts, its seed and its model."""
    for take in takes:
        prompts = [*_prompts(take)]
        models = [*_models(take)]
        seeds = [
            {
                "@id": _anchor(f"seed{number}", take.name),
                "@type": "PropertyValue",
                "name": "seed",
                "value": value,
            }
            for number, value in enumerate(take.values("seed"), 1)
        ]
        if not (prompts or models or seeds):
            continue
        yield from (*prompts, *models, *seeds)
        said = "a take that a film shows" if take.used else "a take that no film shows"
        yield {
            "@id": _anchor("generation", take.name),
            "@type": "CreateAction",
            "name": f"Generation of {take.name}, {said}",
            "object": [_ref(each["@id"]) for each in prompts],
            "instrument": [_ref(each["@id"]) for each in models],
            "result": _ref(_id(take.path)),
            "additionalProperty": [_ref(each["@id"]) for each in seeds],
        }


def _prompts(take: CrateTake) -> Iterator[Entity]:
    kinds = (
        ("prompt", "prompt"),
        ("rewritten_prompt", "rewritten prompt"),
        ("negative_prompt", "negative prompt"),
    )
    for field, said in kinds:
        for number, text in enumerate(take.values(field), 1):
            yield {
                "@id": _anchor(f"{field}{number}", take.name),
                "@type": "CreativeWork",
                "name": f"The {said} of {take.name}",
                "text": text,
            }


def _models(take: CrateTake) -> Iterator[Entity]:
    named = " ".join((*take.values("provider"), *take.values("model")))
    if named:
        release = ", ".join(take.values("version"))
        yield {
            "@id": _anchor("model", f"{named} {release}".strip()),
            "@type": "SoftwareApplication",
            "name": named,
            **({"softwareVersion": release} if release else {}),
        }


def _finishings(films: Iterable[CrateFilm], about: CrateAbout) -> Iterator[Entity]:
    """Yields the action that made each film, with the program that did it."""
    name, release = about.tool
    program = {
        "@id": _anchor("program", name), "@type": "SoftwareApplication", "name": name, "softwareVersion": release,
    }  # fmt: skip
    yield program
    for film in films:
        made = _id(film.path) if film.path else _anchor("film", film.name)
        if not film.path:
            yield {
                "@id": made,
                "@type": "CreativeWork",
                "name": film.name,
                "description": "A film that is not in the archive: its frames are, as digests.",
                "identifier": f"sha256:{film.sha256}",
            }
        yield {
            "@id": _anchor("finishing", film.name),
            "@type": "CreateAction",
            "name": f"Finishing of {film.name}",
            "object": [_ref(_id(path)) for path in film.sources],
            "instrument": _ref(program["@id"]),
            "result": _ref(made),
        }
