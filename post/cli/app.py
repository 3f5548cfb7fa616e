"""The verbs, and what every one of them does with an error."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

import click
import typer

from post import __version__
from post.cli import about, check, keys, make, start
from post.errors import AnswerprintError

app = typer.Typer(
    name="answerprint",
    help="Finishes generated video: matched, labelled, signed, every version exported.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
INTERRUPTED = 130


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


for verbs in (start, make, check, keys, about):
    verbs.add_to(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns its exit code; prints one clear error, no traceback, where it fails."""
    # --debug holds wherever it is written.
    debug = "--debug" in arguments
    rest = [word for word in arguments if word != "--debug"]
    try:
        code = app(rest, standalone_mode=False)
    except AnswerprintError as fault:
        return _failed(str(fault), fault.exit_code, debug)
    except click.exceptions.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except click.ClickException as fault:
        return _failed(f"{fault.format_message()}; see `answerprint --help`", 2, debug)
    except BrokenPipeError:
        return 0
    except Exception as fault:  # noqa: BLE001  the last place where anything can be caught
        text = f"this is a bug in Answerprint: {type(fault).__name__}: {fault}; run again with --debug"
        return _failed(text, AnswerprintError.exit_code, debug)
    return code if isinstance(code, int) else 0


def _failed(text: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(text, file=sys.stderr)
    return code
