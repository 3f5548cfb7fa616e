"""The verbs, and what every one of them does with an error."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from inspect import Parameter, signature

import typer
from typer.models import CommandInfo, OptionInfo

from post import __version__
from post.cli.commands import (
    about,
    finish,
    house,
    ingest,
    keys,
    match,
    new,
    recover,
    redact,
    stamp,
    trust,
    verify,
)
from post.cli.output import print_note, warnings_as_notes
from post.errors import AnswerprintError

app = typer.Typer(
    name="answerprint",
    help="Finishes generated video: matched, labelled, signed, every version exported.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
INTERRUPTED, USAGE = 130, 2


def _version(asked: bool) -> None:
    if asked:
        print(f"answerprint {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show it."),
) -> None:
    pass


for verbs in (new, ingest, finish, verify, match, house, keys, stamp, redact, recover, trust, about):
    verbs.add_to(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns its exit code; prints one clear error, no traceback, where it fails."""
    # --debug holds wherever it is written.
    rest = [word for word in arguments if word != "--debug"]
    try:
        with warnings_as_notes():
            code = app(rest, prog_name="answerprint", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as fault:  # noqa: BLE001  the last place where anything can be caught
        if len(rest) < len(arguments):
            traceback.print_exc()
        text, code = _told(fault)
        print_note(text)
    if code == INTERRUPTED:
        print_note("interrupted; what was made so far is kept")
    return code if isinstance(code, int) else 0


def _told(fault: Exception) -> tuple[str, int]:
    """What is said of an error, and the exit code it ends with."""
    if isinstance(fault, AnswerprintError):
        return str(fault), fault.exit_code
    if isinstance(fault, typer.TyperException):
        return f"{fault.format_message().rstrip('.')}; see `answerprint --help`", USAGE
    said = f"{type(fault).__name__}: {fault}"
    return f"this is a bug in Answerprint: {said}; run again with --debug", AnswerprintError.exit_code


def command_markdown() -> str:
    """Every verb with its arguments and options, as the README has them."""
    rows = ["| command | does |", "|---|---|"]
    for words, command in _commands(app, ()):
        assert command.callback is not None
        doc = (command.callback.__doc__ or "").strip().split("\n")[0]
        rows.append(f"| `{' '.join((*words, *_usage(command.callback)))}` | {doc} |")
    return "\n".join(rows)


def _commands(group: typer.Typer, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], CommandInfo]]:
    for command in group.registered_commands:
        yield (*words, str(command.name)), command
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from _commands(inner.typer_instance, (*words, str(inner.name)))


def _usage(verb: Callable[..., object]) -> Iterator[str]:
    """An argument by its name, an option by its flags; brackets where it may be left out."""
    for name, asked in signature(verb).parameters.items():
        default = asked.default
        if isinstance(default, OptionInfo):
            flags = "/".join(default.param_decls or (f"--{name}",))
            yield flags if default.default is ... else f"[{flags}]"
        else:
            required = default is Parameter.empty or getattr(default, "default", None) is ...
            yield name.upper() if required else f"[{name.upper()}]"
