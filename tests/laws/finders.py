"""Finds in a module's text what the laws forbid: the world outside, decisions by an error's wording, circles."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
# Fields that are sentences for people, of whatever they are a field, and variables of such a name.
PROSE = frozenset(("why", "what", "note", "warnings", "warning", "detail", "message"))
_LOOKS_INTO = {
    "startswith", "endswith", "find", "rfind", "index", "rindex", "count",
    "match", "search", "fullmatch", "findall", "finditer",
}  # fmt: skip
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def wording_decisions(text: str, no_prose: Iterable[str] = ()) -> list[int]:
    """Returns the lines of a module that look into words for people: `"..." in str(error)`, an error's message or
    a finding's `why` compared, or searched, there or by a name it was assigned to.

    no_prose: names of PROSE that are something else in this module.
    """
    tree = ast.parse(text)
    return sorted(_deciding_lines(tree, _Words(_error_names(tree), PROSE - set(no_prose))))


def _error_names(tree: ast.AST) -> frozenset[str]:
    """Names that hold errors: what handlers bind, arguments of such a type, and the usual ones."""
    handled = {n.name for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler) and n.name}
    typed = {
        n.arg
        for n in ast.walk(tree)
        if isinstance(n, ast.arg)
        and n.annotation is not None
        and ast.unparse(n.annotation).split(".")[-1].removesuffix(" | None").endswith(("Error", "Exception"))
    }
    return frozenset(handled | typed | _ERROR_NAMES)


@dataclass(frozen=True)
class _Words:
    """What is words for people in one scope. errors: names of errors; prose: names and fields; aliases: names that
    such words were assigned to."""

    errors: frozenset[str]
    prose: frozenset[str]
    aliases: frozenset[str] = frozenset()

    def holds(self, node: ast.AST) -> bool:
        """Whether an expression is words, or made of them: `str(error).casefold()`, `error.args[0]`, `x.why`."""
        match node:
            case ast.Name(id=name):
                return name in self.aliases or name in self.prose
            case ast.Call(func=ast.Name(id="str" | "repr" | "ascii" | "format"), args=[value, *_]):
                return self._is_error(value) or self.holds(value)
            case ast.JoinedStr(values=values):
                return any(isinstance(v, ast.FormattedValue) and self._is_error(v.value) for v in values)
            case ast.Attribute(value=value, attr=name):
                return name in self.prose or (name in _TEXT_OF and self._is_error(value))
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                return name in self.prose  # `message["type"]` is another field
            case ast.Call(func=ast.Attribute(value=value)) | ast.Subscript(value=value):
                return self.holds(value)
        return False

    def _is_error(self, node: ast.AST) -> bool:
        return (isinstance(node, ast.Name) and node.id in self.errors) or (
            isinstance(node, ast.Attribute) and node.attr in {"__cause__", "__context__"}
        )

    def within(self, nodes: Iterable[ast.AST]) -> _Words:
        """Returns the same with the names that these nodes assign words to, directly or by one another."""
        pairs = [pair for node in nodes for pair in _assigned(node)]
        words = self
        while new := {name for name, value in pairs if words.holds(value)} - words.aliases:
            words = replace(words, aliases=words.aliases | new)
        return words


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yields the name and the value of an assignment; of a loop, the value that it goes through."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((each.id, value) for each in targets if isinstance(each, ast.Name))
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=ast.AST() as value)
            | ast.NamedExpr(target=ast.Name(id=name), value=value)
            | ast.For(target=ast.Name(id=name), iter=value)
            | ast.comprehension(target=ast.Name(id=name), iter=value)
        ):
            yield name, value


def _deciding_lines(scope: ast.AST, words: _Words) -> set[int]:
    """The deciding lines of a module or a function: a name that is assigned in one function is none in the next."""
    own = list(_own_nodes(scope))
    words = words.within(own)
    lines = {node.lineno for node in own if isinstance(node, ast.expr | ast.stmt) and _decides(node, words)}
    return lines.union(*(_deciding_lines(node, words) for node in own if isinstance(node, _Scope)))


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yields the nodes of a scope, functions in it included, what is in those not."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, _Scope):
            yield from _own_nodes(child)


def _decides(node: ast.AST, words: _Words) -> bool:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = (left, *others)
            # Whether there are any words is no question of wording, nor is which is greater.
            asks = any(isinstance(how, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for how in ops)
            empty = any(isinstance(each, ast.Constant) and each.value == "" for each in sides)
            return asks and not empty and any(map(words.holds, sides))
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args) if name in _LOOKS_INTO:
            return any(map(words.holds, (value, *args)))
        case ast.Match(subject=subject):
            return words.holds(subject)
    return False


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
