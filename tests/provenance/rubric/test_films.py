"""Every kind of film that a job makes passes the programme's rubrics and two validators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from provenance.rubric import conformance
from provenance.rubric import signals as rubric_signals
from provenance.signing.signer import SignerWithTsa
from provenance.trust.lists import Anchors
from provenance.verify import Verified, examine
from provenance.verify.second_opinion import ask_second_validator
from tests.provenance.made import House, Noise, finish, ingredient, vendor
from tests.provenance.signing.tsa import Tsa

IPTC_EDITS = "transformation:signal_perceptibleNonGenAI"


@dataclass(frozen=True)
class Made:
    """A job's films by kind, and the trust lists to verify them with."""

    films: dict[str, Path]
    lists: tuple[Anchors, ...]


@pytest.fixture(scope="module")
def made(film: Path, clip: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Returns films signed with the development key, stamped by an authority on the loopback."""
    room = tmp_path_factory.mktemp("conformant")
    with Tsa() as tsa:
        authority = Anchors("authorities", tsa.pem, "2026-11-01", 1, "tsa")
        timed = House(SignerWithTsa(house.signer, tsa.url), (*house.anchors, authority))
        raw = vendor(Noise(seed=2).write(room / "raw.mp4"), room / "generated.mp4", timed)
        tall = Noise(width=48, height=64, options={"movflags": "faststart"}).write(room / "tall.mp4")
        opened = [ingredient(raw, "parentOf", credential="verified")]
        placed = [ingredient(raw, credential="verified"), ingredient(clip)]
        films = {
            "single clip": finish(film, room / "single.mp4", opened, timed),
            "several clips": finish(film, room / "several.mp4", placed, timed),
            "variant": finish(tall, room / "variant.mp4", placed, timed),
        }
        again = [ingredient(films["several clips"], "parentOf", credential="verified")]
        films["re-export"] = finish(tall, room / "again.mp4", again, timed)
    return Made(films, timed.anchors)


KINDS = ["single clip", "several clips", "variant", "re-export"]


@pytest.fixture(params=KINDS)
def whole(request: pytest.FixtureRequest, made: Made) -> tuple[Path, Made, Verified]:
    path = made.films[request.param]
    return path, made, examine(path, made.lists)


def test_every_kind_of_film_passes_all_31_rules(whole: tuple[Path, Made, Verified]) -> None:
    report = whole[2].report
    found = report.conformance
    assert found is not None
    assert (found.passed, found.total, found.warned) == (31, 31, ())
    assert (report.integrity, report.signer, report.time, report.chain) == (
        "intact",
        "trusted",
        "trusted",
        "sound",
    )
    assert report.vouched_by == ("this user's development root",)
    assert report.time_vouched_by == ("authorities",)
    assert report.exit_code == 0


def test_every_kind_of_film_passes_the_integrity_rubric(whole: tuple[Path, Made, Verified]) -> None:
    active = whole[2].reading.manifests[0]
    found = conformance.check(active, conformance.INTEGRITY)
    assert (found.passed, found.total) == (6, 6)


def test_lists_with_exchanged_roles_trust_nobody(whole: tuple[Path, Made, Verified]) -> None:
    path, made, _ = whole
    swapped = [
        Anchors(
            each.name, each.pem, each.dated, each.certificates, "tsa" if each.role == "signer" else "signer"
        )
        for each in made.lists
    ]
    done = examine(path, swapped)
    assert (done.report.signer, done.report.time) == ("untrusted", "untrusted")
    found = conformance.check(done.reading.manifests[0], conformance.INTEGRITY)
    assert [each.rule.id for each in found.failed] == ["validation:trusted_success"]


def test_the_second_validator_agrees_on_every_question(
    whole: tuple[Path, Made, Verified], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("encypher_c2pa")
    monkeypatch.setenv("HOME", str(tmp_path))  # the validator keeps a setting there
    path, made, done = whole
    found = ask_second_validator(path, made.lists, done)
    assert [each.question for each in found.comparisons] == ["integrity", "signer", "time", "revocation"]
    assert [each for each in found.comparisons if not each.agrees] == []


def test_the_signals_match_how_the_film_was_made(made: Made) -> None:
    told = {
        name: rubric_signals.read_signals(examine(path, made.lists).reading.manifests[0])
        for name, path in made.films.items()
    }
    assert "inception:signal_partlyGenAICreation" in told["several clips"]
    assert all(IPTC_EDITS in each for each in told.values())
    assert all("transformation:signal_ambiguousActions" not in each for each in told.values())
