"""What is done to a log is told by name: forged, replayed, reordered, changed, left out, truncated."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import ProvenanceError
from provenance.approval.checkpoint import load_keeper, make_checkpoint
from provenance.approval.entries import LogEntry, next_entry, read_entries
from provenance.approval.envelope import sign
from provenance.approval.folder import now
from provenance.approval.statement import LogPoint, statement_bytes
from tests.provenance.approval.approval_desk import ApprovalDesk, film, people, signer

FILM = film(range(60))
Lines = list[bytes]


@pytest.fixture
def desk(tmp_path: Path) -> ApprovalDesk:
    made = ApprovalDesk(tmp_path / "approvals")
    made.render(FILM)
    made.decide("approve", "ana", "creative", FILM)
    made.decide("approve", "bo", "legal", FILM)
    made.decide("reject", "cy", "legal", FILM)
    return made


def attack(desk: ApprovalDesk, change: Callable[[Lines], Lines]) -> None:
    lines = desk.folder.log.read_bytes().splitlines(keepends=True)
    desk.folder.log.write_bytes(b"".join(change(lines)))


ATTACKS: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "the last line again": (lambda lines: [*lines, lines[-1]], "replayed"),
    "two lines swapped": (lambda lines: [*lines[:2], lines[3], lines[2], lines[4]], "reordered"),
    "a line left out": (lambda lines: [*lines[:2], *lines[3:]], "changed, or left out"),
    "the first line left out": (lambda lines: lines[1:], "changed, or left out"),
    "a time changed": (
        lambda lines: [*lines[:2], lines[2].replace(b'"time":"2', b'"time":"1'), *lines[3:]],
        "changed",
    ),
    "a kind changed": (
        lambda lines: [*lines[:2], lines[2].replace(b"decision", b"checks"), *lines[3:]],
        "changed",
    ),
    "spaces added": (lambda lines: [lines[0].replace(b":", b": "), *lines[1:]], "is no entry"),
    "half a line": (lambda lines: [*lines[:-1], lines[-1][:40]], "cut short"),
    "nothing left": (lambda _: [], "truncated"),
    "a line of junk": (lambda lines: [*lines, b"{}\n"], "is no entry"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_log_whose_lines_were_tampered_with_is_refused(desk: ApprovalDesk, name: str) -> None:
    change, what = ATTACKS[name]
    attack(desk, change)
    with pytest.raises(ProvenanceError, match=what):
        desk.log()


def rechained(entries: tuple[LogEntry, ...]) -> bytes:
    """A log with every hash computed anew, as whoever can write to the folder can do."""
    made: list[LogEntry] = []
    for each in entries:
        made.append(next_entry(made[-1].point if made else None, each.kind, each.document, each.time))
    return b"".join(each.line + b"\n" for each in made)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param((0, 2, 1, 3, 4), id="a decision before the render that it is about"),
        pytest.param((0, 1, 3, 2, 4), id="two decisions swapped"),
        pytest.param((0, 1, 2, 4, 3), id="a rejection before the approval that it outlives"),
        pytest.param((0, 1, 3, 4), id="an approval left out"),
        pytest.param((0, 2, 3, 4), id="a render left out"),
    ],
)
def test_a_log_that_was_chained_anew_is_refused(desk: ApprovalDesk, order: tuple[int, ...]) -> None:
    """Every decision covers the head that its signer knew."""
    entries = read_entries(desk.folder.log.read_bytes(), "log")
    desk.folder.log.write_bytes(rechained(tuple(entries[at] for at in order)))
    with pytest.raises(ProvenanceError, match="not where it was made"):
        desk.log()


def test_a_truncated_log_is_told_by_whatever_remembers_more(desk: ApprovalDesk, tmp_path: Path) -> None:
    head = desk.log().head
    keeper = load_keeper(tmp_path / "config")
    attack(desk, lambda lines: lines[:-1])
    assert desk.judge(FILM).met  # nobody remembers the rejection: the log is whole
    with pytest.raises(ProvenanceError, match="truncated"):
        desk.log([(head, "a receipt")])
    place = desk.folder.checkpoint(head.number)
    place.parent.mkdir()
    place.write_bytes(make_checkpoint(desk.log().id, head, now(), keeper))
    with pytest.raises(ProvenanceError, match=r"truncated.*by the checkpoint 000005\.json"):
        desk.log()


def test_a_log_that_went_another_way_is_told(desk: ApprovalDesk) -> None:
    head = desk.log().head
    attack(desk, lambda lines: lines[:-1])
    desk.decide("approve", "cy", "creative", FILM)
    with pytest.raises(ProvenanceError, match="rewritten"):
        desk.log([(head, "a receipt")])


def test_a_checkpoint_of_another_log_or_another_key_is_refused(desk: ApprovalDesk, tmp_path: Path) -> None:
    head, keeper = desk.log().head, load_keeper(tmp_path / "config")
    place = desk.folder.checkpoint(head.number)
    place.parent.mkdir()
    place.write_bytes(make_checkpoint("0" * 32, head, now(), keeper))
    with pytest.raises(ProvenanceError, match="of another log"):
        desk.log()
    forged = json.loads(make_checkpoint(desk_id(desk), head, now(), keeper))
    forged["signatures"][0]["sig"] = "A" * 86 + "=="
    place.write_bytes(json.dumps(forged, sort_keys=True, separators=(",", ":")).encode())
    with pytest.raises(ProvenanceError, match="forged"):
        desk.log()


def desk_id(desk: ApprovalDesk) -> str:
    start = read_entries(desk.folder.log.read_bytes(), "log")[0]
    found: str = json.loads(desk.folder.statement(start.document).read_bytes())["log"]
    return found


def test_a_forged_decision_is_told(desk: ApprovalDesk) -> None:
    desk.append(desk.draft("approve", "bo", "legal", FILM), FILM, key="ana")
    with pytest.raises(ProvenanceError, match="somebody else"):
        desk.log()


def test_a_decision_with_a_swapped_payload_is_told(desk: ApprovalDesk) -> None:
    wanted = desk.draft("approve", "bo", "legal", FILM)
    mine = json.loads(sign(statement_bytes(replace(wanted, person="ana", role="creative")), [signer("ana")]))
    other = json.loads(sign(statement_bytes(wanted), [signer("bo")]))
    mine["payload"] = other["payload"]
    with desk.folder.writing() as writer:
        writer.append("decision", json.dumps(mine, sort_keys=True, separators=(",", ":")).encode())
    with pytest.raises(ProvenanceError, match="forged"):
        desk.log()


def test_a_decision_of_another_log_is_replayed(desk: ApprovalDesk, tmp_path: Path) -> None:
    other = ApprovalDesk(tmp_path / "other")
    other.render(FILM)
    decision = other.draft("approve", "ana", "creative", FILM)
    desk.append(decision, FILM)
    with pytest.raises(ProvenanceError, match="replayed: it is of another log"):
        desk.log()


def test_a_decision_that_knew_the_future_is_refused(desk: ApprovalDesk) -> None:
    draft = desk.draft("approve", "ana", "creative", FILM, after=LogPoint(99, "0" * 64))
    desk.append(draft, FILM)
    with pytest.raises(ProvenanceError, match="not where it was made"):
        desk.log()


@pytest.mark.parametrize("folder", ["statements", "frames"])
def test_documents_that_were_changed_or_are_missing_are_told(desk: ApprovalDesk, folder: str) -> None:
    for place in sorted((desk.path / folder).iterdir()):
        kept = place.read_bytes()
        place.write_bytes(kept[:-1] + b" ")
        with pytest.raises(ProvenanceError, match="was changed"):
            desk.log()
        place.unlink()
        with pytest.raises(ProvenanceError, match="is missing"):
            desk.log()
        place.write_bytes(kept)
    assert desk.log().head.number == 5


def test_a_document_behind_a_link_is_not_followed(desk: ApprovalDesk, tmp_path: Path) -> None:
    place = next(iter((desk.path / "frames").iterdir()))
    place.rename(tmp_path / "elsewhere.json")
    place.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(ProvenanceError, match="is missing"):
        desk.log()


def test_a_person_who_left_keeps_the_log_readable_and_approves_nothing(desk: ApprovalDesk) -> None:
    desk.decide("approve", "cy", "legal", FILM)
    desk.decide("approve", "ana", "creative", FILM)
    assert desk.judge(FILM).met
    desk.people = people([("bo", "person", ("legal",)), ("cy", "person", ("legal",))])
    state = desk.judge(FILM)
    assert not state.met
    assert {each.why for role in state.roles for each in role.refused} >= {
        "signed with a key that the people file does not have"
    }
