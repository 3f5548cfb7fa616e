"""Finds clicks where sound was joined without care, and bridges them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array

BLOCK_S = 0.01
AT_ONCE = 1 << 18
# The fourth difference of sound follows its top octave. At a click it stands this far above its mean around.
STANDS_OUT = 10.0
REACH = 3  # samples at each side that a click takes in it
BESIDE_S = (0.001, 0.006)  # what a click is compared with, before and after it
# How much louder the top octave may be after a click than before it: what strikes sounds on. A click that stands out
# far above both sides may have more.
LOUDER, LOUDER_FAR, FAR = 2.5, 6.0, 30.0
LIKE_SOUND = 2.0  # a join jumps no further than the sound at its sides reaches; impulses and shots do
LEAST = 3e-5  # a side that is silent, or was until now, has no join
MOST_A_SECOND = 2.0  # more are a texture: crackle, rain
ORDER = 32
FITTED_S = 0.02  # at each side
BRIDGED_S = 0.001  # at each side of a click
TOLD = 5  # places in a note
FLATTER = 15.0  # what of a fitted model is left over at a click, over what is left over beside it


def declicked(pcm: Array, rate_hz: int) -> tuple[Array, str]:
    """Returns sound with its clicks bridged, and what was done; the same array and "" if it has none.

    pcm: (samples, channels) float. A click is a jump of a few samples between two stretches that sound alike, and that
    no linear prediction from either expects. It is replaced, 2 ms of it, by what the prediction expects of both.
    What strikes sounds on after its onset and is left; so are impulses above the sound around them, and sound that
    clicks more than twice a second.
    Source: Godsill and Rayner, Digital Audio Restoration (1998), chapter 5.
    """
    made = _bridges(pcm, rate_hz)
    if not made:
        return pcm, ""
    mended = pcm.copy()
    for channel, _, first, bridge in made:
        mended[first : first + len(bridge), channel] = bridge
    places = sorted({f"{at / rate_hz:.3f} s" for _, at, *_ in made}, key=lambda place: float(place[:-2]))
    more = f" and {len(places) - TOLD} more" if len(places) > TOLD else ""
    what = "clicks" if len(places) > 1 else "a click"
    return mended, f"{what} at {', '.join(places[:TOLD])}{more} bridged"


def find_clicks(pcm: Array, rate_hz: int) -> list[int]:
    """Returns the samples at which a sound clicks in any channel, in order: those that `declicked` bridges."""
    return sorted({at for _, at, *_ in _bridges(pcm, rate_hz)})


def _bridges(pcm: Array, rate_hz: int) -> list[tuple[int, int, int, Array]]:
    """Returns the bridge of each click, as (channel, place, first sample, samples); none of a texture of clicks."""
    found = [(channel, at) for channel in range(pcm.shape[1]) for at in _clicks(pcm[:, channel], rate_hz)]
    if len({at for _, at in found}) > MOST_A_SECOND * max(1.0, len(pcm) / rate_hz):
        return []
    bridges = [(channel, at, _bridged(pcm[:, channel], at, rate_hz)) for channel, at in found]
    return [(channel, at, *bridge) for channel, at, bridge in bridges if bridge is not None]


def _clicks(sound: Array, rate_hz: int) -> Iterator[int]:
    """Yields where a channel may click, by its fourth difference."""
    size = max(16, round(BLOCK_S * rate_hz))
    for first, stop in split_blocks(len(sound), AT_ONCE // size * size):
        edged = np.abs(np.diff(sound[max(0, first - 2) : stop + 2], 4))
        whole = edged[: len(edged) // size * size].reshape(-1, size)
        if not len(whole):
            continue
        for block in np.flatnonzero(whole.max(axis=1) > STANDS_OUT * whole.mean(axis=1)):
            at = int(block) * size + int(whole[block].argmax()) + max(0, first - 2) + 2
            if _is_join(sound, at, rate_hz):
                yield at


def _is_join(sound: Array, at: int, rate_hz: int) -> bool:
    """Returns whether a jump lies between two stretches that sound alike, and is no louder than they are."""
    near, far = (round(s * rate_hz) for s in BESIDE_S)
    near = max(near, 2 * REACH)
    if at < far + 4 or at + far + 4 > len(sound):
        return False
    edged = np.abs(np.diff(sound[at - far - 4 : at + far + 5], 4))
    middle = far + 2
    click = edged[middle - REACH : middle + REACH + 1].max()
    before, after = edged[: middle - near], edged[middle + near + 1 :]
    means = float(before.mean()), float(after.mean())
    # Most jumps are none of a join: they are left as soon as that is known.
    if click <= STANDS_OUT * max(means) or click <= 2 * max(before.max(), after.max()):
        return False
    if means[1] > means[0] * (LOUDER_FAR if click > FAR * max(means) else LOUDER):
        return False
    close = np.concatenate(
        [edged[middle - near : middle - REACH], edged[middle + REACH + 1 : middle + near + 1]]
    )
    if click <= STANDS_OUT / 2 * close.max(initial=0.0):
        return False
    sides = [float(np.abs(side).max()) for side in (sound[at - far : at - near], sound[at + near : at + far])]
    jump = np.abs(np.diff(sound[at - REACH : at + REACH + 1])).max()
    return bool(min(sides) > LEAST and jump <= LIKE_SOUND * max(sides))


def _bridged(sound: Array, at: int, rate_hz: int) -> tuple[int, Array] | None:
    """Returns (first sample, samples) that bridge a click; None where a prediction expects it."""
    reach, half = round(FITTED_S * rate_hz), max(REACH + 1, round(BRIDGED_S * rate_hz))
    first, stop = max(0, at - reach), min(len(sound), at + reach)
    part, gap = sound[first:stop].astype(np.float64), slice(at - half - first, at + half - first)
    rows = np.lib.stride_tricks.sliding_window_view(part, ORDER + 1)
    own = np.arange(len(rows))
    clean = (own + ORDER < gap.start) | (own >= gap.stop)
    if clean.sum() < 4 * ORDER:
        return None
    model = np.linalg.lstsq(rows[clean, :-1], rows[clean, -1], rcond=1e-8)[0]
    filters = np.append(-model, 1.0)
    left = rows @ filters
    usual = float(np.sqrt(np.mean(np.square(left[clean]))))
    if np.abs(left[gap.start - ORDER : gap.stop]).max() < FLATTER * usual or not usual:
        return None
    return first + gap.start, _expected(part, gap, filters).astype(sound.dtype)


def _expected(part: Array, gap: slice, filters: Array) -> Array:
    """Returns the samples of a gap that leave the least over of a prediction, from both of its sides."""
    length = gap.stop - gap.start
    ends = np.arange(gap.start, min(gap.stop + ORDER, len(part)))
    columns = ends[:, None] - ORDER + np.arange(ORDER + 1)
    weights = np.zeros((len(ends), len(part)))
    np.put_along_axis(weights, columns, np.broadcast_to(filters, columns.shape), axis=1)
    known = part.copy()
    known[gap] = 0
    made: Array = np.linalg.lstsq(weights[:, gap], -(weights @ known), rcond=1e-10)[0]
    assert len(made) == length
    return made
