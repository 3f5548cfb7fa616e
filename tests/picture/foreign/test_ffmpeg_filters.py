"""The stage `ffmpeg` in a job, and chains of ffmpeg-python's streams."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.errors import JobError, Problems
from post.job import load_job
from post.picture.foreign.ffmpeg_filters import FfmpegFilters, chain_of
from post.stage import call_of, open_call
from post.takes.filters.chain import read_chain
from post.values.time import Span

JOB = """\
schema: Job.2
title: Spot
clock: 30
takes: {{dog: dog.mp4}}
cut: [{{take: dog, look: none, stages: [{{stage: ffmpeg, filters: "{chain}"}}]}}]
deliver: [{{width: 64, height: 64, name: small}}]
"""


def job(folder: Path, chain: str) -> Path:
    (folder / "dog.mp4").write_bytes(b"dog")
    (folder / "job.yaml").write_text(JOB.format(chain=chain))
    return folder / "job.yaml"


def test_a_job_names_a_chain_and_it_knows_the_films_rate(tmp_path: Path) -> None:
    (effect,) = load_job(job(tmp_path, "fade=t=in:st=1:d=1")).cut[0].effects
    assert isinstance(effect, FfmpegFilters)
    assert effect.rate == "30"
    rgb = np.full((32, 48, 3), 0.8, np.float32)
    again = FfmpegFilters.from_call(call_of(effect))
    assert again.frames(rgb, 45) == pytest.approx(np.full_like(rgb, 0.4), abs=0.01)
    assert open_call(call_of(effect)) == effect
    action = effect.declare(Span(0, 10))
    assert (action.name, dict(action.parameters)["org.answerprint.ffmpeg.filters"]) == (
        "c2pa.filtered", "fade=t=in:st=1:d=1",
    )  # fmt: skip


def test_a_chain_that_needs_other_frames_is_refused_at_its_place_in_the_job(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        load_job(job(tmp_path, "tmix"))
    (fault,) = caught.value.faults
    assert str(fault).startswith(
        f"{tmp_path / 'job.yaml'}:5: cut[0].stages[0].filters: the filter chain depends on"
    )


def test_an_ffmpeg_python_stream_becomes_the_text_of_its_filters() -> None:
    ffmpeg = pytest.importorskip("ffmpeg")
    stream = ffmpeg.input("any.mp4").filter("hue", s=0).filter("drawbox", 1, "2", c="red").hflip()
    assert chain_of(stream) == "hue=s=0,drawbox=1:2:c=red,hflip"
    expression = "if(lt(X,10),r(X,Y),0)"
    text = chain_of(ffmpeg.input("any.mp4").filter("geq", r=expression, g="g(X,Y)", b="0"))
    (once,) = read_chain(text)
    assert dict(part.split("=", 1) for part in once[1].split(":"))["r"] == expression
    rgb = np.random.default_rng(1).random((16, 24, 3), np.float32)
    made = FfmpegFilters(filters=text).frames(rgb, 0)
    assert made[:, :10, 0] == pytest.approx(rgb[:, :10, 0], abs=1e-4)
    assert not made[:, 10:, 0].any()


def test_a_stream_without_filters_or_of_several_inputs_is_refused() -> None:
    ffmpeg = pytest.importorskip("ffmpeg")
    one = ffmpeg.input("any.mp4")
    with pytest.raises(JobError, match="no filter in it"):
        chain_of(one)
    with pytest.raises(JobError, match="streams meet in it"):
        chain_of(ffmpeg.overlay(one, ffmpeg.input("other.mp4")))
