"""A job with every key in it, and takes and clips that need no decoding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.values import BT709, Clock, File, Picture, Take

FULL = """
house: nocturne
look: {saturation: 0.9, slope: [1, 1, 1.1]}
grain: none
type: quiet
label: [{text: AI GENERATED, length: 3s}, {at: 9s}]
titles:
  - {text: 2026, at: 0.5s, length: 36f, place: lower-third, colour: "#ffcc00"}
sound:
  music: [{file: bed.wav, at: 0s, in: 1s, length: 10s, gain: -12 dB, fade_out: 2s, loop: true}]
  loudness: {target: -16}
  rate_hz: 48000
provenance: {key: ours, training_mining: constrained, disclosure: {model_name: ltx-2}}
"""
CUT = """
cut:
  - {take: dog, in: 0.5s, length: 2s, speed: 2, sampling: blend, fit: fill, focus: [0.5, 0.4], zoom: 1.5}
  - {take: dog, name: again, look: none, sound: {gain: -3, mute: false}, transition: 12f}
  - {take: ship, look: silver, stages: [{stage: look, contrast: 1.1}]}
  - {take: ship, transition: {stage: dissolve, length: 8f, curve: smooth}}
"""


def probed(path: Path, rate: Fraction, length: int, credential: str = "unsigned") -> Take:
    picture = Picture(
        stream=0, codec="h264", width=320, height=180, sar=Fraction(1), rotation=0, depth=8, chroma="420",
        pixel_format="yuv420p", colour=BT709, grid=Clock(rate), length=length, decoded=length,
        start=Fraction(0),
    )  # fmt: skip
    file = File("0123456789abcdef" * 4, path.name, path)
    return Take(path.stem, file, 1000, "mp4", picture, None, credential)  # type: ignore[arg-type]  # any of them


def clips(folder: Path, *names: str) -> list[Path]:
    made = [folder / name for name in names]
    for clip in made:
        clip.parent.mkdir(parents=True, exist_ok=True)
        clip.write_bytes(clip.name.encode())
    return made
