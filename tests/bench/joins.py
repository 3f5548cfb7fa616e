"""Measures silence and clicks at 30 cuts of real clips, with room tone and without. JSON on stdout.

    python -m tests.bench.joins MEDIA [FOLDER]

MEDIA: the folder of media; FOLDER: where spectrograms are written. Every third shot has no sound. silence_ms: the
longest run of exact zeros, of samples under -110 dBFS, and under -90. excess_db: by how much the power above 4 kHz
within 10 ms of a cut is above the loudest of the 200 ms at either side, and of what the clips have there themselves:
a consonant at the start of a shot is no click.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.signal import butter, sosfiltfilt

from post.sound import mix_down
from post.sound.mixdown import Read
from post.takes.sound.choose import choose_sound
from post.takes.sound.join import resampled
from post.values import File, Mix, Sound, SoundEvent
from post.values.array import Array
from post.values.plan import RoomTone

RATE, SHOT_S, SHOTS = 48000, 0.8, 31
CLIPS = (
    "ai_clips/ltx2_dog_snow.mp4", "ai_clips/ltx2_couple_dialogue.mp4", "ai_clips/ltx2_official_student.mp4",
    "ai_clips/ltx2_pigeons_768x512.mp4", "ai_clips/ltx2_guitar_student.mp4", "ai_clips/moviegen_penguins_5s.mp4",
    "c2pa/firefly_audio.wav",
)  # fmt: skip


def main(media: Path, folder: Path | None) -> None:
    """Prints the longest silence and the excess at the cuts of one film, with room tone and without."""
    sources = {name: choose_sound(media / name).decoded for name in CLIPS}
    pcm = {name: (each.samples, each.rate_hz) for name, each in sources.items()}
    plan = film(pcm)
    found = {}
    for name, tone in (("tone off", None), ("tone on", RoomTone())):

        def read(file: File, _sound: Sound, rate: int) -> Array:
            return resampled(*pcm[file.name], rate)

        made = mix_down(replace(plan, tone=tone), read)
        cuts = [round(k * SHOT_S * RATE) for k in range(1, SHOTS)]
        excess = [excess_db(made.pcm, at, beside(plan, at, read)) for at in cuts]
        found[name] = {
            "cuts": len(excess),
            "silence_ms": {
                label: round(1000 * longest_silence_s(made.pcm, most), 2)
                for label, most in (("exact", 0.0), ("-110", 10 ** (-110 / 20)), ("-90", 10 ** (-90 / 20)))
            },
            "most_excess_db": round(max(excess), 1),
            "excess_db": [round(each, 1) for each in excess],
            "filled": len(made.notes.tone),
            "repairs": [note.says for note in made.notes.repairs],
        }
        if folder:
            spectrogram(made.pcm).save(folder / f"{name.replace(' ', '-')}.png")
    print(json.dumps(found, indent=1))


def film(pcm: dict[str, tuple[Array, int]]) -> Mix:
    """Returns 31 shots of clips in turn, each from another place; every third has no sound."""
    events = list[SoundEvent]()
    for number in range(SHOTS):
        name = CLIPS[number % len(CLIPS)]
        samples, rate = pcm[name]
        sound = Sound(0, "aac", rate, samples.shape[1], len(samples), Fraction(0))
        at, stop = (round(k * SHOT_S * RATE) for k in (number, number + 1))
        offset = Fraction(number * 37 % 100, 100) * Fraction(len(samples) - round(SHOT_S * rate) - 1, rate)
        if number % 3 != 2:
            file = File(f"{number % len(CLIPS):064d}", name)
            events.append(SoundEvent(file, "clip", sound, at, stop - at, offset, gain_db=0, declick=240))
    return Mix(tuple(events), RATE, 2, round(SHOTS * SHOT_S * RATE), None, -1, "pcm_s24le", 0, ())


def longest_silence_s(pcm: Array, most: float) -> float:
    """Returns the longest run of samples no larger than that: a quiet room is larger than digital silence."""
    silent = np.concatenate([[False], np.abs(pcm).max(axis=1) <= most, [False]]).astype(np.int8)
    turns = np.flatnonzero(np.diff(silent))
    return float(np.max(turns[1::2] - turns[::2], initial=0)) / RATE


def beside(plan: Mix, at: int, read: Read) -> list[Array]:
    """Returns what the clips at both sides of a cut have within 200 ms around it, as if none were cut."""
    far, found = RATE // 5, list[Array]()
    for event in plan.events:
        if event.at <= at <= event.at + event.length:
            middle = round(event.offset * RATE) + at - event.at
            source = read(event.file, event.sound, RATE)
            found.append(source[max(0, middle - far) : middle + far])
    return found


def excess_db(pcm: Array, at: int, own: list[Array]) -> float:
    """Returns how much louder the top of the sound is at a cut than in 200 ms around it, in windows of 2 ms.

    own: what the clips have there (see `beside`).
    """
    power, near, far = _high_power(pcm), RATE // 100, RATE // 5
    around = [power[max(0, at - far) : at - near], power[at + near : at + far], *map(_high_power, own)]
    return float(10 * np.log10(power[at - near : at + near].max() / max(part.max() for part in around)))


def _high_power(pcm: Array) -> Array:
    high = sosfiltfilt(butter(4, 4000, "high", fs=RATE, output="sos"), pcm.astype(np.float64), axis=0)
    size = RATE // 500
    return np.convolve(np.square(high).sum(axis=1), np.ones(size) / size, "same") + 1e-12


def spectrogram(pcm: Array) -> Image.Image:
    """Returns the first channel from -130 dB, black, to -20 dB, white: time to the right, frequency upwards."""
    size, hop = 1024, 512
    windows = np.lib.stride_tricks.sliding_window_view(pcm[:, 0], size)[::hop] * np.hanning(size)
    level = 20 * np.log10(np.abs(np.fft.rfft(windows, axis=1)) * 4 / size + 1e-9)
    return Image.fromarray(np.clip((level.T[::-1] + 130) / 110 * 255, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
