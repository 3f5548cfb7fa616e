"""The resolver with good and hostile clients: a real server on this machine's own address."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from post.errors import JobError, RetryError, SourceError
from provenance.durable import fingerprint, iscc
from provenance.durable.lingering_close import DROPPED_BYTES
from provenance.durable.registry import open_registry
from provenance.durable.registry_entry import WATERMARK
from provenance.durable.resolver import (
    MAX_QUERY_BYTES,
    MAX_VALUE_CHARACTERS,
    ManifestMatch,
    make_application,
)
from provenance.durable.server import open_listener
from provenance.durable.uploads import MAX_HELD, Limits
from tests.provenance.durable.films import entry, film, store
from tests.provenance.durable.serving import PATIENCE_S, running, wait_until

CODE = iscc.make_video_code([[0] * 380, [1] * 380])
LIMITS = Limits(film_bytes=1 << 20, pause_s=0.5, headers_s=0.5)
HISTORY = store("urn:c2pa:with:history/1", "urn:c2pa:a:clip")


@dataclass
class Service:
    client: httpx.Client
    port: int
    folder: Path
    uploads: Path
    seen: list[Path]
    gate: threading.Event

    def bound(self, alg: str, text: str, **more: object) -> httpx.Response:
        asked = {"alg": alg, "value": base64.b64encode(text.encode()).decode(), **more}
        return self.client.get("/matches/byBinding", params=asked)  # type: ignore[arg-type]  # plain values

    def send(self, data: bytes, kind: str = "video/mp4", **asked: str) -> httpx.Response:
        return self.client.post(
            "/matches/byContent", content=data, headers={"content-type": kind}, params=asked
        )

    def speak(self, data: bytes) -> bytes:
        """Returns what comes back on a bare connection until the server closes it.

        Raises TimeoutError if the server keeps it open for a minute.
        """
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as line:
            line.sendall(data)
            try:
                while part := line.recv(4096):
                    got += part
            except ConnectionResetError:
                pass
        return got


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yields the folder that uploaded films are written to."""
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, uploads: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("registry")
    with open_registry(folder) as registry:
        registry.add_all([entry(seed, mark="0a0b0c0d" if seed < 3 else "") for seed in range(15)])
        old = entry(50)
        about = replace(old.film, manifest_id="urn:c2pa:with:history/1")
        registry.add(replace(old, film=about, manifest=HISTORY, iscc=iscc.decode(CODE) or b""))
    seen: list[Path] = []
    gate = threading.Event()
    gate.set()

    def look_up(path: Path) -> Sequence[ManifestMatch]:
        seen.append(path)
        assert gate.wait(PATIENCE_S)
        said = path.read_bytes()
        faults = {b"junk": SourceError("no film"), b"busy": RetryError("busy", where="/secret/place")}
        if said in faults:
            raise faults[said]
        names = [("urn:c2pa:first", WATERMARK, 100), ("urn:c2pa:with:history/1", fingerprint.ALGORITHM, 80)]
        return [ManifestMatch(*row) for row in names] if said.startswith(b"film") else []

    with (
        running(folder, look_up, LIMITS) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, trust_env=False) as client,
    ):
        yield Service(client, port, folder, uploads, seen, gate)


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["manifestId"] for row in answer.json()["matches"]]


def test_the_algorithms_are_those_of_the_registry(service: Service) -> None:
    assert service.client.get("/services/supportedAlgorithms").json() == {
        "watermarks": [{"alg": "org.answerprint.mark.1"}],
        "fingerprints": [{"alg": "org.answerprint.fingerprint.1"}, {"alg": "io.iscc.v0"}],
    }


def test_a_watermark_matches_every_deliverable_of_a_job(service: Service) -> None:
    found = service.bound(WATERMARK, "0a0b0c0d")
    assert set(names(found)) == {entry(seed, mark="0a0b0c0d").film.manifest_id for seed in range(3)}
    assert {row["similarityScore"] for row in found.json()["matches"]} == {100}


def test_no_more_matches_are_returned_than_asked_for(service: Service) -> None:
    assert len(names(service.bound(WATERMARK, "0a0b0c0d", maxResults=2))) == 2


def test_an_unregistered_value_has_no_matches(service: Service) -> None:
    assert names(service.bound(WATERMARK, "ffffffff")) == []
    assert names(service.bound("com.example.mark.1", "0a0b0c0d")) == []


def test_a_fingerprint_matches_similar_films(service: Service) -> None:
    text = fingerprint.encode(film(7))
    assert names(service.bound(fingerprint.ALGORITHM, text)) == [entry(7).film.manifest_id]
    assert names(service.bound(fingerprint.ALGORITHM, fingerprint.encode(film(900)))) == []


def test_an_iscc_matches_similar_films(service: Service) -> None:
    assert names(service.bound(iscc.ALGORITHM, CODE)) == ["urn:c2pa:with:history/1"]


def test_a_long_value_is_sent_with_post(service: Service) -> None:
    text = fingerprint.encode(film(7))
    asked = {"alg": fingerprint.ALGORITHM, "value": base64.b64encode(text.encode()).decode()}
    found = service.client.post("/matches/byBinding", json=asked)
    assert names(found) == [entry(7).film.manifest_id]
    too_long = {**asked, "value": "A" * (MAX_VALUE_CHARACTERS + 4)}
    assert service.client.get("/matches/byBinding", params=too_long).status_code == 414


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"alg": WATERMARK},
        {"value": "AAAA"},
        {"alg": WATERMARK, "value": ""},
        {"alg": WATERMARK, "value": "no base64 %"},
        {"alg": WATERMARK, "value": "/////w=="},
        {"alg": "../../etc", "value": "AAAA"},
        {"alg": "io.iscc.v0", "value": "AAAA"},
        {"alg": "org.answerprint.fingerprint.1", "value": "AAAA"},
        {"alg": WATERMARK, "value": "AAAA", "maxResults": "0"},
        {"alg": WATERMARK, "value": "AAAA", "maxResults": "many"},
    ],
    ids=str,
)
def test_a_malformed_query_is_400(service: Service, asked: dict[str, str]) -> None:
    assert service.client.get("/matches/byBinding", params=asked).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"alg": 1, "value": 2}', b"[" * 100_000, b"\xff\xfe", b'"text"'], ids=len
)
def test_a_malformed_body_is_400(service: Service, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert service.client.post("/matches/byBinding", content=body, headers=headers).status_code == 400


def test_a_query_of_another_type_or_size_is_refused(service: Service) -> None:
    post = service.client.post
    assert (
        post("/matches/byBinding", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    )
    large, headers = b" " * (MAX_QUERY_BYTES + 1), {"content-type": "application/json"}
    assert post("/matches/byBinding", content=large, headers=headers).status_code == 413


def test_an_uploaded_film_is_looked_up_and_then_deleted(service: Service) -> None:
    assert names(service.send(b"film")) == ["urn:c2pa:first", "urn:c2pa:with:history/1"]
    assert service.seen[-1].parent == service.uploads
    assert list(service.uploads.iterdir()) == []


def test_a_film_is_looked_up_by_one_algorithm_where_asked(service: Service) -> None:
    assert names(service.send(b"film", alg=fingerprint.ALGORITHM)) == ["urn:c2pa:with:history/1"]
    assert names(service.send(b"film", alg=iscc.ALGORITHM)) == []
    assert service.send(b"film", alg="com.example.other").status_code == 400


def test_a_hint_puts_its_matches_first(service: Service) -> None:
    value = base64.b64encode(CODE.encode()).decode()
    found = service.send(b"film", hintAlg=iscc.ALGORITHM, hintValue=value)
    assert names(found) == ["urn:c2pa:with:history/1", "urn:c2pa:first"]


def test_a_hint_alone_makes_no_match(service: Service) -> None:
    value = base64.b64encode(CODE.encode()).decode()
    assert names(service.send(b"other", hintAlg=iscc.ALGORITHM, hintValue=value)) == []


@pytest.mark.parametrize("kind", ["image/png", "text/html", "application/mp4", "", "video"])
def test_only_video_is_accepted(service: Service, kind: str) -> None:
    before = len(service.seen)
    assert service.send(b"film", kind).status_code == 415
    assert len(service.seen) == before


def test_simultaneous_uploads_do_not_fill_the_disk(service: Service) -> None:
    """While one film is looked up, the allowed number of films wait; the next one is refused, with an answer."""
    service.gate.clear()
    with ThreadPoolExecutor(MAX_HELD) as senders:
        try:
            held = [senders.submit(service.send, b"film") for _ in range(MAX_HELD)]
            wait_until(lambda: len(list(service.uploads.iterdir())) == MAX_HELD)
            refused = [service.send(bytes(size)) for size in (4, 1 << 20, LIMITS.film_bytes * 8)]
        finally:
            service.gate.set()
        assert [answer.result().status_code for answer in held] == [200] * MAX_HELD
    assert [answer.status_code for answer in refused] == [503] * 3
    # Four bytes may have been read before they are refused: then the connection may stay.
    assert [answer.headers["connection"] for answer in refused[1:]] == ["close"] * 2
    assert list(service.uploads.iterdir()) == []
    assert service.send(b"film").status_code == 200


def test_a_port_in_use_is_an_error(service: Service) -> None:
    with pytest.raises(
        JobError, match=rf"port {service.port}: cannot listen; .*in use.* name others: --host"
    ):
        open_listener("127.0.0.1", service.port)


def test_the_verb_says_where_it_listens_once_it_does(service: Service) -> None:
    words = ["resolver", "--registry", str(service.folder), "--port", "0", "--json"]
    run = "import sys; from post.cli.app import run; sys.exit(run(sys.argv[1:]))"
    with subprocess.Popen([sys.executable, "-c", run, *words], stdout=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        said = json.loads(ran.stdout.readline())
        assert said["registry"] == str(service.folder)
        url = f"{said['address']}/services/supportedAlgorithms"
        assert httpx.get(url, timeout=PATIENCE_S, trust_env=False).status_code == 200
        ran.terminate()


def test_an_upload_that_is_no_film_is_415_and_deleted(service: Service) -> None:
    assert service.send(b"junk").status_code == 415
    assert not service.seen[-1].exists()


def test_an_internal_error_names_no_path_of_this_machine(service: Service) -> None:
    answer = service.send(b"busy")
    assert answer.status_code == 503
    assert answer.json() == {"detail": "try again"}


def test_a_film_too_large_is_refused_before_it_is_sent(service: Service) -> None:
    head = b"POST /matches/byContent HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\n"
    before = len(service.seen)
    got = service.speak(head + b"Content-Length: 99999999999\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 413")
    assert len(service.seen) == before


def test_an_upload_that_grows_too_large_is_cut_off(service: Service) -> None:
    before = len(service.seen)
    pieces = (bytes(1 << 16) for _ in range(40))
    answer = service.client.post("/matches/byContent", content=pieces, headers={"content-type": "video/mp4"})
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert len(service.seen) == before
    assert list(service.uploads.iterdir()) == []


def test_a_refused_client_that_keeps_sending_is_cut_off(service: Service) -> None:
    head = b"POST /matches/byContent HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    got, sent = b"", 0
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as line:
        line.sendall(head)
        while part := line.recv(4096):
            got += part
        with pytest.raises(OSError):
            while sent < 999_999_999:
                sent += line.send(bytes(1 << 20))
    assert got.startswith(b"HTTP/1.1 415")
    assert sent < 4 * DROPPED_BYTES


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /services/supp",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"GET /services/supportedAlgorithms HTTP/1.1\r\nHost: x\r\n\r\nGET /again",
    ],
    ids=["nothing", "half a line", "half a header", "half a second request"],
)
def test_a_connection_whose_head_does_not_come_is_closed(service: Service, said: bytes) -> None:
    assert service.speak(said).count(b"HTTP/1.1 200") == said.count(b"supportedAlgorithms")


def test_a_connection_whose_head_trickles_is_closed(service: Service) -> None:
    until = time.monotonic() + PATIENCE_S
    with (
        socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S) as line,
        pytest.raises(OSError),
    ):
        while time.monotonic() < until:
            line.sendall(b"G")
            time.sleep(0.05)


def test_a_body_that_stops_is_answered_with_408(service: Service) -> None:
    head = b"POST /matches/byContent HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: 1000\r\n\r\nfilm"
    assert service.speak(head).startswith(b"HTTP/1.1 408")


def test_others_are_answered_while_some_say_nothing(service: Service) -> None:
    lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(20)]
    for line in lines:
        line.sendall(b"GET /")
    assert service.client.get("/services/supportedAlgorithms").status_code == 200
    for line in lines:
        line.close()


def test_a_manifest_is_returned_with_or_without_its_ingredients(service: Service) -> None:
    path = "/manifests/urn:c2pa:with:history/1"
    whole = service.client.get(path)
    assert whole.content == HISTORY
    assert whole.headers["content-type"] == "application/c2pa"
    alone = service.client.get(path, params={"returnActiveManifest": "true"})
    assert alone.content == store("urn:c2pa:with:history/1")
    assert service.client.get("/manifests/urn%3Ac2pa%3Awith%3Ahistory%2F1").content == HISTORY


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("urn:c2pa:nobody", 404),
        ("..%2F..%2F..%2Fetc%2Fpasswd", 404),
        ("%2e%2e/registry.sqlite3", 404),
        ("a%00b", 400),
        ("x" * 300, 400),
        ("' OR 1=1 --".replace(" ", "%20"), 400),
        ("'OR'1'='1", 404),
    ],
)
def test_a_name_that_is_not_registered_gives_nothing(service: Service, name: str, status: int) -> None:
    answer = service.client.get(f"/manifests/{name}")
    assert answer.status_code == status
    assert set(answer.json()) == {"detail"}


def test_a_film_registered_meanwhile_is_found(service: Service) -> None:
    with open_registry(service.folder) as registry:
        registry.add(entry(60, mark="60606060"))
    assert names(service.bound(WATERMARK, "60606060")) == [entry(60, mark="60606060").film.manifest_id]


def test_nothing_can_be_written_through_it(service: Service) -> None:
    for method, path in (("POST", "/manifests"), ("PUT", "/bindings"), ("DELETE", "/manifests/urn:c2pa:x")):
        assert service.client.request(method, path, content=json.dumps({})).status_code in (404, 405)


def test_without_a_registry_there_is_no_service(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a registry"):
        make_application(tmp_path, lambda _: [])
