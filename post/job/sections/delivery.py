"""Deliverables and provenance, as the job writes them."""

from __future__ import annotations

from dataclasses import fields

from post.errors import JobError
from post.job.diagnostics import Diagnostics
from post.job.disclosure.clear import clear_of_platforms
from post.job.model import Deliver, Provenance
from post.job.reader import Section
from post.job.sections.design.platforms import read_clear
from post.job.sections.entries import FILE_LETTERS, FILE_NAME, NO_FILE_NAME, name_node
from post.job.sections.framing import read_point
from post.job.sections.sounds import read_loudness
from post.job.sections.watermark import read_marking, read_registration
from post.picture.encode import CODECS, Encode
from post.receipt import Disclosure
from post.sound.stages import LoudnessTarget
from post.values.files.film_container import FILM_CONTAINERS, LAYOUTS, SOUND_CODECS, SoundCodec
from presets import Node
from provenance.labels.aigc import AigcLabel, check_label

CHROMA = {"h264": ("420", "422"), "hevc": ("420", "422"), "av1": ("420",), "prores": ("422",)}
# Luma samples of a picture at the highest level of H.264 (table A-1, 6.2), H.265 (table A.8, 6.2) and
# AV1 (A.3, 6.3): 8192x4352, or as many in another shape.
MOST_PIXELS = 35_651_584


def read_deliverables(
    diagnostics: Diagnostics,
    job: Section,
    profiles: tuple[Node | None, Node | None],
    rate_hz: int,
    platforms: tuple[str, ...],
) -> tuple[Deliver, ...]:
    """The files to make. profiles: the loudness profiles of the house and of the job; rate_hz: of its sound;
    platforms: those that all of them are for, which name none of their own."""
    node, items = job.part("deliver"), job.items("deliver")
    if node is not None and isinstance(node.value, tuple) and not items:
        diagnostics.say("no deliverables", node, "deliver", expected="at least one, such as social-16x9")
    taken: dict[str, str] = {}
    read = []
    for item, place in items:
        found = diagnostics.preset("deliver", item, place)
        if found is not None:
            section = Section(diagnostics, "deliver", Node(found.value, item.line, item.file), place)
            name = _name(diagnostics, section, item, taken)
            loudness = _loudness(diagnostics, section, item, profiles)
            made = _deliver(diagnostics, section, name, (loudness, rate_hz))
            read.append(made and clear_of_platforms(diagnostics, section, made, platforms))
    return tuple(deliver for deliver in read if deliver is not None)


def _deliver(
    diagnostics: Diagnostics, section: Section, name: str, mixed: tuple[LoudnessTarget | None, int]
) -> Deliver | None:
    """One file to make. mixed: the loudness of its sound, and its samples a second."""
    loudness, rate_hz = mixed
    width, height = _even(diagnostics, section, "width"), _even(diagnostics, section, "height")
    if width * height > MOST_PIXELS:
        most = f"at most {MOST_PIXELS} in all, such as 8192x4352"
        diagnostics.say(
            "too many pixels", section.node, section.place, expected=most, got=f"{width}x{height}"
        )
    depth, chroma = section.text("depth", "8"), section.text("chroma", "420")
    container = section.text("container", "mp4")
    encode = _inner(diagnostics, section, "picture").stage(Encode)
    codec, bitrate, channels = _audio(diagnostics, section, container, rate_hz)
    if encode is not None:
        _agree(diagnostics, section, encode, (container, depth, chroma))
    clear = read_clear(diagnostics, section, (width, height))
    if encode is None or loudness is None:
        return None
    return Deliver(
        name, width, height, int(depth), chroma, container, encode, codec, bitrate, loudness,
        section.node.where, section.text("fit"), read_point(diagnostics, section.part("focus"), section.spot("focus")),
        clear, channels, section.switch("stems"), fill=section.text("fill"),
    )  # fmt: skip


def _name(diagnostics: Diagnostics, section: Section, item: Node, taken: dict[str, str]) -> str:
    """Its own id or name, or its preset's. Files are named by it, so case alone does not tell two apart."""
    key, given = name_node(section)
    preset = item.mapping.get("preset", item).text.rpartition("/")[2].removesuffix(".yaml")
    name = given.text if given is not None else preset
    node, place = given or item, section.spot(key)
    if not FILE_NAME.match(name):
        diagnostics.say(NO_FILE_NAME, node, place, expected=FILE_LETTERS, got=repr(name), fix="rename it")
    elif name.lower() in taken:
        fix = f"rename one; the first is {taken[name.lower()]}"
        diagnostics.say("two deliverables have the same name", node, place, got=repr(name), fix=fix)
    taken.setdefault(name.lower(), section.place)
    diagnostics.credit(place, name, node.origin)
    return name


def _even(diagnostics: Diagnostics, section: Section, key: str) -> int:
    pixels = section.whole(key, 16)
    if pixels % 2:
        node = section.node.mapping[key]
        near = f"{pixels - 1} or {pixels + 1}"
        diagnostics.say("an odd number of pixels", node, section.spot(key), expected=near, got=pixels)
    return pixels


def _inner(diagnostics: Diagnostics, section: Section, key: str) -> Section:
    node = section.part(key) or Node({}, section.node.line, section.node.file)
    return Section(diagnostics, key, node, section.spot(key))


def _audio(diagnostics: Diagnostics, section: Section, container: str, rate_hz: int) -> tuple[str, int, int]:
    """The sound codec, its bits a second (0 where it loses nothing) and its channels."""
    audio, fits = _inner(diagnostics, section, "audio"), FILM_CONTAINERS[container].sounds
    name = audio.text("codec", fits[0])
    channels = LAYOUTS[audio.text("channels", "stereo")]
    codec = SOUND_CODECS[name]
    at = audio.node.mapping.get("codec", audio.node)
    if name not in fits:
        holding = [each for each, kind in FILM_CONTAINERS.items() if name in kind.sounds]
        diagnostics.say(
            f"{container} cannot hold this codec", at, audio.spot("codec"), expected=" | ".join(fits), got=name,
            fix=f"or container: {' | '.join(holding)}",
        )  # fmt: skip
    elif codec.rates_hz and rate_hz not in codec.rates_hz:
        diagnostics.say(
            f"{name} does not take the sample rate of the mix", at, audio.spot("codec"),
            expected=" | ".join(f"{each} Hz" for each in codec.rates_hz), got=f"{rate_hz} Hz",
            fix=f"sound: {{rate_hz: {codec.rates_hz[0]}}}",
        )  # fmt: skip
    return name, _bitrate(diagnostics, audio, (name, codec), (channels, rate_hz)), channels


def _bitrate(
    diagnostics: Diagnostics, audio: Section, named: tuple[str, SoundCodec], form: tuple[int, int]
) -> int:
    """Bits a second of all channels, 0 for a codec that loses nothing. form: channels, and samples a second."""
    (name, codec), (channels, rate_hz) = named, form
    if not codec.lossy:
        return 0
    kbps = audio.whole("bitrate", codec.kbps[channels])
    least, most = codec.bounds(channels, rate_hz)
    if not least <= kbps <= most:
        at = audio.node.mapping.get("bitrate", audio.node)
        many = "one channel" if channels == 1 else f"{channels} channels"
        diagnostics.say(
            f"{name} does not take this rate for {many}", at, audio.spot("bitrate"),
            expected=f"{least} to {most} kb/s", got=kbps, fix=f"bitrate: {min(max(kbps, least), most)}",
        )  # fmt: skip
    return 1000 * kbps


def _agree(diagnostics: Diagnostics, section: Section, encode: Encode, asked: tuple[str, str, str]) -> None:
    """Container, depth and chroma against what the codec takes."""
    container, depth, chroma = asked
    depths = tuple(str(each) for each in CODECS[encode.codec].depths)
    fitting = tuple(name for name, kind in FILM_CONTAINERS.items() if encode.codec in kind.pictures)
    rows = (
        ("container", container, fitting),
        ("depth", depth, depths),
        ("chroma", chroma, CHROMA[encode.codec]),
    )
    for key, got, fits in rows:
        if got not in fits:
            node = section.node.mapping.get(key, section.node)
            diagnostics.say(
                f"not possible with {encode.codec}",
                node,
                section.spot(key),
                expected=" | ".join(fits),
                got=got,
            )


def _loudness(
    diagnostics: Diagnostics, section: Section, item: Node, profiles: tuple[Node | None, Node | None]
) -> LoudnessTarget | None:
    """House, then the preset's own, then the job's, then what the job says of this deliverable."""
    asked, place = section.part("loudness"), section.spot("loudness")
    house, job = profiles
    chain = (house, job, asked) if "loudness" in item.mapping else (house, asked, job)
    return read_loudness(diagnostics, chain, place)


def read_provenance(diagnostics: Diagnostics, job: Section, deliver: tuple[Deliver, ...]) -> Provenance:
    """How the deliverables are signed, and what they disclose. deliver: those, as they are read."""
    node = job.part("provenance") or Node({}, job.node.line, job.node.file)
    section = Section(diagnostics, "provenance", node, "provenance")
    _refuse_outside(diagnostics, section, deliver)
    said = _inner(diagnostics, section, "disclosure")
    names = ("model_name", "model_type", "human_oversight")
    return Provenance(
        section.text("key", "development"),
        Disclosure(*(said.text(name) for name in names)),
        section.text("training_mining", "notAllowed"),
        section.text("title"),
        section.text("prompts", "digest"),
        section.switch("xmp", True),
        _aigc(diagnostics, section),
        read_marking(diagnostics, section),
        tsa=section.text("tsa"),
        time=section.text("time"),
        identity=section.text("identity"),
        role=section.text("role"),
        manifest=section.text("manifest", "embedded"),
        remote=section.text("remote"),
        registration=read_registration(diagnostics, section),
    )


def _refuse_outside(diagnostics: Diagnostics, section: Section, deliver: tuple[Deliver, ...]) -> None:
    """Refuses what needs a place in the film that a container has not."""
    lacking = next((each.container for each in deliver if not FILM_CONTAINERS[each.container].boxes), "")
    if not lacking:
        return
    fix = f"or container: {' | '.join(name for name, kind in FILM_CONTAINERS.items() if kind.boxes)}"
    if section.text("time") == "later":
        what = f"only a manifest in the film is stamped later, and {lacking} has it beside the film"
        node = section.node.mapping["time"]
        diagnostics.say(what, node, section.spot("time"), fix=f"time: now, {fix}")
    if section.text("remote"):
        what = f"is written into the film's XMP, which {lacking} has not"
        node = section.node.mapping["remote"]
        diagnostics.say(what, node, section.spot("remote"), fix=f"leave it out, {fix}")


def _aigc(diagnostics: Diagnostics, section: Section) -> AigcLabel | None:
    """Who labels the films under GB 45438; None where nobody does."""
    node, place = section.part("aigc"), section.spot("aigc")
    if node is None:
        return None
    part = Section(diagnostics, "aigc", node, place)
    made = AigcLabel(**{each.name: said for each in fields(AigcLabel) if (said := part.text(each.name))})
    try:
        check_label(made, place)
    except JobError as fault:
        key = fault.where.rpartition(".")[2]
        diagnostics.report(fault, node.mapping.get(key, node), fault.where)
        return None
    return made
