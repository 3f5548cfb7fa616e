"""Between a candidate and its release: an approval that is revoked meanwhile lets nothing out."""

from __future__ import annotations

from pathlib import Path

import pytest

from post import FinishOptions, Settings, finish_job
from post.api.signoff.told import UnapprovedFilms
from post.job import load_job
from post.signoff.binding import DecisionAsked, SeenFilm, open_signoff
from post.takes.made.synthetic import make_clip
from provenance.approval.statement import Verdict
from tests.flow_job import CLIPS
from tests.provenance.approval.approval_desk import TIME, signer

JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 0.5s}]
people: people.yaml
gates: {release: {roles: [creative]}}
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
"""
PERSON = "{{id: ana, name: Ana, kind: person, roles: [creative], keys: [{{kind: ed25519, public: {0}}}]}}"
PEOPLE = f"people:\n  - {PERSON}\n"


class SmallGatedJob:
    """A job with one gate, and the person who passes it."""

    def __init__(self, folder: Path) -> None:
        make_clip(folder / "dusk.mp4", CLIPS["dusk"])
        self.job, self.out = folder / "job.yaml", folder / "out"
        self.settings = Settings(folder / "config", folder / "store", folder / "local")
        (folder / "people.yaml").write_text(PEOPLE.format(signer("ana").public))
        self.job.write_text(JOB)

    def decide(self, verdict: Verdict, revokes: str = "") -> str:
        signoff = open_signoff(load_job(self.job), self.settings.config)
        assert signoff is not None
        log = signoff.read()
        last = log.last_render("wide")
        assert last is not None
        film = SeenFilm("wide", last.frames)
        asked = DecisionAsked(verdict, "release", "creative", "ana", revokes=revokes)
        return signoff.sign(signoff.draft(asked, film, log, TIME), signer("ana"), last.frames).envelope

    def finish(self, tell: object = None) -> None:
        more = {"tell": tell} if tell else {}
        finish_job(self.job, self.out, FinishOptions(workers=1), self.settings, **more)  # type: ignore[arg-type]


@pytest.fixture
def gated(tmp_path: Path) -> SmallGatedJob:
    return SmallGatedJob(tmp_path)


def test_what_is_revoked_while_films_are_signed_does_not_go_out(gated: SmallGatedJob) -> None:
    with pytest.raises(UnapprovedFilms) as waiting:
        gated.finish()
    assert waiting.value.exit_code == 5
    assert [film["signed"] for film in waiting.value.data["deliverables"]] == [False]
    approval = gated.decide("approve")
    signed = list[str]()

    def revoke(event: str, **_: object) -> None:
        signed.extend([event] * (event == "signed"))
        if event == "signed" and len(signed) == 2:  # the candidate's, then the film's
            gated.decide("revoke", approval)

    with pytest.raises(UnapprovedFilms, match="revoked"):
        gated.finish(revoke)
    assert len(signed) == 2
    assert not (gated.out / "wide.mp4").exists()
    gated.decide("approve")
    gated.finish()
    assert (gated.out / "wide.mp4").is_file()
