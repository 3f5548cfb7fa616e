"""Where a user's files are, on each platform."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import platformdirs.macos
import platformdirs.unix
import pytest

from post.cli.environment import read_environment
from post.errors import JobError
from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.flow.commands import answerprint

VARIABLES = ("ANSWERPRINT_CONFIG", "ANSWERPRINT_STORE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
HOME = Path("/home/ann")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the platform another one, with these variables and nothing else set."""

    def become(platform: type, **variables: str) -> tuple[str, str]:
        monkeypatch.setattr("post.api.settings.PlatformDirs", platform)
        monkeypatch.setenv("HOME", str(HOME))
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        found = read_environment()
        return str(found.config), str(found.store)

    return become


def test_linux_has_the_folders_of_the_xdg_specification(on: Any) -> None:
    linux = platformdirs.unix.Unix
    assert on(linux) == ("/home/ann/.config/answerprint", "/home/ann/.cache/answerprint/store")
    assert on(linux, XDG_CONFIG_HOME="/c", XDG_CACHE_HOME="/k") == ("/c/answerprint", "/k/answerprint/store")
    assert on(linux, XDG_CONFIG_HOME="", XDG_CACHE_HOME="") == on(linux)


def test_macos_has_its_own_folders(on: Any) -> None:
    library = HOME / "Library"
    expected = library / "Application Support" / "answerprint", library / "Caches" / "answerprint" / "store"
    assert on(platformdirs.macos.MacOS) == tuple(map(str, expected))


def test_our_own_variables_go_first(on: Any) -> None:
    given = {"ANSWERPRINT_CONFIG": "/ours", "ANSWERPRINT_STORE": "/results", "XDG_CONFIG_HOME": "/c"}
    assert on(platformdirs.unix.Unix, **given) == ("/ours", "/results")


def nobodys(*_: object, **__: object) -> object:
    """As platformdirs ends for a user without HOME and without an entry in the system's list."""
    raise RuntimeError


def below_the_current_folder(*_: object, **__: object) -> object:
    return SimpleNamespace(user_config_path=Path("~/.config"), user_cache_path=Path("~/.cache"))


@pytest.mark.parametrize("platform", [nobodys, below_the_current_folder])
@pytest.mark.parametrize(
    ("part", "variable"), [("config", "ANSWERPRINT_CONFIG"), ("store", "ANSWERPRINT_STORE")]
)
def test_a_user_without_a_home_is_told_what_to_set(
    platform: Any, part: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("post.api.settings.PlatformDirs", platform)
    monkeypatch.delenv("HOME")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(JobError) as fault:
        getattr(read_environment(), part)
    assert str(fault.value) == (
        "HOME: this user has no home folder; expected the path of a folder, from the root on, got none; "
        f"set HOME, or set {variable} to a folder of your own"
    )
    monkeypatch.setenv(variable, "/ours")
    assert getattr(read_environment(), part) == Path("/ours")


def test_a_prompt_is_recorded_as_it_was_typed_in_a_locale_without_its_letters(tmp_path: Path) -> None:
    make_clip(tmp_path / "dog.mp4", ClipRecipe("dusk", 64, 48, frames=6))
    job = tmp_path / "job.yaml"
    words = ("ingest", tmp_path / "dog.mp4", "--job", job, "--prompt")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    text = "schema: Job.2\ntitle: A\nclock: 24\ntakes:\n  b: dog2.mp4\ncut: [{take: b}]\n"
    job.write_text(text)
    refused = answerprint(tmp_path, *words, os.fsdecode(b"Schn\xe9e"), **ascii_only)
    assert (refused.code, "--prompt: not UTF-8 text" in refused.said) == (2, True), refused.said
    assert job.read_text() == text
    done = answerprint(tmp_path, *words, "Schnée", **ascii_only)
    assert done.code == 0, done.said
    assert 'prompt: "Schnée"' in job.read_text("utf-8")
