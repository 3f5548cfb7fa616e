"""Everything a job makes is whole: by the programme's rubrics, under lists kept apart, to two validators."""

from __future__ import annotations

from collections.abc import Callable
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
    """A job's films by kind, and the lists they are judged under."""

    films: dict[str, Path]
    lists: tuple[Anchors, ...]


@pytest.fixture(scope="module")
def made(film: Path, clip: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Signed with the development key, stamped by an authority on the loopback."""
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


def test_every_kind_of_film_passes_31_of_31(whole: tuple[Path, Made, Verified]) -> None:
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


def test_lists_exchanged_vouch_for_nobody(whole: tuple[Path, Made, Verified]) -> None:
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


def test_the_second_validator_agrees_on_every_matter(
    whole: tuple[Path, Made, Verified], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("encypher_c2pa")
    monkeypatch.setenv("HOME", str(tmp_path))  # it keeps a setting there
    path, made, done = whole
    found = ask_second_validator(path, made.lists, done)
    assert [each for each in found.comparisons if not each.agrees] == []


def test_the_signals_are_those_of_what_was_made(made: Made) -> None:
    told = {
        name: rubric_signals.read_signals(examine(path, made.lists).reading.manifests[0])
        for name, path in made.films.items()
    }
    assert "inception:signal_partlyGenAICreation" in told["several clips"]
    assert all(IPTC_EDITS in each for each in told.values())
    assert all("transformation:signal_ambiguousActions" not in each for each in told.values())


@pytest.fixture(scope="session")
def rubric_files(media: Callable[[str], Path]) -> tuple[Path, Path]:
    folder = media("../conformance")
    return folder / "asset-rubric-integrity.yml", folder / "asset-rubric-signals-local.yml"


@pytest.mark.media
def test_the_other_rubrics_are_the_programmes_own(rubric_files: tuple[Path, Path]) -> None:
    from ruamel.yaml import YAML

    from provenance.rubric import names as words

    integrity, signals = (list(YAML(typ="safe").load_all(path)) for path in rubric_files)
    assert [rule["id"] for rule in integrity[1]] == [
        rule.id for rule in conformance.RUBRICS[conformance.INTEGRITY]
    ]
    assert [rule["id"] for rule in signals[1]] == [each.id for each in rubric_signals.SIGNALS]
    missing = {"MISSING_VALIDATION_RESULTS"}
    lists = integrity[0]["variables"]
    assert set(lists["$trust_error_codes"]) - missing == words.TRUST_CODES
    assert set(lists["$well_formed_error_codes"]) - missing == words.WELL_FORMED_CODES
    assert set(lists["$valid_error_codes"]) - missing == words.VALID_CODES
    lists = signals[0]["variables"]
    assert set(lists["$inception_actions"]) == rubric_signals.INCEPTION
    assert set(lists["$non_editorial_actions"]) == rubric_signals.NON_EDITORIAL
    assert set(lists["$genai_dst_types"]) == rubric_signals.GENERATED
    assert set(lists["$possibly_genai_dst_types"]) == rubric_signals.POSSIBLY
    uris = {uri for uri in str(signals[1]).split('"') if "digitalsourcetype/" in uri}
    assert uris == INCEPTIONS.keys()


INCEPTIONS = {
    "http://c2pa.org/digitalsourcetype/empty": "blankCanvas",
    "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture": "capturedMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/computationalCapture": "capturedMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture": "capturedMediaStitched",
    "http://cv.iptc.org/newscodes/digitalsourcetype/composite": "compositionMayContainGenAI",
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia": "fullyGenAIMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation": "nonGenAIDigitalCreation",
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia": "partlyGenAICreation",
    "http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture": "screenCaptureMayContainGenAI",
}


@pytest.mark.parametrize(("source_type", "signal"), INCEPTIONS.items())
def test_a_first_action_tells_how_a_film_began(source_type: str, signal: str) -> None:
    for action in ("c2pa.created", "c2pa.opened"):
        found = told({"action": action, "digitalSourceType": source_type})
        assert found == (f"inception:signal_{signal}",)
    assert f"inception:signal_{signal}" not in told(
        {"action": "c2pa.edited", "digitalSourceType": source_type}
    )


IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize(
    ("action", "source_type", "signals"),
    [
        ("c2pa.edited", IPTC + "humanEdits", {"perceptibleNonGenAI"}),
        ("c2pa.edited", IPTC + "compositeSynthetic", {"perceptibleGenAI"}),
        ("c2pa.edited", IPTC + "composite", {"perceptibleNonGenAI", "perceptiblePossiblyGenAI"}),
        ("c2pa.edited", None, set()),
        ("c2pa.transcoded", IPTC + "compositeSynthetic", {"nonEditorial"}),
        ("c2pa.unknown", None, {"ambiguousActions"}),
        ("com.example.cut", None, {"ambiguousActions"}),
    ],
)
def test_what_was_done_tells_its_signals(action: str, source_type: str | None, signals: set[str]) -> None:
    row = {"action": action} | ({"digitalSourceType": source_type} if source_type else {})
    assert told(row) == tuple(f"transformation:signal_{each}" for each in sorted(signals))


def test_what_is_left_out_is_ambiguous() -> None:
    ambiguous = ("transformation:signal_ambiguousActions",)
    act = {"action": "c2pa.edited"}
    assert told() == ambiguous
    assert rubric_signals.read_signals({}) == ambiguous
    assert rubric_signals.read_signals({"assertions": {"c2pa.actions.v2": {"actions": [act]}}}) == ambiguous
    gathered = {"gathered_assertions": [{"url": "self#jumbf=c2pa.assertions/c2pa.actions.v2"}]}
    assert rubric_signals.read_signals({**manifest(act), "claim.v2": gathered}) == ambiguous
    part = {"c2pa.ingredient.v3": {"relationship": "parentOf"}}
    found = manifest(act)
    found["assertions"] |= part
    assert rubric_signals.read_signals(found) == ("inception:signal_mediaUnknownProvenance",)


def manifest(*actions: dict[str, str]) -> dict[str, dict[str, object]]:
    return {"assertions": {"c2pa.actions.v2": {"allActionsIncluded": True, "actions": list(actions)}}}


def told(*actions: dict[str, str]) -> tuple[str, ...]:
    return rubric_signals.read_signals(manifest(*actions))
