"""What opening a clip reads, besides its picture."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from PIL import Image, PngImagePlugin

from post.engine import ContentStore
from post.errors import Problems, SourceError
from post.job import load_job
from post.job.model import TakeRef
from post.prepare.sources import open_sources, take_of
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.probe import look_for_picture, look_for_sound, probe
from post.values import Clock, Take
from tests.made.stores import open_store
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


def test_a_fill_of_a_clip_is_refused(clip: Path) -> None:
    with pytest.raises(SourceError, match=r"clip\.mp4: is a clip, which has no `fill`"):
        take_of(TakeRef("a", clip, "job.yaml:1", fill="#ff0000"), ())


def test_a_comfyui_graph_of_any_length_is_read_from_matroska_too(clip: Path, tmp_path: Path) -> None:
    padded = {**GRAPH, "99": {"class_type": "Note", "inputs": {"note": "x" * 40_000}}}
    made = remuxed(clip, tmp_path / "comfy.mkv", PROMPT=json.dumps(padded))
    told = {field: (value, how) for field, value, how in take_of(TakeRef("a", made, "job.yaml:1"), ()).record}
    assert told["prompt"] == (PROMPT, "container-claimed")
    assert told["seed"] == ("8566257", "container-claimed")


def graph_in_png(path: Path) -> Path:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("prompt", json.dumps(GRAPH))
    Image.new("RGB", (16, 16)).save(path, pnginfo=texts)
    return path


def graph_in_webp(path: Path) -> Path:
    exif = Image.Exif()
    exif[0x0110] = f"prompt:{json.dumps(GRAPH)}"
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, exif=exif)
    return path


@pytest.mark.parametrize(("make", "name"), [(graph_in_png, "a.png"), (graph_in_webp, "a.webp")])
def test_a_comfyui_graph_is_read_from_stills_and_animations(
    tmp_path: Path, make: Callable[[Path], Path], name: str
) -> None:
    take = take_of(TakeRef("a", make(tmp_path / name), "job.yaml:1"), ())
    told = {field: (value, how) for field, value, how in take.record}
    assert told["prompt"] == (PROMPT, "container-claimed")


def test_a_still_and_an_animation_are_probed_once_for_each_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = open_store(tmp_path / "store")
    paths = graph_in_png(tmp_path / "a.png"), graph_in_webp(tmp_path / "a.webp")

    def taken(path: Path, rate: int, fill: str = "#000000") -> Take:
        return take_of(TakeRef("a", path, "job.yaml:1", fill=fill), (), Clock(Fraction(rate)), "", keep)

    first = {(path, rate): taken(path, rate) for path in paths for rate in (24, 60)}
    assert [first[paths[0], rate].picture.grid.rate for rate in (24, 60)] == [24, 60]
    monkeypatch.setattr("post.prepare.kept_probe.probe", lambda *_, **__: pytest.fail("probed again"))
    assert {(path, rate): taken(path, rate) for path in paths for rate in (24, 60)} == first
    assert taken(paths[0], 24, "#ff0000").picture.fill == "#ff0000"


def signed_frames(folder: Path, media: Callable[[str], Path], *names: str) -> Path:
    for number, name in enumerate(names, 1):
        shutil.copy(media(f"c2pa/{name}"), folder / f"f_{number}.jpg")
    return folder / "f_%d.jpg"


@pytest.mark.media
def test_a_sequence_has_the_weakest_credential_of_its_frames(
    tmp_path: Path, media: Callable[[str], Path]
) -> None:
    whole = take_of(TakeRef("a", signed_frames(tmp_path, media, "CA.jpg", "CA.jpg"), "job.yaml:1"), ())
    assert (whole.credential, whole.picture.kind, whole.picture.length) == ("untrusted", "sequence", 2)
    changed = take_of(TakeRef("a", signed_frames(tmp_path, media, "CA.jpg", "XCA.jpg"), "job.yaml:1"), ())
    assert changed.credential == "tampered"
    assert all("f_2.jpg: " in each for each in changed.credential_detail)


@pytest.mark.media
def test_a_signed_photograph_keeps_its_credentials(media: Callable[[str], Path]) -> None:
    take = take_of(TakeRef("a", media("c2pa/C.jpg"), "job.yaml:1"), ())
    assert (take.picture.kind, take.credential) == ("still", "untrusted")


@pytest.mark.parametrize("key", ["colour", "range"])
def test_what_is_said_of_a_clips_colour_is_refused_for_a_still(tmp_path: Path, key: str) -> None:
    ref = TakeRef("a", graph_in_png(tmp_path / "a.png"), "job.yaml:1", **{key: "bt709"})  # type: ignore[arg-type]  # two texts
    with pytest.raises(SourceError, match=f"`{key}` is said of a picture that is no clip; .* in sRGB"):
        take_of(ref, ())


JOB = """
schema: Job.2
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
schema: Job.2
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


def test_a_large_file_that_is_no_media_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.mp4", "bed.wav"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(3 << 30)
    job = JOB.replace(", match: {file: b.mp4}", "")
    (tmp_path / "job.yaml").write_text(job + "sound: {music: [{file: bed.wav}]}\n")
    monkeypatch.delattr(hashlib, "file_digest")
    with pytest.raises(Problems) as found:
        open_sources(load_job(tmp_path / "job.yaml"), (), ContentStore(tmp_path / "content"))
    no_media = "is damaged, incomplete, or no media file"
    told = [(fault.where.rpartition("job.yaml:")[2], fault.what) for fault in found.value.faults]
    assert told == [("6: a.mp4", no_media), ("9: bed.wav", no_media)]


def test_a_look_before_copying_finds_the_faults_that_probing_finds(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And lets through whatever probing lets through."""
    monkeypatch.setattr("post.engine.content_store.LARGE", 0)
    content = ContentStore(tmp_path / "content")
    sound = SoundRecipe()
    for name in ("a.mp4", "a.mov", "a.mkv", "a.avi", "a.webm"):
        codec = "libvpx-vp9" if name.endswith("webm") else "mpeg4"
        recipe = ClipRecipe(
            "dusk", 64, 48, Fraction(24), 6, codec=codec, b_frames=0, sound=sound if "m4" in name else None
        )
        content.hold(make_clip(tmp_path / name, recipe), None, look_for_picture)
    (tmp_path / "cut.mp4").write_bytes(clip.read_bytes()[:400])
    (tmp_path / "list.mp4").write_bytes(b"eggs, flour, milk" * 99)
    soundfile.write(tmp_path / "bed.wav", np.zeros((800, 2)), 8000)
    content.hold(tmp_path / "bed.wav", None, look_for_sound)
    for name in ("cut.mp4", "list.mp4", "bed.wav"):
        with pytest.raises(SourceError) as looked:
            content.hold(tmp_path / name, None, look_for_picture)
        with pytest.raises(SourceError) as probed:
            probe(tmp_path / name, "a")
        assert str(looked.value) == str(probed.value)


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
