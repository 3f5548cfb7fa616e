"""A finished film of two shots and its report, for tests of the report's parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from post.atomic import checksum
from post.deliver.check import check_film
from post.deliver.finish import Deliverable, FinishedJob, FinishSetup
from post.deliver.output_set import OutputSet
from post.deliver.receipt import make_receipt
from post.deliver.sign import KeyFilmSigner, film_signer
from post.engine import InProcess
from post.job.model import Provenance, Timed
from post.plan import compile_plan
from post.prepare.sources import JobSources
from post.receipt import Disclosure
from post.report.page import write_report
from post.stage_knobs import make
from post.takes.made.synthetic import ClipRecipe, SoundRecipe
from post.takes.probe import probe
from post.values import BT709, Rendition, Toolchain, digest
from tests.made.numbered import numbered_clip
from tests.made.stores import open_store
from tests.plan.made import cut, deliver, job

HOSTILE = '<script>alert("1")</script> & "dogs"'
PROMPT = "a dog </td><img src=x onerror=alert(2)> in the snow"


@dataclass(frozen=True)
class Made:
    done: FinishedJob
    setup: FinishSetup
    folder: Path
    page: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("report")
    sources = JobSources(_asked(), _takes(root), (), ())
    plan = compile_plan(sources.job, sources.takes, (), Toolchain((("answerprint", "0"), ("av", "18"))))
    seal = film_signer(root / "keys", "development")
    out = root / "out"
    out.mkdir()
    films = tuple(_deliverable(sources, rendition, out, seal) for rendition in plan.renditions)
    done = FinishedJob(sources, plan, films)
    setup = FinishSetup(OutputSet(out, out), open_store(root / "store"), InProcess(), seal, lambda *_: None)
    return Made(done, setup, out, write_report(done, out / "report.html", setup).read_text("utf-8"))


def _asked() -> Any:
    look_: Any = make("look", {"saturation": 0.5})
    title: Any = make("title", {"text": "Snow <b>dog</b>"})
    shots = (
        cut("dog", length="1.5s"),
        replace(cut("cat", speed="2", transition=18), colour=(look_,)),
    )
    record = (("prompt", PROMPT, "recorded"), ("workflow", "x" * 5000, "container-claimed"))
    asked = job(
        *shots,
        title=HOSTILE,
        titles=(Timed(title, "0.5s", "0.5s", "spot.yaml:12"),),
        deliver=(deliver("wide", 640, 360), deliver("tall", 360, 640)),
        provenance=Provenance(disclosure=Disclosure(model_name="LTX <2>"), prompts="include"),
    )
    return replace(asked, takes=(replace(asked.takes[0], record=record), *asked.takes[1:]))


def _takes(root: Path) -> dict[str, Any]:
    recipe = ClipRecipe(width=192, height=96, frames=60, sound=SoundRecipe(kind="tone"), gop=20)
    paths = {name: numbered_clip(root / f"{name}.mp4", recipe) for name in ("dog", "cat")}
    # Two clips of the same bytes would be one file: another quality makes them differ.
    numbered_clip(paths["cat"], replace(recipe, options=(("crf", "20"),), colour=BT709))
    return {name: probe(path, name) for name, path in paths.items()}


def _deliverable(sources: JobSources, rendition: Rendition, out: Path, seal: KeyFilmSigner) -> Deliverable:
    film = rendition.format
    recipe = ClipRecipe(
        width=film.width,
        height=film.height,
        frames=film.length,
        colour=BT709,
        gop=24,
        sound=SoundRecipe(kind="tone"),
    )
    unsigned, path = out / f".{rendition.name}.mp4", out / f"{rendition.name}.mp4"
    numbered_clip(unsigned, recipe)
    measured = check_film(unsigned, rendition)
    keys = [digest(segment) for segment in rendition.segments]
    receipt = make_receipt(sources, rendition, keys, (checksum(unsigned).sha256, measured))
    seal(unsigned, path, receipt, sources.files())
    unsigned.unlink()
    return Deliverable(rendition, path, path, checksum(path).sha256, measured, receipt, len(keys), 1)
