"""Whatever is sent or found, nothing breaks: no error of the server, no text that becomes markup, no other file."""

from __future__ import annotations

import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from post.review.app import ROOMS
from tests.review.reviewing import Reviewing, make_film, reviewing

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def attacks() -> list[str]:
    """Lines of the suite of hostile texts; skips where it is not there."""
    root = os.environ.get("ANSWERPRINT_SUITES")
    folder = Path(root) / "hostile-names" / "attacks" if root else None
    if folder is None or not folder.is_dir():
        pytest.skip("ANSWERPRINT_SUITES is unset: hostile-names")
    found = [
        line for path in sorted(folder.iterdir()) for line in path.read_text("utf-8", "replace").splitlines()
    ]
    assert len(found) > 20
    return found


def test_hostile_texts_are_kept_as_they_are(with_film: Reviewing) -> None:
    client, kept = with_film.client(), 0
    for text in [*attacks(), SCRIPT, "\u202etxt.exe", "../../etc/passwd", "%00", "a\r\nSet-Cookie: x=1"]:
        answer = client.post("/api/revisions/1/comments", json={"first": 1, "stop": 2, "text": text})
        assert answer.status_code in (201, 422), text[:50]
        if answer.status_code == 201:
            assert answer.json()["text"] == text.strip()
            kept += 1
    assert kept > 20
    listed = client.get("/api/revisions/1/comments").json()["comments"]
    assert len(listed) == kept
    for form in ("otio", "fcpxml", "edl", "csv"):
        assert client.get(f"/api/revisions/1/comments.{form}").status_code == 200


HOSTILE_FILES = (
    "<script>alert(1)</script>.mp4", "a\"><img src=x>.mp4", "\u202egpj.mp4", "new\nline.mp4", "' OR 1=1 --.mp4",
    "{{7*7}}.mp4", "%2e%2e%2f.mp4", "x" * 200 + ".mp4",
)  # fmt: skip


def test_films_of_hostile_names_are_shown_as_text(at_work: Reviewing, film: Path) -> None:
    for number, name in enumerate(name.replace("</", "<\u2215") for name in HOSTILE_FILES):
        (at_work.out / name).write_bytes(film.read_bytes() + b"\0\0\0\x08free" * number)
    (at_work.out / "link.mp4").symlink_to("/etc/passwd")
    (at_work.out / "text.mp4").write_bytes(Path("/etc/passwd").read_bytes())
    at_work.take_in()
    client = at_work.client()
    page = client.get("/").text
    films = client.get("/api/films").json()["films"]
    assert len(films) == len(HOSTILE_FILES) + 1
    for each in films:
        shown = client.get(f"/films/{each['id']}")
        assert shown.status_code == 200
        for text in (page, shown.text):
            assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)|<img|onerror=", text)
            assert "49" not in re.findall(r"<bdi>([^<]*)</bdi>", text)
        for form in ("otio", "fcpxml", "edl", "csv"):
            export = client.get(f"/api/revisions/{each['latest']['id']}/comments.{form}")
            assert export.status_code == 200 or each["latest"]["state"] == "unreadable"
            assert "\n" not in export.headers.get("content-disposition", "")
    assert "link" not in {each["name"] for each in films}
    no_film = next(each for each in films if each["name"] == "text")
    assert no_film["latest"]["state"] == "unreadable"
    assert client.get(f"/media/{no_film['latest']['id']}/film").status_code == 404


ELSEWHERE = [
    "/static/{v}/../settings.py",
    "/static/{v}/%2e%2e/settings.py",
    "/static/{v}/..%2fsettings.py",
    "/static/{v}//etc/passwd",
    "/media/1/../../job.yaml",
    "/media/1/..%2f..%2fjob.yaml",
    "/media/%2e%2e/film",
    "/media/1/film/../../../people.yaml",
    "/media/1/frames/..%2f..%2fjob.yaml",
    "/media/1/frames/1.png%00",
    "/films/..%2f..",
    "/api/revisions/1%2f..%2f2",
    "/media/99999999999999999999/film",
    "/media/-1/film",
    "/api/revisions/0",
    "/films/2147483648",
    "/films/1/revisions/-5",
]


def test_no_path_leads_elsewhere(with_film: Reviewing) -> None:
    for path in ELSEWHERE:
        client = with_film.client()
        version = re.search(r"/static/([0-9a-f]{16})/", client.get("/").text)
        assert version is not None
        answer = client.get(path.format(v=version[1]))
        assert answer.status_code in (303, 400, 401, 404, 422)
        assert "roles" not in answer.text
        assert "from __future__" not in answer.text


def test_no_answer_repeats_what_was_sent_or_shows_a_place_of_this_machine(with_film: Reviewing) -> None:
    client = with_film.client()
    for body in ({"first": SCRIPT}, {"first": 1, "stop": 2, "text": ["x"]}, [SCRIPT], SCRIPT):
        answer = client.post("/api/revisions/1/comments", json=body)
        assert answer.status_code == 422
        assert "<script>" not in unescape(answer.text)
        assert str(with_film.folder) not in answer.text
        assert answer.headers["content-type"] == "application/json"


BOMB = {"kind": "pen", "points": [[0.5, 0.5]] * 4000}


NO_DRAWINGS = [
    [BOMB, BOMB],
    [{**BOMB, "points": [[0.5, 0.5]] * 9000}],
    [{"kind": "pen", "points": [[1e308, -1e308]]}],
    [{"kind": "pen", "points": [["0.5", "x"]]}],
    [{"kind": "svg", "points": [[0, 0]]}],
    [{"kind": "pen", "points": [[0.1, 0.1]], "colour": "url(javascript:1)"}],
    [{"kind": "pen", "points": [[0.1, 0.1]], "width": 1e9}],
    [{"kind": "pen", "points": [[0.1, 0.1]], "href": "http://x"}],
    "[" * 5000,
]


def test_a_drawing_is_bounded(with_film: Reviewing) -> None:
    for drawing in NO_DRAWINGS:
        body = {"first": 1, "stop": 2, "text": "x", "drawing": drawing}
        assert with_film.client().post("/api/revisions/1/comments", json=body).status_code in (413, 422)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"", b'{"first": NaN}', b"1e999999"]
)
def test_json_that_is_none_is_refused(with_film: Reviewing, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = with_film.client().post("/api/revisions/1/comments", content=content, headers=headers)
    assert answer.status_code in (400, 422)


def test_headers_are_not_split(with_film: Reviewing) -> None:
    client = with_film.client()
    for name in ("range", "if-range", "if-none-match", "cookie", "accept"):
        answer = client.get("/media/1/film", headers={name: "x\x0b; a=b"})
        assert "a=b" not in str(answer.headers)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
note = st.fixed_dictionaries(
    {},
    optional={
        "first": st.integers(-5, 30) | values, "stop": st.integers(-5, 30) | values,
        "text": st.text(max_size=30) | values,
        "drawing": values, "parent": st.integers() | values, "version": st.integers() | values,
        "resolved": st.booleans() | values, "decision": st.sampled_from(["approve", "reject"]) | values,
        "gate": st.just("release") | values, "role": st.just("creative") | values, "key": values, "credential": values,
        "token": values, "spans": values,
    },
)  # fmt: skip
ROUTES = sorted(
    (method, each.path) for room in ROOMS for each in room.router.routes for method in each.methods
)  # fmt: skip
NAMES = st.sampled_from(["after", "limit", "before", "against", "state"])
ids = st.sampled_from(["0", "1", "2", "-1", "x", "1.5", "9" * 20, "%00", "..", "\u0660"])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with reviewing(tmp_path_factory.mktemp("fuzz") / "job") as at:
        make_film(at.out / "wide.mp4")
        at.take_in()
        yield at


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(route=st.sampled_from(ROUTES), data=st.data())
def test_no_request_is_an_error_of_the_server(
    opened: Reviewing, route: tuple[str, str], data: st.DataObject
) -> None:
    method, path = route
    if path == "/sign-out":
        return
    filled = re.sub(r"\{[^}]+\}", lambda _: data.draw(ids), path)
    query = data.draw(
        st.dictionaries(
            st.sampled_from(["after", "limit", "before", "against", "state"]), st.text(max_size=20)
        )
    )
    client: TestClient = opened.client()
    body = data.draw(note | values)
    content = repr(body).encode("utf-8", "replace")
    try:
        answer = client.request(method, filled, params=query, json=body)
    except (ValueError, UnicodeError):  # what httpx does not send as JSON or in an address
        answer = client.request(method, path.replace("{", "").replace("}", ""), content=content)
    assert answer.status_code < 500 or (answer.status_code == 503 and "oidc" in path)
