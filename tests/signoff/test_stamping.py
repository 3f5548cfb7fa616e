"""Time-stamps of signed heads, by a real authority on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import ProvenanceError
from post.signoff.stamping import ask_stamp, read_stamps
from tests.provenance.signing.tsa import REJECTED, Tsa
from tests.signoff.signoff_room import begun, decide, make_room


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    with Tsa() as running:
        yield running


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make_room(tmp_path)


def test_a_decision_is_followed_by_a_stamped_head(room: Path, tsa: Tsa) -> None:
    (room / "job.yaml").write_text((room / "job.yaml").read_text() + f"provenance: {{tsa: '{tsa.url}'}}\n")
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    stamps = list(read_stamps(signoff.folder))
    assert [each.number for each in stamps] == [3]
    assert stamps[0].authority
    assert stamps[0].when.endswith("Z")
    place = signoff.folder.checkpoint(3)
    other = ask_stamp(b"something else", tsa.url)
    place.with_suffix(".tsr").write_bytes(other)
    with pytest.raises(ProvenanceError, match="no time-stamp of this checkpoint"):
        list(read_stamps(signoff.folder))


def test_an_authority_that_gives_none_keeps_nobody_from_deciding(room: Path, tsa: Tsa) -> None:
    tsa.status = REJECTED
    signoff = begun(room)
    job = replace(signoff.job, provenance=replace(signoff.job.provenance, tsa=tsa.url))
    with pytest.warns(UserWarning, match=r"000003\.json has no time-stamp"):
        decide(replace(signoff, job=job), "ana", "creative")
    assert list(read_stamps(signoff.folder)) == []
    assert signoff.read().stamped == 3


def test_a_job_without_an_authority_asks_none(room: Path) -> None:
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    assert list(read_stamps(signoff.folder)) == []
