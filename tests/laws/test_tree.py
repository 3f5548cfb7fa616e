"""The tree stays one that a stranger can read: sizes, names and docstrings."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from shutil import which
from types import FunctionType

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("post", "presets", "provenance")
FILES = sorted(path for top in (*PRODUCT, "tests") for path in (ROOT / top).rglob("*.py"))
LONGEST_FILE, MOST_FILES, LONGEST_FUNCTION = 300, 17, 50
DOCUMENTED = 0.95


# Everything else that a checkout shows at its top was left there by accident.
AT_THE_TOP = {
    ".ci", ".github", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml", "tests",
    *PRODUCT,
}  # fmt: skip


def test_nothing_else_lies_at_the_top() -> None:
    git = which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git: nothing says which files are the project's")
    tracked = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split("/")[0] for line in tracked.splitlines()} == AT_THE_TOP


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def of_the_product(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] in PRODUCT


def test_no_file_of_the_product_is_long() -> None:
    lines = {named(path): len(path.read_text("utf-8").splitlines()) for path in FILES if of_the_product(path)}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_folder_of_the_product_is_crowded() -> None:
    folders = {path.parent for path in FILES if of_the_product(path)}
    crowded = {
        named(folder): count for folder in folders if (count := len(list(folder.glob("*.py")))) > MOST_FILES
    }
    assert crowded == {}


def test_no_function_is_long() -> None:
    found = [
        f"{named(path)}: {node.name}"
        for path in filter(of_the_product, FILES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert found == []


def test_no_two_classes_of_the_product_share_a_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in filter(of_the_product, FILES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(named(path))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_no_test_imports_from_a_test_module() -> None:
    """What tests share stands in a module of its own, so that a test file can be moved, split or skipped."""
    found = [
        f"{named(path)}: {node.module}"
        for path in FILES
        if re.search(r"\btest_\w*\s+import\b", text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    ]
    assert found == []


def public(module: object, name: str) -> Iterator[tuple[str, object]]:
    """The public classes and functions that a module defines, and the public methods of those classes."""
    for key, value in vars(module).items():
        if key.startswith("_") or getattr(value, "__module__", "") != name:
            continue
        if isinstance(value, type):
            yield f"{name}.{key}", value
            yield from (
                (f"{name}.{key}.{each}", getattr(value, each))
                for each, held in vars(value).items()
                if not each.startswith("_")
                and isinstance(held, FunctionType | property | classmethod | staticmethod)
            )
        elif isinstance(value, FunctionType):
            yield f"{name}.{key}", value


def has_docstring(value: object) -> bool:
    """A dataclass without a docstring is given its own signature for one, which says nothing."""
    text = inspect.getdoc(value) or ""
    return bool(text) and not text.startswith(f"{getattr(value, '__name__', ' ')}(")


@pytest.mark.parametrize("top", PRODUCT)
def test_public_names_have_docstrings(top: str) -> None:
    """A method that overrides one with a docstring has that one: a stage's `declare` is a stage's `declare`."""
    found: dict[str, bool] = {}
    for path in FILES:
        if path.relative_to(ROOT).parts[0] == top and path.name != "__main__.py":
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found |= {each: has_docstring(value) for each, value in public(import_module(name), name)}
    silent = [name for name, documented in found.items() if not documented]
    assert len(silent) <= (1 - DOCUMENTED) * len(found), silent
