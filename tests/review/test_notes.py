"""Notes are pinned to frames, nothing of them is lost, and they follow their frames."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from tests.review.reviewing import BEN, GUSTAV, POSTGRESQL, SQLITE, Reviewing, make_film

DATABASES = (SQLITE, POSTGRESQL)

BOX = {"kind": "box", "points": [[0.1, 0.2], [0.5, 0.6]], "colour": "red", "width": 4}


def write(at: Reviewing, **more: object) -> dict[str, object]:
    body = {"first": 3, "stop": 5, "text": "brighter", **more}
    answer = at.client().post(f"/api/revisions/{at.revision()['id']}/comments", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_note_is_read_as_it_was_written(with_film: Reviewing) -> None:
    made = write(with_film, drawing=[BOX])
    revision = with_film.revision()["id"]
    listed = with_film.client(BEN).get(f"/api/revisions/{revision}/comments").json()
    [seen] = listed["comments"]
    assert seen == {**made, "own": False}
    assert (seen["at"], seen["carried"], seen["author"]) == ([3, 5], "here", "ana")
    assert seen["drawing"] == [BOX]


def test_answers_belong_to_a_thread_and_a_thread_is_resolved(with_film: Reviewing) -> None:
    made = write(with_film)
    answer = write(with_film, parent=made["id"], text="done?")
    assert (answer["parent"], answer["first"], answer["stop"]) == (made["id"], 3, 5)
    client = with_film.client(GUSTAV)
    done = client.post(f"/api/comments/{made['id']}/resolve", json={"version": 1, "resolved": True})
    assert (done.json()["resolved_by"], done.json()["resolved_name"]) == ("guest:gustav", "Gustav")
    refused = client.post(f"/api/comments/{answer['id']}/resolve", json={"version": 1, "resolved": True})
    assert refused.status_code == 400
    revision = with_film.revision()["id"]
    deeper = {"text": "deeper", "parent": answer["id"]}
    assert client.post(f"/api/revisions/{revision}/comments", json=deeper).status_code == 400


def test_what_a_note_said_before_is_kept(with_film: Reviewing) -> None:
    made = write(with_film)
    client = with_film.client()
    changed = client.patch(f"/api/comments/{made['id']}", json={"version": 1, "text": "darker"})
    assert (changed.json()["version"], changed.json()["edits"]) == (2, 1)
    history = client.get(f"/api/comments/{made['id']}/history").json()
    assert [(each["version"], each["text"], each["by_name"]) for each in history] == [
        (1, "brighter", "Ana Roth"), (2, "darker", "Ana Roth"),
    ]  # fmt: skip


def test_only_who_wrote_a_note_changes_it(with_film: Reviewing) -> None:
    made = write(with_film)
    answer = with_film.client(BEN).patch(f"/api/comments/{made['id']}", json={"version": 1, "text": "mine"})
    assert answer.status_code == 403


def test_of_two_changes_to_one_version_one_is_told(with_film: Reviewing) -> None:
    made = write(with_film)
    client = with_film.client()
    assert client.patch(f"/api/comments/{made['id']}", json={"version": 1, "text": "one"}).status_code == 200
    late = client.patch(f"/api/comments/{made['id']}", json={"version": 1, "text": "two"})
    assert late.status_code == 409
    assert "version 2" in late.json()["detail"]


def test_two_reviewers_at_once_lose_nothing(with_film: Reviewing) -> None:
    revision = with_film.revision()["id"]
    note = write(with_film)["id"]
    clients = {who: with_film.client(who) for who in (BEN, GUSTAV)}
    told: dict[str, list[int]] = {who.id: [] for who in clients}

    def work(who: object, client: object) -> None:
        for number in range(15):
            text = f"{who.id} {number}"  # type: ignore[attr-defined]  # a ProvenIdentity
            body = {"first": number, "stop": number + 1, "text": text}
            made = client.post(f"/api/revisions/{revision}/comments", json=body)  # type: ignore[attr-defined]  # a client
            assert made.status_code == 201
            version = client.get(f"/api/comments/{note}/history").json()[-1]["version"]  # type: ignore[attr-defined]  # as above
            done = {"version": version, "resolved": number % 2 == 0}
            answer = client.post(f"/api/comments/{note}/resolve", json=done)  # type: ignore[attr-defined]  # as above
            told[who.id].append(answer.status_code)  # type: ignore[attr-defined]  # as above

    threads = [threading.Thread(target=work, args=pair) for pair in clients.items()]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    listed = with_film.client().get(f"/api/revisions/{revision}/comments").json()["comments"]
    texts = {each["text"] for each in listed}
    assert texts == {"brighter", *(f"{who.id} {number}" for who in clients for number in range(15))}
    statuses = [each for rows in told.values() for each in rows]
    assert len(statuses) == 30
    assert set(statuses) <= {200, 409}
    # Each change that was accepted is one version in the history; each that was not was told.
    history = with_film.client().get(f"/api/comments/{note}/history").json()
    assert [each["version"] for each in history] == list(range(1, statuses.count(200) + 2))


def test_a_note_follows_its_frames_into_the_next_revision(at_work: Reviewing) -> None:
    rng = np.random.default_rng(1)
    pictures = [rng.integers(0, 255, (90, 160, 3), np.uint8) for _ in range(30)]
    out = at_work.out / "wide.mp4"
    lossless = {"options": (("crf", "0"), ("preset", "ultrafast")), "gop": 1, "sound": None}
    shown = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    drawn(out, [pictures[number] for number in shown], lossless)
    at_work.take_in()
    client = at_work.client()
    first = at_work.revision()["id"]
    for span, text in (((2, 4), "stays"), ((7, 9), "moves"), ((4, 6), "goes")):
        body = {"first": span[0], "stop": span[1], "text": text}
        assert client.post(f"/api/revisions/{first}/comments", json=body).status_code == 201
    # Frames 4 and 5 are replaced by three others: 7 and 8 come one later.
    drawn(out, [pictures[number] for number in (0, 1, 2, 3, 20, 21, 22, 6, 7, 8, 9)], lossless)
    at_work.take_in()
    second = at_work.revision()
    assert second["number"] == 2
    listed = client.get(f"/api/revisions/{second['id']}/comments").json()["comments"]
    places = {each["text"]: (each["at"], each["carried"]) for each in listed}
    assert places == {"stays": ([2, 4], "same"), "moves": ([8, 10], "same"), "goes": ([4, 6], "changed")}
    found = client.get(f"/api/revisions/{second['id']}/changed?against={first}").json()
    assert (found["spans"], found["removed"], found["frames"]) == ([[4, 7]], [[4, 6]], 3)
    assert found["seams"] == []
    older = client.get(f"/api/revisions/{first}/changed?against={first}").json()
    assert (older["spans"], older["known"]) == ([], True)


def drawn(path: Path, pictures: list[np.ndarray], more: dict[str, object]) -> None:
    from fractions import Fraction

    from post.takes.made.synthetic import ClipRecipe, make_clip

    aside = path.with_suffix(".new.mp4")
    recipe = ClipRecipe(
        "dusk", 160, 90, Fraction(24), len(pictures), b_frames=0, pixel_format="yuv420p", **more  # type: ignore[arg-type]  # fields
    )  # fmt: skip
    make_clip(aside, recipe, lambda number: np.asarray(pictures[number] / 255, np.float32))
    aside.replace(path)


NO_NOTES = [
    {"first": 5, "stop": 5, "text": "none"},
    {"first": 20, "stop": 30, "text": "outside"},
    {"first": 1, "stop": 2, "text": ""},
    {"first": 1, "stop": 2, "text": "x" * 10_001},
    {"first": 1, "stop": 2, "text": "nul \0"},
    {"first": 1, "stop": 2, "text": "more", "colour": "red"},
    {"first": 1, "stop": 2, "text": "far", "drawing": [{**BOX, "points": [[0, 0], [2, 2]]}]},
    {"first": 1, "stop": 2, "text": "one", "drawing": [{**BOX, "points": [[0, 0]]}]},
    {"first": 1, "stop": 2, "text": "many", "drawing": [BOX] * 101},
    {"first": -1, "stop": 2, "text": "before"},
    {"first": 1, "stop": 1 << 40, "text": "behind"},
    {"text": "none", "parent": 999},
]


def test_a_note_that_is_none_is_refused(with_film: Reviewing) -> None:
    for body in NO_NOTES:
        revision = with_film.revision()["id"]
        answer = with_film.client().post(f"/api/revisions/{revision}/comments", json=body)
        assert answer.status_code in (400, 413, 422)
        assert with_film.client().get(f"/api/revisions/{revision}/comments").json()["comments"] == []


def test_a_film_of_before_says_nothing_of_another(with_film: Reviewing) -> None:
    make_film(with_film.out / "tall.mp4", "sea")
    with_film.take_in()
    first, other = with_film.revision("wide")["id"], with_film.revision("tall")["id"]
    answer = with_film.client().get(f"/api/revisions/{first}/changed?against={other}")
    assert answer.status_code == 400
