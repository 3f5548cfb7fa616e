"""The verb: every flag, and nothing renamed that others script."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from post.engine import WorkerPool
from post.errors import AnswerprintError, OutputError, RetryError, SourceError
from tests.provenance.made import House, vendor
from tests.provenance.verify.party import Party, make_party, make_revocation_list

Capture = pytest.CaptureFixture[str]
PROMISED = "file integrity signer time chain conformance unhashed tampered_at ai manifests policies findings"


@pytest.fixture
def them() -> Party:
    return make_party()


@pytest.fixture
def house(them: Party, tmp_path: Path) -> House:
    return them.house(tmp_path / "party")


@pytest.fixture
def signed(film: Path, house: House, tmp_path: Path) -> Path:
    return vendor(film, tmp_path / "f.mp4", house)


@pytest.fixture
def trust(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    path = tmp_path / "root.pem"
    path.write_text(house.pem)
    return ["--trust", str(path)]


def told(capsys: Capture, *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*words, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_promised_key_is_there(signed: Path, trust: list[str], capsys: Capture) -> None:
    found = told(capsys, "verify", str(signed), *trust)
    assert set(PROMISED.split()) <= set(found)
    assert (found["signer"], found["revocation"], found["manifest_source"]) == (
        "trusted",
        "unknown",
        "embedded",
    )
    assert found["trust_lists"][0]["role"] == "signer"


def test_a_list_of_authorities_vouches_for_no_signer(signed: Path, trust: list[str], capsys: Capture) -> None:
    found = told(capsys, "verify", str(signed), "--tsa", trust[1], code=6)
    assert (found["integrity"], found["signer"]) == ("intact", "untrusted")


def test_it_can_be_judged_as_at_another_time(signed: Path, trust: list[str], capsys: Capture) -> None:
    later = f"{datetime.now(UTC) + timedelta(days=200):%Y-%m-%d}"
    found = told(capsys, "verify", str(signed), *trust, "--at", later, code=6)
    assert (found["signer"], found["judged_at"]) == ("expired", f"{later}T00:00:00Z")
    assert run(["verify", str(signed), "--at", "tomorrow"]) == 2


@pytest.mark.parametrize(
    ("at", "judged"),
    [
        ("2026-01-01T00:00+14:00", "2025-12-31T10:00:00Z"),
        ("2026-01-01T00:00-12:00", "2026-01-01T12:00:00Z"),
        ("2026-03-01T00:30:00+05:45", "2026-02-28T18:45:00Z"),
        ("2026-01-01T23:59:59.999-00:30", "2026-01-02T00:29:59Z"),
        ("2026-01-01T12:00Z", "2026-01-01T12:00:00Z"),
        ("2026-01-01T12:00", "2026-01-01T12:00:00Z"),
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("0999-01-01", "0999-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_reported_in_utc_whatever_its_offset(
    at: str, judged: str, signed: Path, trust: list[str], capsys: Capture
) -> None:
    assert told(capsys, "verify", str(signed), *trust, "--at", at, code=6)["judged_at"] == judged
    capsys.readouterr()
    run(["verify", str(signed), *trust, "--at", at, "--crjson"])
    times = {
        each["validationResults"]["validationTime"]
        for each in json.loads(capsys.readouterr().out)["manifests"]
    }
    assert [datetime.fromisoformat(each).utcoffset() for each in times] == [timedelta()]


@pytest.mark.parametrize(
    "at",
    [
        "9" * 5000,
        "2026-01-01T" + "0" * 5000,
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
        "2026-13-01",
        "\n",
    ],
)
def test_what_is_no_time_is_one_error_of_one_line(at: str, signed: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert run(["verify", str(signed), f"--at={at}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("--at: no time; expected 2026-08-01 or 2026-08-01T12:00:00Z, got ")
    assert len(said) < 200


def test_a_revocation_list_counts(
    signed: Path, them: Party, trust: list[str], tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "issuer.crl"
    path.write_bytes(make_revocation_list(them, datetime.now(UTC) - timedelta(days=1)))
    assert told(capsys, "verify", str(signed), *trust, "--crl", str(path), code=6)["signer"] == "revoked"
    kept = tmp_path / "config" / "trust" / "crl"
    kept.mkdir(parents=True)
    path.rename(kept / "issuer.crl")
    assert told(capsys, "verify", str(signed), *trust, code=6)["signer"] == "revoked"
    assert run(["verify", str(signed), "--crl", str(signed)]) == 2
    assert run(["verify", str(signed), "--crl", str(tmp_path / "none.crl")]) == 2
    (tmp_path / "empty").mkdir()
    assert run(["verify", str(signed), "--crl", str(tmp_path / "empty")]) == 2
    assert "no revocation list is in it" in capsys.readouterr().err


def test_rubrics_are_reported_beside_the_conformance(signed: Path, trust: list[str], capsys: Capture) -> None:
    found = told(capsys, "verify", str(signed), *trust, "--rubric", "integrity", "--rubric", "signals")
    integrity, signals = found["rubrics"]
    assert (integrity["passed"], integrity["total"]) == (6, 6)
    assert signals["signals"] == ["inception:signal_fullyGenAIMedia"]
    assert found["conformance"]["total"] == 31
    assert run(["verify", str(signed), "--rubric", "signal"]) == 2
    assert "signals" in capsys.readouterr().err


def test_crjson_prints_the_standards_json(signed: Path, trust: list[str], capsys: Capture) -> None:
    capsys.readouterr()
    assert run(["verify", str(signed), *trust, "--crjson"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["@context"]["@vocab"] == "https://c2pa.org/crjson"
    assert found["manifests"][0]["validationResults"]["validationTime"]


def test_a_page_is_written_whole_or_not_at_all(
    signed: Path, trust: list[str], tmp_path: Path, capsys: Capture
) -> None:
    page = tmp_path / "page.html"
    told(capsys, "verify", str(signed), *trust, "--report", str(page))
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run(["verify", str(signed), "--report", str(signed / "page.html")]) == 2


@pytest.mark.parametrize("fault", [RetryError, SourceError, OutputError])
def test_a_page_has_no_picture_where_none_can_be_taken(
    fault: type[AnswerprintError],
    signed: Path,
    trust: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    def fail(*_: object) -> None:
        raise fault("it ended", where="f.mp4")

    monkeypatch.setattr(WorkerPool, "call", fail)
    page = tmp_path / "page.html"
    told(capsys, "verify", str(signed), *trust, "--report", str(page))
    assert "<figure>" not in page.read_text("utf-8")


def test_the_lines_for_a_person_begin_with_each_question(
    signed: Path, trust: list[str], capsys: Capture
) -> None:
    assert run(["verify", str(signed), *trust, "--rubric", "signals"]) == 0
    opening, _, told = capsys.readouterr().out.partition("\n\n")
    assert opening.startswith("This is a file that ")
    assert all(len(line) < 80 for line in opening.splitlines())
    lines = told.splitlines()
    heads = [line.split()[0] for line in lines]
    assert heads[:6] == ["integrity", "signer", "time", "revocation", "chain", "conformance"]
    assert "vouched for by root" in lines[1]
    assert any("fullyGenAIMedia" in line for line in lines)
