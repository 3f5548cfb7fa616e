"""What a job says of sign-off: its gates and its people file, and each way of getting them wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from provenance.approval.statement import Gate
from tests.job.conftest import Write
from tests.provenance.approval.approval_desk import signer

ROW = "  - {{id: {0}, name: {0}, kind: {1}, roles: [{2}], keys: [{{kind: ed25519, public: {3}}}]}}\n"
PEOPLE = "people:\n" + "".join(
    ROW.format(name, kind, role, signer(name).public)
    for name, kind, role in (
        ("ana", "person", "creative"),
        ("bo", "person", "legal"),
        ("bot", "agent", "client"),
    )
)


def test_gates_are_read_in_the_jobs_order(write: Write) -> None:
    Path("people.yaml").write_text(PEOPLE)
    gates = "gates: {rough: {roles: [creative]}, release: {roles: [creative, legal], two_person: true}}"
    asked = load_job(write(people="people: people.yaml", gates=gates)).signoff
    assert asked.gates == (
        Gate("rough", ("creative",)),
        Gate("release", ("creative", "legal"), two_person=True),
    )
    assert asked.people == Path("people.yaml").resolve()


def test_a_job_without_gates_needs_no_people(write: Write) -> None:
    assert load_job(write()).signoff.gates == ()


NAMED = "people: people.yaml"
DEFECTS = [
    (
        "",
        "gates: {release: {roles: [creative]}}",
        "gates: nobody may sign; expected people: a people file, got none",
    ),
    ("", "gates: {}", "gates: no gates; expected {NAME: {roles: [ROLE, ...]}}, got keys"),
    ("", "gates: [release]", "gates: no gates; expected {NAME: {roles: [ROLE, ...]}}, got a list"),
    (
        NAMED,
        "gates: {release: {}}",
        "gates.release.roles: missing; expected who signs, such as creative and legal",
    ),
    (
        NAMED,
        "gates: {release: {roles: []}}",
        "gates.release.roles: no roles; expected a list of 1 to 16 roles",
    ),
    (NAMED, "gates: {release: {roles: [legal, legal]}}", "gates.release.roles: no roles; expected a list"),
    (
        NAMED,
        "gates: {release: {roles: [client]}}",
        "gates.release.roles: nobody has this role; got nobody in",
    ),
    (
        NAMED,
        "gates: {release: {role: [legal]}}",
        "gates.release.role: unknown key; expected roles | two_person",
    ),
    (
        NAMED,
        "gates: {re lease: {roles: [legal]}}",
        "gates.re lease: not a gate's name; expected small letters",
    ),
    (NAMED, "gates: {release: {roles: [legal], two_person: maybe}}", "gates.release.two_person: "),
    ("people: missing.yaml", "gates: {release: {roles: [legal]}}", "people: cannot be read; expected "),
]


@pytest.mark.parametrize(("named", "gates", "said"), DEFECTS)
def test_what_is_wrong_is_told_with_its_line(write: Write, named: str, gates: str, said: str) -> None:
    Path("people.yaml").write_text(PEOPLE)
    with pytest.raises(Problems) as fault:
        load_job(write(people=named, gates=gates))
    assert said in str(fault.value), str(fault.value)


def test_faults_of_the_people_file_have_its_own_lines(write: Write) -> None:
    Path("people.yaml").write_text(PEOPLE.replace("kind: person", "kind: robot", 1))
    with pytest.raises(
        Problems, match=r"people\.yaml:2: unknown kind; expected agent \| guest \| person, got 'robot'"
    ):
        load_job(write(more="people: people.yaml\ngates: {release: {roles: [legal]}}"))
