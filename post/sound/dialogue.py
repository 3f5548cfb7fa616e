"""Loudness that is gated on dialogue: where there is speech, and which target that asks for.

Source: Netflix, Sound Mix Specifications and Best Practices v1.4: the loudness of dialogue, measured by BS.1770-1 (no
level gate). Where 15 % or less of a film is dialogue, its programme loudness by BS.1770-3, at another target
(confidence B: K. I. Evensen, "Checking the Netflix loudness level", 2022). Dolby's detector of speech is not public:
this one is another, so the two may differ where speech lies under music.
"""

from __future__ import annotations

from post.sound.meter import DIALOGUE, LEAST_SPEECH
from post.values import Mix, Span
from post.values.array import Array


def loudness_goal(pcm: Array, mix: Mix) -> tuple[float | None, tuple[Span, ...] | None]:
    """Returns a mix's loudness target, and the samples that it is the loudness of; None for the whole programme.

    pcm: of the whole mix, (samples, channels) float at its rate.
    """
    speech = gated_speech(pcm, mix.rate_hz, mix.gate)
    if speech is not None or mix.gate != DIALOGUE or mix.loudness_lufs is None:
        return mix.loudness_lufs, speech
    return mix.loudness_lufs if mix.sparse_lufs is None else mix.sparse_lufs, None


def gated_speech(pcm: Array, rate_hz: int, gate: str) -> tuple[Span, ...] | None:
    """Returns where there is speech, if that is what the loudness is gated on and if there is enough of it."""
    if gate != DIALOGUE:
        return None
    from post.sound.voice import find_speech  # here, as few films need the network

    speech = find_speech(pcm, rate_hz)
    return speech if sum(map(len, speech)) > LEAST_SPEECH * len(pcm) else None
