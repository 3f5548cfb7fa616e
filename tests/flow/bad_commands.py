"""Commands with arguments that they cannot use."""

from __future__ import annotations

from tests.flow.bad import Bad, Command, Make, Room
from tests.flow_job import JOB


def command(name: str, *words: str) -> Bad:
    """Returns a command of these words, with {room} filled in."""
    return Bad(name, lambda room: tuple(word.replace("{room}", str(room.folder)) for word in words))


def given(content: bytes, *words: str) -> Make:
    """Returns a command on a file `it.mp4` of that content."""

    def make(room: Room) -> Command:
        return (*words, room.write("it.mp4", content))

    return make


def _new_over(room: Room) -> Command:
    room.write("job.yaml", JOB)
    return ("new", room.folder, "--clips", room.folder / "dusk.mp4")


def _ingest_text(room: Room) -> Command:
    room.write("small.yaml", JOB)
    return ("ingest", room.write("list.mp4", b"eggs\n" * 99), "--job", room.job)


def _ingest_gone(room: Room) -> Command:
    room.write("small.yaml", JOB)
    return ("ingest", room.folder / "gone.mp4", "--job", room.job)


COMMANDS = (
    command("no such verb", "finnish"),
    command("no such option", "finish", "{room}/small.yaml", "-o", "{room}/out", "--fast"),
    command("finish without a folder", "finish", "{room}/small.yaml"),
    command("workers that are no number", "finish", "x.yaml", "-o", "{room}/out", "--workers", "many"),
    command("verify what is not there", "verify", "{room}/gone.mp4", "--json"),
    command("verify a folder", "verify", "{room}/out"),
    Bad("verify a file of no bytes", given(b"", "verify", "--json")),
    Bad("verify a text", lambda room: ("verify", room.write("list.txt", b"eggs\n" * 99), "--json")),
    command("verify by a policy nobody has", "verify", "{room}/dusk.mp4", "--policy", "house-defalt"),
    command(
        "verify by anchors that are not there", "verify", "{room}/dusk.mp4", "--trust", "{room}/gone.pem"
    ),
    command("measure what is not there", "measure", "{room}/gone.mp4", "--json"),
    Bad("measure a file of no bytes", given(b"", "measure", "--json")),
    Bad("measure a text", given(b"eggs\n" * 99, "measure", "--json")),
    command("new without clips", "new", "{room}/film", "--clips", "{room}/none/*.mp4"),
    Bad("new of a text", lambda room: ("new", room.folder / "film", "--clips", room.write("x.mp4", "eggs"))),
    Bad("new over a job", _new_over),
    Bad("ingest what is not there", _ingest_gone),
    Bad("ingest a text", _ingest_text),
    command("ingest into a job that is not there", "ingest", "{room}/dusk.mp4", "--job", "{room}/gone.yaml"),
    command("plan of a job that is not there", "plan", "{room}/gone.yaml", "--json"),
    command("show a key nobody has", "keys", "show", "studio", "--json"),
    command("a key named like a path", "keys", "new", "../studio"),
    command("a stage nobody has", "stages", "sharpen"),
)
