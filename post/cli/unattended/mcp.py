"""The command mcp: it answers agents on stdin and stdout, or over HTTP on this machine alone."""

from __future__ import annotations

from pathlib import Path

import typer

from post.api.extras import extra_is_here
from post.cli.options import StoreAt
from post.cli.stores import command_settings


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("mcp")(mcp_verb)


def mcp_verb(
    folder: list[Path] = typer.Option(
        [], "--folder", help="A folder that agents may name files in; the current one where none is given."
    ),
    http: int | None = typer.Option(
        None, "--http", metavar="PORT", min=1, max=65535, help="Serve http://127.0.0.1:PORT/mcp, not stdio."
    ),
    store: str | None = StoreAt,
) -> None:
    """Serve plan, check, status and verify to agents (Model Context Protocol); never approve, sign or finish."""
    from post.agents.asking import AgentDesk
    from post.agents.folders import ServedFolders

    desk = AgentDesk(ServedFolders.of(folder or [Path()]), command_settings(store))
    with extra_is_here("mcp", "mcp"):
        from post.agents.server import make_server
    server = make_server(desk)
    if http is None:
        server.run("stdio")
    else:
        server.run("streamable-http", host="127.0.0.1", port=http)
