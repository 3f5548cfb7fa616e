"""Takes prompts out of an archive: a commitment takes the place of each, and nothing that tells one is kept.

A prompt of LONG characters or more is looked for in every file, wherever it stands; a shorter one, which may be a word
of any text, as a whole value. A file that tells one and cannot be edited (a page, a record that is no JSON) is left
out; a take that tells one in its own bytes cannot be changed, and is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode

from post.atomic import read_bounded
from post.errors import JobError, SourceError
from post.job.model import Job
from post.job.yaml_text import scalar
from post.values import Take
from presets.yaml_nodes import MOST_BYTES, Written, compose, read_text
from provenance.archive.commitment import PromptOpening, commit
from provenance.archive.write_bag import BagFile
from provenance.claim.build import digest_text
from provenance.record import PROMPTS
from provenance.record.strict_json import MAX_BYTES, read_bytes
from provenance.record.text_search import find_texts, forms_of

LONG = 16  # characters
# Tags of generators that hold prompts among other things.
_TELLING = frozenset((*PROMPTS, "parameters", "workflow"))
# What replay does without: everything else is refused where it tells a prompt.
_SPARED = ("receipts/", "takes/")
_SIGNED, _FILMS = "job/approvals/", "films/"
_TEXTS = (".yaml", ".yml", ".json", ".lock", ".html")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")


@dataclass(frozen=True, slots=True)
class Redaction:
    """The prompts of a job with what takes the place of each. left_out: files that would have told one; told_by: films
    whose signed manifests hold a plain digest of one, which nobody can take out."""

    openings: tuple[PromptOpening, ...]
    left_out: list[str] = field(default_factory=list)
    told_by: list[str] = field(default_factory=list)

    @property
    def by_text(self) -> Mapping[str, str]:
        """The commitment to each prompt, and to the plain digest that receipts have of it."""
        texts = {each.text.strip(): each.commitment for each in self.openings}
        return texts | {digest_text(each.text): each.commitment for each in self.openings}

    def replaced(self, value: Any) -> Any:
        """Returns JSON with the commitment in place of every text that is a prompt or its plain digest."""
        if isinstance(value, str):
            return self.by_text.get(value.strip(), value)
        if isinstance(value, Mapping):
            return {key: self.replaced(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.replaced(item) for item in value]
        return value

    def files(self, files: Iterable[BagFile]) -> Iterator[BagFile]:
        """Yields the files without prompts, and keeps the paths of those that are left out.

        Raises JobError naming every take, sound or film that tells a prompt in its own bytes.
        """
        telling = list[str]()
        for file in files:
            inner = file.path.partition("/")[2]
            if inner.startswith(_FILMS) and self._has_digest(file):
                self.told_by.append(inner)
            made = self._edited(file, inner)
            if made is not None and not self._tells(made):
                yield made
            elif inner.startswith(_SPARED) and inner.endswith((".json", ".html")):
                self.left_out.append(inner)
            else:
                telling.append(inner)
        if telling:
            raise JobError(
                "tells a prompt where it cannot be taken out", where=", ".join(telling),
                expected="prompts in a job's generator records alone, and takes without prompts in their tags",
                fix="archive without --redact, or take it out of comments and tags first",
            )  # fmt: skip

    def _edited(self, file: BagFile, path: str) -> BagFile | None:
        """Returns a file with commitments in it; None for a text that cannot be edited."""
        if path.startswith(_SIGNED) or not path.endswith(_TEXTS):
            return file
        try:
            data = file.content if isinstance(file.content, bytes) else read_bounded(file.content, MAX_BYTES)
        except OSError:  # larger than any text that is read here
            return None
        edit = {"html": self._edited_page, "yaml": self._edited_yaml, "yml": self._edited_yaml}
        made = edit.get(path.rpartition(".")[2], self._edited_json)(data, path)
        return file if made == data else None if made is None else replace(file, content=made, sha256="")

    def _edited_json(self, data: bytes, path: str) -> bytes | None:
        try:
            found = read_bytes(data, path)
        except JobError:
            return None
        made = self.replaced(found)
        return data if made == found else (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode()

    def _edited_yaml(self, data: bytes, path: str) -> bytes | None:
        if len(data) > MOST_BYTES:
            return None
        file = Written(Path(path), path)
        body = before = data.decode().removeprefix("\ufeff")
        spans = {
            (node.start_mark.index, node.end_mark.index): self.by_text[node.value.strip()]
            for node in _scalars(compose(body, file))
            if node.value.strip() in self.by_text
        }
        for (start, stop), put in sorted(spans.items(), reverse=True):
            written = body[start:stop]
            anchor = _ANCHOR.match(written)
            # The end of a block scalar is the start of the next line.
            tail = written[len(written.rstrip()) :]
            body = body[:start] + (anchor[0] if anchor else "") + scalar(put) + tail + body[stop:]
        if read_text(body, file).plain() != self.replaced(read_text(before, file).plain()):
            return None
        return body.encode() if spans else data

    def _edited_page(self, data: bytes, _: str) -> bytes:
        for each in self.openings:
            data = data.replace(digest_text(each.text).encode(), each.commitment.encode())
        return data

    def _has_digest(self, file: BagFile) -> bool:
        forms = tuple(digest_text(each.text).encode() for each in self.openings)
        return self._has(file, {"digest": forms})

    def _tells(self, file: BagFile) -> bool:
        return self._has(
            file, {each.text: forms_of(each.text) for each in self.openings if len(each.text) >= LONG}
        )

    def _has(self, file: BagFile, wanted: Mapping[str, tuple[bytes, ...]]) -> bool:
        if isinstance(file.content, bytes):
            return any(form in file.content for forms in wanted.values() for form in forms)
        try:
            return bool(find_texts(file.content, wanted))
        except OSError as fault:
            raise SourceError("cannot be searched", where=str(file.content), got=fault.strerror) from fault


def redaction_of(jobs: Iterable[Job], takes: Iterable[Take], secret: bytes) -> Redaction:
    """Returns the redaction of every prompt of some jobs and their takes. secret: the owner's."""
    rows = [row for job in jobs for ref in job.takes for row in ref.record]
    rows += [row for take in takes for row in take.record]
    rows += [(name, value, "container-claimed") for take in takes for name, value in take.tags]
    texts = {value for name, value, _ in rows if value.strip() and _is_telling(name)}
    return Redaction(tuple(commit(secret, text) for text in sorted(texts)))


def _is_telling(name: str) -> bool:
    return bool(_TELLING.intersection(name.casefold().replace("-", ".").split(".")))


def openings_text(openings: Iterable[PromptOpening]) -> str:
    """Returns what opens every commitment, for its owner alone."""
    rows = [{"commitment": each.commitment, "key": each.key, "text": each.text} for each in openings]
    return json.dumps({"schema": "Openings.1", "openings": rows}, indent=1, ensure_ascii=False) + "\n"


def _scalars(node: Any) -> Iterator[Any]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
    else:
        for item in node.value:
            yield from _scalars(item)
