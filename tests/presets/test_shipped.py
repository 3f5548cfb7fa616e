"""Every shipped preset is read by the code that reads users' presets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from post.job import Job, load_job
from post.picture.encode import Encode
from presets import Node, find, names
from presets.places import SHIPPED
from tests.job.conftest import PARTS, Write, write

__all__ = ["write"]

# How a job names a preset of each kind.
USES = {
    "house": {"house": "house: {}"},
    "look": {"look": "look: {}"},
    "optics": {"optics": "optics: {}"},
    "grain": {"grain": "grain: {}"},
    "type": {"titles": "titles: [{{text: Winter, at: 0s, length: 1s, preset: {}}}]"},
    "motion": {"titles": "titles: [{{text: Winter, at: 0s, length: 1s, motion: {}}}]"},
    "caption": {"captions": "captions: [{{file: lines.srt, burn: true, style: {}}}]"},
    "label": {"label": "label: {}"},
    "sound": {"sound": "sound: {{loudness: {}}}"},
    "deliver": {"deliver": "deliver: [{}]"},
}
# Kinds that a job needs more than a name for: tests/job/sections/design and tests/job/versions read each.
ELSEWHERE = {"brand", "overlay", "platform"}
SHIP = [(kind, name) for kind in USES for name in names(kind)]


def _job(kind: str, name: str, write: Write) -> Job:
    return load_job(write(**{part: text.format(name) for part, text in USES[kind].items()}))


def leaves(node: Node, place: str = "") -> Iterator[tuple[str, Node]]:
    """Yields every scalar under a node, with its dotted place."""
    if isinstance(node.value, dict):
        for key, item in node.value.items():
            yield from leaves(item, f"{place}.{key}" if place else key)
    elif isinstance(node.value, tuple):
        for index, item in enumerate(node.value):
            yield from leaves(item, f"{place}[{index}]")
    else:
        yield place, node


def _knob(place: str) -> str:
    """Returns the last name in a dotted place: slope for "look.slope[2]"."""
    return place.rpartition(".")[2].partition("[")[0]


@pytest.mark.parametrize(("kind", "name"), [each for each in SHIP if each[0] != "house"])
def test_every_value_of_every_shipped_preset_sets_a_knob(kind: str, name: str, write: Write) -> None:
    credited = {(_knob(place), origin) for place, _, origin in _job(kind, name, write).origins}
    written = [(place, node) for place, node in leaves(find(kind, name)) if place != "loudness"]
    assert written
    for place, node in written:
        token = f" ({node.value}, in {node.origin})" if str(node.value).startswith("$") else ""
        named = [origin for knob, origin in credited if knob == _knob(place)]
        assert any(origin.endswith(token) if token else origin == node.origin for origin in named), place


@pytest.mark.parametrize("name", names("house"))
def test_every_part_of_every_shipped_house_is_in_the_job(name: str, write: Write) -> None:
    title = "titles: [{text: Winter, at: 0s, length: 1s}]"
    job = load_job(write(house=f"house: {name}", titles=title))
    credited = {origin for _, _, origin in job.origins}
    kinds = {"loudness": "sound"}
    parts = {
        key: word
        for key, word in find("house", name).plain().items()
        if isinstance(word, str) and word != "none"
    }
    assert {f"{kinds.get(key, key)} {word}" for key, word in parts.items()} <= credited
    assert len(job.marks) == 1


def test_every_kind_of_preset_is_tested_here() -> None:
    kinds = {path.parent.name for path in SHIPPED.glob("*/*.yaml")} - {"policy", "demo"}
    assert kinds == {*USES, *ELSEWHERE}


def test_the_demo_job_loads(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    for name in ("sky", "city", "portrait", "market", "tide"):
        (tmp_path / "clips" / f"{name}.mp4").write_bytes(b"")
    for name in ("job.yaml", "brief.yaml"):
        (tmp_path / name).write_text((SHIPPED / "demo" / name).read_text())
    job = load_job(tmp_path / "job.yaml")
    assert [deliver.name for deliver in job.deliver] == ["social-16x9", "social-9x16"]
    assert len(job.cut) == len(job.takes) == 5


@pytest.mark.parametrize(
    ("name", "width", "height", "encoder", "pixels"),
    [
        ("social-16x9", 1920, 1080, "libx264", (8, "420")),
        ("uhd-16x9", 3840, 2160, "libx264", (8, "420")),
        ("social-9x16", 1080, 1920, "libx264", (8, "420")),
        ("social-1x1", 1080, 1080, "libx264", (8, "420")),
        ("draft", 1280, 720, "libx264", (8, "420")),
        ("hevc-10bit", 1920, 1080, "libx265", (10, "420")),
        ("av1-10bit", 1920, 1080, "libsvtav1", (10, "420")),
        ("av1-10bit-grain", 1920, 1080, "libaom-av1", (10, "420")),
        ("prores-422hq", 1920, 1080, "prores_ks", (10, "422")),
    ],
)
def test_a_deliverable_has_the_format_in_its_name(
    name: str, width: int, height: int, encoder: str, pixels: tuple[int, str], write: Write
) -> None:
    [made] = _job("deliver", name, write).deliver
    assert isinstance(made.encode, Encode)
    assert (made.width, made.height, (made.depth, made.chroma)) == (width, height, pixels)
    assert made.encode.settings(made.container).codec == encoder


@pytest.mark.parametrize(
    ("name", "target", "peak"),
    [
        ("social", -14, -1), ("streaming", -14, -1), ("podcast", -16, -1), ("r128", -23, -1), ("r128-s1", -23, -1),
        ("r128-s2", -18, -1), ("a85", -24, -2), ("atsc-a85", -24, -2), ("netflix", -27, -2),
    ],
)  # fmt: skip
def test_a_loudness_profile_has_its_standards_numbers(
    name: str, target: float, peak: float, write: Write
) -> None:
    level = _job("sound", name, write).deliver[0].loudness
    assert [getattr(level, knob) for knob in ("target", "true_peak")] == [target, peak]


@pytest.mark.parametrize("name", names("sound"))
def test_a_loudness_profile_says_whose_numbers_it_has_since_when_and_how_sure(
    name: str, write: Write
) -> None:
    text = (SHIPPED / "sound" / f"{name}.yaml").read_text()
    said = dict(re.findall(r"^(\w+): (.*)$", text, re.MULTILINE))
    assert said["source"]
    assert date.fromisoformat(said["valid_from"]) <= date(2026, 11, 30)
    assert said["confidence"] in {"A", "B", "C"}
    assert getattr(_job("sound", name, write).deliver[0].loudness, "profile")  # noqa: B009  a stage by its knob


def test_the_adverts_profile_has_its_limit_and_netflix_its_gate(write: Write) -> None:
    mixes = [_job("sound", name, write).deliver[0].loudness for name in ("r128-s1", "netflix")]
    advert, film = (each for each in mixes)
    assert (advert.limits.momentary_lufs, advert.limits.short_term_lufs, advert.tolerance) == (None, -18, 0.5)
    assert (film.gate, film.sparse_target, film.tolerance) == ("dialogue", -24, 2)


def test_the_sound_job_names_no_house() -> None:
    assert "house" not in PARTS
