"""Turns whatever a command ended with into the lines that stderr shows of it, and an exit code."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from post.errors import AnswerprintError, JobError, Problems
from post.os_faults import system_fault

USAGE = 2


def describe(fault: Exception) -> tuple[list[str], int]:
    """Returns one line for each fault, without secrets, and the exit code."""
    found, code = errors_of(fault)
    return [str(each) for each in found], code


def errors_of(fault: Exception) -> tuple[list[AnswerprintError], int]:
    """Returns each fault as an error of ours, without secrets, and the exit code."""
    if isinstance(fault, AnswerprintError):
        return [_clean(each) for each in _each(fault)], fault.exit_code
    if refused := system_fault(fault):
        return [_clean(refused)], refused.exit_code
    from provenance.record.secrets import remove_all_secrets

    if isinstance(fault, typer.TyperException):
        said = remove_all_secrets(fault.format_message())
        return [JobError(said.rstrip("."), fix="see `answerprint --help`")], USAGE
    said = remove_all_secrets(f"{type(fault).__name__}: {fault}")
    bug = AnswerprintError(f"this is a bug in Answerprint: {said}", fix="run again with --debug")
    return [bug], bug.exit_code


def _each(fault: AnswerprintError) -> Sequence[AnswerprintError]:
    return fault.faults if isinstance(fault, Problems) else (fault,)


def _clean(fault: AnswerprintError) -> AnswerprintError:
    """Returns a fault without secrets.

    Its place and what was got are foreign, so the value of every name that is a secret's is left out of them. The
    rest is ours, and read part by part: in `secret: unknown key` no word is a secret.
    """
    from provenance.record.secrets import LEFT_OUT, is_secret_name, remove_all_secrets, remove_secrets

    got = fault.got if fault.got is None else remove_all_secrets(str(fault.got))
    kind = AnswerprintError if isinstance(fault, Problems) else type(fault)
    return kind(
        remove_secrets(fault.what),
        where=remove_all_secrets(fault.where),
        expected=remove_secrets(fault.expected),
        got=LEFT_OUT if got and is_secret_name(fault.where.rpartition(".")[2]) else got,
        fix=remove_secrets(fault.fix),
    )
