"""Job files with bad content."""

from __future__ import annotations

from tests.flow.bad import Bad, Command, Room, edit

DUSK = "{take: dusk, length: 1s}"
TALL = "length: 1s, transition: 8f, sampling: blend"
TITLE = "{text: Salt, at: 0.5s, length: 1s}"
ENCODER = "{crf: 0, preset: ultrafast}"


def text(name: str, content: str | bytes) -> Bad:
    """Returns a bad job, from the whole text of its file."""

    def make(room: Room) -> Command:
        room.write("small.yaml", content)
        return room.finish()

    return Bad(name, make)


def _job_is_a_folder(room: Room) -> Command:
    (room.folder / "small.yaml").mkdir()
    return room.finish()


def _circle(room: Room) -> Command:
    room.write("presets/house/dawn.yaml", "extends: eve\n")
    room.write("presets/house/eve.yaml", "extends: dawn\n")
    return room.finish_with(("house: daylight", "house: dawn"))


def _house_with_a_fault(room: Room) -> Command:
    room.write("presets/house/mine.yaml", "extends: daylight\nlook: {saturation: 40}\n")
    return room.finish_with(("house: daylight", "house: mine"))


def _laughs() -> str:
    rows = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(rows)


def _only(room: Room) -> Command:
    return (*room.finish_with(), "--only", "wider")


def _engine(room: Room) -> Command:
    return (*room.finish_with(), "--engine", "cloud")


def _two(room: Room) -> Command:
    again = "  - {preset: draft, name: WIDE, width: 90, height: 160}\n"
    return room.finish_with(("ultrafast}\n", f"ultrafast}}\n{again}"))


TEXTS = (
    Bad("the job is missing", lambda room: room.finish()),
    Bad("the job is a folder", _job_is_a_folder),
    text("the job is empty", ""),
    text("the job is not YAML", "title: [one, two\n"),
    text("the job is indented with tabs", "title: x\ntakes:\n\tdusk: dusk.mp4\n"),
    text("a key is there twice", "title: x\ntitle: y\n"),
    text("the job is not UTF-8", b"title: caf\xe9\n"),
    text("the job holds a control character", "title: a\x07b\n"),
    text("a billion laughs", _laughs()),
    text("the job is nested without end", "[" * 5000),
    text("the job is a film", b"\0\0\0\x1cftypisom"),
)
WORDS = (
    edit("an unknown key", ("title: Small", "tittle: Small")),
    edit("an unknown knob", (DUSK, "{take: dusk, length: 1s, look: {satturation: 0.5}}")),
    edit("a wrong unit", ("deliver:", "sound: {loudness: {target: -14 dB}}\ndeliver:")),
    edit("out of range", (DUSK, "{take: dusk, length: 1s, look: {saturation: 40}}")),
    edit("an unknown preset", ("preset: draft", "preset: daft")),
    edit("an unknown house", ("house: daylight", "house: daylihgt")),
    Bad("presets that extend in a circle", _circle),
    Bad("a fault in a preset of one's own", _house_with_a_fault),
    edit("an unknown stage", (DUSK, "{take: dusk, length: 1s, stages: [{stage: sharpen}]}")),
    edit("an unknown take", (DUSK, "{take: dsuk, length: 1s}")),
    edit("a frame rate nobody has", ("clock: 24", "clock: 23.96")),
    edit("a time without a unit", (DUSK, "{take: dusk, length: 1}")),
    edit("a negative time", (DUSK, "{take: dusk, in: -1s, length: 1s}")),
    edit("out before in", (DUSK, "{take: dusk, in: 1s, out: 0.5s}")),
    edit("a take too short", (DUSK, "{take: dusk, length: 9s}")),
    edit("a start after the take's end", (DUSK, "{take: dusk, in: 5s}")),
    edit("a transition longer than its shots", (TALL, "length: 1s, transition: 3s")),
    edit("a transition longer than the first shot", (DUSK, "{take: dusk, length: 1s, transition: 30f}")),
    edit("a title after the film", (TITLE, "{text: Salt, at: 60s, length: 1s}")),
    edit("a title no font can write", (TITLE, "{text: Salt \U00012000, at: 0.5s, length: 1s}")),
    edit("a title too long for the frame", (TITLE, f"{{text: {'Saltwater ' * 12}, at: 0s, length: 1s}}")),
    edit("several faults at once", ("clock: 24", "clock: no"), (DUSK, "{take: dsuk}"), (TITLE, "{text: 5}")),
)
DELIVERIES = (
    Bad("two deliverables of one name", _two),
    edit("a deliverable named like a path", ("name: wide", "name: ../wide")),
    edit("an odd width", ("width: 160", "width: 161")),
    edit("an absurd width", ("width: 160", "width: 160000")),
    edit(
        "more pixels than any player takes", ("width: 160", "width: 16384"), ("height: 90", "height: 16384")
    ),
    edit("an encoder preset nobody knows", (ENCODER, "{preset: quick}")),
    edit("an encoder preset of another encoder", (ENCODER, "{codec: av1}")),
    edit("a quality the encoder does not have", (ENCODER, "{codec: hevc, crf: 60}")),
    edit("an unknown codec", (ENCODER, "{codec: h265}")),
    edit("a depth the codec lacks", (ENCODER, "{codec: prores}\n    container: mov\n    chroma: 422")),
    edit("a codec the container does not hold", (ENCODER, "{codec: av1, preset: 8}\n    container: mov")),
    Bad("an unknown --only", _only),
    Bad("an unknown --engine", _engine),
)
JOBS = (*TEXTS, *WORDS, *DELIVERIES)
