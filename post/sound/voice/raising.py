"""Raises speech in sound that holds other things too, and leaves those as they are.

Only what stands above the rest of the sound in its own band and moment is raised, and only while there is speech; the
rest is known from where there is none. Away from speech no bit changes. Below 150 Hz and above 8 kHz nothing is raised.
A sound that is heard only together with speech, and in its band, is raised with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from post.sound.buses import Buses
from post.sound.runs import join_runs
from post.sound.voice.speech import find_speech
from post.values.array import Array
from post.values.plan import SoundEvent, SpeechNote
from post.values.time import Span

WINDOW_S = 0.04
OVERLAP = 4
BAND_HZ = (150.0, 250.0, 6000.0, 8000.0)  # nothing, all, all, nothing
RISE_S, FALL_S = 0.06, 0.3
JOINED_S = 0.3
LEAST_REST_S = (
    0.3  # of sound without speech, to know the rest from; else its quietest part in each band is taken
)
QUIETEST = 0.15
CLEAR = 2.0  # speech whose power is this much of the rest's is raised half as much as asked
HELD = 0.75  # of the raising of the window before, so that it goes back slowly between sounds
BLUR = 2  # bins on each side over which power is averaged
CHUNK_S, WARM_S = 10.0, 0.5


def raise_clips(buses: Buses, events: Sequence[SoundEvent], rate_hz: int) -> tuple[SpeechNote, ...]:
    """Raises the speech in each event that asks for it, on its bus, in place. Returns where, event by event."""
    notes = list[SpeechNote]()
    for event in events:
        first, stop = max(0, event.at), min(buses.length, event.at + event.length)
        if event.speech_db and stop > first:
            found = raise_speech(buses.of(event)[first:stop], rate_hz, event.speech_db)
            raised = tuple(Span(each.first + first, each.stop + first) for each in found)
            name = event.file.name or event.file.sha256
            notes.append(SpeechNote(name, event.at, event.speech_db, raised))
    return tuple(notes)


def raise_speech(pcm: Array, rate_hz: int, speech_db: float) -> tuple[Span, ...]:
    """Raises the speech in a sound by up to `speech_db`, in place, and returns the spans of samples that changed.

    pcm: (samples, channels) float32. Raises SourceError for PCM that is not finite.
    """
    speech = find_speech(pcm, rate_hz)
    rise, fall = round(RISE_S * rate_hz), round(FALL_S * rate_hz)
    phrases = join_runs(speech, round(JOINED_S * rate_hz))
    if not phrases:
        return ()
    raiser = _Raiser(pcm.copy(), rate_hz, speech, speech_db)
    changed = [Span(max(0, each.first - rise), min(len(pcm), each.stop + fall)) for each in phrases]
    for part in join_runs(changed, 0):
        for chunk, more in raiser.added(part):
            places = np.arange(chunk.first, chunk.stop)
            share = np.zeros(len(places))
            for each in phrases:
                share = np.maximum(share, _share(places, each, rise, fall))
            pcm[chunk.first : chunk.stop] += (more * share[:, None]).astype(np.float32)
    return tuple(changed)


class _Raiser:
    """Finds what is to be added to a sound, so that its speech is louder."""

    def __init__(self, pcm: Array, rate_hz: int, speech: Sequence[Span], speech_db: float) -> None:
        self._pcm, self._rate_hz, self._speech_db = pcm, rate_hz, speech_db
        self._size = 1 << round(np.log2(WINDOW_S * rate_hz))
        self._hop = self._size // OVERLAP
        self._window = np.hanning(self._size + 1)[:-1]
        hz = np.arange(self._size // 2 + 1) * rate_hz / self._size
        self._band = np.interp(hz, BAND_HZ, (0, 1, 1, 0))
        self._rest = self._find_rest(speech)

    def added(self, part: Span) -> Iterator[tuple[Span, Array]]:
        """Yields parts of a span and what is added there, (samples, channels)."""
        chunk, warm = (
            round(seconds * self._rate_hz / self._hop) * self._hop for seconds in (CHUNK_S, WARM_S)
        )
        for first in range(part.first, part.stop, chunk):
            stop = min(first + chunk, part.stop)
            begun = first - warm - self._size
            spectra = self._spectra(begun, stop + self._size)
            power = np.square(np.abs(spectra)).mean(axis=1)
            gain_db = self._speech_db * self._band * self._clear(power)
            changed = spectra * (10 ** (gain_db / 20) - 1)[:, None]
            waves = np.fft.irfft(changed, self._size, axis=2) * self._window
            made = np.zeros((len(waves) * self._hop + self._size, waves.shape[1]))
            for number, wave in enumerate(waves):
                made[number * self._hop : number * self._hop + self._size] += wave.T
            # The squares of windows that overlap by three quarters add up to 1.5.
            yield Span(first, stop), made[first - begun : stop - begun] / (0.375 * OVERLAP)

    def _clear(self, power: Array) -> Array:
        """Returns how clearly each band stands above the rest in each window, 0 to 1. power: (windows, bins)."""
        over = np.maximum(_blurred(power) / self._rest - 1, 0)
        clear = over / (over + CLEAR)
        for number in range(1, len(clear)):
            clear[number] = np.maximum(clear[number], HELD * clear[number - 1])
        return np.asarray(clear)

    def _find_rest(self, speech: Sequence[Span]) -> Array:
        """Returns the power of what is not speech in each bin."""
        starts = np.arange(-self._size // 2, len(self._pcm), self._size)
        spoken = np.zeros(len(starts), bool)
        for span in speech:
            spoken |= (starts + self._size > span.first) & (starts < span.stop)
        powers = np.array(
            [np.square(np.abs(self._spectra(at, at + self._size)[0])).mean(axis=0) for at in starts]
        )
        heard = powers.sum(axis=1) > 0
        quiet = powers[~spoken & heard]
        if len(quiet) * self._size < LEAST_REST_S * self._rate_hz:
            rest = np.quantile(powers[heard], QUIETEST, axis=0) if heard.any() else powers[0]
        else:
            rest = quiet.mean(axis=0)
        return np.asarray(np.maximum(_blurred(rest[None])[0], 1e-9))

    def _spectra(self, first: int, stop: int) -> Array:
        """Returns the spectra of windows from a sample on, (windows, channels, bins)."""
        given = self._pcm[max(0, first) : max(0, stop)]
        short = (max(0, -first), max(0, stop - len(self._pcm)))
        given = np.pad(given, (short, (0, 0)))[: stop - first]
        windows = np.lib.stride_tricks.sliding_window_view(given, self._size, axis=0)[:: self._hop]
        return np.asarray(np.fft.rfft(windows * self._window, axis=2))


def _share(places: Array, phrase: Span, rise: int, fall: int) -> Array:
    """Returns how far a phrase's raising has come at each place: 0 to 1, smooth."""
    since, left = (places - phrase.first + rise) / rise, (phrase.stop + fall - places) / fall
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(np.minimum(since, left), 0, 1)))


def _blurred(power: Array) -> Array:
    """Returns power averaged over neighbouring bins. power: (windows, bins)."""
    padded = np.pad(power, ((0, 0), (BLUR, BLUR)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * BLUR + 1, axis=1).mean(axis=2))
