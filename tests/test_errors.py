from __future__ import annotations

import inspect
import pickle

from post import errors
from post.errors import AnswerprintError, JobError, Problems, SourceError

FAULT = JobError(
    "out of range",
    where="spot.yaml:14: cut[2].speed",
    expected="0.1 to 16",
    got=40,
    fix="split the ramp or trim the take",
)
LINE = "spot.yaml:14: cut[2].speed: out of range; expected 0.1 to 16, got 40; split the ramp or trim the take"


def test_an_error_says_where_what_expected_got_and_what_to_do() -> None:
    assert str(FAULT) == LINE


def test_parts_that_are_not_given_are_left_out() -> None:
    assert str(JobError("no cut")) == "no cut"
    assert str(JobError("no cut", got=0)) == "no cut; got 0"


def test_the_place_of_an_error_can_be_added_later() -> None:
    assert str(SourceError("is empty", where="dog.mp4").at("spot.yaml:3")) == "spot.yaml:3: dog.mp4: is empty"


def test_every_error_passes_between_processes_unchanged() -> None:
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, AnswerprintError)]
    assert len(kinds) >= 10
    for kind in set(kinds) - {Problems}:
        there = pickle.loads(pickle.dumps(kind("w", where="a", expected="b", got="c", fix="d")))
        assert (type(there), str(there)) == (kind, "a: w; expected b, got c; d")
    several = pickle.loads(pickle.dumps(Problems([FAULT, SourceError("no such file"), FAULT])))
    assert str(several) == f"{LINE}\nno such file"  # one that two films have is one


def test_problems_have_the_exit_code_that_they_share() -> None:
    lost = SourceError("no such file")
    assert Problems([lost, lost]).exit_code == 3
    assert Problems([lost, FAULT]).exit_code == 2
    assert Problems([Problems([lost, FAULT]), lost]).faults == (lost, FAULT)
