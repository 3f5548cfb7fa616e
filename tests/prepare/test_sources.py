"""What opening a clip reads, besides its picture."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import av
import pytest

from post.engine import ContentStore
from post.errors import Problems
from post.job import load_job
from post.job.model import TakeRef
from post.prepare.sources import open_sources, take_of
from post.takes.synthetic import ClipRecipe, SoundRecipe, make_clip
from tests.provenance.record.answers import GRAPH, PROMPT


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gather") / "clip.mp4"
    make_clip(path, ClipRecipe("dusk", 64, 48, Fraction(24), 6))
    return path


def remuxed(clip: Path, out: Path, **tags: str) -> Path:
    with av.open(clip) as source, av.open(out, "w") as made:
        made.metadata.update(tags)
        stream = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return out


def test_a_mark_that_a_person_saw_counts_like_one_found_in_the_tags(clip: Path) -> None:
    seen = (("visible_mark", "veo, bottom right", "recorded"),)
    assert take_of(TakeRef("a", clip, "job.yaml:1"), ()).credential == "unsigned"
    assert take_of(TakeRef("a", clip, "job.yaml:1", record=seen), ()).credential == "vendor-marked"


def test_a_comfyui_graph_of_any_length_is_read_from_matroska_too(clip: Path, tmp_path: Path) -> None:
    padded = {**GRAPH, "99": {"class_type": "Note", "inputs": {"note": "x" * 40_000}}}
    made = remuxed(clip, tmp_path / "comfy.mkv", PROMPT=json.dumps(padded))
    told = {field: (value, how) for field, value, how in take_of(TakeRef("a", made, "job.yaml:1"), ()).record}
    assert told["prompt"] == (PROMPT, "container-claimed")
    assert told["seed"] == ("8566257", "container-claimed")


JOB = """
schema: Job.1
title: Both
clock: 24
house: plain
takes: {a: a.mp4}
cut: [{take: a, match: {file: b.mp4}}]
deliver: [{name: film, width: 64, height: 48}]
"""


@pytest.mark.parametrize(
    ("more", "relationship"), [("", "inputTo"), ("sound: {music: [{file: b.mp4}]}", "componentOf")]
)
def test_a_reference_that_is_heard_in_the_film_is_a_part_of_it(
    tmp_path: Path, more: str, relationship: str
) -> None:
    for name, frames in (("a", 24), ("b", 12)):
        recipe = ClipRecipe("dusk", 64, 48, Fraction(24), frames, sound=SoundRecipe())
        make_clip(tmp_path / f"{name}.mp4", recipe)
    (tmp_path / "job.yaml").write_text(JOB + more)
    [element] = open_sources(load_job(tmp_path / "job.yaml"), (), ContentStore(tmp_path / "content")).elements
    assert (element.file.name, element.relationship) == ("b.mp4", relationship)


MANY = """
schema: Job.1
title: Many
clock: 24
house: plain
takes: {a: a.mp4, b: b.mp4}
cut:
  - {take: a, look: {lut: one.cube}}
  - {take: b, look: {lut: one.cube}}
  - take: b
    look: {lut: two.cube}
titles:
  - {text: Salt, at: 0s, length: 12f, font: font.ttf}
deliver: [{name: film, width: 64, height: 48}]
"""
CUBE = "LUT_3D_SIZE 2\n" + "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))


def test_all_files_that_went_meanwhile_are_told_at_once_each_at_its_line(clip: Path, tmp_path: Path) -> None:
    from fontpkg_inter import __file__ as package

    for name in ("a", "b"):
        shutil.copy(clip, tmp_path / f"{name}.mp4")
    for name in ("one", "two"):
        (tmp_path / f"{name}.cube").write_text(CUBE + f"# {name}\n")
    shutil.copy(next(Path(package).parent.rglob("*.ttf")), tmp_path / "font.ttf")
    (tmp_path / "job.yaml").write_text(MANY)
    job = load_job(tmp_path / "job.yaml")
    (tmp_path / "b.mp4").unlink()
    (tmp_path / "one.cube").unlink()
    (tmp_path / "two.cube").write_text(CUBE)
    (tmp_path / "font.ttf").unlink()
    with pytest.raises(Problems) as found:
        open_sources(job, (), ContentStore(tmp_path / "content"))
    told = [(fault.where.removeprefix(f"{tmp_path}/"), fault.what) for fault in found.value.faults]
    assert told == [
        ("job.yaml:8: one.cube", "cannot be read"),
        (f"job.yaml:10: {tmp_path}/two.cube", "was changed while the job was read"),
        ("job.yaml:13: font.ttf", "cannot be read"),
        ("job.yaml:6: b.mp4", "cannot be read"),
    ]


def test_a_clip_twice_with_two_sets_of_credentials_is_refused(clip: Path, tmp_path: Path) -> None:
    """A manifest knows an ingredient by its content: one of the two would be lost."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(clip, tmp_path / name / "clip.mp4")
    job = JOB.replace("a.mp4", "one/clip.mp4").replace("b.mp4", "two/clip.mp4")
    (tmp_path / "job.yaml").write_text(job)
    content = ContentStore(tmp_path / "content")
    assert open_sources(load_job(tmp_path / "job.yaml"), (), content).takes
    (tmp_path / "two" / "clip.c2pa").write_bytes(b"credentials")
    with pytest.raises(Problems, match=r"job.yaml:7: clip.mp4: has the same content as another file"):
        open_sources(load_job(tmp_path / "job.yaml"), (), content)
