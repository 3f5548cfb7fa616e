from __future__ import annotations

from dataclasses import replace

import pytest

from post.deliver.tasks import SEGMENT, plan_tasks
from post.picture.encode import Encode
from post.plan import compile_plan
from post.prepare.sources import JobSources
from post.values import Toolchain
from tests.plan.made import cut, deliver, job, take


@pytest.mark.parametrize(
    ("encode", "alone"),
    [
        (Encode(codec="h264"), False),
        (Encode(codec="hevc"), False),
        (Encode(codec="av1", preset="10"), True),
        (Encode(codec="av1", preset="8", film_grain="table"), False),  # libaom
    ],
)
def test_no_two_encoders_that_share_tables_are_put_into_one_process(encode: Encode, alone: bool) -> None:
    asked = job(cut(), deliver=(replace(deliver(), encode=encode),))
    takes = {"dog": take()}
    plan = compile_plan(asked, takes, (), Toolchain((("av", "18"),)))
    tasks = plan_tasks(plan, JobSources(asked, takes, (), ()))
    assert {task.alone for task in tasks if task.run == SEGMENT} == {alone}
