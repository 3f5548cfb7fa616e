"""The places that a job's paths lead to can be others, for a block, and are the usual ones afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

import presets
from presets.places import SHIPPED, Places, note, path_in, placing, shipped


class Elsewhere(Places):
    def __init__(self, root: Path) -> None:
        self.shipped, self.noted = root, list[Path]()

    def path_in(self, folder: Path, text: str) -> Path:
        return self.shipped / text.upper()

    def note(self, path: Path) -> None:
        self.noted.append(path)


def test_a_path_is_relative_to_the_file_that_names_it() -> None:
    assert path_in(Path("/job"), "../clips/a.mp4") == Path("/job/../clips/a.mp4")
    assert shipped() == SHIPPED == Path(presets.__file__).parent


def test_other_places_hold_for_a_block_alone(tmp_path: Path) -> None:
    places = Elsewhere(tmp_path)
    with pytest.raises(RuntimeError), placing(places):
        assert path_in(Path("/job"), "a") == tmp_path / "A"
        assert shipped() == tmp_path
        note(Path("x"))
        raise RuntimeError
    assert places.noted == [Path("x")]
    assert path_in(Path("/job"), "a") == Path("/job/a")


def test_presets_that_shipped_are_found_where_the_places_say(tmp_path: Path) -> None:
    (tmp_path / "look").mkdir()
    (tmp_path / "look" / "clean.yaml").write_text("saturation: 0.123\n")
    places = Elsewhere(tmp_path)
    usual = presets.find("look", "clean")
    with placing(places):
        found = presets.find("look", "clean")
        assert presets.names("look") == ["clean"]
    assert found.mapping["saturation"].value == 0.123
    assert found.mapping["saturation"].where == f"{tmp_path.name}/look/clean.yaml:1"
    assert places.noted == [tmp_path / "look" / "clean.yaml"]
    assert presets.find("look", "clean").plain() == usual.plain()
