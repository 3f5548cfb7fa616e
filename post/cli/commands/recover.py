"""The commands recover and resolver: they find the manifest of a copy, here or as a service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.atomic import real_path
from post.cli.environment import read_environment, resolver_token
from post.cli.options import AsJson
from post.cli.output import print_note, print_result
from post.cli.stores import own_registry
from post.errors import JobError, ProvenanceError, RetryError, SourceError

if TYPE_CHECKING:
    from post.recovery.register import MarkReader
    from provenance.durable.recover import Candidate, RecoveryResult
    from provenance.durable.resolver import ManifestMatch

RegistryAt = typer.Option(None, "--registry", help="The registry's folder; by default this user's own.")
# A film that somebody uploaded, looked at in a process of its own: so long, and in so much memory.
LOOKED_AT_S, LOOKED_AT_BYTES = 120, 4 << 30
_VERB = f"""
import sys
try:
    from resource import RLIMIT_AS, setrlimit
except ImportError:  # not where there is no such thing: Windows
    pass
else:
    setrlimit(RLIMIT_AS, ({LOOKED_AT_BYTES}, {LOOKED_AT_BYTES}))
from post.cli.app import run
sys.exit(run(sys.argv[1:]))
"""
_OPEN_TO_ALL = (
    "warning: whoever can reach this address can search the registry, read its manifests and send films: "
    "nobody is asked for a token; give --token-file, or listen at 127.0.0.1"
)
_UNENCRYPTED = (
    "note: the token travels unencrypted: on a network you do not trust, put a gateway with TLS before it"
)
MATCHES = {
    "identical": "the very bytes that were signed",
    "unsigned": "the film as it was before it was signed: its manifest was taken off, its picture is whole",
    "differs": "recovered, not verified: bytes differ from those that were signed",
}


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("recover")(recover)
    app.command("resolver")(resolver)


def recover(
    file: Path,
    registry: Path | None = RegistryAt,
    out: Path | None = typer.Option(None, "-o", "--out", help="The file for the manifest (.c2pa)."),
    as_json: bool = AsJson,
) -> None:
    """Find the manifest of a stripped or re-encoded copy by its watermark and fingerprint; exit 6 if there is none."""
    from post.atomic import is_one_of, write_whole
    from post.engine import WorkerPool
    from post.recovery.register import recover_film
    from post.recovery.sample import sample_copy
    from provenance.durable.registry import read_registry

    if out is not None and is_one_of(out, [file]):
        raise JobError("would be written over the copy itself", where=str(out), fix="name another file")
    with read_registry(registry or own_registry()) as opened:
        with WorkerPool(1) as pool:
            made = recover_film(file, opened, _reader(), pool.call(sample_copy, file))
        store = opened.find_manifest(made.found.film.manifest_id) if made.found else None
    if out is not None and store is not None:
        write_whole(out, store)
    data = _json(file, made, out if store is not None else None)
    print_result(data, as_json, _lines(data))
    raise typer.Exit(0 if made.found else ProvenanceError.exit_code)


def resolver(
    registry: Path | None = RegistryAt,
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen at."),
    port: int = typer.Option(8420, "--port", min=0, max=65535, help="The port to listen at; 0 for any."),
    token_file: Path | None = typer.Option(
        None,
        "--token-file",
        help="A file with the token to ask clients for; else ANSWERPRINT_RESOLVER_TOKEN.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object on stdout once it listens."),
) -> None:
    """Serve the registry over HTTP, by C2PA's Soft Binding Resolution API."""
    try:
        from provenance.durable.resolver import make_application
        from provenance.durable.server import check_token, is_local, open_listener, read_token, serve, url_of
    except ImportError as fault:
        raise JobError(
            "the resolver cannot run",
            expected="the packages fastapi and uvicorn",
            got=f"no {fault.name}",
            fix="pip install answerprint[resolver]",
        ) from fault
    given = resolver_token()
    token = check_token(given, "ANSWERPRINT_RESOLVER_TOKEN") if given else ""
    token = read_token(token_file) if token_file else token
    folder = registry or own_registry()
    app = make_application(folder, partial(_look_up, folder))
    with open_listener(host, port) as listener:
        said = {"address": url_of(listener), "registry": str(real_path(folder))}
        lines = [f"resolving soft bindings of {said['registry']} at {said['address']}; Ctrl-C ends it"]
        if not is_local(listener):
            print_note(_UNENCRYPTED if token else _OPEN_TO_ALL)
        print_result(said, as_json, lines)
        serve(app, listener, token)


def _reader() -> MarkReader | None:
    """Returns the reader of watermarks of this user's key; None if there is no key."""
    from provenance.durable.watermark_detect import detect
    from provenance.durable.watermark_key import NAME, read_key

    config = read_environment().config
    return partial(detect, key=read_key(config)) if (config / NAME).exists() else None


def _look_up(folder: Path, film: Path) -> Sequence[ManifestMatch]:
    """Recovers an uploaded film in another process, so that a decoder that crashes or hangs ends that process alone."""
    from provenance.durable.resolver import ManifestMatch

    command = [sys.executable, "-c", _VERB, "recover", str(film), "--registry", str(folder), "--json"]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=LOOKED_AT_S, check=False)
    except subprocess.TimeoutExpired as fault:
        raise SourceError("takes too long to look at", where="upload") from fault
    if ran.returncode == SourceError.exit_code:
        raise SourceError("cannot be read", where="upload")
    if ran.returncode not in (0, ProvenanceError.exit_code):
        raise RetryError("could not be looked at", where="upload", got=f"exit {ran.returncode}")
    data = json.loads(ran.stdout)
    rows = [each for each in (data["found"], *data["near"]) if each and (each["close"] or each["marked"])]
    return [ManifestMatch(each["manifest_id"], each["alg"], each["score"]) for each in rows]


def _json(file: Path, made: RecoveryResult, written: Path | None) -> dict[str, Any]:
    found = _candidate_json(made.found) if made.found else None
    return {
        "file": str(file),
        "found": found,
        "how": made.found.how if made.found else None,
        "match": made.match if made.found else None,
        "means": MATCHES[made.match] if made.found else "no registered film is this one",
        "alike": made.alike,
        "near": [_candidate_json(each) for each in made.near],
        "clues": [{"way": clue.way, "said": clue.said, "looked": clue.looked} for clue in made.clues],
        "manifest": str(written) if written else None,
    }


def _candidate_json(each: Candidate) -> dict[str, Any]:
    from provenance.durable import fingerprint
    from provenance.durable.recover import to_score
    from provenance.durable.registry_entry import WATERMARK

    about, looks = each.film, each.similarity
    return {
        "manifest_id": about.manifest_id, "title": about.title, "name": about.name, "job": about.job,
        "created": about.created, "seconds": about.seconds, "sha256": about.sha256, "close": each.close,
        "marked": each.marked, "alg": WATERMARK if each.marked else fingerprint.ALGORITHM,
        "score": 100 if each.marked else to_score(looks.distance) if looks else 0,
        "distance": looks.distance if looks else None, "region": looks.region if looks else None,
        "iscc": each.iscc,
    }  # fmt: skip


def _lines(data: dict[str, Any]) -> list[str]:
    found = data["found"]
    rows = [f"{'looked':10} {clue['way']}: {clue['said']}" for clue in data["clues"]]
    if found is None:
        rows.append(f"{'found':10} nothing: no registered film is this one")
    else:
        rows += [
            f"{'found':10} {found['manifest_id']}, by {data['how']}",
            f"{'film':10} {found['title']}: {found['name']}, {found['seconds']:.2f} s, signed {found['created']}",
            f"{'distance':10} {_distance(found)}",
            f"{'bytes':10} {data['means']}",
        ]
    if data["alike"]:
        rows.append(f"{'alike':10} {data['alike']} other films are as near: they cannot be told apart here")
    rows += [f"{'near':10} {each['name']} ({each['title']}): {_distance(each)}" for each in data["near"]]
    return rows + ([f"{'manifest':10} {data['manifest']}"] if data["manifest"] else [])


def _distance(each: dict[str, Any]) -> str:
    if each["distance"] is None:
        return "its looks could not be compared"
    return f"{each['distance']} of 256 bits, as its {each['region']}"
