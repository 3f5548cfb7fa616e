"""Declares what several commands take in the same way."""

from __future__ import annotations

import typer

AsJson = typer.Option(False, "--json", help="Print one JSON object on stdout.")
JobFile = typer.Argument(help="The job file.")
StoreAt = typer.Option(None, "--store", help="The folder that keeps results between runs.")
EventsTo = typer.Option(
    "", "--events", metavar="FILE|-", help="Append what happens, one JSON object a line; - is stdout."
)
JUnitTo = typer.Option(None, "--junit", metavar="FILE", help="Also write the result as a JUnit report.")
