"""In the delivered file, levelled, limited and encoded, the bed stands where it was asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from post.render.sound.codec import CodecTrip
from post.sound import level
from post.sound.buses import Buses, BusName
from post.sound.duck import duck_buses
from post.sound.dynamics.master import Master
from post.sound.meter import k_weighting
from post.values import Mix
from post.values.array import Array
from post.values.plan import Duck
from tests.sound.tones import RATE, noise
from tests.sound.voice.spoken import phrases

SAID = ((0.8, 2.2), (3.9, 5.0))
MUSIC, VOICE = BusName("music", Duck(12.0, 3.0)), BusName("voice")


def energy(pcm: Array) -> float:
    heard = sosfilt(k_weighting(RATE), pcm.astype(float), axis=0)
    return sum(float(np.square(heard[round(a * RATE) : round(b * RATE)]).sum()) for a, b in SAID)


@pytest.mark.parametrize("bitrate", [96_000, 192_000])
def test_the_bed_stands_below_the_voice_as_it_is_decoded(bitrate: int, tmp_path: Path) -> None:
    buses = Buses(6 * RATE, 2)
    buses.bus(VOICE)[:] = phrases(6.0, RATE, SAID)[0]
    # As dull as music: AAC leaves out the top of white noise.
    buses.bus(MUSIC)[:] = 3 * sosfilt(butter(4, 4000, fs=RATE, output="sos"), noise(6.0), axis=0)
    duck_buses(buses, RATE)
    plan = Mix((), RATE, 2, buses.length, -14.0, -1.0, "aac", bitrate, ())
    with CodecTrip(plan, tmp_path) as trip:
        made = level(buses.total(), RATE, plan.loudness_lufs, plan.true_peak_dbtp, trip)
        # The gain and the limiter are common to both: each stem alone gets what the whole got.
        alone = [
            np.concatenate(list(trip(Master(buses.bus(name), made.master.curve)))) for name in (VOICE, MUSIC)
        ]
    ratio_db = 10 * np.log10(energy(alone[0]) / energy(alone[1]))
    assert ratio_db == pytest.approx(12, abs=0.5)
