"""Measures ducking in delivered files, with FFmpeg's sidechaincompress beside it. JSON on stdout.

    python -m tests.bench.duck [SECONDS]

Real voices over real beds are mixed, levelled, limited and encoded as a film's sound is (AAC at 192 kb/s). The voice
alone and the bed alone get the same gains and the same encoder; what is decoded of them is the truth. ratio_error_db:
voice over bed, K-weighted over the samples with voice, less what was asked; worst_slope_db: the largest change of the
bed's gain in 10 ms; spread_db: between the 5th and 95th percentile of its gain within a phrase, the worst phrase.
The peer is set as guides to it do: attack 20 ms, release 250 ms. It has no target: its threshold is chosen for each mix
so that its own ratio is the one that was asked, which costs it ten runs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, sosfilt

from post.render.sound.codec import CodecTrip
from post.sound import level
from post.sound.buses import Buses, BusName
from post.sound.duck import duck_buses
from post.sound.duck.envelope import find_phrases
from post.sound.meter import integrated, k_weighting
from post.sound.voice import find_voice
from post.takes.sound.decode import read_sound_file
from post.values import Mix
from post.values.array import Array
from post.values.plan import Duck
from post.values.time import Span
from tests.sound.tones import RATE, ffmpeg

VOICES = {
    "en": "audio_speech/asterisk_en_demo-congrats.wav",
    "fr": "audio_speech/asterisk_fr_demo-instruct.wav",
    "en-read": "audio_speech/librivox_sense_0870.wav",
    "generated": "audio_speech/ltx2_generated_dialogue.wav",
}
BEDS = {
    "coffee": "audio_music/manolo_camp-morning_coffee.wav",
    "mika": "audio_music/sonicpi_loop_mika.flac",
    "tabla": "audio_music/sonicpi_loop_tabla.flac",
}
ASKED = Duck(12.0, 3.0)
MUSIC, VOICE = BusName("music", ASKED), BusName("voice")
PAUSE_S, BEFORE_S = 1.6, 1.5
HOP = RATE // 100


def main(seconds: float = 20) -> None:
    root = Path(os.environ["ANSWERPRINT_MEDIA"])
    rows = dict[str, Any]()
    for said, voice in VOICES.items():
        for played, bed in BEDS.items():
            rows[f"{said} over {played}"] = compare(*_stems(root / voice, root / bed, seconds))
    names = ("ratio_error_db", "worst_slope_db", "spread_db")
    worst = {
        who: {name: max(abs(row[who][name]) for row in rows.values()) for name in names}
        for who in ("ours", "sidechaincompress")
    }
    json.dump({"asked_db": ASKED.below_db, "mixes": rows, "worst": worst}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def compare(voice: Array, bed: Array) -> dict[str, Any]:
    """Returns the figures of both for one voice and one bed."""
    spans = find_voice(voice, RATE)
    buses = Buses(len(voice), 2)
    buses.bus(VOICE)[:], buses.bus(MUSIC)[:] = voice, bed
    began = time.process_time()
    duck_buses(buses, RATE)
    cpu_s = time.process_time() - began
    ours = delivered(voice, bed, buses.bus(MUSIC), spans) | {"cpu_s": round(cpu_s, 2)}
    return {"ours": ours, "sidechaincompress": delivered(voice, bed, _peer(voice, bed, spans), spans)}


def delivered(voice: Array, dry: Array, bed: Array, spans: tuple[Span, ...]) -> dict[str, float]:
    """Returns the figures of one ducked bed, as it is delivered."""
    plan = Mix((), RATE, 2, len(voice), -16.0, -1.0, "aac", 192_000, ())
    trip = CodecTrip(plan)
    levelled = level(voice + bed, RATE, plan.loudness_lufs, plan.true_peak_dbtp, trip)
    # What the gain and the limiter did at each sample, both stems got.
    gain = np.divide(levelled.pcm, voice + bed, out=np.zeros_like(bed), where=np.abs(voice + bed) > 1e-4)
    alone = [np.asarray(trip(np.ascontiguousarray(stem * _held(gain)))) for stem in (voice, bed)]
    ratio = 10 * np.log10(_energy(alone[0], spans) / _energy(alone[1], spans))
    gains_db = _gains_db(dry, bed)
    slopes = np.abs(np.diff(gains_db))
    within = [gains_db[each.first // HOP + 1 : each.stop // HOP - 1] for each in find_phrases(spans, RATE)]
    spread = max(np.ptp(np.nanpercentile(part, (5, 95))) for part in within if np.isfinite(part).sum() > 20)
    return {
        "ratio_error_db": round(float(ratio) - ASKED.below_db, 2),
        "worst_slope_db": round(float(np.nanmax(slopes)), 2),
        "spread_db": round(float(spread), 2),
    }


def _stems(voice: Path, bed: Path, seconds: float) -> tuple[Array, Array]:
    """Returns a voice with pauses and a bed, stereo, at -18 LUFS each."""
    said, played = (read_sound_file(path, RATE).mean(axis=1) for path in (voice, bed))
    pause, length = np.zeros(round(PAUSE_S * RATE), np.float32), round(seconds * RATE)
    part = said[: 7 * RATE]
    voice_track = np.zeros(length, np.float32)
    begun = round(BEFORE_S * RATE)
    track = np.resize(np.concatenate([part, pause]), length)[: length - 2 * begun]
    voice_track[begun : begun + len(track)] = track
    stems = [np.repeat(each[:, None], 2, axis=1) for each in (voice_track, np.resize(played, length))]
    made = [(each * 10 ** ((-18 - (integrated(each, RATE) or 0)) / 20)).astype(np.float32) for each in stems]
    return made[0], made[1]


def _peer(voice: Array, bed: Array, spans: tuple[Span, ...]) -> Array:
    """Returns the bed as sidechaincompress makes it, at the threshold that comes nearest to what was asked."""
    low, high = -60.0, 0.0
    for _ in range(10):
        middle = (low + high) / 2
        made = _compressed(voice, bed, middle)
        error = 10 * np.log10(_energy(voice, spans) / _energy(made, spans)) - ASKED.below_db
        low, high = (middle, high) if error > 0 else (low, middle)
    return made


def _compressed(voice: Array, bed: Array, threshold_db: float) -> Array:
    threshold = max(0.000976563, 10 ** (threshold_db / 20))
    given = ["-f", "f32le", "-ar", str(RATE), "-ac", "2"]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("bed", "voice")]
        for path, pcm in zip(paths, (bed, voice), strict=True):
            path.write_bytes(pcm.tobytes())
        graph = f"[0][1]sidechaincompress=threshold={threshold:.9f}:ratio=20:attack=20:release=250"
        files = [word for path in paths for word in (*given, "-i", str(path))]
        out, _ = ffmpeg([*files, "-filter_complex", graph, "-f", "f32le", "-"])
    made = np.frombuffer(out, np.float32).reshape(-1, 2)
    return np.pad(made, ((0, max(0, len(bed) - len(made))), (0, 0)))[: len(bed)]


def _held(gain: Array) -> Array:
    """Returns the gain of the louder side, held where there is next to no sound to read it from."""
    louder = gain.max(axis=1)
    read = np.maximum.accumulate(np.where(louder > 0, np.arange(len(louder)), 0))
    return np.asarray(louder[read][:, None], np.float32)


def _energy(pcm: Array, spans: tuple[Span, ...]) -> float:
    heard = sosfilt(k_weighting(RATE), pcm.astype(float), axis=0)
    return float(sum(np.square(heard[each.first : each.stop]).sum() for each in spans))


def _gains_db(dry: Array, bed: Array) -> Array:
    """Returns the gain of each 10 ms of a bed, read from its sound below the speech band; NaN where there is none."""
    low = [sosfilt(_below(), each[:, 0].astype(float)) for each in (dry, bed)]
    hops = [np.square(each[: len(each) // HOP * HOP].reshape(-1, HOP)).sum(axis=1) for each in low]
    level_db = 10 * np.log10(np.maximum(hops[1], 1e-20) / np.maximum(hops[0], 1e-20))
    # The peer's sound ends a little early.
    return np.where((hops[0] > 1e-4 * hops[0].max()) & (hops[1] > 0), level_db, np.nan)


def _below() -> Array:
    return np.asarray(butter(2, 800, fs=RATE, output="sos"))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
