from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data as pictures

from post.cli.app import run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def data(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run(["house", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_list_has_the_shipped_houses_and_ones_own_and_says_which_are_locked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "presets" / "house" / "ours.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("doc: our own\nextends: silver\n")
    assert run(["house", "lock", "ours"]) == 0
    capsys.readouterr()
    rows = {row["name"]: row for row in data(capsys, "list")["houses"]}
    assert rows["ours"] == {"name": "ours", "doc": "our own", "locked": True}
    assert rows["silver"]["locked"] is False


def test_show_has_every_value_with_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    shown = data(capsys, "show", "silver")
    [saturation] = [row for row in shown["values"] if row["place"] == "look.saturation"]
    assert (saturation["value"], saturation["origin"]) == (0, "look silver")
    assert run(["house", "show", "silver"]) == 0
    lines = capsys.readouterr().out
    assert "look.saturation" in lines
    assert "look.pivot" not in lines


def test_diff_says_knob_by_knob_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    found = data(capsys, "diff", "plain", "silver")
    assert found["same"] is False
    assert {row["part"]: row["in"] for row in found["parts"]} == {
        "look": "silver", "grain": "silver", "type": "silver",
    }  # fmt: skip
    rows = {row["place"]: row for row in found["differences"]}
    assert (rows["look.saturation"]["a"], rows["look.saturation"]["b"]) == (None, 0)
    assert "look.pivot" not in rows
    assert data(capsys, "diff", "silver", "silver")["same"] is True


def test_lock_writes_and_check_tells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert data(capsys, "lock", "silver", "--check")["locked"] is False
    made = data(capsys, "lock", "silver")
    assert Path(made["lock"]).is_file()
    assert made["values"] > 20
    assert data(capsys, "lock", "silver", "--check")["locked"] is True
    path = folder / "presets" / "house" / "silver.lock"
    path.write_text(path.read_text().replace('"look.contrast": 1.16', '"look.contrast": 1.2'))
    assert run(["house", "lock", "silver", "--check"]) == 2
    assert "look.contrast 1.16 (was 1.2)" in capsys.readouterr().err


def test_a_house_nobody_knows_is_one_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["house", "show", "sliver"]) == 2
    assert "did you mean 'silver'" in capsys.readouterr().err


@pytest.fixture
def still(folder: Path) -> Path:
    name = "coffee"  # through getattr: scikit-image's pictures have no types
    Image.fromarray(getattr(pictures, name)()).save(folder / "coffee.png")
    return folder / "coffee.png"


def test_learn_writes_a_house_and_says_what_it_measured(
    still: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, "learn", str(still), "-o", "styles/ours.yaml")
    assert found["references"] == ["coffee.png"]
    assert len(found["tone"]["levels"]) == 7
    assert found["grain"] is None
    assert "one frame" in found["unmeasured"]["grain"]
    shown = data(capsys, "show", "styles/ours.yaml")
    values = {row["place"]: row["value"] for row in shown["values"]}
    assert values["look.curve"] == found["look"]["curve"]


def test_learn_from_what_the_pictures_already_are_asks_for_next_to_nothing(
    still: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, "learn", str(still), "-o", "same.yaml", "--from", str(still))
    assert found["look"]["curve"] == "0:0, 0.25:0.25, 0.5:0.5, 0.75:0.75, 1:1"
    assert found["look"]["saturation_mids"] == 1


def test_learn_overwrites_nothing_and_leaves_nothing_of_a_failure(
    still: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.yaml").write_text("doc: mine\n")
    assert run(["house", "learn", str(still), "-o", "mine.yaml"]) == 2
    assert (folder / "mine.yaml").read_text() == "doc: mine\n"
    assert run(["house", "learn", str(folder / "none.png"), "-o", "new.yaml"]) == 3
    assert not (folder / "new.yaml").exists()
    assert "cannot be read as a still" in capsys.readouterr().err


@pytest.mark.media
@pytest.mark.parametrize("name", ["chaplin_filmscan_360p.mp4", "phone_dog_1080p_vfr.mp4"])
def test_learn_takes_real_films(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], media: Any
) -> None:
    found = data(capsys, "learn", str(media(f"footage/{name}")), "-o", "film.yaml")
    assert found["views"] >= 1
    assert (found["look"]["saturation"] == 0) == ("chaplin" in name)
    assert data(capsys, "show", "film.yaml")["parts"]
