"""Every error a user can meet, and the exit code it ends with.

    AnswerprintError              1   a bug, unless one of these
    +- JobError                   2   the job, a preset or the command is wrong
    |  +- Problems                2   several of them, reported at once
    |  +- OutputError             2   the place to write to cannot be written to
    +- SourceError                3   a source cannot be read
    +- GuardrailError             4   a guardrail or a policy failed
    +- ApprovalError              5   an approval is missing or stale
    +- ProvenanceError            6   credentials are invalid, or could not be made
    +- IncompleteError            7   a check could not run
    +- RetryError                75   a worker, a service or the disk was lost; nothing made is lost

Foreign exceptions are turned into these where they enter (`raise ... from`), and nowhere else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

LONGEST_SHOWN, SHOWN = 5_000, 200  # the longest path has 4,096 letters


class AnswerprintError(Exception):
    """One fault: what it is, where, what was expected, what was got, and what to do about it.

    Prints as `where: what; expected E, got G; fix`, leaving out what was not given.
    """

    exit_code = 1

    def __init__(
        self, what: str, *, where: str = "", expected: str = "", got: object = None, fix: str = ""
    ) -> None:
        self.what, self.where, self.expected, self.got, self.fix = what, where, expected, got, fix
        super().__init__(what)

    def at(self, where: str) -> AnswerprintError:
        """The same fault, with its place named (a file and line, say) in front of what it named itself."""
        place = f"{where}: {self.where}" if self.where else where
        return type(self)(self.what, where=place, expected=self.expected, got=self.got, fix=self.fix)

    def __str__(self) -> str:
        head = f"{_shortened(self.where)}: {self.what}" if self.where else self.what
        wanted = f"expected {_shortened(self.expected)}" if self.expected else ""
        found = f"got {_shortened(str(self.got))}" if self.got is not None else ""
        middle = ", ".join(part for part in (wanted, found) if part)
        return "; ".join(part for part in (head, middle, self.fix) if part)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.expected, self.got, self.fix)


def _shortened(text: str) -> str:
    """Returns a text as an error shows it: a job can name a file, or hold a number, of 30,000 letters."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"


def _rebuild(
    kind: type[AnswerprintError], what: str, where: str, expected: str, got: object, fix: str
) -> AnswerprintError:
    return kind(what, where=where, expected=expected, got=got, fix=fix)


class JobError(AnswerprintError):
    exit_code = 2


class OutputError(JobError):
    pass


class SourceError(AnswerprintError):
    exit_code = 3


class GuardrailError(AnswerprintError):
    exit_code = 4


class ApprovalError(AnswerprintError):
    exit_code = 5


class ProvenanceError(AnswerprintError):
    exit_code = 6


class IncompleteError(AnswerprintError):
    exit_code = 7


class RetryError(AnswerprintError):
    exit_code = 75


class Problems(JobError):  # noqa: N818  the word users meet
    """Everything that is wrong with a job, in the order of its lines. Prints one fault a line.

    A fault of several films is one. Ends with the faults' own exit code where they share one, else with 2.
    """

    def __init__(self, faults: Sequence[AnswerprintError]) -> None:
        if not faults:
            raise ValueError("Problems needs at least one fault")
        all_faults = (one for fault in faults for one in getattr(fault, "faults", (fault,)))
        self.faults = tuple({str(fault): fault for fault in all_faults}.values())
        codes = {fault.exit_code for fault in self.faults}
        self.exit_code = codes.pop() if len(codes) == 1 else JobError.exit_code
        super().__init__(faults[0].what, where=faults[0].where)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def __reduce__(self) -> tuple[object, ...]:
        return Problems, (self.faults,)


class OldNameWarning(UserWarning):
    """A job, a preset or a command uses a name that an earlier release gave to something.

    old: that name. The command line prints one warning for each `old` of a run.
    """

    def __init__(self, old: str, new: str, where: str) -> None:
        self.old, self._given = old, (old, new, where)
        place = f"{where}: " if where else ""
        super().__init__(
            f"{place}`{old}` is now called `{new}`; the old name still works, but write the new one"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return OldNameWarning, self._given


class OldFormWarning(UserWarning):
    """A job file is in an earlier form, which is read as it was meant.

    The command line prints one warning for each `old` of a run, as it does for old names.
    """

    def __init__(self, old: str, new: str, where: str, file: str) -> None:
        self.old, self._given = old, (old, new, where, file)
        super().__init__(
            f"{where}: this job is in the form {old}, and means what it meant; "
            f"`answerprint upgrade {file}` rewrites it as {new}"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return OldFormWarning, self._given


def warn_of_old_form(old: str, new: str, where: str, file: str) -> None:
    """Warns that `where` ("job.yaml:1") says that `file` is in an earlier form."""
    warnings.warn(OldFormWarning(old, new, where, file), stacklevel=2)


def warn_of_old_name(old: str, new: str, where: str) -> None:
    """Warns that `where` ("job.yaml:7") uses the old name of something."""
    warnings.warn(OldNameWarning(old, new, where), stacklevel=2)


def unknown(
    given: str, known: Iterable[str], where: str, noun: str, *, otherwise: str = "nothing here"
) -> JobError:
    """Returns the error for a name that does not exist, with the nearest name that does.

    known: every name there is; otherwise: what to write where there are none; noun: what it names ("stage").
    """
    names = sorted(known)
    near = get_close_matches(given, names, n=1, cutoff=0.5)
    return JobError(
        f"unknown {noun}",
        where=where,
        expected=" | ".join(names) or otherwise,
        got=repr(given),
        fix=f"did you mean {near[0]!r}?" if near else "",
    )
