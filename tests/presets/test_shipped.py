"""Every preset that ships is read and made by the code that users' presets go through."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.job import Job, load_job
from post.picture.encode import Encode
from presets import names
from presets.load import SHIPPED
from tests.job.conftest import PARTS, Write, write

__all__ = ["write"]

# How a job names a preset of each kind.
USES = {
    "house": {"house": "house: {}"},
    "look": {"look": "look: {}"},
    "grain": {"grain": "grain: {}"},
    "type": {"titles": "titles: [{{text: Winter, at: 0s, length: 1s, preset: {}}}]"},
    "mark": {"label": "label: {}"},
    "sound": {"sound": "sound: {{loudness: {}}}"},
    "deliver": {"deliver": "deliver: [{}]"},
}
SHIP = [(kind, name) for kind in USES for name in names(kind)]


def _job(kind: str, name: str, write: Write) -> Job:
    return load_job(write(**{part: text.format(name) for part, text in USES[kind].items()}))


@pytest.mark.parametrize(("kind", "name"), SHIP)
def test_every_shipped_preset_makes_its_stages(kind: str, name: str, write: Write) -> None:
    job = _job(kind, name, write)
    credited = {origin for _, _, origin in job.origins}
    assert f"{kind} {name}" in credited or "extends" in (SHIPPED / kind / f"{name}.yaml").read_text()


def test_no_preset_is_of_a_kind_that_this_test_does_not_know() -> None:
    kinds = {path.parent.name for path in SHIPPED.glob("*/*.yaml")} - {"policy", "demo"}
    assert kinds == set(USES)


def test_the_demo_job_loads(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    for name in ("sky", "city", "portrait", "market", "tide"):
        (tmp_path / "clips" / f"{name}.mp4").write_bytes(b"")
    path = tmp_path / "job.yaml"
    path.write_text((SHIPPED / "demo" / "job.yaml").read_text())
    job = load_job(path)
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
        ("prores-422hq", 1920, 1080, "prores_ks", (10, "422")),
    ],
)
def test_a_deliverable_is_what_its_name_says(
    name: str, width: int, height: int, encoder: str, pixels: tuple[int, str], write: Write
) -> None:
    [made] = _job("deliver", name, write).deliver
    assert isinstance(made.encode, Encode)
    assert (made.width, made.height, (made.depth, made.chroma)) == (width, height, pixels)
    assert made.encode.settings(made.container).codec == encoder


@pytest.mark.parametrize(
    ("name", "target", "peak"),
    [
        ("social", -14, -1), ("streaming", -16, -1), ("r128", -23, -1), ("r128-s1", -23, -1),
        ("atsc-a85", -24, -2), ("netflix", -27, -2),
    ],
)  # fmt: skip
def test_a_loudness_profile_has_its_standards_numbers(
    name: str, target: float, peak: float, write: Write
) -> None:
    level = _job("sound", name, write).deliver[0].loudness
    assert [getattr(level, knob) for knob in ("target", "true_peak")] == [target, peak]


def test_the_sound_job_names_no_house() -> None:
    assert "house" not in PARTS
