"""Facts are measured once, kept whole, and depend on the file alone."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.engine import Store
from post.errors import OutputError
from post.measure import facts, facts_of
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.measure.fact import MEASURES, FactQuestion, Unmeasured, load_fact, measure, store_fact
from post.measure.flicker import Flicker
from post.measure.grain.strength import MeasuredGrain
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values import Clock, digest
from post.values.media import Fact, Take
from tests.made.stores import open_store

ASSET = "a" * 64
VALUES = [
    ("cuts", Cuts((3, 90))),
    ("cuts", Cuts(())),
    (
        "grain",
        MeasuredGrain(((0.25, 1.5), (0.5, 2.0)), None, 0.5, 700, 720, "limited", ((0.0,),), None, None, 0.01),
    ),
    ("flicker", Flicker(((0.1, 0.0, -0.1),), ((0.0, 0.0, 0.0),), 1.25, 0.5, 0.9)),
    ("banding", Unmeasured("too small")),
]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    return make_clip(folder / "sea.mp4", ClipRecipe("sea", 320, 240, frames=14))


@pytest.fixture(scope="module")
def take(clip: Path) -> Take:
    return probe(clip, "sea")


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_kept_fact_comes_back_as_it_was(tmp_path: Path, name: str, value: object) -> None:
    fact = Fact(ASSET, name, MEASURES[name].version, value)
    store_fact(open_store(tmp_path), fact)
    assert load_fact(open_store(tmp_path), ASSET, name) == fact


def test_a_second_run_decodes_nothing(
    tmp_path: Path, clip: Path, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = facts_of(clip, take.picture, take.file.sha256, open_store(tmp_path))
    monkeypatch.setattr(facts, "walk", lambda *_: pytest.fail("decoded again"))
    assert facts_of(clip, take.picture, take.file.sha256, open_store(tmp_path)) == first
    assert set(first) == set(MEASURES) - set(facts.IN_PASSING)


def test_only_what_is_missing_is_measured_again(tmp_path: Path, clip: Path, take: Take) -> None:
    whole = facts_of(clip, take.picture, take.file.sha256, open_store(tmp_path))
    store = open_store(tmp_path)
    places = {
        name: store.path(digest(FactQuestion(take.file.sha256, name, MEASURES[name].version)))
        for name in MEASURES
    }
    places["flicker"].unlink()
    spoiled = places["banding"]
    spoiled.write_text(spoiled.read_text()[:-5])
    stamp = places["cuts"].stat().st_mtime_ns
    assert facts_of(clip, take.picture, take.file.sha256, open_store(tmp_path)) == whole
    assert places["cuts"].stat().st_mtime_ns == stamp
    assert all(path.is_file() for path in places.values())


def test_another_version_of_a_measure_is_another_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    store_fact(store, Fact(ASSET, "cuts", 1, Cuts((5,))))
    assert load_fact(store, ASSET, "cuts") is not None
    monkeypatch.setattr(MEASURES["cuts"], "version", 2)
    assert load_fact(store, ASSET, "cuts") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"value": {"frames": 3}}', '{"value": {}}', "\x00"])
def test_what_cannot_be_read_is_not_there(tmp_path: Path, text: str) -> None:
    """Even where its seal is good."""
    store = open_store(tmp_path)
    store.save(digest(FactQuestion(ASSET, "cuts", 1)), text.encode())
    assert load_fact(store, ASSET, "cuts") is None


def test_a_fact_that_somebody_else_wrote_is_not_believed(tmp_path: Path) -> None:
    """A forged fact would decide what is done to a shot."""
    fact = Fact(ASSET, "cuts", 1, Cuts((5,)))
    store_fact(Store(tmp_path, b"the secret of another"), fact)
    assert load_fact(open_store(tmp_path), ASSET, "cuts") is None


@pytest.mark.skipif(os.name == "nt", reason="a file in the way is reported otherwise there")
def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"/file: cannot be written to"):
        store_fact(open_store(tmp_path / "file"), Fact(ASSET, "cuts", 1, Cuts(())))


def test_the_same_fact_comes_from_a_file_read_in_another_way(
    clip: Path, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With decoder threads, and after seeking about."""
    plain = facts_of(clip, take.picture, take.file.sha256)

    class Restless(PictureReader):
        def __init__(self, path: Path, picture: object) -> None:
            super().__init__(path, take.picture, thread_count=3)
            self.frame(9)
            self.frame(2)

    monkeypatch.setattr("post.measure.frames.open_picture", Restless)
    assert facts_of(clip, take.picture, take.file.sha256) == plain


def test_asking_for_one_fact_measures_what_it_needs_and_no_more(clip: Path, take: Take) -> None:
    assert set(facts_of(clip, take.picture, take.file.sha256, names=["grain"])) == {"grain", "cuts"}


def test_facts_of_an_animation_are_those_of_the_grid_it_is_shown_on(tmp_path: Path) -> None:
    """One file in two jobs with one store."""
    path = tmp_path / "loop.gif"
    frames = [
        Image.fromarray(np.tile(np.arange(0, 256, 4).astype(np.uint8), (48, 1)) // part) for part in (1, 2, 3)
    ]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[1500, 500, 200])

    def stands_still(rate: int) -> object:
        take = probe(path, "loop", clock=Clock(Fraction(rate)))
        fact = facts_of(path, take.picture, take.file.sha256, open_store(tmp_path / "kept"), ["defects"])
        assert isinstance(fact["defects"].value, Defects)
        return fact["defects"].value.still

    assert [stands_still(rate) for rate in (24, 60, 24)] == [((1, 36),), ((1, 90),), ((1, 36),)]


def test_a_damaged_clip_is_unmeasured_and_not_kept(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "torn.mp4", ClipRecipe("noise", 320, 240, frames=24, gop=24))
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(0)
    middle = slice(len(data) // 2, len(data) // 2 + 4000)
    data[middle] = rng.integers(0, 256, 4000, np.uint8).tobytes()
    path.write_bytes(data)
    take = probe(path, "torn")
    found = facts_of(path, take.picture, take.file.sha256, open_store(tmp_path / "facts"))
    assert all(isinstance(fact.value, Unmeasured) for fact in found.values())
    assert "cannot be decoded" in next(iter(found.values())).value.why  # type: ignore[attr-defined]  # as just asserted
    assert not list((tmp_path / "facts").rglob("*"))


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="cuts"):
        measure("cuts", version=1, gives=Cuts)(MEASURES["cuts"])
    with pytest.raises(ValueError, match="nobody"):
        measure("new", version=1, gives=Cuts, after=("nobody",))(MEASURES["cuts"])
