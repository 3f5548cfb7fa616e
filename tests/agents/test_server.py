"""The MCP server over stdio, with the SDK's own client: what the four tools answer, and what they refuse."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from post.agents.answers import MOST_LETTERS, MOST_ROWS, within_bounds
from post.takes.made.synthetic import make_clip
from tests.flow.commands import COMMAND, environment
from tests.flow_job import CLIPS
from tests.laws.imported import imports

JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A served folder, with what lies outside of it beside it."""
    around = tmp_path_factory.mktemp("agents")
    folder = around / "served"
    folder.mkdir()
    make_clip(folder / "dusk.mp4", CLIPS["dusk"])
    (folder / "job.yaml").write_text(JOB)
    make_clip(around / "secret.mp4", CLIPS["dusk"])
    (around / "secret.yaml").write_text("password: hunter2")
    (folder / "reaching.yaml").write_text(JOB.replace("dusk.mp4", "../secret.mp4"))
    (folder / "reading.yaml").write_text(f"tokens: {around / 'secret.yaml'}\n{JOB}")
    (folder / "link.yaml").symlink_to(around / "secret.yaml")
    (folder / "wrong.yaml").write_text(JOB.replace("length: 1s", "length: never"))
    films = folder / "films"
    films.mkdir()
    (films / "a.mp4").write_bytes(b"x" * 7)
    (films / "receipt.json").write_text(json.dumps({"receipts": [{"name": "a"}]}))
    (films / "events").write_text('half"}\n{"event": "result", "done": 3, "total": 9}\n{"event": "jo')
    return folder


def talk(served: Path, ask: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    """Starts the server as an agent's program does, asks it, and returns what came of that."""
    home = served.parent / "home"
    home.mkdir(exist_ok=True)
    given = StdioServerParameters(
        command=COMMAND, args=["mcp", "--folder", str(served)], cwd=home,
        env=environment(home) | {"PYTHONPATH": str(ROOT), "TOKEN": "hunter2"},
    )  # fmt: skip

    out = sys.__stderr__
    assert out is not None

    async def run() -> Any:
        async with stdio_client(given, errlog=out) as streams, ClientSession(*streams) as session:
            await session.initialize()
            return await ask(session)

    return asyncio.run(run())


def test_the_four_tools_answer_by_their_schemas_and_no_other_is_there(served: Path) -> None:
    steps: list[str | None] = []

    async def step(progress: float, total: float | None, message: str | None) -> None:
        assert total is not None
        assert progress <= total
        steps.append(message)

    async def ask(session: ClientSession) -> dict[str, Any]:
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["plan", "check", "status", "verify"]
        assert all(
            tool.output_schema and tool.annotations.read_only_hint for tool in tools if tool.annotations
        )
        asked: dict[str, dict[str, Any]] = {
            "plan": {"job": "job.yaml"},
            "check": {"job": "wrong.yaml"},
            "check film": {"job": "dusk.mp4", "policies": ["house-default"]},
            "status": {"folder": "films", "events": "films/events"},
            "verify": {"file": "dusk.mp4"},
        }
        return {
            name: await session.call_tool(name.partition(" ")[0], given, progress_callback=step)
            for name, given in asked.items()
        }

    found = {name: answer.structured_content for name, answer in talk(served, ask).items()}
    assert [film["frames"] for film in found["plan"]["films"]] == [24]
    assert {"reading the job", "reading the clips", "counting the work"} <= set(steps)
    (fault, signing) = found["check"]["checks"]
    assert (fault["verdict"], "not a time" in fault["evidence"]) == ("fail", True)
    assert (signing["id"], signing["verdict"]) == ("signing", "cannot_check")
    of_film = {row["id"]: row["verdict"] for row in found["check film"]["checks"]}
    assert (of_film["HOUSE-VALID"], of_film["HOUSE-LABEL"]) == ("fail", "fail")
    assert found["check film"]["summary"].startswith("6 rules checked, 1 not checkable, 1 not")
    assert found["status"]["films"] == [{"name": "a", "file": "a.mp4", "bytes": 7, "receipt": True}]
    assert found["status"]["last_event"] == {"event": "result", "done": 3, "total": 9}
    assert (found["verify"]["integrity"], found["verify"]["sound"]) == ("absent", False)
    home = served.parent / "home"
    assert not [path for path in home.rglob("*") if "keys" in path.parts], "an agent's question made a key"


def test_nothing_outside_of_the_served_folder_is_read_or_told(served: Path) -> None:
    hostile: list[tuple[str, dict[str, Any]]] = [
        ("plan", {"job": str(served.parent / "secret.yaml")}),
        ("plan", {"job": "link.yaml"}),
        ("plan", {"job": "reaching.yaml"}),
        ("plan", {"job": "reading.yaml"}),
        ("status", {"folder": ".."}),
        ("verify", {"file": "../secret.mp4"}),
        ("verify", {"file": "dusk.mp4", "policies": ["../secret.yaml"]}),
        ("check", {"job": "../secret.mp4"}),
        ("check", {"job": "dusk.mp4", "policies": ["../secret.yaml"]}),
    ]

    async def ask(session: ClientSession) -> list[Any]:
        return [await session.call_tool(name, given) for name, given in hostile]

    for (name, given), answer in zip(hostile, talk(served, ask), strict=True):
        text = answer.content[0].text
        assert (answer.is_error, "outside of the folders" in text, "hunter2" in text) == (
            True,
            True,
            False,
        ), (
            name,
            given,
            text,
        )


def test_a_confined_process_opens_neither_its_environment_nor_its_users_files(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "in").write_text("in")
    (tmp_path / "out").write_text("out")
    script = """
import sys
from pathlib import Path
from post.agents.confined import confine
from post.agents.folders import ServedFolders
from post.errors import JobError
confine(ServedFolders.of([Path(sys.argv[1]) / "served"]))
for name in ("served/in", "out", "/proc/self/environ"):
    try:
        print(len((Path(sys.argv[1]) / name).read_bytes()) > 0)
    except JobError as fault:
        print(fault.what)
"""
    words = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    refused = "outside of the folders that are served"
    assert done.stdout.splitlines() == ["True", refused, refused]


def test_wrong_arguments_are_the_tools_errors_and_the_server_goes_on(served: Path) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("plan", {"job": 3}),
        ("plan", {}),
        ("plan", {"job": "x" * 1_000_000}),
        ("plan", {"job": "a\0b"}),
        ("verify", {"file": "dusk.mp4", "policies": ["no"] * 1000}),
        ("approve", {"job": "job.yaml"}),
    ]

    async def ask(session: ClientSession) -> tuple[list[bool], bool]:
        told = []
        for name, given in wrong:
            try:
                told.append((await session.call_tool(name, given)).is_error)
            except Exception:  # noqa: BLE001  an error of the protocol is one too
                told.append(True)
        return told, (await session.call_tool("status", {"folder": "films"})).is_error

    assert talk(served, ask) == ([True] * len(wrong), False)


def test_a_cancelled_plan_ends_its_worker_and_the_next_call_is_answered(served: Path) -> None:
    async def ask(session: ClientSession) -> tuple[int, bool]:
        started = asyncio.Event()

        async def step(progress: float, total: float | None, message: str | None) -> None:
            started.set()

        call = asyncio.create_task(session.call_tool("plan", {"job": "job.yaml"}, progress_callback=step))
        await started.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        after = await session.call_tool("status", {"folder": "films"})
        return await workers_left(served.parent / "home"), after.is_error

    assert talk(served, ask) == (0, False)


async def workers_left(home: Path) -> int:
    """Returns how many workers of this user's server are there, once that no longer changes."""
    for _ in range(200):
        found = [each for each in Path("/proc").glob("[0-9]*") if is_worker(each, home)]
        if not found:
            return 0
        await asyncio.sleep(0.05)
    return len(found)


def is_worker(process: Path, home: Path) -> bool:
    try:
        mine = f"HOME={home}\0".encode() in (process / "environ").read_bytes()
        return mine and b"spawn_main" in (process / "cmdline").read_bytes()
    except OSError:
        return False


def test_answers_are_bounded_and_say_what_they_leave_out() -> None:
    left: list[str] = []
    made = within_bounds({"a": ["x" * 5000] * 500, "b": {"c": 1}}, left)
    assert (len(made["a"]), len(made["a"][0]), made["b"]) == (MOST_ROWS, MOST_LETTERS, {"c": 1})
    assert left == ["a"]


def test_no_tool_approves_and_no_module_of_agents_can(served: Path) -> None:
    """Agents plan, check, follow and verify: the signing of decisions is nowhere within their reach."""
    listed = talk(served, lambda session: session.list_tools())
    assert {tool.name for tool in listed.tools} == {"plan", "check", "status", "verify"}
    used = {
        name for path in (ROOT / "post" / "agents").rglob("*.py") for name in imports(path.read_text("utf-8"))
    }
    assert not {
        name for name in used if "signoff" in name or "approval" in name or name.startswith("post.cli")
    }
