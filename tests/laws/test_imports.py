"""Law 7: imports point one way, and each foreign package is imported in the places named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each may import those before it, and nothing beside it on its own line.
ORDER = (
    ("errors",),
    ("caching", "atomic", "step_log"),
    ("values",),
    ("knob", "receipt"),
    ("stage",),
    ("stage_knobs",),
    ("reference", "takes", "engine"),
    ("picture", "sound"),
    ("measure", "job"),
    ("plan",),
    ("prepare",),
    ("render",),
    ("recovery",),
    ("deliver",),
    ("report",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
# Of the ground alone: `atomic` writes and hashes files, and itself imports errors alone; `step_log` imports nothing.
PROVENANCE_MAY = {"values", "receipt", "errors", "atomic", "step_log"}
# Policies are YAML, and there is one reader of YAML, which itself imports errors alone.
PROVENANCE_READS_YAML_WITH = {"presets.yaml_nodes"}
SOURCES = sorted(p for top in ("post", "provenance", "presets") for p in (ROOT / top).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Every module and name a file imports, wherever it does so."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from ((str(node.module), alias.name) for alias in node.names)


def rooms(path: Path) -> set[str]:
    """The rooms of post that a file imports from."""
    found = {module.split(".")[1] for module, _ in imported(path) if module.startswith("post.")}
    direct = {name for module, name in imported(path) if module == "post"}
    return found | (direct & set(RANK))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[len(ROOT.parts)] == "post"], ids=relative)
def test_post_imports_only_downwards(path: Path) -> None:
    own = path.relative_to(ROOT).with_suffix("").parts[1]
    if own == "__init__":
        assert rooms(path) == set()
        return
    assert {room for room in rooms(path) if RANK[room] >= RANK[own]} <= {own}


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.parts[len(ROOT.parts)] == "provenance"], ids=relative
)
def test_provenance_can_verify_any_file_alone(path: Path) -> None:
    assert rooms(path) <= PROVENANCE_MAY
    data = {module for module, _ in imported(path) if module.split(".")[0] == "presets"}
    assert data <= PROVENANCE_READS_YAML_WITH


def imports(path: Path, package: str) -> bool:
    return any(module.split(".")[0] == package for module, _ in imported(path))


def within(path: Path, *places: str) -> bool:
    return any(relative(path).startswith(place) for place in places)


def test_only_takes_and_the_rooms_that_make_files_open_media() -> None:
    media = (
        "post/takes/",
        "post/render/",
        "post/deliver/",
    )
    assert [p for p in SOURCES if imports(p, "av") and not within(p, *media)] == []


def test_only_one_folder_opens_the_c2pa_library() -> None:
    assert [p for p in SOURCES if imports(p, "c2pa") and not within(p, "provenance/manifest/")] == []


def names(path: Path) -> Iterator[str]:
    """Calls and attributes by their dotted text."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call | ast.Attribute):
            yield ast.unparse(node.func if isinstance(node, ast.Call) else node)


@pytest.mark.parametrize("name", ["print", "sys.exit", "os.getenv", "os.environ.get"])
def test_only_the_command_line_prints_exits_and_reads_the_environment(name: str) -> None:
    assert [relative(p) for p in SOURCES if name in set(names(p)) and not within(p, "post/cli/")] == []


def test_nothing_of_the_gpl_is_imported() -> None:
    forbidden = {"pedalboard", "color_matcher", "lottie", "nudenet", "pylibrb", "vapoursynth", "bpy"}
    assert [p for p in SOURCES for package in forbidden if imports(p, package)] == []


def test_one_file_reads_yaml_and_it_needs_nothing_but_the_errors() -> None:
    reader = ROOT / "presets" / "yaml_nodes.py"
    opened = {relative(p) for p in SOURCES if "YAML" in names(p)}
    assert opened == {relative(reader)}
    own = {
        module for module, _ in imported(reader) if module.split(".")[0] in ("post", "presets", "provenance")
    }
    assert own == {"post.errors"}
