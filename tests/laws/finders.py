"""Finds in a module's text what the laws forbid: the world outside, decisions by an error's wording, circles."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# What prints, exits, asks, or reads or changes the environment, by its full name.
OUTSIDE = frozenset(
    (
        "print", "input", "exit", "quit", "breakpoint", "SystemExit",
        "sys.exit", "sys.stdout", "sys.stderr", "sys.stdin", "sys.__stdout__", "sys.__stderr__", "sys.argv",
        "os._exit", "os.abort", "os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv",
        "os.path.expandvars", "posix.environ", "nt.environ",
        "traceback.print_exc", "traceback.print_exception", "traceback.print_stack", "pprint.pprint", "pprint.pp",
    )
)  # fmt: skip
# Everything of these is as good as all of it.
_STARRED = {"os", "sys", "posix", "nt"}
_IMPORTERS = {"__import__", "importlib.import_module", "importlib.__import__", "sys.modules"}


def outside_names(text: str) -> set[str]:
    """Returns what of OUTSIDE a module uses, under whatever name and by whatever way it got it."""
    tree = ast.parse(text)
    names = _imported_names(tree)
    taken = _bound(tree)
    found = {f"{source}.*" for source, name in _from_imports(tree) if name == "*" and source in _STARRED}
    found |= {whole for whole in names.values() if whole in OUTSIDE}
    for node in ast.walk(tree):
        whole = _full_name(node, names, taken)
        if whole in OUTSIDE:
            found.add(whole)
    return found


def _from_imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), alias.name) for alias in node.names)


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """Each name that an import binds, with what it stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _bound(tree: ast.AST) -> set[str]:
    """Names that a module binds itself: an argument called `input` is not the function."""
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    arguments = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return stored | arguments | {n.name for n in ast.walk(tree) if isinstance(n, kinds)}


def _full_name(node: ast.AST, names: Mapping[str, str], taken: set[str]) -> str:
    """The dotted name that an expression stands for, through imports, `getattr` and `__import__`; or ""."""
    match node:
        case ast.Name(id=name):
            return names.get(name, "" if name in taken else name)
        case ast.Attribute(value=value, attr=name):
            whole = _full_name(value, names, taken)
            return f"{whole}.{name}" if whole else ""
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_]):
            whole = _full_name(value, names, taken)
            return f"{whole}.{name}" if whole else ""
        case (
            ast.Call(func=how, args=[ast.Constant(value=str(name)), *_])
            | ast.Subscript(value=how, slice=ast.Constant(value=str(name)))
        ) if _full_name(how, names, taken) in _IMPORTERS:
            return name
    return ""


_ERROR_NAMES = {"exc", "err", "error", "fault", "exception", "caught"}
_TEXT_OF = {"message", "what", "args", "strerror", "reason", "got", "fix", "__notes__"}
_LOOKS_INTO = {
    "startswith", "endswith", "find", "rfind", "index", "rindex", "count",
    "match", "search", "fullmatch", "findall", "finditer",
}  # fmt: skip


def wording_decisions(text: str) -> list[int]:
    """Returns the lines of a module that look into the words of an error: `"..." in str(error)`, its message
    compared, or searched."""
    tree = ast.parse(text)
    errors = _error_names(tree)
    lines: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                words = any(_is_wording(each, errors) for each in (left, *others))
                # Of a field, only what it says counts: `error.got is not None` asks whether there is any.
                if words and not any(isinstance(how, ast.Is | ast.IsNot) for how in node.ops):
                    lines.add(node.lineno)
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args) if name in _LOOKS_INTO:
                if any(_is_wording(each, errors) for each in (value, *args)):
                    lines.add(node.lineno)
            case ast.Match(subject=subject) if _is_wording(subject, errors):
                lines.add(node.lineno)
    return sorted(lines)


def _error_names(tree: ast.AST) -> set[str]:
    """Names that hold errors: what handlers bind, arguments of such a type, and the usual ones."""
    handled = {n.name for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler) and n.name}
    typed = {
        n.arg
        for n in ast.walk(tree)
        if isinstance(n, ast.arg)
        and n.annotation is not None
        and ast.unparse(n.annotation).split(".")[-1].removesuffix(" | None").endswith(("Error", "Exception"))
    }
    return handled | typed | _ERROR_NAMES


def _is_wording(node: ast.AST, errors: set[str]) -> bool:
    """Whether an expression is an error's text, or made of it: `str(error).casefold()`, `error.args[0]`."""
    match node:
        case ast.Call(func=ast.Name(id="str" | "repr" | "ascii" | "format"), args=[value, *_]):
            return _is_error(value, errors) or _is_wording(value, errors)
        case ast.JoinedStr(values=values):
            return any(isinstance(v, ast.FormattedValue) and _is_error(v.value, errors) for v in values)
        case ast.Attribute(value=value, attr=name) if _is_error(value, errors):
            return name in _TEXT_OF
        case ast.Call(func=ast.Attribute(value=value)) | ast.Subscript(value=value):
            return _is_wording(value, errors)
    return False


def _is_error(node: ast.AST, errors: set[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in errors) or (
        isinstance(node, ast.Attribute) and node.attr in {"__cause__", "__context__"}
    )


def module_imports(text: str, modules: Iterable[str]) -> tuple[set[str], set[str]]:
    """Returns which of `modules` a module imports as it is loaded, and which only later, within functions.

    What stands under `if TYPE_CHECKING:` is neither. A package that is only loaded on the way to what is imported
    does not count: it would stand in a circle with every module that it gathers.
    """
    known = set(modules)
    sooner: set[str] = set()
    later: set[str] = set()

    def visit(node: ast.AST, into: set[str]) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING":
            for each in node.orelse:
                visit(each, into)
            return
        into |= _modules_of(node, known)
        inside = later if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else into
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(text), sooner)
    return sooner, later - sooner


def _modules_of(node: Any, known: set[str]) -> set[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        whole = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [each if each in known else str(node.module) for each in whole]
    else:
        return set()
    return {each for each in names if each in known}


def circles(graph: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Returns each set of modules that import one another, directly or not, sorted. (Tarjan 1972.)"""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in number:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], number[other])
        if lowest[name] == number[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1 or name in graph.get(name, ()):
                found.append(tuple(sorted(group)))

    for name in sorted(graph):
        if name not in number:
            visit(name)
    return sorted(found)
