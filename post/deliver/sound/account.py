"""Tells of a finished film's sound as JSON and in plain words: level, ducking, room tone, repairs, codec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from post.values import DuckNote, Mix, MixNotes, Rendition, RepairNote, SourceLevelNote, Span, SpeechNote
from post.values.files.film_container import LAYOUT_NAMES

if TYPE_CHECKING:
    from post.deliver.check import MeasuredFilm

CODECS = {
    "aac": "AAC",
    "opus": "Opus",
    "flac": "FLAC",
    "pcm_s16le": "PCM 16 bit",
    "pcm_s24le": "PCM 24 bit",
}


def sound_account(measured: MeasuredFilm, rendition: Rendition) -> dict[str, Any] | None:
    """Returns how a film's sound is, and what was decided from it; None where it has none.

    Levels are in LUFS, LU, dB and dBTP, to a hundredth; what cannot be measured is None.
    """
    mix, notes, heard = rendition.mix, measured.notes, measured.loudness
    if heard is None or not mix.events:
        return None
    return {
        "codec": mix.codec,
        "bitrate": mix.bitrate or None,
        "rate_hz": mix.rate_hz,
        "channels": mix.channels,
        "loudness_lufs": _rounded(heard.integrated_lufs),
        "target_lufs": mix.loudness_lufs,
        "gate": heard.gate,
        "profile": mix.limits.profile or None,
        "max_momentary_lufs": _rounded(heard.max_momentary_lufs),
        "max_short_term_lufs": _rounded(heard.max_short_term_lufs),
        "range_lu": _rounded(heard.range_lu),
        "true_peak_dbtp": _rounded(heard.true_peak_dbtp),
        "ceiling_dbtp": mix.true_peak_dbtp,
        "level": {
            "gain_db": _rounded(notes.level.gain_db),
            "limited_db": _rounded(notes.level.reduction_db),
            "slow_db": _rounded(notes.level.slow_db),
            "passes": notes.level.passes,
            "says": notes.level.says,
        },
        "ducks": [_duck(duck, mix) for duck in notes.ducks],
        "tone": [_seconds(span, mix) for span in notes.tone],
        "repairs": [_repair(each) for each in notes.repairs],
        "speech": [_speech(each, mix) for each in notes.speech],
        "shots_lufs": [each.lufs for each in notes.shots],
        "sources": [_source(each, mix) for each in notes.levels],
        "crossings": len(notes.crossings),
    }


def _duck(duck: DuckNote, mix: Mix) -> dict[str, Any]:
    return {
        "stem": duck.what,
        "asked_db": duck.asked_db,
        "reached_db": _rounded(duck.reached_db),
        "passages": [_seconds(passage, mix) for passage in duck.passages],
        "passages_db": [_rounded(each) for each in duck.ratios],
        "lower": duck.lower,
    }


def _repair(note: RepairNote) -> dict[str, Any]:
    return {"file": note.file, "what": note.what, "says": note.says, "mended": note.mended}


def _speech(note: SpeechNote, mix: Mix) -> dict[str, Any]:
    return {
        "file": note.file,
        "at": round(note.at / mix.rate_hz, 3),
        "asked_db": note.asked_db,
        "raised": [_seconds(span, mix) for span in note.raised],
    }


def _source(source: SourceLevelNote, mix: Mix) -> dict[str, Any]:
    return {
        "file": source.file,
        "at": round(source.at / mix.rate_hz, 3),
        "asked_lufs": source.asked_lufs,
        "found_lufs": _rounded(source.found_lufs),
        "measured": source.measured,
        "gain_db": _rounded(source.gain_db),
    }


def sound_words(account: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields an account in words, as (what, how it is). account: as `sound_account` returns it."""
    rate = f"{account['rate_hz'] / 1000:g} kHz"
    layout = LAYOUT_NAMES[account["channels"]]
    codec = CODECS.get(account["codec"], account["codec"])
    bits = f"{account['bitrate'] // 1000} kb/s, " if account["bitrate"] else ""
    yield "Encoded as", f"{codec}, {bits}{layout}, {rate}"
    yield "Level", level_words(account)
    for duck in account["ducks"]:
        yield f"{duck['stem'].capitalize()}, ducked", duck_words(duck)
    if account["tone"]:
        spans = account["tone"]
        seconds = sum(stop - first for first, stop in spans)
        yield "Room tone", f"fills {_count(len(spans), 'gap')}, {seconds:.2f} s in all"
    for source in account["sources"]:
        yield f"Level of {source['file']}", source_words(source)
    for speech in account["speech"]:
        yield f"Speech in {speech['file']}", speech_words(speech)
    for mended, what in ((True, "Mended in"), (False, "Found in")):
        for file, says in _repairs(account, mended):
            yield f"{what} {file}", says


def level_words(account: dict[str, Any]) -> str:
    """Returns what was done to the level of the mix."""
    level = account["level"]
    gain = level["gain_db"]
    moved = "left as mixed" if not gain else f"{'raised' if gain > 0 else 'lowered'} by {abs(gain):.1f} dB"
    limited = level["limited_db"]
    held = f"; peaks held down by up to {limited:.1f} dB" if limited >= 0.05 else "; no peak held down"
    return f"{moved}{held}{'; ' + level['says'] if level['says'] else ''}"


def _stands_words(duck: dict[str, Any]) -> str:
    """Returns how far a stem stands below the voice, in few words. A warning says what is not as asked."""
    reached = duck["reached_db"]
    return "not ducked" if reached is None else f"{reached:.1f} LU below voice"


def source_words(source: dict[str, Any]) -> str:
    """Returns how a sound was brought to its own level."""
    asked = f"{source['asked_lufs']:g} LUFS"
    if source["found_lufs"] is None:
        return f"silent: not brought to {asked}"
    how = {"momentary": ", by its loudest moment", "mean": ", by its mean power"}.get(source["measured"], "")
    return f"brought from {source['found_lufs']:.1f} to {asked} ({source['gain_db']:+.1f} dB{how})"


def speech_words(speech: dict[str, Any]) -> str:
    """Returns how the speech in a sound was raised."""
    if not speech["raised"]:
        return f"not raised: no speech was found (asked {speech['asked_db']:g} dB)"
    return f"raised by up to {speech['asked_db']:g} dB in {_count(len(speech['raised']), 'passage')}"


def duck_words(duck: dict[str, Any]) -> str:
    """Returns how far a stem stands below the voice."""
    asked = f"asked {duck['asked_db']:g}"
    if not duck["passages"]:
        return f"not ducked: no voice was found ({asked} LU)"
    where = f"in {_count(len(duck['passages']), 'passage')}"
    if duck["reached_db"] is None:
        return f"not measurable {where} ({asked} LU)"
    beyond = ", lower than asked without ducking" if duck["lower"] else ""
    return f"{duck['reached_db']:.1f} LU below the voice {where} ({asked}){beyond}"


def sound_line(account: dict[str, Any]) -> str:
    """Returns an account in one line, for a terminal."""
    parts = [
        _level(
            account["loudness_lufs"],
            "LUFS of speech" if account["gate"] == "dialogue" else "LUFS",
            "loudness",
        ),
        _level(account["true_peak_dbtp"], "dBTP", "true peak"),
        *(f"{duck['stem']} {_stands_words(duck)}" for duck in account["ducks"]),
    ]
    if account["tone"]:
        parts.append(f"room tone in {_count(len(account['tone']), 'gap')}")
    if files := {each["file"] for each in account["repairs"] if each["mended"]}:
        parts.append(f"{_count(len(files), 'source')} mended")
    return "; ".join(parts)


def measured_words(notes: MixNotes) -> Iterator[tuple[str, str]]:
    """Yields what was decided from the sound as a receipt's measurements have it, by name; what there is not is left
    out."""
    if notes.crossings:
        yield (
            "sound_crossings",
            "; ".join(
                f"{each.samples} samples from {each.at}, correlation {each.correlation:g}"
                for each in notes.crossings
            ),
        )
    if notes.ducks:
        stands = (f"{each.what} {_stands(each)} (asked {each.asked_db:g})" for each in notes.ducks)
        yield "sound_ducked", "; ".join(stands)
    if notes.tone:
        yield "room_tone", "; ".join(f"samples {span.first} to {span.stop - 1}" for span in notes.tone)
    for name, mended in (("sound_mended", True), ("sound_found", False)):
        if told := [f"{each.file}: {each.says}" for each in notes.repairs if each.mended == mended]:
            yield name, "; ".join(told)
    if notes.speech:
        yield "speech_raised", "; ".join(f"{each.file} {_raised(each)}" for each in notes.speech)


def _raised(note: SpeechNote) -> str:
    """Returns where the speech in a sound was raised, in samples of the mix."""
    if not note.raised:
        return f"not raised by {note.asked_db:g} dB: no speech was found"
    spans = ", ".join(f"{span.first} to {span.stop - 1}" for span in note.raised)
    return f"by up to {note.asked_db:g} dB in samples {spans}"


def _stands(duck: DuckNote) -> str:
    reached = "not measurable" if duck.reached_db is None else f"{duck.reached_db:.1f} LU"
    return f"{reached} below the voice"


def _repairs(account: dict[str, Any], mended: bool) -> Iterator[tuple[str, str]]:
    """Yields each file once, with all that was mended in it, or was found and left."""
    said: dict[str, list[str]] = {}
    for each in account["repairs"]:
        if each["mended"] == mended:
            said.setdefault(each["file"], []).append(each["says"])
    yield from ((file, "; ".join(parts)) for file, parts in said.items())


def _level(value: float | None, unit: str, name: str) -> str:
    return f"{name} not measurable" if value is None else f"{value:.2f} {unit}"


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _seconds(span: Span, mix: Mix) -> list[float]:
    return [round(edge / mix.rate_hz, 3) for edge in (span.first, span.stop)]
