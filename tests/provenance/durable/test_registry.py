"""A registry stores every film once, for several processes, and reports what is wrong with it."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from post.errors import OutputError, ProvenanceError, RetryError, SourceError
from post.owned import editing
from provenance import database
from provenance.durable import registry as registries
from provenance.durable import registry_entry as entries
from provenance.durable.fingerprint import Fingerprint, fingerprint_copy
from provenance.durable.registry import FILE, Registry, open_registry, read_registry
from provenance.durable.registry_entry import (
    RegistryEntry,
    SoftBinding,
    find_manifest_id,
    keep_active_manifest,
)
from provenance.durable.search_index import BLOCK
from tests.provenance.durable.films import entry, film, store, viewing

SECRET = b"a prompt for a client not announced"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with open_registry(tmp_path) as opened:
        yield opened


def test_a_film_is_stored_under_its_manifests_label(registry: Registry) -> None:
    kept = entry(1)
    registry.add(kept)
    assert registry.find_manifest(kept.film.manifest_id) == kept.manifest
    assert registry.find_manifest("urn:c2pa:nobody") is None


def test_a_film_is_found_by_its_picture(registry: Registry) -> None:
    registry.add_all([entry(seed) for seed in range(20)])
    number, likeness = registry.find_similar(fingerprint_copy(film(7)))[0]
    assert registry.film(number).name == "film 7"
    assert likeness.distance == 0


def test_a_watermark_names_all_deliverables_the_newest_first(registry: Registry) -> None:
    registry.add_all(
        [entry(1, name="wide", mark="0a0b0c0d"), entry(2, name="tall", mark="0a0b0c0d"), entry(3)]
    )
    found = registry.find_bound(SoftBinding("org.answerprint.mark.1", "0a0b0c0d"), 10)
    assert [registry.film(number).name for number in found] == ["tall", "wide"]
    assert registry.find_bound(SoftBinding("org.answerprint.mark.2", "0a0b0c0d"), 10) == ()


def test_signing_the_same_film_again_replaces_it(registry: Registry) -> None:
    first = entry(1, mark="00000001")
    urn = "urn:c2pa:again"
    about = replace(first.film, manifest_id=urn, sha256="f" * 64)
    registry.add(first)
    registry.add(replace(first, film=about, manifest=store(urn)))
    assert len(registry) == 1
    assert registry.find_manifest(first.film.manifest_id) is None
    assert len(registry.find_bound(first.bindings[0], 10)) == 1
    assert len(registry.find_similar(fingerprint_copy(film(1)))) == 1


def test_adding_a_film_twice_changes_nothing(registry: Registry) -> None:
    registry.add(entry(1))
    registry.add(entry(1))
    assert len(registry) == 1


def test_of_several_films_all_are_stored_or_none(registry: Registry) -> None:
    other = entry(2)
    twice = replace(other, film=replace(other.film, created=None))  # type: ignore[arg-type]  # what SQLite refuses
    with pytest.raises(ProvenanceError, match="cannot be stored"):
        registry.add_all([entry(1), twice])
    assert len(registry) == 0


def test_a_flat_film_is_stored_and_matches_nothing(registry: Registry) -> None:
    black = viewing(np.zeros((5, 128, 128)))
    registry.add(entry(1, black))
    registry.add(entry(2))
    assert len(registry) == 2
    assert len(registry.find_similar(fingerprint_copy(film(2)))) == 1
    assert registry.find_similar(fingerprint_copy(black)) == []


def test_a_film_that_another_process_adds_is_found(tmp_path: Path, registry: Registry) -> None:
    registry.add(entry(1))
    registry.index()
    with open_registry(tmp_path) as other:
        other.add(entry(2))
    assert {registry.film(number).name for number, _ in registry.find_similar(fingerprint_copy(film(2)))} == {
        "film 1",
        "film 2",
    }


def write(folder: Path, first: int) -> None:
    for seed in range(first, first + 5):
        with open_registry(folder) as opened:
            opened.add(entry(seed))


def test_several_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write, args=(tmp_path, 10 * number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with read_registry(tmp_path) as opened:
        assert len(opened) == 15


def test_a_registry_is_opened_by_one_process_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that switched a new file to WAL at once, one was told that it is busy (2 of 360)."""
    monkeypatch.setattr("post.owned.SHORT_WORK_S", 0.2)
    with editing(tmp_path / FILE), pytest.raises(RetryError, match="is still being written to"):
        open_registry(tmp_path)
    with open_registry(tmp_path):
        assert not list(tmp_path.glob(".*"))


def test_a_film_signed_again_leaves_nothing_of_its_old_manifest(tmp_path: Path, registry: Registry) -> None:
    registry.add(replace(entry(1), manifest=entry(1).manifest + SECRET * 2000))
    registry.add(entry(1))
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET not in b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE}*"))


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.glob(f"{FILE}*")}


@pytest.mark.parametrize(("folder", "wanted"), [(0o755, 0o600), (0o775, 0o660)])
def test_others_cannot_read_a_registry_and_an_old_one_is_closed_to_them(
    folder: int, wanted: int, tmp_path: Path
) -> None:
    tmp_path.chmod(folder)
    with open_registry(tmp_path) as registry:
        registry.add(entry(1))
        assert modes(tmp_path) == {wanted}
        assert len(list(tmp_path.glob(f"{FILE}-*"))) == 2
        for path in tmp_path.glob(f"{FILE}*"):
            path.chmod(0o644)
        with open_registry(tmp_path) as again:
            assert len(again) == 1
            assert modes(tmp_path) == {wanted}


def test_a_reader_cannot_write(tmp_path: Path, registry: Registry) -> None:
    registry.add(entry(1))
    with read_registry(tmp_path) as reader, pytest.raises(OutputError, match="cannot be written"):
        reader.add(entry(2))
    assert len(registry) == 1


def test_a_busy_registry_raises_a_retry_error(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(RetryError, match="busy"):
        open_registry(tmp_path)
    holder.close()


def test_a_folder_without_a_registry_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a registry"):
        read_registry(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"x" * 5000, b"text" * 2000])
def test_another_file_is_not_read_as_a_registry(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SourceError):
        read_registry(tmp_path)
    if content:
        with pytest.raises(SourceError):
            open_registry(tmp_path)
        assert (tmp_path / FILE).read_bytes() == content


def test_another_programs_database_is_not_changed(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()
    with pytest.raises(SourceError, match="the database of another program"):
        open_registry(tmp_path)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        open_registry(tmp_path / "file" / "registry")


PLAIN = entry(0)
LATER = "ALTER TABLE film ADD COLUMN house TEXT NOT NULL DEFAULT ''"


def test_an_older_registry_is_migrated_with_all_its_films(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(entry(1))
    monkeypatch.setattr(registries, "MIGRATIONS", (*registries.MIGRATIONS, LATER))
    with pytest.raises(SourceError, match="another version"):
        read_registry(tmp_path)
    with open_registry(tmp_path) as brought_up:
        assert brought_up.find_manifest(entry(1).film.manifest_id) == entry(1).manifest
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 2


def test_a_failed_migration_keeps_the_old_registry(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(entry(1))
    monkeypatch.setattr(registries, "MIGRATIONS", (*registries.MIGRATIONS, f"{LATER}; SELECT nonsense"))
    with pytest.raises(SourceError):
        open_registry(tmp_path)
    monkeypatch.undo()
    with open_registry(tmp_path) as as_it_was:
        assert len(as_it_was) == 1


def test_a_newer_registry_asks_for_a_newer_program(tmp_path: Path, registry: Registry) -> None:
    db = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(SourceError, match="update Answerprint"):
        open_registry(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"manifest": bytes(entries.MAX_STORE_BYTES + 1)},
        {"bindings": (SoftBinding("a", "b"),) * (entries.MAX_BINDINGS + 1)},
        {"bindings": (SoftBinding("a", "b" * (entries.MAX_BINDING_CHARACTERS + 1)),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_part_that_is_too_large_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ProvenanceError, match="too large"):
        replace(entry(1), **change)  # type: ignore[arg-type]  # one field of many


@pytest.mark.parametrize("urn", ["", "a b", "x" * 300, "new\nline"])
def test_a_manifest_without_a_valid_label_is_refused(urn: str) -> None:
    kept = entry(1)
    with pytest.raises(ProvenanceError, match="not the name of a manifest"):
        replace(kept, film=replace(kept.film, manifest_id=urn))


def test_the_active_manifest_is_the_last_and_can_be_extracted() -> None:
    whole = store("urn:c2pa:film", "urn:c2pa:clip")
    alone = keep_active_manifest(whole)
    assert find_manifest_id(whole) == find_manifest_id(alone) == "urn:c2pa:film"
    assert b"urn:c2pa:clip" not in alone
    assert alone == store("urn:c2pa:film")


def test_the_coarse_search_finds_the_right_film_of_many(registry: Registry) -> None:
    rng = np.random.default_rng(5)
    others = [_noise(rng, number) for number in range(1500)]
    # In the middle, and beyond the first block of the comparison.
    registry.add_all([*others[:1200], entry(1), *others[1200:]])
    assert len(registry.index().bits) > BLOCK
    copy = viewing(np.clip(film(1).pictures * 0.8 + rng.normal(0, 8, (25, 128, 128)), 0, 255))
    assert registry.film(registry.index().nearest(fingerprint_copy(copy), 1)[0]).name == "film 1"


def _noise(rng: np.random.Generator, number: int) -> RegistryEntry:
    signs = rng.integers(1, 1 << 63, (9, 7, 4), dtype=np.uint64)
    name = f"{number:064x}"
    about = replace(PLAIN.film, manifest_id=name, sha256=name, unsigned=name)
    return replace(PLAIN, film=about, fingerprint=Fingerprint(signs))
