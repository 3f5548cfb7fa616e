"""Keys that were made while this machine's clock was wrong are found out once it is right."""

from __future__ import annotations

import multiprocessing
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from post.errors import ProvenanceError
from post.owned import owned
from provenance.signing import certificates, development, enrolment, keyring
from provenance.signing.certificates import read_chain
from provenance.trust.lists import read_own_root
from provenance.verify import verify
from tests.provenance.made import House, finish


@dataclass(frozen=True)
class Clock:
    """Sets the clock by which certificates are made and judged. Not the machine's own: that is nobody's to change."""

    monkeypatch: pytest.MonkeyPatch

    def set(self, off: timedelta) -> None:
        class Off(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Off:
                return cls.fromtimestamp((datetime.now(UTC) + off).timestamp(), tz)

        for module in (certificates, development, keyring):
            self.monkeypatch.setattr(module, "datetime", Off)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


YEARS = timedelta(days=365)


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (
            3 * YEARS,
            "the development key is valid only from 20.* UTC: a clock was wrong; a new root and key were",
        ),
        (-20 * YEARS, "the development root is valid only until 20.* UTC; a new root and key were made"),
    ],
)
def test_a_root_made_while_the_clock_was_wrong_is_made_again_and_the_old_one_stays_trusted(
    off: timedelta, said: str, tmp_path: Path, clock: Clock, film: Path
) -> None:
    clock.set(off)
    old = keyring.load_signer(tmp_path)
    (before,) = read_chain(development.read_root_pem(tmp_path), "")
    clock.set(timedelta())
    with pytest.warns(UserWarning, match=said):
        signer = keyring.load_signer(tmp_path)
    new, kept = read_chain(development.read_root_pem(tmp_path), "")
    leaf, issuer = read_chain(signer.chain_pem, "")
    issuer.verify_directly_issued_by(new)
    assert kept == before
    assert signer.chain_pem != old.chain_pem
    assert leaf.not_valid_before_utc < datetime.now(UTC) < leaf.not_valid_after_utc
    held = "".join(path.read_text() for path in (tmp_path / "development").iterdir())
    assert held.count("BEGIN PRIVATE KEY") == 2  # the old issuer can certify nothing any more
    assert keyring.load_signer(tmp_path).chain_pem == signer.chain_pem
    signed = finish(film, tmp_path / "signed.mp4", (), House(signer, read_own_root(tmp_path)))
    assert verify(signed, read_own_root(tmp_path)).signer == "trusted"


@pytest.mark.parametrize("off", [YEARS, -YEARS])
def test_a_key_made_while_the_clock_was_wrong_is_made_again_under_the_same_root(
    off: timedelta, tmp_path: Path, clock: Clock
) -> None:
    clock.set(-2 * YEARS)
    keyring.load_signer(tmp_path)
    clock.set(off)
    keyring.load_signer(tmp_path)
    root = development.read_root_pem(tmp_path)
    clock.set(timedelta())
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        keyring.load_signer(tmp_path)
    # One that has expired is renewed as every ninety days.
    assert [str(each.message).split("; ")[-1] for each in said] == (
        ["a new key was made"] if off > timedelta() else []
    )
    assert development.read_root_pem(tmp_path) == root
    assert keyring.describe(tmp_path, "development").expires > datetime.now(UTC) + timedelta(days=80)


def test_a_named_key_made_while_the_clock_was_ahead_is_refused_with_the_reason(
    tmp_path: Path, clock: Clock
) -> None:
    clock.set(YEARS)
    enrolment.make_key(tmp_path, "studio")
    clock.set(timedelta())
    with pytest.raises(ProvenanceError, match="not valid yet") as fault:
        keyring.load_signer(tmp_path, "studio")
    assert f"{tmp_path / 'keys' / 'studio.pem'}: " in str(fault.value)
    assert str(fault.value).endswith(
        "check the clock; if it is right, the key was made while a clock was ahead: make it again"
    )
    assert "not valid before 20" in keyring.describe(tmp_path, "studio").warning()
    with pytest.warns(
        UserWarning, match="a clock was wrong"
    ):  # a new key is made under a root that is valid now
        enrolment.make_key(tmp_path, "again")
    assert keyring.load_signer(tmp_path, "again").algorithm == "es256"


def renewed(config: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return keyring.load_signer(config).chain_pem


def test_several_processes_at_once_renew_a_key_once(tmp_path: Path, clock: Clock) -> None:
    clock.set(YEARS)
    keyring.load_signer(tmp_path)
    clock.set(timedelta())
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as pool:
        made = pool.map(renewed, [tmp_path] * 12, chunksize=1)
    assert len(set(made)) == 1
    assert len(read_chain(development.read_root_pem(tmp_path), "")) == 2
    assert sorted(path.name for path in (tmp_path / "development").iterdir()) == [
        "issuer.pem", "root.pem", "signer.pem",
    ]  # fmt: skip


def test_a_key_that_another_process_renews_first_is_used(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(YEARS)
    keyring.load_signer(tmp_path)
    clock.set(timedelta())

    def beaten(*place: Any, **how: Any) -> Any:
        monkeypatch.setattr("provenance.signing.development.owned", owned)
        winner.append(renewed(tmp_path))
        return owned(*place, **how)

    winner: list[str] = []
    monkeypatch.setattr("provenance.signing.development.owned", beaten)
    assert [renewed(tmp_path)] == winner
