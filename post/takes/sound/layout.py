"""Reads which loudspeaker each channel of a sound belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from av.audio.layout import AudioLayout

from post.values.speakers import BY_COUNT, LONE, STANDS, Speakers

# In a layout with one pair of surrounds, FFmpeg calls it side or back, as the codec does: it is the same pair.
ONLY_SURROUNDS = {"BL": "SL", "BR": "SR"}


@dataclass(frozen=True, slots=True)
class ReadLayout:
    """A layout. name: for people; assumed: the file leaves it open, and the order of WAVE is taken."""

    name: str
    speakers: Speakers
    assumed: bool = False


def read_layout(layout: AudioLayout, declared: AudioLayout, codec: str) -> ReadLayout:
    """Returns the layout of decoded sound.

    declared: by the container, which alone knows of ambisonics: codecs call it by its number of channels.
    PCM that says nothing is in the order of WAVE. Channels of other codecs that say nothing stay unknown.
    """
    if is_ambisonic(declared) and declared.nb_channels == layout.nb_channels:
        layout = declared
    names = tuple(channel.name for channel in layout.channels)
    if len(names) == 1:
        return ReadLayout("mono", (LONE,))
    unsaid = not any(name in STANDS for name in names)
    if unsaid and len(names) == 2:
        return ReadLayout("stereo", BY_COUNT[2])
    if unsaid and codec.startswith("pcm_") and len(names) in BY_COUNT:
        return ReadLayout(layout.name, BY_COUNT[len(names)], assumed=True)
    if not {"SL", "SR"} & set(names):
        names = tuple(ONLY_SURROUNDS.get(name, name) for name in names)
    return ReadLayout(layout.name, names)


def is_ambisonic(layout: AudioLayout) -> bool:
    """Returns whether a layout is of ambisonic channels."""
    return layout.name.startswith("ambisonic")


def unknown_channels(speakers: Speakers) -> int:
    """Returns how many channels belong to no loudspeaker that is known here."""
    return sum(name not in STANDS for name in speakers)
