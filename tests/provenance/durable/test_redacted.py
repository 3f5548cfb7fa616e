"""A film whose prompts were removed does not lead back to them through a registry."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from post.cli.app import run
from post.errors import OutputError, RetryError
from post.recovery.register import RegistryOptions, bind_film, register_film
from provenance import database, manifest
from provenance.claim.build import build_claim
from provenance.durable import fingerprint
from provenance.durable.fingerprint import fingerprint_copy
from provenance.durable.registry import FILE, Registry, open_registry, read_registry
from provenance.durable.registry_entry import FilmIdentity, RegistryEntry, SoftBinding, find_manifest_id
from provenance.formats.manifest_store import read_stores
from tests.provenance.durable.films import entry, film, store
from tests.provenance.durable.reels import answer, drifting, stripped, write
from tests.provenance.durable.serving import PATIENCE_S, running
from tests.provenance.made import House, ingredient, receipt

PROMPT = "a quiet harbour at dusk, for a client not announced"
TELLING = b"not announced"
MARK = SoftBinding("org.answerprint.mark.1", "0a0b0c0d")
OTHER_MARK = SoftBinding("org.answerprint.mark.1", "0f0f0f0f")


def bytes_of(folder: Path) -> bytes:
    """Returns what is in all files of a registry, -wal and -shm among them."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def telling(seed: int, mark: SoftBinding = MARK) -> RegistryEntry:
    """Returns an entry whose manifest store holds a secret, and is longer than a page of the database."""
    made = entry(seed, mark=mark.value)
    return replace(made, manifest=made.manifest + TELLING * 2000)


def identity(made: RegistryEntry) -> FilmIdentity:
    return FilmIdentity(made.film.manifest_id, made.film.sha256, made.film.unsigned)


NEW = FilmIdentity("urn:c2pa:new", "f" * 64)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with open_registry(tmp_path / "registry") as opened:
        yield opened


def test_every_way_leads_to_the_new_manifest_and_no_byte_of_the_old_one_stays(
    tmp_path: Path, registry: Registry
) -> None:
    old, other = telling(1), entry(2, mark=OTHER_MARK.value)
    registry.add_all([replace(old, iscc=bytes(range(32))), other])
    assert TELLING in bytes_of(tmp_path)
    with read_registry(tmp_path / "registry") as served:  # as a resolver keeps it open
        assert served.find_manifest(old.film.manifest_id) == old.manifest
        assert len(served.index().coded) == 1
        assert registry.supersede(identity(old), NEW, store(NEW.manifest_id)) == 1
        assert TELLING not in bytes_of(tmp_path)
        assert served.find_manifest(old.film.manifest_id) is None
        assert served.find_manifest(NEW.manifest_id) == store(NEW.manifest_id)
        (marked,) = served.find_bound(MARK, 10)
        ((coded, _),) = served.index().find_codes(bytes(range(32)), 0)
        nearest, _ = served.find_similar(fingerprint_copy(film(1)))[0]
        assert {served.film(each).manifest_id for each in (marked, coded, nearest)} == {NEW.manifest_id}
        assert served.find_manifest(other.film.manifest_id) == other.manifest


@pytest.mark.parametrize("known", ["manifest_id", "sha256", "unsigned"])
def test_a_film_is_known_by_its_manifest_its_bytes_or_its_bytes_before_signing(
    known: str, registry: Registry
) -> None:
    """It may have been signed again since, or redacted already; its own unsigned bytes stay the same."""
    old = telling(1)
    registry.add(old)
    asked = replace(FilmIdentity("urn:c2pa:x", "0" * 64, ""), **{known: getattr(old.film, known)})
    assert registry.holds(asked)
    assert registry.supersede(asked, NEW, store(NEW.manifest_id)) == 1
    assert not registry.holds(FilmIdentity(old.film.manifest_id, old.film.sha256))
    assert registry.supersede(FilmIdentity("urn:c2pa:x", "0" * 64, ""), NEW, b"") == 0


def test_what_an_older_version_deleted_without_erasing_it_goes_too(
    tmp_path: Path, registry: Registry
) -> None:
    old = telling(1)
    registry.add(old)
    path = tmp_path / "registry" / FILE
    with closing(sqlite3.connect(path)) as older:
        older.execute("PRAGMA secure_delete=OFF")
        older.execute("UPDATE manifest SET store = x'00'")
        older.commit()
        older.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert TELLING in path.read_bytes()
    registry.supersede(identity(old), NEW, store(NEW.manifest_id))
    assert TELLING not in bytes_of(tmp_path)


def test_a_reader_that_keeps_old_pages_is_an_error_and_a_second_call_erases_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    old = telling(1)
    with open_registry(tmp_path / "registry") as registry:
        registry.add(old)
        with closing(sqlite3.connect(tmp_path / "registry" / FILE, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM film").fetchone()
            with pytest.raises(RetryError, match="still in a file of the registry"):
                registry.supersede(identity(old), NEW, store(NEW.manifest_id))
            assert registry.find_manifest(old.film.manifest_id) is None
        registry.supersede(identity(old), NEW, store(NEW.manifest_id))
        assert TELLING not in bytes_of(tmp_path)


def test_other_films_that_tell_the_same_are_named(registry: Registry) -> None:
    registry.add_all([telling(1), telling(2), entry(3)])
    assert registry.find_telling([b"nobody said so", TELLING]) == ("film 1", "film 2")
    assert registry.find_telling([TELLING], without=telling(1).film.manifest_id) == ("film 2",)


@dataclass(frozen=True)
class Told:
    """A signed and registered film that tells its prompt, and its user's settings."""

    folder: Path
    film: Path
    registry: Path
    old: str

    def redact(self, capsys: pytest.CaptureFixture[str], *more: str | Path) -> tuple[int, dict[str, object]]:
        words = ("redact", self.film, "-o", self.folder / "pub.mp4", "--reason", "x", "--json", *more)
        return answer(capsys, *words)


@pytest.fixture
def told(tmp_path: Path, config: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Returns a film in its user's own registry."""
    return make_told(tmp_path, config, house, monkeypatch, "config/registry")


@pytest.fixture
def elsewhere(tmp_path: Path, config: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Returns a film in another registry; its user has none."""
    return make_told(tmp_path, config, house, monkeypatch, "studio")


def make_told(
    folder: Path, config: Path, house: House, monkeypatch: pytest.MonkeyPatch, registry: str
) -> Told:
    shutil.copytree(config, folder / "config")
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(folder / "config"))
    clip, signed = write(folder / "clip.mp4", drifting(1, 24)), folder / "film.mp4"
    part = ingredient(clip, record=(("prompt", PROMPT, "recorded"),))
    made = replace(receipt(clip, [part]), frames=24, prompts=True, bindings=((MARK.alg, MARK.value, ""),))
    where = RegistryOptions(folder / registry)
    bound, seen = bind_film(clip, made, where)
    manifest.sign(clip, signed, build_claim(bound, clip), [(part, clip)], house.signer, house.pem)
    assert seen
    register_film(signed, bound, seen, where)
    return Told(folder, signed, folder / registry, find_manifest_id(read_stores(signed, "video/mp4")[0]))


def test_a_copy_of_a_redacted_film_leads_to_its_new_manifest_here_and_as_a_service(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    assert TELLING in bytes_of(told.registry)
    code, said = told.redact(capsys)
    assert code == 0
    assert said["registry"] == [{"path": str(told.registry), "entries": 1, "still_told_by": []}]
    assert TELLING not in bytes_of(told.registry)
    new = read_stores(told.folder / "pub.mp4", "video/mp4")[0]
    for copy in (stripped(told.film, told.folder / "copy.mp4"), told.folder / "pub.mp4"):
        code, _ = answer(capsys, "recover", copy, "-o", told.folder / "rec.c2pa", "--json")
        assert (code, (told.folder / "rec.c2pa").read_bytes()) == (0, new)
    looks = json.loads(json.dumps(manifest.read(told.film, "").manifests[0]["assertions"]))
    bound = [data for label, data in looks.items() if label.startswith("c2pa.soft-binding")]
    assert {data["alg"] for data in bound} == {MARK.alg, fingerprint.ALGORITHM}
    with (
        running(told.registry, lambda _: []) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, trust_env=False) as client,
    ):
        assert client.get(f"/manifests/{told.old}").status_code == 404
        assert client.get(f"/manifests/{find_manifest_id(new)}").content == new
        for data in bound:
            value = base64.b64encode(data["blocks"][0]["value"].encode()).decode()
            found = client.get("/matches/byBinding", params={"alg": data["alg"], "value": value}).json()
            assert [row["manifestId"] for row in found["matches"]] == [find_manifest_id(new)]


def test_a_resolver_that_runs_already_serves_the_old_manifest_no_more(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        running(told.registry, lambda _: []) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, trust_env=False) as client,
    ):
        assert TELLING in client.get(f"/manifests/{told.old}").content
        assert told.redact(capsys)[0] == 0
        assert client.get(f"/manifests/{told.old}").status_code == 404
        assert TELLING not in bytes_of(told.registry)


def test_a_registry_elsewhere_is_told_where_it_is_named(
    elsewhere: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = elsewhere.redact(capsys)
    assert (code, said["registry"]) == (0, [])
    assert TELLING in bytes_of(elsewhere.registry)
    assert not (elsewhere.folder / "config" / "registry").exists()
    code, said = elsewhere.redact(capsys, "--registry", elsewhere.registry)
    assert said["registry"] == [{"path": str(elsewhere.registry), "entries": 1, "still_told_by": []}]
    assert TELLING not in bytes_of(elsewhere.registry)


def test_a_named_registry_that_is_none_is_an_error_and_there_is_no_film(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("redact", told.film, "-o", told.folder / "pub.mp4", "--reason", "x", "--registry", told.folder)
    assert run([str(word) for word in words]) == 3
    assert "is not a registry" in capsys.readouterr().err
    assert not (told.folder / "pub.mp4").exists()
    assert TELLING in bytes_of(told.registry)  # found before anything was changed


@pytest.mark.parametrize("kind", ["busy", "closed"])
def test_a_registry_that_cannot_be_changed_leaves_no_redacted_film(
    kind: str, told: Told, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    before = sorted(told.folder.iterdir())
    words = [str(each) for each in ("redact", told.film, "-o", told.folder / "pub.mp4", "--reason", "x")]
    if kind == "busy":
        with closing(sqlite3.connect(told.registry / FILE, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            assert run(words) == RetryError.exit_code
    else:
        # As on a disk that is read only; permissions do not stop a test that runs as root.
        def refused(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("provenance.durable.registry.keep_from_others", refused)
        assert run(words) == OutputError.exit_code
    assert str(told.registry / FILE) in capsys.readouterr().err
    assert sorted(told.folder.iterdir()) == before


def test_what_lies_beside_the_film_and_still_tells_is_named(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    (told.folder / "film.c2pa").write_bytes(read_stores(told.film, "video/mp4")[0])
    (told.folder / "receipt.json").write_text(json.dumps({"prompt": PROMPT}))
    (told.folder / "report.html").write_text("<p>nothing of it</p>")
    code, said = told.redact(capsys)
    assert said["still_told_beside"] == [str(told.folder / name) for name in ("film.c2pa", "receipt.json")]
    words = ("redact", told.film, "-o", told.folder / "again.mp4", "--reason", "x")
    assert (code, run([str(word) for word in words])) == (0, 0)
    out = capsys.readouterr().out
    assert f"note: {told.folder / 'film.c2pa'} still tells prompts" in out
    assert f"registry {told.registry}: leads to the new manifest" in out


def test_another_film_in_the_registry_that_tells_the_same_prompt_is_named(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    other = entry(5, name="tall")
    with open_registry(told.registry) as registry:
        registry.add(replace(other, manifest=other.manifest + PROMPT.encode()))
    code, said = told.redact(capsys)
    assert (code, said["registry"]) == (
        0,
        [{"path": str(told.registry), "entries": 1, "still_told_by": ["tall"]}],
    )
