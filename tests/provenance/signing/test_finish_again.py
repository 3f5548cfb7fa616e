"""A second `finish` that would say the same leaves a signed film as it is; any other signs it anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from post.deliver import kept_film
from post.deliver.kept_film import signed_before
from post.engine import WorkerPool
from post.errors import SourceError
from provenance.durable.registry import read_registry
from provenance.signing import enrolment
from provenance.trust import lists as trust_lists
from provenance.verify import verify
from tests.provenance.signing.desk import Desk
from tests.provenance.signing.tsa import Tsa


class Again:
    """A job that is finished once, and again."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        code, made = desk.finish(key="development")
        assert (code, made["kept"]) == (0, False)
        self.film = Path(made["path"])
        self.bytes = self.film.read_bytes()

    def finish(self, **asked: str) -> bool:
        """Returns whether the film was kept; it then has the bytes that it had, and a receipt of them."""
        before = self.film.read_bytes() if self.film.exists() else b""
        code, made = self.desk.finish(**{"key": "development"} | asked)
        assert (code, made["signed"]) == (0, True)
        # A film whose credentials lie beside it alone is the same after signing anew.
        assert made["kept"] <= (self.film.read_bytes() == before) <= (made["kept"] or "manifest" in asked)
        report = verify(self.film, trust_lists.read_configured(self.desk.config))
        assert (report.integrity, report.signer, report.file.sha256) == ("intact", "trusted", made["sha256"])
        (row,) = (each for each in self.receipts()["receipts"] if each["name"] == made["name"])
        assert row["sha256"] == made["unsigned_sha256"]
        return bool(made["kept"])

    def receipts(self) -> Any:
        return json.loads((self.film.parent / "receipt.json").read_text())


@pytest.fixture
def again(desk: Desk) -> Again:
    return Again(desk)


def test_a_film_stays_as_it_was_signed_until_it_is_to_be_signed_anew(
    again: Again, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = (again.film.parent / "receipt.json").read_bytes()
    assert again.finish()
    assert again.film.read_bytes() == again.bytes
    assert (again.film.parent / "receipt.json").read_bytes() == receipt
    words = ["finish", str(again.desk.folder / "job.yaml"), "-o", str(again.film.parent)]
    assert run(words) == 0
    assert f"kept as it was signed: {again.film}" in capsys.readouterr().out
    assert run([*words, "--resign"]) == 0
    assert f", signed: {again.film}" in capsys.readouterr().out
    assert again.film.read_bytes() != again.bytes
    assert again.finish()


def test_a_film_is_kept_where_its_results_are_made_again(again: Again) -> None:
    shutil.rmtree(again.desk.folder / "store")
    assert again.finish()
    assert again.film.read_bytes() == again.bytes


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        {"identity": "other"},
        {"training_mining": "allowed"},
        {"title": "Another"},
        {"xmp": "false"},
        {"remote": "https://films.example/f.c2pa"},
        {"aigc": "{producer: Studio7}"},
        {"watermark": "{mark: false, registry: true}"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_film_is_signed_anew_where_anything_in_its_manifest_would_change(
    asked: dict[str, str], again: Again
) -> None:
    enrolment.make_key(again.desk.config, "other")
    assert not again.finish(**asked)
    assert again.finish(**asked)


def test_a_film_is_signed_anew_where_it_is_to_be_registered_and_its_registry_does_not_hold_it(
    again: Again,
) -> None:
    folder = again.desk.folder / "registry"
    asked = {"watermark": f"{{registry: {folder}}}"}
    assert not again.finish(**asked)
    with read_registry(folder) as registry:
        assert len(registry) == 1
    assert again.finish(**asked)
    shutil.rmtree(folder)
    assert not again.finish(**asked)
    with read_registry(folder) as registry:
        assert len(registry) == 1
    assert again.finish(**asked)
    assert not again.finish(watermark=f"{{registry: {folder.with_name('other')}}}")
    with read_registry(folder.with_name("other")) as registry:
        assert len(registry) == 1


def test_a_film_that_a_worker_gives_up_on_is_signed_anew(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = WorkerPool.call

    def give_up(self: WorkerPool, function: Callable[..., Any], *arguments: Any) -> Any:
        if function is kept_film.is_as_signed:
            raise SourceError("took too long to read", where="film.mp4")
        return call(self, function, *arguments)

    monkeypatch.setattr(WorkerPool, "call", give_up)
    (again.film.parent / "report.html").unlink()  # a run of which nothing is gone asks nobody
    assert not again.finish()


def test_a_film_is_signed_anew_by_another_key_and_where_it_tells_prompts(again: Again) -> None:
    enrolment.make_key(again.desk.config, "other")
    assert not again.finish(key="other")
    assert again.finish(key="other")
    assert not again.finish(key="other", prompts="include")


def test_a_film_is_signed_anew_for_another_authority_and_keeps_the_older_stamp_of_the_same(
    again: Again, tsa: Tsa
) -> None:
    folder = again.desk.config / "trust" / "tsa"
    folder.mkdir(parents=True)
    (folder / "test.pem").write_text(tsa.pem)
    assert not again.finish(tsa=tsa.url)
    asked = len(tsa.seen)
    assert again.finish(tsa=tsa.url)
    assert len(tsa.seen) == asked


def test_a_film_that_was_stamped_since_keeps_its_stamp(
    again: Again, tsa: Tsa, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = again.desk.config / "trust" / "tsa"
    folder.mkdir(parents=True)
    (folder / "test.pem").write_text(tsa.pem)
    assert not again.finish(time="later", tsa=tsa.url)
    assert again.finish(time="later", tsa=tsa.url)  # still queued
    assert run(["stamp"]) == 0
    capsys.readouterr()
    assert again.finish(time="later", tsa=tsa.url)
    assert verify(again.film, trust_lists.read_configured(again.desk.config)).time == "trusted"


def test_a_film_that_was_changed_moved_or_replaced_is_signed_anew(again: Again) -> None:
    data = bytearray(again.bytes)
    data[-9] ^= 1
    again.film.write_bytes(data)
    assert not again.finish()
    again.film.write_bytes(again.film.read_bytes() + bytes(16))
    assert not again.finish()
    again.film.unlink()
    assert not again.finish()
    again.film.with_suffix(".c2pa").write_bytes(b"not this film's")
    assert not again.finish()
    assert not again.film.with_suffix(".c2pa").exists()


def test_credentials_beside_a_film_are_part_of_it(again: Again) -> None:
    beside = again.film.with_suffix(".c2pa")
    for place in ("sidecar", "both"):
        assert not again.finish(manifest=place)
        assert again.finish(manifest=place)
        beside.write_bytes(beside.read_bytes()[:-40] + bytes(40))
        assert not again.finish(manifest=place)
        beside.unlink()
        assert not again.finish(manifest=place)


def test_another_film_of_the_same_key_at_its_place_is_replaced(again: Again) -> None:
    """The receipt is a plain file: what it says of a film counts only where the film itself says the same."""
    receipts = again.receipts()
    other = again.film.with_name("other.mp4")
    assert not again.finish(title="Another")
    shutil.copy(again.film, other)
    assert not again.finish()
    shutil.copy(other, again.film)
    (again.film.parent / "receipt.json").write_text(json.dumps(receipts))
    assert not again.finish()


def test_a_film_that_is_not_made_this_time_keeps_what_its_receipt_knows(again: Again) -> None:
    path = again.film.parent / "receipt.json"
    receipts = again.receipts()
    receipts["receipts"].append(receipts["receipts"][0] | {"name": "tall"})
    receipts["signed"] |= {"tall": "abc", "gone": "def"}
    path.write_text(json.dumps(receipts))
    assert again.finish()
    assert set(again.receipts()["signed"]) == {"tall", "wide"}


@pytest.mark.parametrize("signed", [None, [], "x", {"wide": 1}, {"wide": None}, {}])
def test_a_receipt_may_hold_anything_where_it_tells_of_films(signed: Any) -> None:
    assert signed_before({"signed": signed}, "wide") == ""
    assert signed_before({"signed": {"wide": "abc"}}, "wide") == "abc"
