"""A copy that is swapped while it is decoded, and put back before anybody looks again, is in no film."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from post.deliver.finish import FinishedJob, FinishSetup, finish
from post.deliver.output_set import output_set
from post.deliver.sign import KeyFilmSigner, film_signer
from post.engine import ContentStore, InProcess
from post.errors import SourceError
from post.job import load_job
from post.prepare.plan_job import plan_job
from post.render import segment
from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.made.stores import open_store

JOB = """
schema: Job.2
title: One take
clock: 24
house: plain
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 12f}]
deliver: [{preset: draft, name: film, width: 160, height: 90}]
"""
Swap = Callable[[Path, Path], Any]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> KeyFilmSigner:
    return film_signer(tmp_path_factory.mktemp("keys"), "development")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_clip(tmp_path / "dusk.mp4", ClipRecipe("dusk", 160, 90, frames=24))
    make_clip(tmp_path / "lights.mp4", ClipRecipe("lights", 160, 90, frames=24))
    (tmp_path / "job.yaml").write_text(JOB)
    return tmp_path


@contextmanager
def by_rename(copy: Path, other: Path) -> Iterator[None]:
    """The copy is moved away, and moved back."""
    aside = copy.with_name("aside")
    copy.rename(aside)
    copy.write_bytes(other.read_bytes())
    yield
    aside.replace(copy)


@contextmanager
def in_place(copy: Path, other: Path) -> Iterator[None]:
    """The copy is written over, and written back, with the times that it had."""
    before, about = copy.read_bytes(), copy.stat()
    copy.chmod(0o600)
    copy.write_bytes(other.read_bytes())
    yield
    copy.write_bytes(before)
    copy.chmod(0o400)
    os.utime(copy, ns=(about.st_atime_ns, about.st_mtime_ns))


@contextmanager
def by_folder(copy: Path, other: Path) -> Iterator[None]:
    """The folder of the copy is moved away, and moved back; nothing happens to the copy itself."""
    aside = copy.parent.with_name("aside")
    copy.parent.rename(aside)
    copy.parent.mkdir()
    copy.write_bytes(other.read_bytes())
    yield
    copy.unlink()
    copy.parent.rmdir()
    aside.rename(copy.parent)


def finished(folder: Path, signer: KeyFilmSigner) -> FinishedJob:
    sources, plan = plan_job(load_job(folder / "job.yaml"), signer.anchors, ContentStore(folder / "content"))
    with output_set(folder / "out") as output:
        store = open_store(folder / "store")
        done = finish(sources, plan, FinishSetup(output, store, InProcess(), signer, lambda *_: None))
        output.publish()
    return done


def meddle(folder: Path, swap: Swap, patch: pytest.MonkeyPatch) -> None:
    """Swaps the copy while its segment is made."""
    usual = segment.make

    def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
        [copy] = (folder / "content").glob("*/*/dusk.mp4")
        with swap(copy, folder / "lights.mp4"):
            usual(data, files, path)

    patch.setattr(segment, "make", make)


@pytest.mark.parametrize("swap", [by_rename, in_place])
def test_a_copy_swapped_and_put_back_ends_the_run_and_leaves_nothing_of_it(
    folder: Path, signer: KeyFilmSigner, swap: Swap, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle(folder, swap, monkeypatch)
    with pytest.raises(SourceError, match="dusk.mp4: was changed while the film was made"):
        finished(folder, signer)
    assert not (folder / "out").exists()
    assert [path for path in (folder / "store").rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    [film] = finished(folder, signer).deliverables
    assert film.reused == 0


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system has no paths of open folders")
def test_a_folder_swapped_and_put_back_is_not_looked_into(
    folder: Path, signer: KeyFilmSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle(folder, by_folder, monkeypatch)
    [film] = finished(folder, signer).deliverables
    monkeypatch.undo()
    store = open_store(folder / "calm")
    sources, plan = plan_job(load_job(folder / "job.yaml"), signer.anchors, ContentStore(folder / "content"))
    with output_set(folder / "again") as output:
        calm = finish(sources, plan, FinishSetup(output, store, InProcess(), signer, lambda *_: None))
    assert film.receipt.sha256 == calm.deliverables[0].receipt.sha256
