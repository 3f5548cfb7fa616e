"""Law 7: imports point one way, and each foreign package is imported in the places named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.laws.finders import circles, module_imports, outside_names, wording_decisions

ROOT = Path(__file__).parents[2]
# Each may import those before it, and nothing beside it on its own line.
ORDER = (
    ("errors", "printable", "unused_name"),
    ("os_faults", "naming"),
    ("caching", "atomic", "step_log", "stopwatch", "spawned", "watchdog"),
    ("owned",),
    ("values",),
    ("knob", "receipt"),
    ("stage",),
    ("stage_knobs",),
    ("reference", "takes", "engine", "captions"),
    ("picture", "sound"),
    ("measure", "job"),
    ("disclosure",),
    ("plan",),
    ("prepare",),
    ("versions",),
    ("render",),
    ("preflight",),
    ("recovery", "qc"),
    ("brief", "signoff"),
    ("deliver",),
    ("report",),
    ("handoff", "selects", "preview", "farm", "archive", "evidence"),
    ("watch",),
    ("api",),
    ("agents", "review"),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
# The rooms of post that import each of the other two packages. All others are made of post alone.
POST_MAY = {
    "provenance": {
        "agents",
        "api",
        "archive",
        "brief",
        "cli",
        "deliver",
        "disclosure",
        "evidence",
        "job",
        "preflight",
        "prepare",
        "preview",
        "recovery",
        "report",
        "review",
        "selects",
        "signoff",
    },
    "presets": {"api", "archive", "cli", "job", "review"},
}
PROVENANCE_ORDER = (
    ("crjson", "database", "formats", "public_addresses", "record", "signing"),
    ("download",),
    ("blocks", "html", "labels", "rubric", "trust"),
    ("claim", "coverage"),
    ("approval", "manifest", "report"),
    ("archive", "durable", "policy"),
    ("verify",),
    ("evidence", "ingest"),
)
PROVENANCE_RANK = {room: rank for rank, rooms in enumerate(PROVENANCE_ORDER) for room in rooms}
# A worker sets its own environment, before it loads the libraries that read it.
OUTSIDE_MAY = {"post/engine/worker.py": {"os.environ"}}
# The SDK has no error of its own for a manifest at a remote address: only its text names it.
WORDING_MAY = {"provenance/manifest/reader.py"}
# Names that are sentences for people elsewhere, and are none in these modules.
NO_PROSE = {
    "provenance/formats/cbor.py": {"detail"},  # five bits of an item's head
    "post/cli/output.py": {"what"},  # the name of a row
    "post/cli/commands/about.py": {"what"},  # the name of a check
    "post/cli/text/editors_text.py": {"what"},  # a key of a job
    "post/handoff/baked/cut.py": {"what"},  # the name of what is lost
    "post/watch/watcher.py": {"why"},  # what was said of a path last: nothing is said twice
}
# Of the ground alone: `atomic` writes and hashes files, `os_faults` says what the system refused, `owned` gives a place
# one owner, `spawned` starts processes; they import nothing above them. `step_log` and `printable` import nothing.
PROVENANCE_MAY = {
    "values", "receipt", "errors", "os_faults", "printable", "atomic", "owned", "spawned", "step_log",
}  # fmt: skip
# Policies are YAML, and there is one reader of YAML, which itself imports errors and the system's faults alone. Where
# the files that they name lie is asked of one place, which imports nothing: an archive answers it.
PROVENANCE_READS_YAML_WITH = {"presets.yaml_nodes", "presets.places"}
SOURCES = sorted(p for top in ("post", "provenance", "presets") for p in (ROOT / top).rglob("*.py"))


@cache
def imported(path: Path) -> tuple[tuple[str, str], ...]:
    """Every module and name a file imports, wherever it does so; read once for all laws."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from ((str(node.module), alias.name) for alias in node.names)


def rooms(path: Path, top: str = "post") -> set[str]:
    """The rooms of post, or of provenance, that a file imports from."""
    found = {module.split(".")[1] for module, _ in imported(path) if module.startswith(f"{top}.")}
    direct = {name for module, name in imported(path) if module == top}
    return found | (direct & set(RANK if top == "post" else PROVENANCE_RANK))


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


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.parts[len(ROOT.parts)] == "provenance"], ids=relative
)
def test_provenance_imports_only_downwards(path: Path) -> None:
    own = path.relative_to(ROOT).with_suffix("").parts[1]
    if own == "__init__":
        assert rooms(path, "provenance") == set()
        return
    found = rooms(path, "provenance")
    assert {room for room in found if PROVENANCE_RANK[room] >= PROVENANCE_RANK[own]} <= {own}


@pytest.mark.parametrize("package", POST_MAY)
def test_the_rooms_of_post_that_import_other_packages_are_these(package: str) -> None:
    post = [path.relative_to(ROOT) for path in SOURCES if path.relative_to(ROOT).parts[0] == "post"]
    found = {path.with_suffix("").parts[1] for path in post if imports(ROOT / path, package)}
    assert found == POST_MAY[package]


@cache
def module_graphs() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What each module of the product imports as it is loaded; and that with what it imports within functions."""
    named = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCES
    }
    found = {name: module_imports(path.read_text("utf-8"), named) for name, path in named.items()}
    return {name: now for name, (now, _) in found.items()}, {name: a | b for name, (a, b) in found.items()}


def reached(start: str) -> set[str]:
    """Every module of the product that those of a room or package reach by what they import, themselves included."""
    graph = module_graphs()[1]
    found, rest = set[str](), [name for name in graph if f"{name}.".startswith(f"{start}.")]
    while rest:
        name = rest.pop()
        if name not in found:
            found.add(name)
            rest += graph[name]
    return found


def test_what_makes_labels_and_what_checks_them_share_nothing_but_policies() -> None:
    """Else a fault in what they share would make a film wrong, and pass it."""
    making = reached("post.disclosure")
    checking = reached("provenance.policy.checks")
    assert not {name for name in making if name.startswith(("provenance.policy.check", "post.qc"))}
    assert not {name for name in checking if name.startswith("post.disclosure")}
    both = {name for name in making & checking if name.startswith("provenance.policy.")}
    assert {name for name in both if not f"{name}.".startswith("provenance.policy.document.")} == set()


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circles(module_graphs()[0]) == []


def test_no_circle_is_hidden_within_functions() -> None:
    assert circles(module_graphs()[1]) == []


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


def test_only_the_command_line_prints_exits_and_reads_the_environment() -> None:
    used = {relative(p): outside_names(p.read_text("utf-8")) for p in SOURCES if not within(p, "post/cli/")}
    assert {name: found for name, found in used.items() if found} == OUTSIDE_MAY


def test_nothing_is_decided_by_the_wording_of_an_error() -> None:
    texts = {relative(p): p.read_text("utf-8") for p in SOURCES}
    deciding = {name for name, text in texts.items() if wording_decisions(text, NO_PROSE.get(name, ()))}
    assert deciding == WORDING_MAY


@pytest.mark.parametrize(("name", "word"), [(name, word) for name in NO_PROSE for word in NO_PROSE[name]])
def test_every_name_that_is_no_prose_would_be_found(name: str, word: str) -> None:
    assert wording_decisions((ROOT / name).read_text("utf-8"), NO_PROSE[name] - {word})


def test_nothing_of_the_gpl_is_imported() -> None:
    forbidden = {"pedalboard", "color_matcher", "lottie", "nudenet", "pylibrb", "vapoursynth", "bpy"}
    assert [p for p in SOURCES for package in forbidden if imports(p, package)] == []


def test_one_file_reads_yaml_and_it_needs_nothing_but_the_errors() -> None:
    reader = ROOT / "presets" / "yaml_nodes.py"
    opened = {relative(p) for p in SOURCES if "YAML" in p.read_text() and "YAML" in names(p)}
    assert opened == {relative(reader)}
    own = {
        module for module, _ in imported(reader) if module.split(".")[0] in ("post", "presets", "provenance")
    }
    assert own == {"post.errors", "post.os_faults"}


def test_no_path_is_resolved_by_what_raises_over_links_in_a_circle() -> None:
    """`Path.resolve` raises RuntimeError there, which nobody expects; `post.atomic.real_path` does not."""
    found = [str(path.relative_to(ROOT)) for path in SOURCES if ".resolve()" in path.read_text()]
    assert found == []
