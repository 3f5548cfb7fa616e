"""Recognises a run that would make nothing: one that asks what an earlier run was asked, with every file as it was.

    question    the job as it is read, what each of its files holds and what lies beside it, this user's settings, the
                lists that vouch, this program and all that is installed
    answer      the films and what lies beside them, by their digests; the results that they were joined from

An answer counts while each of those files holds what it held: a film that was touched, a result that no longer fits
its seal, or a set that is not announced yet, and the run goes its whole way. It ends a month before a certificate does.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import post
from post.atomic import checksum, real_path
from post.engine import Store
from post.engine.file_state import FileState, state_of
from post.errors import AnswerprintError, SourceError
from post.owned import owned
from post.prepare.kept_answer import find_answer
from post.values import digest, plain
from provenance.approval.folder import FOLDER

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob
    from post.deliver.kept_film import SigningTerms
    from post.job.model import Job
    from post.job.template import TemplateClip

RECEIPT, REPORT, LOCK, SETS = "receipt.json", "report.html", ".answerprint.lock", ".answerprint-*"
# Of the settings folder: what a run writes there itself, and says nothing of what it makes.
_UNANNOUNCED, _OWN = "unannounced", ("unannounced", "registry", "approval-heads")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunAsked:
    """What a run is asked for.

    only: the one deliverable to make, "" for all; config: the folder of settings; clip: what takes the place of its
    clip, where the job is a template.
    """

    job: Path
    out: Path
    only: str
    config: Path
    clip: TemplateClip | None = None


@dataclass(frozen=True, slots=True)
class RunQuestion:
    """Everything that a run depends on: its digest is the answer's key.

    job: a digest of the job as it is read; files: each path with its SHA-256 and the states of what lies beside it;
    settings, program: digests of the states of this user's settings, and of all that is installed.
    """

    job: str
    out: str
    only: str
    files: tuple[tuple[str, str, str], ...]
    settings: str
    program: str


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What a run made: files in its folder with their SHA-256, results in the store, and what it told, as JSON.

    since, until: when it counts, as UTC in ISO 8601.
    """

    since: str
    until: str
    films: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    results: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True)
class BegunRun:
    """A run as it began.

    jobs: those that its file stands for, as they were read; question: None where a run like it cannot be kept; states:
    of the job's files then; told: what it would tell again, where it would make nothing.
    """

    jobs: tuple[Job, ...]
    asked: RunAsked
    question: RunQuestion | None = None
    states: tuple[FileState, ...] = ()
    told: str = ""

    def settled(self) -> BegunRun:
        """Returns the run with this user's settings as they are now: keys are made on their first use."""
        if self.question is None:
            return self
        return replace(self, question=replace(self.question, settings=_settings(self.asked.config)))


def begin_run(asked: RunAsked, keep: Store | None) -> BegunRun:
    """Reads a job, and says whether a run would make nothing.

    keep: where answers are kept; None: none is looked for. It reads foreign files: it is called where those may be
    read. Raises what `load_versions` raises.
    """
    from post.job.versions.load import load_versions  # late: whoever only calls this elsewhere stays small

    jobs = load_versions(asked.job, asked.clip)
    begun = BegunRun(jobs, asked)
    shared = any(job.provenance.registration is not None or job.signoff.gates for job in jobs)
    if shared or (asked.job.parent / FOLDER).exists():  # whose log may ask for gates that the job does not
        return begun  # registries and logs of decisions are shared, and change without this user
    try:
        paths = sorted({path for job in jobs for path in _read_files(job)})
        states = tuple(state_of(path) for path in paths)
        question = _question(asked, jobs, paths)
    except (OSError, TypeError, SourceError):  # whoever opens them says best what is wrong with them
        return begun
    begun = replace(begun, question=question, states=states)
    kept = find_answer(keep, question, KeptRun) if keep else None
    if keep and kept and _holds(kept, asked, keep):
        count = len(kept.results)
        log.info("nothing to make: %d results fit their seals", count, extra={"results": count})
        for name in kept.films:
            log.info("kept %s as it was signed", name, extra={"film": name, "path": str(asked.out)})
        return replace(begun, jobs=(), told=kept.told)
    return begun


def keep_run(
    begun: BegunRun, done: FinishedJob, setup: tuple[Store, Sequence[SigningTerms]], told: str
) -> None:
    """Keeps what a run has published, for the next one that is asked the same.

    setup: the store, and how its films were signed; told: what the next one tells, as JSON. Nothing is kept of a run
    whose files or settings changed meanwhile, or whose certificates end soon. Raises OutputError or RetryError where it
    cannot be kept.
    """
    (keep, terms), question = setup, begun.question
    now, until = datetime.now(UTC), _until(terms)
    if question is None or until <= now or question != begun.settled().question:
        return
    films = tuple(each.rendition.name for each in done.deliverables)
    try:
        if begun.states != tuple(state_of(Path(each.path)) for each in begun.states):
            return
        listed = tuple(
            (str(path), checksum(begun.asked.out / path).sha256) for path in _listed(begun.asked.out, films)
        )
    except OSError:  # somebody clears the folder
        return
    kept = KeptRun(now.isoformat(), until.isoformat(), films, listed, _results(done), told)
    keep.save(digest(question), json.dumps(plain(kept)).encode())


def _holds(kept: KeptRun, asked: RunAsked, keep: Store) -> bool:
    """Says whether everything that a run has made is as it left it. Who owns the folder meanwhile knows better."""
    if not kept.since <= datetime.now(UTC).isoformat() < kept.until:
        return False
    try:
        with owned(asked.out / LOCK, str(asked.out)):
            if any(asked.out.glob(SETS)) or any((asked.config / _UNANNOUNCED).glob("*")):
                return False
            listed = _listed(asked.out, kept.films)
            same = [str(path) for path in listed] == [name for name, _ in kept.files]
            return (
                same
                and all(checksum(asked.out / name).sha256 == sha256 for name, sha256 in kept.files)
                and all(keep.get(key) is not None for key in kept.results)
            )
    except (OSError, AnswerprintError):
        return False


def _listed(out: Path, films: Sequence[str]) -> list[Path]:
    """Returns what a folder holds of films: their files and all whose names begin as theirs, receipt and report.

    Raises OSError for a link or anything else that is no file: nobody vouches for what it leads to.
    """
    named = [
        path for path in out.iterdir() if path.name in (RECEIPT, REPORT) or path.name.startswith(tuple(films))
    ]
    inner = [each for path in named if path.is_dir() for each in path.iterdir()]
    files = [path for path in named if not path.is_dir()] + inner
    if any(path.is_symlink() or not path.is_file() for path in files):
        raise OSError("a link")
    return sorted(path.relative_to(out) for path in files)


def _results(done: FinishedJob) -> tuple[str, ...]:
    """Returns the keys of everything that films were joined from."""
    from post.deliver.tasks import keyed_tasks

    return tuple(sorted({key for each in done.versions for key, _ in keyed_tasks(each.plan, each.sources)}))


def _until(terms: Sequence[SigningTerms]) -> datetime:
    """Returns when a run with these certificates is to be looked at anew: before a warning of their end is due."""
    from provenance.signing.certificates import read_chain
    from provenance.signing.keyring import EXPIRES_SOON

    chains = [read_chain(pem, "a certificate") for each in terms for pem in each.certificates]
    return min(each.not_valid_after_utc for chain in chains for each in chain) - EXPIRES_SOON


def _read_files(job: Job) -> list[Path]:
    """Returns every file that a run of a job reads, beside those that make the job itself."""
    from post.prepare.original_files import original_files
    from post.takes.stills.sequence import find_frames, is_pattern

    named = [real_path(path) for path in original_files(job)]
    frames = [frame for path in named if is_pattern(path) for frame in find_frames(path)]
    return sorted({*(path for path in named if not is_pattern(path)), *frames})


def _question(asked: RunAsked, jobs: tuple[Job, ...], paths: Sequence[Path]) -> RunQuestion:
    files = tuple((str(path), checksum(path).sha256, near) for path, near in _neighbours(paths))
    return RunQuestion(
        _hashed(list(_told(jobs))),
        str(real_path(asked.out)),
        asked.only,
        files,
        _settings(asked.config),
        _program(),
    )


def _neighbours(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yields each path with a digest of what lies beside it by its name, such as its credentials."""
    folders: dict[Path, dict[str, list[os.DirEntry[str]]]] = {}
    for path in paths:
        if path.parent not in folders:
            found = folders.setdefault(path.parent, {})
            with os.scandir(path.parent) as entries:
                for entry in entries:
                    found.setdefault(Path(entry.name).stem, []).append(entry)
        beside = [each for each in folders[path.parent].get(path.stem, []) if each.name != path.name]
        yield path, _hashed(sorted(state_of(Path(each.path)) for each in beside))


def _told(value: object) -> Iterator[Any]:
    """Yields all that a value holds, as JSON can. Raises TypeError for what cannot be told."""
    if is_dataclass(value):
        yield type(value).__name__
        for field in fields(value):
            yield [field.name, *_told(getattr(value, field.name))]
    elif isinstance(value, tuple):
        yield from ([*_told(each)] for each in value)
    elif isinstance(value, Path | Fraction):
        yield str(value)
    elif value is None or isinstance(value, str | int | float | bool):
        yield value
    else:
        raise TypeError(f"{type(value).__name__} is not told")


def _settings(config: Path) -> str:
    """Returns a digest of the states of this user's settings: keys, their certificates, trust lists."""
    found = (path for path in config.rglob("*") if path.relative_to(config).parts[0] not in _OWN)
    with suppress(OSError):
        return _hashed(sorted(state_of(path) for path in found if not path.is_dir()))
    return ""


def _program() -> str:
    """Returns a digest of the states of this program's files, and of the names of all that is installed."""
    root = Path(post.__file__).parents[1]
    own = [state for top in ("post", "provenance", "presets") for state in _states_below(root / top)]
    packages = sorted(path.name for place in sys.path for path in Path(place).glob("*.dist-info"))
    return _hashed([sys.version, sorted(own), packages])


def _states_below(folder: Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from () if entry.name == "__pycache__" else _states_below(Path(entry.path))
            else:
                about = entry.stat()
                yield entry.path, about.st_size, about.st_mtime_ns


def _hashed(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
