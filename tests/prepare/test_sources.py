"""What opening a clip reads, besides its picture."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import pytest

from post.engine import ContentStore
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
