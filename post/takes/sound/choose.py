"""Chooses which sound streams of a file are heard, and says what was chosen, dropped or joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from post.errors import SourceError
from post.takes.container import open_container, undecodable
from post.takes.sound.bounds import MOST_VALUES, refuse_absurd_sound, refuse_non_numbers, too_long
from post.takes.sound.frames import DecodedRuns
from post.takes.sound.join import DecodedSound, changes, join_runs, join_tracks
from post.takes.sound.layout import unknown_channels
from post.takes.sound.wave_head import read_wave_head, wave_decoder
from post.values.speakers import BY_COUNT, LONE, STANDS, Speakers, W
from post.values.warning import JobWarning, as_warnings

# A track of these is another version of the sound, and never one of its channels.
ANOTHER_VERSION = (
    Disposition.comment
    | Disposition.dub
    | Disposition.karaoke
    | Disposition.lyrics
    | Disposition.hearing_impaired
    | Disposition.visual_impaired
    | Disposition.clean_effects
)
NO_LANGUAGE = ("", "und", "mul", "zxx")


@dataclass(frozen=True, slots=True)
class ChosenSound:
    """The sound of a file. streams: that hold it, its first channel's first; said: what was chosen, dropped, joined."""

    streams: tuple[int, ...]
    decoded: DecodedSound
    said: tuple[JobWarning, ...]


@dataclass(frozen=True, slots=True)
class _SoundTrack:
    """What a container says of a sound stream. speaker: of a lone channel, LONE if it is not said, "" of others."""

    index: int
    speaker: str
    language: str
    version: bool


def choose_sound(path: Path) -> ChosenSound:
    """Returns the sound stream marked default, else the first, of those that decode, with those that belong to it.

    Mono tracks of one language are the channels of one sound: by their labels, or the first two as left and right.
    Raises the SourceError of the first stream if none decodes.
    """
    with open_container(path) as container:
        default_sound(container, path.name)
        order = [stream.index for stream in _streams_in_order(container) if has_decoder(stream)]
        tracks = [_track(stream) for stream in container.streams.audio]
    chosen, decoded = _first_that_decodes(path, order)
    passed = order[: order.index(chosen)]
    undecoded = [track.index for track in tracks if track.index in passed or track.index not in order]
    streams, sound, said = _with_mates(path, tracks, chosen, decoded)
    told = as_warnings((*said, *_heard_as(sound)))
    left_out = len(tracks) - len(undecoded) - len(streams)
    lost = (*_broken(sound), *_undecodable(len(undecoded), chosen))
    return ChosenSound(streams, sound, (*lost, *told, *_dropped(left_out)))


def _broken(sound: DecodedSound) -> Iterator[JobWarning]:
    """Yields what is said of a sound of which a part is missing."""
    if sound.damaged:
        yield JobWarning("sound-damaged", "has damaged sound", _count(sound.damaged, "damaged packet"))
    if sound.promised:
        got = f"{len(sound.samples)} of {sound.promised} samples"
        yield JobWarning("cut-short", "its sound is cut short", got, "fetch it again")


def _undecodable(streams: int, chosen: int) -> Iterator[JobWarning]:
    if streams:
        what = f"{_count(streams, 'sound stream')} cannot be decoded: stream {chosen} is heard"
        yield JobWarning("sound-left-out", what)


def _dropped(streams: int) -> Iterator[JobWarning]:
    if streams:
        which = "which is" if streams == 1 else "which are"
        yield JobWarning("sound-left-out", f"has {_count(streams, 'more sound stream')}, {which} left out")


def default_sound(container: InputContainer, where: str) -> AudioStream:
    """Returns the sound stream marked default, else the first, of those in a codec that is known.

    Raises SourceError if there is none.
    """
    streams = [stream for stream in _streams_in_order(container) if has_decoder(stream)]
    if not streams and container.streams.audio:
        raise undecodable(where, "sound")
    if not streams:
        raise SourceError(
            "holds no sound", where=where, expected="a sound stream", got="none",
            fix="name a sound file, or leave its sound out",
        )  # fmt: skip
    return streams[0]


def has_decoder(stream: AudioStream) -> bool:
    """Returns whether a stream is in a codec that is known."""
    # PyAV's stubs do not know that a stream in an unknown codec has no decoder.
    context: object = stream.codec_context
    return context is not None


def decode_track(path: Path, index: int) -> DecodedSound:
    """Returns the whole sound of one stream of a file.

    Raises SourceError if none of it decodes, or if it holds a value that is not a finite number.
    """
    head = read_wave_head(path)
    with open_container(path) as container:
        streams = container.streams
        stream = streams[index] if index < len(streams) else None
        if not isinstance(stream, AudioStream) or not has_decoder(stream):
            raise SourceError(
                "is not the file that was probed", where=path.name, expected=f"sound in stream {index}",
                got="none", fix="ingest it again",
            )  # fmt: skip
        refuse_absurd_sound(stream, path.name)
        decoder = wave_decoder(head, stream)
        decoded = DecodedRuns(container, stream, path.name, decoder)
        codec = (decoder or stream.codec_context).codec.canonical_name
        flac = stream.duration or 0 if container.format.name == "flac" else 0
    samples, rate, speakers = join_runs(decoded.runs, path.name)
    refuse_non_numbers(samples, path.name)
    said = tuple((run.rate_hz, run.layout) for run in decoded.runs)
    promised = head.promised // head.frame if head and head.lacking else flac
    sound = DecodedSound(samples, rate, speakers, decoded.start, codec, decoded.damaged, said)
    return replace(sound, promised=promised) if promised > len(samples) else sound


def decode_together(path: Path, streams: Sequence[int], speakers: Speakers) -> DecodedSound:
    """Returns the sound of streams that were chosen: of one, or of mono tracks that are its channels."""
    tracks = [decode_track(path, index) for index in streams]
    return tracks[0] if len(tracks) == 1 else join_tracks(tracks, speakers, path.name)


def _streams_in_order(container: InputContainer) -> list[AudioStream]:
    """Returns the sound streams, those marked default first."""
    return sorted(container.streams.audio, key=lambda stream: not stream.disposition & Disposition.default)


def _track(stream: AudioStream) -> _SoundTrack:
    language = stream.metadata.get("language", "").lower()
    version = bool(stream.disposition & ANOTHER_VERSION)
    names = [channel.name for channel in stream.codec_context.layout.channels] if has_decoder(stream) else []
    speaker = "" if len(names) != 1 else names[0] if names[0] in STANDS and names[0] != "FC" else LONE
    return _SoundTrack(stream.index, speaker, "" if language in NO_LANGUAGE else language, version)


def _first_that_decodes(path: Path, order: Sequence[int]) -> tuple[int, DecodedSound]:
    """Returns the first stream that decodes, and its sound. Raises the fault of the first one if none does."""
    fault: SourceError | None = None
    for index in order:
        try:
            return index, decode_track(path, index)
        except SourceError as why:
            fault = fault or why
    raise fault or undecodable(path.name, "sound")


def _with_mates(
    path: Path, tracks: Sequence[_SoundTrack], chosen: int, decoded: DecodedSound
) -> tuple[tuple[int, ...], DecodedSound, tuple[str, ...]]:
    """Returns the streams that are heard as one sound, that sound, and what is said of it."""
    alone = (chosen,), decoded, ()
    own = next(track for track in tracks if track.index == chosen)
    mates = [track for track in tracks if _belongs(track, own)] if decoded.speakers == (LONE,) else []
    if not mates:
        return alone
    speakers = _by_labels([own, *mates]) or BY_COUNT[2]
    found = [(own.index, decoded), *_decodable(path, mates[: len(speakers) - 1], decoded.samples.size)]
    if len(found) < len(speakers):
        return alone
    if sum(bool(sound.samples.any()) for _, sound in found) == 1:
        index, sound = next((index, sound) for index, sound in found if sound.samples.any())
        return (index,), sound, ("of its mono tracks one alone is not silent: it is heard on both sides",)
    together = join_tracks([sound for _, sound in found], speakers, path.name)
    said = "left and right" if speakers == BY_COUNT[2] else " ".join(speakers)
    return tuple(index for index, _ in found), together, (f"its mono tracks are heard as {said}",)


def _belongs(track: _SoundTrack, to: _SoundTrack) -> bool:
    alike = track.language == to.language and not track.version and not to.version
    return track.index != to.index and bool(track.speaker) and alike


def _by_labels(tracks: Sequence[_SoundTrack]) -> Speakers:
    """Returns the speakers that the tracks are labelled with, if each has a label of its own."""
    labels = tuple(track.speaker for track in tracks)
    if len(set(labels)) < len(labels):
        return ()
    # FFmpeg calls the centre, and a track without a label, mono.
    return tuple("FC" if label == LONE else label for label in labels)


def _decodable(path: Path, mates: Sequence[_SoundTrack], held: int) -> Iterator[tuple[int, DecodedSound]]:
    """Yields those that decode. Raises SourceError where all of them are more than fits into memory."""
    for mate in mates:
        try:
            sound = decode_track(path, mate.index)
        except SourceError:
            continue
        held += sound.samples.size
        if held > MOST_VALUES:
            raise too_long(path.name)
        yield mate.index, sound


def _heard_as(sound: DecodedSound) -> Iterator[str]:
    """Yields what is said of the channels and the rates of a sound."""
    turns = changes(sound.said)
    if turns:
        yield f"its sound changes on the way, {turns}: each part is read as it is"
    assumed = dict.fromkeys(layout.speakers for _, layout in sound.said if layout.assumed)
    for speakers in assumed:
        yield f"its sound does not say which channel is which: read as {' '.join(speakers)}"
    speakers = sound.speakers
    unknown = unknown_channels(speakers)
    if unknown:
        belong = "belongs" if unknown == 1 else "belong"
        yield f"its sound does not say where {_count(unknown, 'channel')} {belong}: heard in the middle"
    elif len(speakers) > 2 and LONE not in speakers:
        yield _mixed(speakers)


def _mixed(speakers: Speakers) -> str:
    if speakers[0] == W:
        return (
            f"its sound is ambisonic ({len(speakers)} channels): heard as by two microphones, left and right"
        )
    low = any(STANDS[name].ring == "low" for name in speakers)
    without = ", without its low channel" if low else ""
    return f"its sound has {len(speakers)} channels: a film in stereo has them mixed to two{without}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
