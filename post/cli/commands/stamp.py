"""The command stamp: it adds time-stamps to films that were signed without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.atomic import real_path
from post.cli.environment import pin, read_environment
from post.cli.options import AsJson
from post.cli.output import print_result
from post.errors import AnswerprintError, Problems

if TYPE_CHECKING:
    from provenance.signing.keyring import Keys


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("stamp")(stamp)


def stamp(
    files: list[Path] = typer.Argument(
        None, help="Signed films; by default all that were signed with `time: later`."
    ),
    tsa: str = typer.Option(
        "", "--tsa", help="The time-stamping authority (RFC 3161); by default the key's."
    ),
    key: str = typer.Option(
        "", "--key", help="The key that signs the addition; by default the key that signed the film."
    ),
    as_json: bool = AsJson,
) -> None:
    """Add a time-stamp to the films named, or to all that were signed with `time: later`."""
    from provenance.signing.key_process import KeyProcess
    from provenance.signing.stamping import stamp_queue
    from provenance.signing.stamping.stamp_queue import PendingStamp

    config = read_environment().config
    chosen = [stamp_queue.find(config, film) or PendingStamp(film, "development", "") for film in files or ()]
    waiting = chosen if files else list(stamp_queue.list_pending(config))
    rows: list[dict[str, str]] = []
    faults: list[AnswerprintError] = []
    with KeyProcess(config, pin) as keys:
        for each in waiting:
            # One film that cannot be stamped does not hold up the others.
            try:
                rows.append(_stamped(keys, each, key, tsa))
            except AnswerprintError as fault:
                faults.append(fault)
    if rows or not faults:
        print_result({"stamped": rows}, as_json, _lines(rows) or ["no film waits for a time-stamp"])
    if faults:
        raise Problems(faults) if len(faults) > 1 else faults[0]


def _stamped(keys: Keys, film: Any, key: str, tsa: str) -> dict[str, str]:
    from post import __version__
    from provenance.manifest.update import stamp as add
    from provenance.signing.signer import SignerWithTsa
    from provenance.signing.stamping import stamp_queue
    from provenance.signing.stamping.tsa_url import check_tsa_url
    from provenance.trust import lists as trust_lists

    config, name = read_environment().config, key or film.key
    signer = keys.load_identity(name)
    authority = check_tsa_url(tsa) if tsa else film.tsa_url or signer.tsa_url
    lists = trust_lists.join_pem(trust_lists.read_configured(config))
    with _owning_folder(film.film):
        time = add(film.film, SignerWithTsa(signer, authority), lists, ("answerprint", __version__))
        stamp_queue.remove(config, film.film)
    return {"path": str(film.film), "time": time, "key": name, "tsa": str(authority or "")}


@contextmanager
def _owning_folder(film: Path) -> Iterator[None]:
    """Owns a film's folder, as `finish` does: no film is stamped while it is made again, and leaves the queue then.

    A run of `finish` is waited for, a minute at most. Raises RetryError, with the owner's name, after that.
    """
    from post.deliver.output_set import LOCK
    from post.owned import SHORT_WORK_S, owned

    folder = real_path(film).parent
    # That a film is not there is said by what opens it.
    with owned(folder / LOCK, str(folder), wait_s=SHORT_WORK_S) if film.exists() else nullcontext():
        yield


def _lines(rows: list[dict[str, str]]) -> list[str]:
    said = {"there": "has a time-stamp already", "untrusted": "stamped, by nobody your lists vouch for"}
    return [f"{row['path']}: {said.get(row['time'], 'stamped')}" for row in rows]
