"""An archive holds every file that a job's films are compared with: brief, approved texts, brand, and their logos."""

from __future__ import annotations

from pathlib import Path

from post.archive.layout import lay_out
from post.archive.located import load_archived, load_located
from tests.archive.small import JOB, make_job

KEYS = "brief: plan/brief.yaml\nbrand_guide: brand/guide.yaml\nfacts: facts/facts.yaml\n"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>'
FILES = {
    "plan/brief.yaml": "rules: [{id: logo, check: {type: logo, params: {file: logo.svg, retired: old/logo.svg}}}]\n",
    "plan/logo.svg": LOGO,
    "plan/old/logo.svg": LOGO.replace("rect", "rect fill='red'"),
    "brand/guide.yaml": "colours: {blue: '#0a3d91'}\nlogos: [{id: mark, file: logo.svg}]\n",
    "brand/logo.svg": LOGO.replace("rect", "rect fill='blue'"),
    "facts/facts.yaml": "facts: {model: {value: one, by: Ana Roth, at: 2026-12-01}}\nclaims: claims.yaml\n"
    "marks: [{id: veo, take: ../../clips/dusk.mp4, frame: 0, box: [0, 0, 8, 8], shown: [{from: 0, to: 1}]}]\n",
    "facts/claims.yaml": "claims: [{id: salt, text: Salt}]\n",
}


def test_everything_that_films_are_compared_with_is_read_from_the_archive(tmp_path: Path) -> None:
    job = make_job(tmp_path / "work", KEYS + JOB.lstrip())
    for name, text in FILES.items():
        (job.parent / name).parent.mkdir(exist_ok=True)
        (job.parent / name).write_text(text)
    located = load_located(job)
    made, root = lay_out(located), tmp_path / "data"
    for path, kept in made.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(kept.source.read_bytes())
    (tmp_path / "work").rename(tmp_path / "aside")
    (again,) = load_archived(root, made.job, made.leads, "presets")
    (before,) = located.jobs
    own, theirs = before.disclosure.facts.references, again.disclosure.facts.references
    assert own.claims
    assert theirs.claims
    assert [each.text for each in theirs.claims] == [each.text for each in own.claims]
    assert own.brand
    assert theirs.brand
    assert own.marks
    assert theirs.marks
    assert [each.file.sha256 for each in theirs.brand.logos] == [each.file.sha256 for each in own.brand.logos]
    assert [each.take.sha256 for each in theirs.marks] == [each.take.sha256 for each in own.marks]
    assert again.motion_brief is not None
    inside = [*again.motion_brief.files, *(each.file.here for each in theirs.brand.logos)]
    assert all(path.is_relative_to(root) for path in inside)
