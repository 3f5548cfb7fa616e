"""The laws' finders find what they look for, however it is written, and nothing else."""

from __future__ import annotations

import pytest

from tests.laws.finders import circles, module_imports, outside_names, wording_decisions

OUTSIDE = {
    'import os\nos.environ["HOME"]': "os.environ",
    'import os\nos.environ.get("HOME")': "os.environ",
    'import os\n"HOME" in os.environ': "os.environ",
    "import os as system\nsystem.environ": "os.environ",
    "import os.path\nos.environ": "os.environ",
    "from os import environ": "os.environ",
    "from os import environ as around\nprint_it(around)": "os.environ",
    "from os import *": "os.*",
    'import os\nos.getenv("HOME")': "os.getenv",
    "from os import getenv": "os.getenv",
    'import os\nos.getenvb(b"HOME")': "os.getenvb",
    'import os\nos.environb[b"HOME"]': "os.environb",
    'import os\nos.putenv("A", "b")': "os.putenv",
    'import os\ngetattr(os, "environ")': "os.environ",
    '__import__("os").environ': "os.environ",
    'from importlib import import_module\nimport_module("os").environ': "os.environ",
    'import sys\nsys.modules["os"].environ': "os.environ",
    "import os.path\nos.path.expandvars('$HOME')": "os.path.expandvars",
    "from os import path\npath.expandvars('$HOME')": "os.path.expandvars",
    "def read():\n    import os\n    return os.environ": "os.environ",
    'import sys\nsys.stdout.write("x")': "sys.stdout",
    'import sys\nsys.stderr.write("x")': "sys.stderr",
    "import sys\nsys.stdout.buffer.write(b'x')": "sys.stdout",
    "from sys import stderr as out\nout.write('x')": "sys.stderr",
    "import sys\nsys.exit(3)": "sys.exit",
    "from sys import exit\nexit(3)": "sys.exit",
    "from sys import exit as leave": "sys.exit",
    "import os\nos._exit(3)": "os._exit",
    "raise SystemExit(3)": "SystemExit",
    "exit(3)": "exit",
    "quit()": "quit",
    'print("x")': "print",
    "say = print": "print",
    "input()": "input",
    "import traceback\ntraceback.print_exc()": "traceback.print_exc",
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_is_outside_is_found_however_it_is_reached(text: str) -> None:
    assert outside_names(text) == {OUTSIDE[text]}


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.path.join('a', 'b')",
        "import os\nos.getpid()",
        "import sys\nsys.platform",
        "class Job:\n    environ = 1\n\ndef f(job):\n    return job.environ, job.exit()",
        "def f(input):\n    return input",
        '"""print and os.environ in words"""',
        "from textwrap import dedent as print_\nprint_('x')",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert outside_names(text) == set()


HANDLER = "try:\n    f()\nexcept ValueError as exc:\n    "
DECIDING = [
    HANDLER + 'if "too large" in str(exc): g()',
    HANDLER + 'if "too large" in repr(exc): g()',
    HANDLER + 'if "too large" in f"{exc}": g()',
    HANDLER + 'if str(exc) == "too large": g()',
    HANDLER + 'if str(exc).casefold() != "too large": g()',
    HANDLER + 'if str(exc).startswith("too"): g()',
    HANDLER + 'if exc.args[0].startswith("too"): g()',
    HANDLER + 'if exc.what == "too large": g()',
    HANDLER + 'if exc.message.startswith("too"): g()',
    HANDLER + 'if str(exc).split(":")[0] == "too large": g()',
    HANDLER + 'if "too large" in str(exc.__cause__): g()',
    HANDLER + "if re.search('large', str(exc)): g()",
    HANDLER + "if PATTERN.match(str(exc)): g()",
    HANDLER + 'match str(exc):\n        case "too large": g()',
    'def f(cause: OSError) -> bool:\n    return "large" in str(cause)',
    'def f(cause: av.error.FFmpegError) -> bool:\n    return "large" in str(cause)',
    'def f(fault) -> bool:\n    return fault.what in ("too large", "too small")',
    'if why.startswith("revoked"): g()',
    'if found.why == "revoked": g()',
    "if found.why in REASONS: g()",
    'if row["why"] == "revoked": g()',
    'if "expires" in key.warning: g()',
    'if "expires" in warning: g()',
    'if any("expires" in each for each in made.warnings): g()',
    'for each in made.warnings:\n    if each == "expires": g()',
    'if re.search("revoked", found.detail): g()',
    'if found.note.casefold().startswith("revoked"): g()',
    HANDLER + 's = str(exc)\n    if s.startswith("too"): g()',
    HANDLER + 's: str = str(exc)\n    if "large" in s: g()',
    HANDLER + 'what = exc.what\n    if what == "too large": g()',
    HANDLER + 't = exc.what\n    if t == "too large": g()',
    HANDLER + 't = s = exc.what\n    u = t.casefold()\n    if u == "too large": g()',
    HANDLER + 'if (s := str(exc)) and s.endswith("large"): g()',
    'def f(found):\n    t = found.why\n    def h():\n        return t == "revoked"',
]


@pytest.mark.parametrize("text", DECIDING)
def test_a_decision_by_an_errors_words_is_found(text: str) -> None:
    assert wording_decisions(text) == [len(text.splitlines()) if "case " not in text else 4]


@pytest.mark.parametrize(
    "text",
    [
        HANDLER + "raise JobError('bad', got=str(exc)) from exc",
        HANDLER + "raise JobError('bad', got=str(exc).partition('\\n')[0]) from exc",
        HANDLER + "if exc.errno == 28: g()",
        HANDLER + "if isinstance(exc, OSError): g()",
        HANDLER + "g(exc.got is not None)",
        HANDLER + "s = str(exc)\n    g(s)",
        "if found.why: g()",
        'if found.why != "": g()',
        'if found.code == "revoked": g(found.why)',
        'if message["type"] == "http": g()',
        "if detail < 24: g()",
        'def f(exc):\n    s = str(exc)\n    g(s)\n\ndef h(s):\n    return s == "a"',
        'if str(path) == "a b": g()',
        'if name.startswith("c2pa."): g()',
    ],
)
def test_showing_an_errors_words_or_asking_for_its_fields_decides_nothing(text: str) -> None:
    assert wording_decisions(text) == []


def test_a_name_of_prose_may_be_something_else_in_a_module() -> None:
    text = "if detail == 31: g()\nif why == 'revoked': g()"
    assert wording_decisions(text) == [1, 2]
    assert wording_decisions(text, ["detail"]) == [2]


CIRCLE = {
    "top": "from top import a",
    "top.a": "from top.b import thing",
    "top.b": "import top.c",
    "top.c": "from top import a\nimport os",
    "top.d": "from top.a import thing",
}


def graph(texts: dict[str, str], later: bool = False) -> dict[str, set[str]]:
    found = {name: module_imports(text, texts) for name, text in texts.items()}
    return {name: now | (then if later else set()) for name, (now, then) in found.items()}


def test_a_small_circle_is_found_with_all_that_stand_in_it() -> None:
    assert circles(graph(CIRCLE)) == [("top.a", "top.b", "top.c")]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_circle_within_a_function_is_one_only_when_it_is_asked_for(kind: str) -> None:
    lazy = CIRCLE | {"top.c": f"{kind} f():\n    from top import a"}
    assert circles(graph(lazy)) == []
    assert circles(graph(lazy, later=True)) == [("top.a", "top.b", "top.c")]


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_an_import_for_types_alone_makes_no_circle_and_its_else_may(test: str) -> None:
    typed = CIRCLE | {"top.c": f"if {test}:\n    from top import a"}
    assert circles(graph(typed, later=True)) == []
    otherwise = CIRCLE | {"top.c": f"if {test}:\n    pass\nelse:\n    from top import a"}
    assert circles(graph(otherwise)) == [("top.a", "top.b", "top.c")]


@pytest.mark.parametrize(
    "text", ["try:\n    import top.a\nexcept ImportError: pass", "class A:\n    import top.a"]
)
def test_what_is_loaded_under_a_condition_or_in_a_class_counts(text: str) -> None:
    assert circles(graph(CIRCLE | {"top.c": text})) == [("top.a", "top.b", "top.c")]


def test_two_circles_are_two_and_a_module_may_stand_in_one_with_itself() -> None:
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"d", "a"}, "d": {"c"}, "e": {"e"}, "f": set()}) == [
        ("a", "b"),
        ("c", "d"),
        ("e",),
    ]
