"""Time-stamps: requested with the signature or later, from authorities that fail, and how they verify."""

from __future__ import annotations

import hashlib
import stat
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from post.errors import AnswerprintError, ProvenanceError, RetryError, SourceError
from provenance import manifest
from provenance.formats.bmff import read_layout
from provenance.manifest import update
from provenance.manifest.update import stamp
from provenance.signing.signer import SignerWithTsa
from provenance.signing.stamping import stamp_queue
from provenance.signing.stamping.stamp_queue import PendingStamp
from tests.provenance.made import House, finish, ingredient, short_lived, vendor
from tests.provenance.signing.conftest import authorities
from tests.provenance.signing.serving import Answer, nobody
from tests.provenance.signing.tsa import REJECTED, Tsa

TOOL = ("answerprint", "1")
REPLY = {"Content-Type": "application/timestamp-reply"}
LOST = {
    "busy": Answer(503),
    "throttling": Answer(429),
    "too slow itself": Answer(408),
    "broken": Answer(500, b"oops"),
    "cut off": Answer(200, b"half", {"Content-Length": "500", **REPLY}),
}
REFUSING = {
    "nothing": Answer(200, b"", REPLY),
    "junk": Answer(200, b"junk", REPLY),
    "a page": Answer(200, b"<html>", {"Content-Type": "text/html"}),
    "no such path": Answer(404, b"no"),
    "a password wanted": Answer(401),
    "elsewhere": Answer(302, b"", {"Location": "http://127.0.0.1:9/"}),
}


def timed(house: House, url: str | None) -> House:
    return replace(house, signer=SignerWithTsa(house.signer, url))


def trusting(house: House, tsa: Tsa) -> House:
    """Returns the house with the authority's list added to its own."""
    return replace(house, anchors=(*house.anchors, *authorities(tsa)))


def add(film: Path, house: House, url: str | None) -> str:
    return stamp(film, SignerWithTsa(house.signer, url), house.pem, TOOL)


@pytest.fixture
def signed(film: Path, studio: House, tmp_path: Path) -> Path:
    """Returns a film signed without a time-stamp, made of a clip that its generator signed."""
    clip = vendor(film, tmp_path / "clip.mp4", studio)
    return finish(film, tmp_path / "signed.mp4", [ingredient(clip, credential="verified")], studio)


def test_a_film_stamped_when_signed_has_a_trusted_time(
    film: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    house = trusting(timed(studio, tsa.url), tsa)
    report = house.verify(finish(film, tmp_path / "out.mp4", [], house))
    assert (report.integrity, report.signer, report.time) == ("intact", "trusted", "trusted")
    assert len(tsa.seen) == 1


def test_a_time_stamp_of_an_unlisted_authority_is_untrusted(
    film: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    house = timed(studio, tsa.url)
    report = house.verify(finish(film, tmp_path / "out.mp4", [], house))
    assert (report.integrity, report.signer, report.time) == ("intact", "trusted", "untrusted")


def contents(film: Path) -> list[tuple[str, str]]:
    """Returns every box of a film except those with credentials, with its content."""
    with film.open("rb") as source:
        boxes = [box for box in read_layout(source).boxes if box.kind != "uuid"]
        data = film.read_bytes()
        return [(box.kind, hashlib.sha256(data[box.payload : box.stop]).hexdigest()) for box in boxes]


def test_a_film_stamped_later_keeps_its_picture_and_its_history(
    signed: Path, studio: House, tsa: Tsa
) -> None:
    house = trusting(studio, tsa)
    before, was = contents(signed), [each["label"] for each in manifest.read(signed, house.pem).manifests]
    assert house.verify(signed).time == "none"
    assert add(signed, house, tsa.url) == "trusted"
    report = house.verify(signed)
    assert (report.integrity, report.signer, report.time, report.chain) == (
        "intact",
        "trusted",
        "trusted",
        "sound",
    )
    assert report.conformance is not None
    assert (report.conformance.passed, report.conformance.total) == (31, 31)
    assert contents(signed) == before
    assert [each["label"] for each in manifest.read(signed, house.pem).manifests][1:] == was
    assert [path.name for path in signed.parent.iterdir() if "part" in path.name] == []


def test_one_stamp_covers_every_manifest_in_the_film(signed: Path, studio: House, tsa: Tsa) -> None:
    add(signed, trusting(studio, tsa), tsa.url)
    first, *others = manifest.read(signed, studio.pem).manifests
    stamped = first["assertions"]["c2pa.time-stamp"]
    assert {each["label"] for each in others} <= set(stamped)
    assert len(others) == 2


def test_stamping_keeps_a_films_permissions_and_links(
    signed: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    signed.chmod(0o600)
    link = tmp_path / "link.mp4"
    link.symlink_to(signed)
    assert add(link, trusting(studio, tsa), tsa.url) == "trusted"
    assert (stat.S_IMODE(signed.stat().st_mode), link.is_symlink()) == (0o600, True)


def test_a_film_finished_again_while_it_is_stamped_is_not_overwritten(
    signed: Path, film: Path, studio: House, tsa: Tsa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = finish(film, tmp_path / "anew.mp4", [], studio).read_bytes()
    add_to = update._add

    def meanwhile(*rest: Any) -> None:
        add_to(*rest)
        signed.write_bytes(anew)

    monkeypatch.setattr(update, "_add", meanwhile)
    with pytest.raises(SourceError, match="changed while it was being signed"):
        add(signed, trusting(studio, tsa), tsa.url)
    assert signed.read_bytes() == anew
    assert not [path.name for path in tmp_path.iterdir() if "part" in path.name]


def test_a_stamped_film_is_not_stamped_again(signed: Path, studio: House, tsa: Tsa) -> None:
    house = trusting(studio, tsa)
    add(signed, house, tsa.url)
    before, asked = signed.read_bytes(), len(tsa.seen)
    assert add(signed, house, tsa.url) == "there"
    assert (signed.read_bytes(), len(tsa.seen)) == (before, asked)


def sign_and_wait(
    film: Path, folder: Path, studio: House, tsa: Tsa, life: timedelta
) -> tuple[House, Path, Path]:
    """Returns a house and two films that it signed, the second one stamped, once their certificate has expired.

    Raises ProvenanceError if the certificate's life was too short for that.
    """
    folder.mkdir()
    brief, expires = short_lived(folder / "brief", life), datetime.now(UTC) + life
    lists = (*brief.anchors, *studio.anchors, *authorities(tsa))
    house, renewed = replace(brief, anchors=lists), replace(studio, anchors=lists)
    plain, stamped = (finish(film, folder / f"{name}.mp4", [], house) for name in ("plain", "stamped"))
    add(stamped, renewed, tsa.url)
    if datetime.now(UTC) > expires:
        raise ProvenanceError("stamped too late", where=str(stamped))
    while datetime.now(UTC) < expires + timedelta(seconds=1.2):  # certificates and stamps count whole seconds
        time.sleep(0.1)
    return renewed, plain, stamped


def test_a_stamped_signature_outlives_its_certificate(
    film: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    # A busy machine gets a certificate with a longer life, and a longer wait.
    for seconds in (2, 10, 60):
        try:
            renewed, plain, stamped = sign_and_wait(
                film, tmp_path / str(seconds), studio, tsa, timedelta(seconds=seconds)
            )
            break
        except ProvenanceError:
            if seconds == 60:
                raise
    assert renewed.verify(plain).signer == "expired"
    report = renewed.verify(stamped)
    assert (report.integrity, report.signer, report.time, report.chain) == (
        "intact",
        "trusted",
        "trusted",
        "sound",
    )


@pytest.mark.parametrize("name", LOST)
def test_a_lost_authority_raises_a_retry_error_and_leaves_no_file(
    name: str, film: Path, signed: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    tsa.fault = LOST[name]
    check_fails(RetryError, film, signed, timed(studio, tsa.url), tmp_path)


@pytest.mark.parametrize("name", REFUSING)
def test_an_authority_that_refuses_is_not_a_retry_error(
    name: str, film: Path, signed: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    tsa.fault = REFUSING[name]
    check_fails(ProvenanceError, film, signed, timed(studio, tsa.url), tmp_path)


def test_an_authority_that_rejects_the_request_is_not_a_retry_error(
    film: Path, signed: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    tsa.status = REJECTED
    check_fails(ProvenanceError, film, signed, timed(studio, tsa.url), tmp_path)


def test_an_authority_that_does_not_listen_raises_a_retry_error(
    film: Path, signed: Path, studio: House, tmp_path: Path
) -> None:
    check_fails(RetryError, film, signed, timed(studio, nobody()), tmp_path)


def check_fails(kind: type[AnswerprintError], film: Path, signed: Path, house: House, tmp_path: Path) -> None:
    """Checks that signing, and stamping later, both raise `kind`, name the authority, and leave no file."""
    before, url = signed.read_bytes(), house.signer.tsa_url
    with pytest.raises(kind) as at_once:
        finish(film, tmp_path / "out.mp4", [], house)
    with pytest.raises(kind) as later:
        add(signed, house, url)
    for fault in (at_once.value, later.value):
        assert (type(fault), fault.where) == (kind, url)
        assert fault.__cause__ is not None
    assert signed.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "signed.mp4"]


def test_a_film_that_is_not_intact_is_not_stamped(
    signed: Path, film: Path, studio: House, tsa: Tsa, tmp_path: Path
) -> None:
    data = signed.read_bytes()
    at = data.rindex(b"mdat") + 100
    signed.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    with pytest.raises(ProvenanceError, match="nothing is added.*assertion.bmffHash.mismatch"):
        add(signed, studio, tsa.url)
    with pytest.raises(ProvenanceError, match="nothing is added.*absent"):
        add(film, studio, tsa.url)
    with pytest.raises(SourceError):
        add(tmp_path / "missing.mp4", studio, tsa.url)
    with pytest.raises(ProvenanceError, match="no time-stamping authority"):
        add(signed, studio, None)
    assert not tsa.seen


def test_the_queue_has_each_film_once_in_a_private_file(tmp_path: Path) -> None:
    config, film = tmp_path / "config", tmp_path / "a film.mp4"
    for url in ("http://one.example/", "http://two.example/"):
        stamp_queue.add(config, PendingStamp(film, "studio", url))
    stamp_queue.add(config, PendingStamp(tmp_path / "b.mp4", "development", "http://one.example/"))
    first, second = stamp_queue.list_pending(config)
    assert first == PendingStamp(film.resolve(), "studio", "http://two.example/")
    (entry, _) = sorted((config / "stamps").iterdir())
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE((config / "stamps").stat().st_mode) == 0o700
    assert stamp_queue.find(config, tmp_path / "." / "a film.mp4") == first
    stamp_queue.remove(config, film)
    stamp_queue.remove(config, film)
    assert stamp_queue.list_pending(config) == (second,)


def test_an_entry_that_another_process_removes_while_the_queue_is_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = (PendingStamp(tmp_path / name, "k", "http://one.example/") for name in ("a.mp4", "b.mp4"))
    for each in (kept, gone):
        stamp_queue.add(tmp_path, each)
    glob = Path.glob

    def raced(folder: Path, pattern: str) -> list[Path]:
        found = list(glob(folder, pattern))
        stamp_queue.remove(tmp_path, gone.film)
        return found

    monkeypatch.setattr(Path, "glob", raced)
    assert stamp_queue.list_pending(tmp_path) == (kept,)
    assert stamp_queue.find(tmp_path, gone.film) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"film": 3, "key": "", "tsa_url": ""}', "[" * 20000, "\udcff"]
)
def test_a_malformed_entry_is_named(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "stamps"
    folder.mkdir()
    (folder / "x.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ProvenanceError, match="x.json: an entry of the queue is malformed"):
        stamp_queue.list_pending(tmp_path)
