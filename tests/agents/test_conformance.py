"""The scenarios of @modelcontextprotocol/conformance that apply, against the server over HTTP."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.flow.commands import COMMAND, environment

# The others ask for what this server does not offer: logging, completion, sampling, elicitation, resources to read and
# prompts to get, or for tools of the suite's own by name (test_simple_text, json_schema_2020_12_tool, ...).
SCENARIOS = (
    "server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "server-sse-multiple-streams",
    "dns-rebinding-protection",
)  # fmt: skip
VARIABLE = "MCP_CONFORMANCE"


@pytest.fixture(scope="module")
def suite() -> list[str]:
    """The suite's command: that of the variable, such as `node .../conformance/dist/index.js`, or on the PATH."""
    named = os.environ.get(VARIABLE) or shutil.which("conformance") or ""
    if not named:
        pytest.skip(f"needs @modelcontextprotocol/conformance: set {VARIABLE} to its command")
    return shlex.split(named)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, suite: list[str]) -> Iterator[str]:
    assert suite
    home = tmp_path_factory.mktemp("conformance")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    around = environment(home) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    words = [COMMAND, "mcp", "--folder", str(home), "--http", str(port)]
    server = subprocess.Popen(words, env=around, stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        assert server.poll() is None, "the server ended"
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_passes(scenario: str, suite: list[str], address: str, tmp_path: Path) -> None:
    words = [*suite, "server", "--url", address, "--scenario", scenario]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
