"""Law 9: the documents say what the code is. Generated parts, links, names and the picture are compared with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tests.laws import architecture
from tests.laws.reference import GENERATED, ROOT, block

DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob(".github/*.md")])


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    ("path", "mark", "made"), GENERATED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_generated_parts_are_what_the_code_makes(path: Path, mark: str, made: Callable[[], str]) -> None:
    assert block(mark, made()) in path.read_text("utf-8"), "run `python -m tests.laws.reference` and commit"


def test_the_picture_of_the_rooms_is_what_the_imports_make() -> None:
    drawn = architecture.PICTURE.read_text("utf-8")
    assert drawn == architecture.svg(), "run `python -m tests.laws.architecture` and commit"


@pytest.mark.parametrize("top", ["post", "provenance"])
def test_every_room_says_what_it_does(top: str) -> None:
    named = set(architecture.rooms(top)) - {architecture.GROUND}
    assert [room for room in sorted(named) if not architecture.first_line(top, room)] == []


def test_rooms_import_without_a_circle() -> None:
    for top in ("post", "provenance"):
        assert max(architecture.floors(architecture.rooms(top)).values()) > 3
    with pytest.raises(ValueError, match="a -> b -> a"):
        architecture.floors({"a": {"b"}, "b": {"a"}})


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_names_in_documents_are_names_in_the_code(path: Path) -> None:
    """Dotted names such as `post.job.load_job` import; a call's arguments do not matter."""
    for name in re.findall(r"`((?:post|presets|provenance)\.[a-z_.A-Z0-9]+)", path.read_text("utf-8")):
        assert exists(name.rstrip(".")), f"{named(path)}: {name}"


def exists(name: str) -> bool:
    try:
        import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return bool(module) and exists(module) and hasattr(import_module(module), attribute)
    return True


def test_the_front_page_is_short() -> None:
    """Without the list of commands, which has a line for each."""
    before, _, rest = (ROOT / "README.md").read_text("utf-8").partition("<!-- commands -->")
    assert len((before + rest.partition("<!-- end of commands -->")[2]).splitlines()) <= 120
