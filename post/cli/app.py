"""Collects the commands, runs one, and turns its errors into messages and exit codes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command
from typer.models import CommandInfo, OptionInfo

from post import __version__
from post.cli.commands import (
    about,
    editors,
    finish,
    house,
    ingest,
    keys,
    look,
    match,
    new,
    recover,
    redact,
    retime,
    stamp,
    trust,
    upgrade,
    verify,
)
from post.cli.commands.campaign import preview, review, versions
from post.cli.common_options import CommonOptions, split_common
from post.cli.faults import describe
from post.cli.guardrails import check
from post.cli.logs import installation, logging_to
from post.cli.output import print_note, print_traceback, warnings_as_notes
from post.cli.policies import policy
from post.cli.signoff import approvals, approve
from post.cli.stopwatch import COMMAND
from post.cli.unattended import farm, mcp, watch, worker
from post.errors import AnswerprintError, JobError
from post.stopwatch import Stopwatch

app = typer.Typer(
    name="answerprint",
    help="Finishes generated video: matched, labelled, signed, every version exported.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
INTERRUPTED = 130
log = logging.getLogger(__name__)


def _version(asked: bool) -> None:
    if asked:
        print(f"answerprint {__version__}")
        raise typer.Exit


_LOG_HELP = "Append the same to FILE: one JSON object a line."


@app.callback()
def _common(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    verbose: bool = typer.Option(False, "--verbose", help="Show on stderr what is done, step by step."),
    log_file: Path | None = typer.Option(None, "--log", metavar="FILE", help=_LOG_HELP),
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Names the options of every command, for --help; `split_common` takes them wherever they are written."""


for verbs in (
    new,
    ingest,
    upgrade,
    look,
    preview,
    review,
    finish,
    versions,
    verify,
    check,
    approve,
    approvals,
    match,
    editors,
    house,
    policy,
    keys,
    stamp,
    redact,
    retime,
    recover,
    trust,
    worker,
    farm,
    watch,
    mcp,
    about,
):
    verbs.add_to(app)


def run(arguments: Sequence[str], running: Stopwatch | None = None) -> int:
    """Runs one command. Returns its exit code; prints one clear error, no traceback, where it fails.

    running: the command's stopwatch where it runs already, since the process started; else it is started here.
    """
    if running is None:
        COMMAND.start()
    for _, command in _commands(app, ()):
        command.epilog = "Every command also takes --debug, --verbose and --log FILE."
    try:
        words, common = split_common(arguments)
        with logging_to(common.log, common.verbose):
            return _logged(words, common)
    except JobError as fault:  # of the options that every command has
        lines, code = describe(fault)
        for line in lines:
            print_note(line)
        return code


def _logged(words: list[str], common: CommonOptions) -> int:
    """Runs one command between its first record and its last."""
    verb, started = _verb(words), time.monotonic()
    if common.logs:
        log.info("started %s", verb, extra={"command": verb, **installation()})
    code: object = None
    fault: Exception | None = None
    try:
        code, fault = _run(words, common.debug)
    except SystemExit as end:  # by a signal
        code = end.code
        raise
    finally:
        seconds = round(time.monotonic() - started, 3)
        more = {"fault": "\n".join(describe(fault)[0])} if fault else {}
        log.log(
            logging.WARNING if code else logging.INFO,
            "ended with exit code %s after %.2f s",
            code,
            seconds,
            extra={"command": verb, "exit_code": code, "seconds": seconds, **more},
            exc_info=fault if code == AnswerprintError.exit_code else None,
        )
    return code


def _run(words: Sequence[str], debug: bool) -> tuple[int, Exception | None]:
    """Runs one command, and says what went wrong. Returns its exit code, and the fault it ended with."""
    fault: Exception | None = None
    try:
        with warnings_as_notes():
            code = _parser().main(words, prog_name="answerprint", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as exc:  # noqa: BLE001  the last place where anything can be caught
        if debug:
            print_traceback(exc)
        fault = exc
        lines, code = describe(exc)
        for line in lines:
            print_note(line)
    if code == INTERRUPTED:
        print_note("interrupted; what was made so far is kept")
    return code if isinstance(code, int) else 0, fault


@cache
def _parser() -> Any:
    """Returns what reads the command line, built once in a process: it has every option of every command."""
    return get_command(app)


def _verb(words: list[str]) -> str:
    """Returns the name of the command. The words behind it are not logged: they can hold prompts and addresses."""
    verbs = [" ".join(name) for name, _ in _commands(app, ())]
    return max((verb for verb in verbs if words[: len(verb.split())] == verb.split()), key=len, default="")


def command_markdown() -> str:
    """Returns the table of commands for the README: arguments, options, what each does."""
    rows = ["| command | does |", "|---|---|"]
    for words, command in _commands(app, ()):
        assert command.callback is not None
        doc = (command.callback.__doc__ or "").strip().split("\n")[0]
        rows.append(f"| `{' '.join((*words, *_usage(command.callback)))}` | {doc} |")
    return "\n".join([*rows, "", "Every command also takes:", "", *(f"- {each}" for each in _shared_help())])


def _shared_help() -> Iterator[str]:
    """Yields the options of every command with their help."""
    for asked in signature(_common).parameters.values():
        option = asked.default
        if isinstance(option, OptionInfo) and not option.is_eager:
            flag = " ".join(filter(None, (*(option.param_decls or ()), option.metavar)))
            yield f"`{flag}`: {option.help}"


def _commands(group: typer.Typer, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], CommandInfo]]:
    for command in group.registered_commands:
        yield (*words, str(command.name)), command
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from _commands(inner.typer_instance, (*words, str(inner.name)))


def _usage(verb: Callable[..., object]) -> Iterator[str]:
    """Yields arguments by name and options by flags, in brackets if they may be left out."""
    for name, asked in signature(verb).parameters.items():
        default = asked.default
        if isinstance(default, OptionInfo):
            flags = "/".join(default.param_decls or (f"--{name}",))
            yield flags if default.default is ... else f"[{flags}]"
        else:
            required = default is Parameter.empty or getattr(default, "default", None) is ...
            yield name.upper() if required else f"[{name.upper()}]"
