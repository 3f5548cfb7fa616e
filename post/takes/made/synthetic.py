"""Makes clips from a recipe, for `answerprint demo` and for tests of every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
from av import AudioFrame, VideoFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.format import VideoFormat
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from post.takes.decoded.pixel_format import is_rgb
from post.takes.libraries import same_scheduling, without_avx512
from post.takes.made.scenes import SCENES, Image
from post.values.colour import Colour
from post.values.time import round_half_up

Draw = Callable[[int], Image]

# How each encoder is set, unless the recipe says: fast, good, and alone on its thread (same bytes anywhere).
ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "16"},
    "libx265": {"preset": "ultrafast", "crf": "18", "x265-params": "log-level=none:pools=none"},
    "mpeg4": {"qscale": "2"},
    "prores_ks": {"profile": "3"},
    "libvpx-vp9": {"deadline": "realtime", "crf": "20", "b": "0"},
    "libsvtav1": {"preset": "10", "crf": "20"},
}
SWS_MATRIX = {1: Colorspace.ITU709, 5: Colorspace.ITU601, 6: Colorspace.ITU601, 9: Colorspace.BT2020}
# What FFmpeg makes of RGB unless told otherwise, and so what an untagged clip of a generator holds.
UNTAGGED_MATRIX = 6
FRAME_SAMPLES = 1024
# Encoders that make B-frames; the others refuse to open when asked for them.
REORDERING = frozenset({"libx264", "libx265", "mpeg4"})


@dataclass(frozen=True, slots=True)
class SoundRecipe:
    """The sound of a clip.

    kind: "tone" (440 Hz with a little noise), "impulses" (one sample of .5 at every whole second), "silence";
    length_s: in seconds, None for as long as the picture; start_s: when it starts in the file; first: its stream
    comes before the picture's."""

    kind: Literal["tone", "impulses", "silence"] = "tone"
    codec: str = "aac"
    rate_hz: int = 48000
    channels: int = 2
    length_s: Fraction | None = None
    start_s: Fraction = Fraction(0)
    first: bool = False


@dataclass(frozen=True, slots=True)
class ClipRecipe:
    """How to make a clip. The ending of the file's name chooses its container.

    look: a scene of post.takes.made.scenes; rate: frames a second; colour: as it is made and tagged, None for
    BT.601 limited without a tag, as generators write it; gop: frames from key to key; sar: width over height of a
    pixel;
    rotation: degrees clockwise a player must turn it; stamps: when each frame is shown, in ticks of `tick`
    seconds, () for a steady rate; start_s: the first frame's time; options: of the encoder; tags: of the
    container.
    """

    look: str = "dusk"
    width: int = 640
    height: int = 360
    rate: Fraction = Fraction(24)
    frames: int = 48
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    colour: Colour | None = None
    gop: int = 250
    b_frames: int = 2
    sar: Fraction = Fraction(1)
    rotation: int = 0
    stamps: tuple[int, ...] = ()
    tick: Fraction = Fraction(1, 90000)
    start_s: Fraction = Fraction(0)
    sound: SoundRecipe | None = None
    options: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.look not in SCENES:
            raise ValueError(f"no scene is called {self.look!r}: {', '.join(SCENES)}")
        if self.stamps and len(self.stamps) != self.frames:
            raise ValueError(f"{len(self.stamps)} stamps for {self.frames} frames")

    @property
    def seconds(self) -> Fraction:
        """The duration of the picture in seconds; the last frame lasts one interval."""
        if self.stamps:
            return (self.stamps[-1] - self.stamps[0]) * self.tick + 1 / self.rate
        return self.frames / self.rate


def make_clip(path: Path, recipe: ClipRecipe, draw: Draw | None = None) -> Path:
    """Writes the clip and returns `path`.

    draw: returns the RGB of frame i in place of the scene of the recipe, at any size; it is scaled to the recipe.
    """
    with av.open(str(path), "w", options=_container_options(path, recipe)) as container:
        container.metadata.update(dict(recipe.tags))
        sound = recipe.sound
        early = _add_sound(container, sound) if sound and sound.first else None
        picture = _add_picture(container, recipe)
        late = _add_sound(container, sound) if sound and not sound.first else None
        for frame in _frames(recipe, draw or _scene(recipe)):
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        stream = early or late
        if sound and stream:
            for part in _sound_frames(sound, sound.length_s or recipe.seconds, stream):
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
    return path


def _container_options(path: Path, recipe: ClipRecipe) -> dict[str, str]:
    if path.suffix not in (".mp4", ".mov"):
        return {}
    # The index comes first, so that a clip whose copy was cut short still opens; user tags (prompt) are kept.
    options = {"movflags": "+faststart+use_metadata_tags"}
    if recipe.stamps:
        options["video_track_timescale"] = str(recipe.tick.denominator)
    return options


def _add_picture(container: OutputContainer, recipe: ClipRecipe) -> VideoStream:
    options = without_avx512(recipe.codec, {**ENCODERS.get(recipe.codec, {}), **dict(recipe.options)})
    stream = container.add_stream(recipe.codec, rate=recipe.rate, options=options)
    if not isinstance(stream, VideoStream):
        raise TypeError(f"{recipe.codec} is no picture codec")
    encoder = stream.codec_context
    encoder.width, encoder.height, encoder.pix_fmt = recipe.width, recipe.height, recipe.pixel_format
    encoder.thread_count, encoder.gop_size = 1, recipe.gop
    if recipe.codec in REORDERING:
        encoder.max_b_frames = recipe.b_frames
    encoder.sample_aspect_ratio = recipe.sar
    encoder.time_base = recipe.tick if recipe.stamps else 1 / recipe.rate
    if recipe.colour:
        encoder.colorspace, encoder.color_range = recipe.colour.matrix, _range_code(recipe.colour)
        encoder.color_primaries, encoder.color_trc = recipe.colour.primaries, recipe.colour.transfer
    if recipe.rotation:
        stream.set_display_rotation(-recipe.rotation)
    with same_scheduling():
        encoder.open()
    return stream


def _range_code(colour: Colour) -> int:
    return 2 if colour.range == "full" else 1


def _scene(recipe: ClipRecipe) -> Draw:
    scene = SCENES[recipe.look]
    return lambda i: scene(recipe.width, recipe.height, float(i / recipe.rate))


def _frames(recipe: ClipRecipe, draw: Draw) -> Iterator[VideoFrame]:
    reformatter = VideoReformatter()
    tick = recipe.tick if recipe.stamps else 1 / recipe.rate
    offset = round_half_up(recipe.start_s / tick)
    for i in range(recipe.frames):
        frame = _encodable(draw(i), recipe, reformatter)
        frame.pts = offset + (recipe.stamps[i] if recipe.stamps else i)
        frame.time_base = tick
        yield frame


def _encodable(image: Image, recipe: ClipRecipe, reformatter: VideoReformatter) -> VideoFrame:
    """Returns RGB as the encoder takes it, with the recipe's matrix and range."""
    colour = recipe.colour or Colour(matrix=UNTAGGED_MATRIX)
    codes = np.rint(image * 65535).astype(np.uint16)
    made = reformatter.reformat(
        VideoFrame.from_ndarray(codes, "rgb48le"),
        width=recipe.width,
        height=recipe.height,
        format=recipe.pixel_format,
        src_colorspace=SWS_MATRIX[colour.matrix],
        dst_colorspace=SWS_MATRIX[colour.matrix],
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
        src_color_range=2,
        dst_color_range=2 if is_rgb(VideoFormat(recipe.pixel_format)) else _range_code(colour),
        threads=1,
    )
    if recipe.colour is None:
        made.colorspace, made.color_range = 2, 0
    return made


def _add_sound(container: OutputContainer, sound: SoundRecipe) -> AudioStream:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[sound.channels]
    stream = container.add_stream(sound.codec, rate=sound.rate_hz, layout=layout)
    if not isinstance(stream, AudioStream):
        raise TypeError(f"{sound.codec} is no sound codec")
    return stream


def _sound_frames(sound: SoundRecipe, length_s: Fraction, stream: AudioStream) -> Iterator[AudioFrame]:
    samples = _samples(sound, round_half_up(length_s * sound.rate_hz))
    offset = round_half_up(sound.start_s * sound.rate_hz)
    for at in range(0, len(samples), FRAME_SAMPLES):
        part = np.ascontiguousarray(samples[at : at + FRAME_SAMPLES].T)
        frame = AudioFrame.from_ndarray(part, "fltp", stream.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = sound.rate_hz, offset + at, Fraction(1, sound.rate_hz)
        yield from _fitting(frame, stream)


def _fitting(frame: AudioFrame, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yields the frame in the encoder's sample format."""
    if stream.format.name == "fltp":
        yield frame
        return
    yield from av.AudioResampler(stream.format.name, stream.layout.name, frame.sample_rate).resample(frame)


def _samples(sound: SoundRecipe, length: int) -> NDArray[np.float32]:
    """Returns the sound's samples, (length, channels) float32."""
    out = np.zeros((length, sound.channels), np.float32)
    if sound.kind == "impulses":
        out[:: sound.rate_hz] = 0.5
    if sound.kind == "tone":
        at = np.arange(length) / sound.rate_hz
        hiss = np.random.default_rng(440).standard_normal(length) * 0.01
        out += (0.2 * np.sin(2 * np.pi * 440 * at) + hiss).astype(np.float32)[:, None]
    return out
