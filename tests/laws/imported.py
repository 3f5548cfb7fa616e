"""What modules import, and which distribution each import is of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LAZY = ("import_module", "find_spec", "__import__")


@cache
def imports(text: str) -> tuple[str, ...]:
    """Returns the dotted name of each import in a module, wherever it stands, those by `import_module` too."""
    return tuple(_imports(text))


def _imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{each.name}" for each in names)
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]
            ):
                yield from (module for lazy in LAZY if lazy == name)


@cache
def modules() -> dict[str, str]:
    """Every module installed here, as a path without its ending, and the distribution that it is of."""
    found: dict[str, str] = {}
    for package in distributions():
        name = canonicalize_name(package.name)  # once: each reading of `name` parses the metadata again
        for line in (package.read_text("RECORD") or "").splitlines():
            stem, _, ending = line.split(",")[0].partition(".")
            if ending.rpartition(".")[2] in {"py", "pyi", "so", "pyd"}:
                found[stem.removesuffix("/__init__")] = name
    return found


def owner(name: str) -> str:
    """Returns the distribution that an imported name is of; where none is installed, its first part."""
    module = installed_module(name)
    return modules()[module.replace(".", "/")] if module else name.split(".")[0]


def installed_module(name: str) -> str:
    """Returns the module that an imported name is or is in; "" where none is installed."""
    parts = name.split(".")
    paths = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((path.replace("/", ".") for path in paths if path in modules()), "")


def module_file(name: str) -> Path | None:
    """Returns the file of one of this project's modules, or None where no such module is."""
    base = ROOT.joinpath(*name.split("."))
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.exists()), None)


def reached(modules: Iterable[str]) -> tuple[set[Path], set[str]]:
    """Returns the files of this project that those modules are made of, themselves and all they import, directly or
    not; and the names that these import from elsewhere."""
    files: set[Path] = set()
    names = set()
    waiting = list(modules)
    while waiting:
        parts = waiting.pop().split(".")
        own = [file for end in range(1, len(parts) + 1) if (file := module_file(".".join(parts[:end])))]
        if not own:
            names.add(".".join(parts))
        for file in set(own) - files:
            files.add(file)
            waiting += imports(file.read_text())
    return files, names
