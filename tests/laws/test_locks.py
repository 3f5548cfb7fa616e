"""Law: installs are the same everywhere: both locks hold exact versions with hashes, and what pyproject asks for."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply import locks

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CORE = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
# The extra moviepy pins an old Pillow: it has a venv of its own.
EXTRAS = [
    line
    for name, extra in PROJECT["project"]["optional-dependencies"].items()
    if name != "moviepy"
    for line in extra
]
BOTH = pytest.mark.parametrize("lock", [locks.USERS, locks.DEVELOPERS], ids=["users", "developers"])


def unmet(lines: list[str], lock: Path) -> list[str]:
    """The requirements among `lines` that no entry of the lock meets."""
    pins = {pin.name: [pin.version] for pin in locks.read(lock)}
    asked = [need for need in map(Requirement, lines) if need.name != "answerprint"]
    met = {
        str(need) for need in asked if [*need.specifier.filter(pins.get(canonicalize_name(need.name), []))]
    }
    return [str(need) for need in asked if str(need) not in met]


def test_each_lock_holds_what_the_project_asks_for() -> None:
    assert unmet(CORE, locks.USERS) == []
    assert unmet(CORE + EXTRAS, locks.DEVELOPERS) == []
    assert unmet(["numpy<2", "never-heard-of"], locks.USERS) == ["numpy<2", "never-heard-of"]


def test_users_and_tests_have_the_same_versions() -> None:
    tested = {pin.name: pin.version for pin in locks.read(locks.DEVELOPERS)}
    assert {pin.name: pin.version for pin in locks.read(locks.USERS)}.items() <= tested.items()


@BOTH
def test_a_package_has_one_version_on_every_python_and_platform(lock: Path) -> None:
    names = [pin.name for pin in locks.read(lock)]
    assert len(names) == len(set(names)) >= 30


@BOTH
def test_a_lock_names_no_place_to_install_from(lock: Path) -> None:
    text = lock.read_text()
    assert [
        mark for mark in ("://", "--index", "--extra-index", "--find-links", "@ ", "-e ") if mark in text
    ] == []


@BOTH
def test_what_is_installed_here_is_what_is_locked(lock: Path) -> None:
    pins = [pin for pin in locks.read(lock) if pin.is_for_here()]
    assert {pin.name: version(pin.name) for pin in pins} == {pin.name: pin.version for pin in pins}


@pytest.mark.parametrize(
    "line",
    [
        "av==18.1.0",
        "av>=18 --hash=sha256:" + "0" * 64,
        "av==18.* --hash=sha256:" + "0" * 64,
        "av==18.1.0 --hash=md5:" + "0" * 32,
        "av==18.1.0 --hash=sha256:" + "0" * 63,
        "av @ file:///av.whl --hash=sha256:" + "0" * 64,
        "--index-url simple",
    ],
)
def test_a_line_that_leaves_something_open_is_refused(line: str, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"# a comment\nnumpy==2.4.6 \\\n    --hash=sha256:{'1' * 64}\n{line}\n")
    with pytest.raises(ValueError, match="av|index-url"):
        locks.read(lock)


def test_make_installs_by_hash_and_builds_nothing_but_the_project() -> None:
    installs = [line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t$(PIP)")]
    assert installs == [
        "\t$(PIP) --require-hashes --only-binary :all: --requirement .ci/lock.txt",
        "\t$(PIP) --no-deps --no-build-isolation --editable .",
        "\t$(PIP) --require-hashes --only-binary :all: --requirement .ci/lock-dev.txt",
    ]
