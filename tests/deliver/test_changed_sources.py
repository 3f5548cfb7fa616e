"""What was hashed is what is rendered and signed, whatever happens to the files meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from post.atomic import checksum
from post.deliver.finish import FinishedJob, FinishSetup, finish
from post.deliver.kept_film import SigningTerms
from post.deliver.output_set import output_set
from post.deliver.sign import KeyFilmSigner, film_signer
from post.engine import ContentStore, InProcess, Store, Task, TaskEvent
from post.errors import AnswerprintError, OutputError, SourceError
from post.job import load_job
from post.job.model import Provenance
from post.prepare.plan_job import plan_job
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import File
from provenance.trust.lists import Anchors
from provenance.verify import verify
from tests.made.stores import open_store

CUBE = "LUT_3D_SIZE 2\n" + "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1))
FILES = ("dusk.mp4", "sea.mp4", "grade.cube", "font.ttf", "still.mp4", "logo.png", "bed.wav")
JOB = """
schema: Job.2
title: Two takes
clock: 24
house: plain
match: {{file: still.mp4}}
bug: {{file: logo.png}}
sound: {{music: [{{file: bed.wav}}]}}
takes:
  dusk: dusk.mp4
  sea: {{file: sea.mp4, sha256: {pin}}}
cut:
  - {{take: dusk, length: 12f}}
  - {{take: sea, length: 12f, look: {{lut: grade.cube}}}}
titles: [{{text: Salt, font: font.ttf, at: 0s, length: 12f}}]
deliver: [{{preset: draft, name: film, width: 160, height: 90}}]
"""


@dataclass
class Meddler(InProcess):
    """An engine that lets somebody meddle before it starts to render."""

    meddle: Callable[[], None]

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        self.meddle()
        yield from super().run(tasks, store)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> KeyFilmSigner:
    return film_signer(tmp_path_factory.mktemp("keys"), "development")


@pytest.fixture
def folder(tmp_path: Path, font: Path) -> Path:
    return made(tmp_path, font)


def made(tmp_path: Path, font: Path) -> Path:
    """Makes the job and its files in a folder, and returns that. The files are the same each time."""
    make_clip(tmp_path / "dusk.mp4", ClipRecipe("dusk", 160, 90, frames=24))
    make_clip(tmp_path / "sea.mp4", ClipRecipe("sea", 160, 90, frames=24))
    (tmp_path / "grade.cube").write_text(CUBE)
    shutil.copy(font, tmp_path / "font.ttf")
    noise = np.random.default_rng(7)
    Image.fromarray(noise.integers(40, 200, (16, 16, 3), np.uint8)).save(tmp_path / "logo.png")
    make_clip(tmp_path / "still.mp4", ClipRecipe("dusk", 160, 90, frames=12))
    soundfile.write(tmp_path / "bed.wav", noise.normal(0, 0.1, (48000, 2)), 48000)
    (tmp_path / "job.yaml").write_text(JOB.format(pin=checksum(tmp_path / "sea.mp4").sha256))
    return tmp_path


@pytest.fixture(scope="session")
def font() -> Path:
    from fontpkg_inter import __file__ as package

    return next(Path(package).parent.rglob("*.ttf"))


def finished(
    folder: Path,
    signer: KeyFilmSigner,
    out: str,
    meddle: Callable[[], None],
    content: type[ContentStore] = ContentStore,
) -> FinishedJob:
    sources, plan = plan_job(
        load_job(folder / "job.yaml"), signer.anchors, content(folder / f"content-{out}")
    )
    store = open_store(folder / f"store-{out}")
    with output_set(folder / out) as output:
        done = finish(sources, plan, FinishSetup(output, store, Meddler(meddle), signer, lambda *_: None))
        output.publish()
    return done


def replace(path: Path, how: str) -> None:
    """Puts something else in a file's place.

    how: `rename` another file of its kind, or `rewrite` it so; or `tamper`: another byte in the same file, which
    keeps its size and its times.
    """
    if how == "tamper":
        was, content = path.stat(), bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        with path.open("r+b") as file:
            file.write(content)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        return
    if path.suffix == ".mp4":
        other = make_clip(path.with_name("other.mp4"), ClipRecipe("lights", 160, 90, frames=24)).read_bytes()
    else:
        other = path.read_bytes().replace(b"1 1 1", b"0 0 0") if path.suffix == ".cube" else b"no font"
    if how == "rename":
        path.with_name("new").write_bytes(other)
        path.with_name("new").rename(path)
    else:
        path.write_bytes(other)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, font: Path, signer: KeyFilmSigner) -> str:
    """Returns the sha256, before signing, of the film that nobody meddles with."""
    folder = made(tmp_path_factory.mktemp("calm"), font)
    [film] = finished(folder, signer, "calm", lambda: None).deliverables
    return film.receipt.sha256


@pytest.mark.parametrize("when", ["as it is planned", "before it is rendered"])
@pytest.mark.parametrize("how", ["rename", "tamper"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_replaced_meanwhile_changes_no_film(
    folder: Path, signer: KeyFilmSigner, calm: str, name: str, how: str, when: str
) -> None:
    class Meddled(ContentStore):
        """Somebody replaces the file as soon as it is held."""

        def hold(self, path: Path, *more: Any) -> File:
            held = super().hold(path, *more)
            if path == folder / name:
                meddle()
            return held

    def meddle() -> None:
        replaced.append(name)
        replace(folder / name, how)

    replaced: list[str] = []
    hashed = {
        each.name: checksum(each).sha256
        for each in folder.iterdir()
        if each.suffix in (".mp4", ".wav", ".png")
    }
    planned = when == "as it is planned"
    content, before = (Meddled, lambda: None) if planned else (ContentStore, meddle)
    [film] = finished(folder, signer, "meddled", before, content).deliverables
    assert replaced
    assert film.receipt.sha256 == calm  # before signing
    assert {part.file.name: part.file.sha256 for part in film.receipt.ingredients} == hashed
    found = verify(film.path, signer.anchors)
    assert (found.integrity, found.signer, found.chain) == ("intact", "trusted", "sound")


def test_a_pinned_take_that_is_another_is_refused_before_anything_is_made(
    folder: Path, signer: KeyFilmSigner
) -> None:
    replace(folder / "sea.mp4", "rewrite")
    with pytest.raises(AnswerprintError, match="is not the clip that was ingested") as fault:
        finished(folder, signer, "out", lambda: None)
    assert fault.value.exit_code == 3
    assert not (folder / "out").exists()


def test_a_copy_that_is_changed_meanwhile_ends_the_run_and_leaves_nothing_of_it(
    folder: Path, signer: KeyFilmSigner
) -> None:
    def meddle() -> None:
        for copy in (folder / "content-out").glob("*/*/dusk.mp4"):
            copy.chmod(0o600)
            copy.write_bytes(
                make_clip(folder / "o.mp4", ClipRecipe("lights", 160, 90, frames=24)).read_bytes()
            )

    with pytest.raises(SourceError, match=r"dusk.mp4: was changed while the film was made"):
        finished(folder, signer, "out", meddle)
    assert not (folder / "out").exists()
    # What was made of the other take may stay: with it the film is the same as one from an empty store.
    (folder / "store-out").rename(folder / "store-again")
    [film] = finished(folder, signer, "again", lambda: None).deliverables
    [calm] = finished(folder, signer, "calm", lambda: None).deliverables
    assert film.receipt.sha256 == calm.receipt.sha256


def test_a_copy_that_is_cleared_meanwhile_is_told_by_its_own_name_at_its_line(
    folder: Path, signer: KeyFilmSigner
) -> None:
    def clear() -> None:
        for copy in (folder / "content-out").glob("*/*/dusk.mp4"):
            copy.unlink()

    with pytest.raises(SourceError) as found:
        finished(folder, signer, "out", clear)
    told = f"{folder}/job.yaml:10: dusk.mp4: was removed while the film was made; expected the file that was hashed, "
    assert str(found.value).startswith(f"{told}got no file; see who clears {folder}/content-out/")


def test_a_copy_that_goes_after_rendering_was_removed_not_changed(
    folder: Path, signer: KeyFilmSigner
) -> None:
    def clear() -> None:
        for copy in (folder / "content-out").glob("*/*/dusk.mp4"):
            copy.unlink()

    finished(folder, signer, "out", lambda: None)
    with pytest.raises(
        SourceError, match=r"job.yaml:10: dusk.mp4: was removed while.*got no file; see who clears"
    ):
        finished(folder, signer, "out", clear)  # every segment is in the store


@dataclass
class Unwilling:
    """A signer that cannot write its film."""

    anchors: tuple[Anchors, ...] = ()

    def __call__(self, source: Path, destination: Path, *_: object, **__: object) -> None:
        raise SourceError("cannot be read", where=str(source), got=str(destination))

    terms = SigningTerms((), "", ())

    def pending_stamp(self, film: Path) -> None:
        raise NotImplementedError


def test_an_error_names_the_film_not_the_hidden_folder_that_it_is_made_in(
    folder: Path, signer: KeyFilmSigner
) -> None:
    sources, plan = plan_job(load_job(folder / "job.yaml"), (), ContentStore(folder / "content"))
    film = f"{folder}/out/film.mp4"
    with pytest.raises(SourceError) as found, output_set(folder / "out") as output:
        store = open_store(folder / "store")
        finish(sources, plan, FinishSetup(output, store, InProcess(), Unwilling(), lambda *_: None))
    assert (found.value.where, found.value.got) == (film, film)
    with pytest.raises(SourceError) as again, output_set(folder / "out") as output:
        raise SourceError("cannot be read", where=str(output.work / "report.html"))
    assert again.value.where == f"{folder}/out/report.html"


def test_an_entry_with_a_good_seal_that_is_no_such_segment_is_refused_and_made_again(
    folder: Path, signer: KeyFilmSigner
) -> None:
    [calm] = finished(folder, signer, "out", lambda: None).deliverables
    other = make_clip(folder / "other.mp4", ClipRecipe("lights", 160, 90, frames=11))
    open_store(folder / "store-out").save(calm.receipt.segments[0], other.read_bytes())
    with pytest.raises(AnswerprintError, match=r"frames 0 to .*not what its key says") as fault:
        finished(folder, signer, "out", lambda: None)
    assert fault.value.exit_code == 75
    [again] = finished(folder, signer, "out", lambda: None).deliverables
    assert again.receipt.sha256 == calm.receipt.sha256


def test_a_stores_entries_swapped_are_made_again(folder: Path, signer: KeyFilmSigner) -> None:
    [calm] = finished(folder, signer, "out", lambda: None).deliverables
    store = open_store(folder / "store-out")
    first, second = (store.path(key) for key in calm.receipt.segments[:2])
    for end in ("", ".seal"):
        one, other = (path.with_name(path.name + end) for path in (first, second))
        kept = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(kept)
    [again] = finished(folder, signer, "out", lambda: None).deliverables
    assert again.receipt.sha256 == calm.receipt.sha256


def test_credentials_beside_a_take_are_its_own(folder: Path, signer: KeyFilmSigner, tmp_path: Path) -> None:
    job = folder / "job.yaml"
    job.write_text(job.read_text() + "provenance: {manifest: sidecar}\n")
    beside = film_signer(tmp_path / "keys", Provenance(manifest="sidecar"))
    finished(folder, beside, "signed", lambda: None)
    assert (folder / "signed" / "film.c2pa").exists()
    text = JOB.format(pin=checksum(folder / "sea.mp4").sha256).replace("dusk.mp4", "signed/film.mp4")
    job.write_text(text)
    sources, _ = plan_job(load_job(job), beside.anchors, ContentStore(folder / "content"))
    assert [take.credential for take in sources.takes.values()] == ["verified", "unsigned"]
    job.write_text(text.replace("name: film,", "name: other,") + "provenance: {manifest: sidecar}\n")
    sidecar = folder / "signed" / "film.c2pa"
    held = sidecar.read_bytes()
    [film] = finished(folder, beside, "again", lambda: replace(sidecar, "tamper")).deliverables
    assert [part.credential for part in film.receipt.ingredients[:2]] == ["verified", "unsigned"]
    assert verify(film.path, beside.anchors).chain == "sound"
    sidecar.write_bytes(held)
    job.write_text(
        text.replace("preset: draft,", "preset: prores-422hq,") + "provenance: {manifest: sidecar}\n"
    )
    with pytest.raises(
        OutputError, match=r"film.c2pa: would be written over"
    ):  # film.mov's sidecar is film.mp4's
        finished(folder, beside, "signed", lambda: None)
