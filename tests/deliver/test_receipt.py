from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from post.deliver.receipt import ingredients, releases
from post.plan import compile_plan
from post.prepare.elements import Element
from post.prepare.sources import JobSources
from post.values import File, Toolchain
from tests.plan.made import cut, job, take

PICTURE = (("answerprint picture", "1"), ("av", "18"))
SOUND = (("answerprint sound", "2"), ("av", "18"), ("soxr", "1"))


def test_a_receipt_names_what_made_the_picture_and_what_made_the_sound() -> None:
    silent = compile_plan(job(cut()), {"dog": take()}, (), Toolchain(PICTURE, SOUND)).renditions[0]
    event: Any = object()
    heard = replace(silent, mix=replace(silent.mix, events=(event,)))
    assert releases(replace(silent, mix=replace(silent.mix, events=()))) == PICTURE
    assert releases(heard) == (*PICTURE, SOUND[0], SOUND[2])


def test_a_clip_that_is_shown_and_heard_on_its_own_is_one_ingredient(tmp_path: Path) -> None:
    path = tmp_path / "dog.mp4"
    path.write_bytes(bytes.fromhex("00000018") + b"ftypisom")
    dog = replace(take(), file=File("d0" * 32, path.name, path))
    music = File("e0" * 32, "bed.mp4", path)
    sources = JobSources(
        job(cut()), {"dog": dog}, (), (Element(dog.file, "unsigned"), Element(music, "unsigned"))
    )
    film = compile_plan(sources.job, sources.takes, (), Toolchain(PICTURE, SOUND)).renditions[0]
    assert [(part.file, part.relationship) for part in ingredients(sources, film)] == [
        (dog.file, "parentOf"),
        (music, "componentOf"),
    ]
