"""Keeps what probing found out about a take: it depends on its bytes, and takes a tenth of a second or more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial

from post.engine import Store
from post.errors import SourceError
from post.job.model import TakeRef
from post.prepare.kept_answer import kept_answer
from post.prepare.toolchain import code_digest
from post.takes.probe import probe
from post.values import Clock, File, Take

# What probes, below post/: texts of warnings too, as they are kept. A test in tests/laws compares it with the imports.
MODULES = (
    "__init__.py",
    "atomic.py",
    "caching.py",
    "errors.py",
    "os_faults.py",
    "printable.py",
    "takes/*.py",
    "takes/decoded/*.py",
    "takes/made/*.py",
    "takes/pictures/*.py",
    "takes/sound/*.py",
    "takes/stills/*.py",
    "values/**/*.py",
    "watchdog.py",
)


@dataclass(frozen=True, slots=True)
class ProbeQuestion:
    """Everything that probing a take depends on: its digest is its key.

    name: the file's own, for warnings; colour, range: as the job has it; clock: that gives what is no clip a rate, None
    where there is none; code: of the modules that probe.
    """

    file: str
    name: str
    colour: str
    range: str
    clock: Clock | None
    code: str


def kept_probe(ref: TakeRef, sha256: str, keep: Store | None, clock: Clock | None = None) -> Take:
    """Returns what `probe` finds in a take, from the store where it is kept.

    sha256: of its file; keep: None to probe; clock: that gives what is no clip a rate, None where there is none. Raises
    what `probe` raises, and SourceError where its bytes are others.
    """
    code = _code() if keep else ""
    question = ProbeQuestion(sha256, ref.path.name, ref.colour, ref.range, clock, code)
    found = kept_answer(keep, question, Take, partial(_probed, ref, sha256, clock))
    return replace(found, name=ref.name, file=File(sha256, ref.path.name, ref.path))


@cache
def _code() -> str:
    return code_digest(MODULES)


def _probed(ref: TakeRef, sha256: str, clock: Clock | None) -> Take:
    take = probe(ref.path, ref.name, colour=ref.colour, range=ref.range, clock=clock)
    if take.file.sha256 != sha256:
        raise SourceError(
            "changed while it was read",
            where=ref.path.name,
            expected=f"sha256 {sha256}",
            got=take.file.sha256,
            fix="run it again once the file is whole",
        )
    return take
