from __future__ import annotations

from dataclasses import replace
from typing import Any

from post.deliver.receipt import releases
from post.plan import compile_plan
from post.values import Toolchain
from tests.plan.made import cut, job, take

PICTURE = (("answerprint picture", "1"), ("av", "18"))
SOUND = (("answerprint sound", "2"), ("av", "18"), ("soxr", "1"))


def test_a_receipt_names_what_made_the_picture_and_what_made_the_sound() -> None:
    silent = compile_plan(job(cut()), {"dog": take()}, (), Toolchain(PICTURE, SOUND)).renditions[0]
    event: Any = object()
    heard = replace(silent, mix=replace(silent.mix, events=(event,)))
    assert releases(replace(silent, mix=replace(silent.mix, events=()))) == PICTURE
    assert releases(heard) == (*PICTURE, SOUND[0], SOUND[2])
