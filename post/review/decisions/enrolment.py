"""Adds a key to a person in a people file. Everything else in the file stays as it is, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode

from post.atomic import real_path, replacing
from post.errors import JobError
from post.job.editing.text import end_of
from post.job.yaml_text import flow_text
from post.owned import editing
from presets.yaml_nodes import Written, compose
from provenance.approval.people import PersonKey, read_people


def enrol_key(people: Path, person: str, key: PersonKey) -> None:
    """Writes a person's key into a people file. Owns the file while it edits it.

    Raises JobError where the file is written in a way that is not known here, or has no such person: then nothing is
    changed; Problems where somebody has the key already.
    """
    path = real_path(people)
    with editing(path):
        before = path.read_bytes().decode()
        known = read_people(path)
        after = _with_key(before, person, _entry(key), Written(path, str(people)))
        with replacing(path, lasting=True, mode=path.stat().st_mode & 0o777) as file:
            file.write(after.encode())
            file.flush()
            written = read_people(Path(file.name))
            if written.all != tuple(_plus(each, person, key) for each in known.all):
                raise _unknown(str(people))


def _plus(each: Any, person: str, key: PersonKey) -> Any:
    return replace(each, keys=(*each.keys, key)) if each.id == person else each


def _entry(key: PersonKey) -> dict[str, Any]:
    return {"kind": key.kind, "public": key.public, "site": key.site, "origins": list(key.origins)}


def _with_key(text: str, person: str, entry: dict[str, Any], file: Written) -> str:
    skip = len(text) - len(text.removeprefix("\ufeff"))
    body = text[skip:]
    node = next((each for each in _people(compose(body, file)) if _value(each, "id") == person), None)
    if node is None:
        raise JobError("the people file has no such person", where=file.label, got=person)
    keys = next((value for name, value in node.value if name.value == "keys"), None)
    at, added = _new_list(body, node, entry) if keys is None else _longer_list(body, keys, entry, file.label)
    return text[:skip] + body[:at] + added + body[at:]


def _new_list(body: str, person: Any, entry: dict[str, Any]) -> tuple[int, str]:
    if person.flow_style:
        at = len(body[: person.end_mark.index - 1].rstrip())
        return at, f", keys: [{flow_text(entry)}]"
    indent = " " * person.value[0][0].start_mark.column
    return end_of(person, body), f"\n{indent}keys:\n{indent}  - {flow_text(entry)}"


def _longer_list(body: str, keys: Any, entry: dict[str, Any], where: str) -> tuple[int, str]:
    if not isinstance(keys.value, list) or isinstance(keys, MappingNode):
        raise _unknown(where)
    if keys.flow_style:
        at = len(body[: keys.end_mark.index - 1].rstrip())
        return at, f"{', ' if keys.value else ''}{flow_text(entry)}"
    first = keys.value[0].start_mark
    dash = body.rfind("-", 0, first.index)
    indent = " " * (dash - body.rfind("\n", 0, dash) - 1)
    return end_of(keys, body), f"\n{indent}- {flow_text(entry)}"


def _people(root: Any) -> list[Any]:
    found = next((value for name, value in root.value if name.value == "people"), None)
    return [each for each in found.value if isinstance(each, MappingNode)] if found is not None else []


def _value(node: Any, key: str) -> str:
    return next((str(value.value) for name, value in node.value if name.value == key), "")


def _unknown(where: str) -> JobError:
    return JobError(
        "the people file is written in a way that is not known here", where=where,
        expected="people as a list, each with its keys", fix="write the key into it by hand",
    )  # fmt: skip
