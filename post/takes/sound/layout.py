"""Reads which loudspeaker each channel of a sound belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from av.audio.layout import AudioLayout

from post.errors import SourceError
from post.values.speakers import BY_COUNT, LONE, STANDS, Speakers

# In a layout with one pair of surrounds, FFmpeg calls it side or back, as the codec does: it is the same pair.
ONLY_SURROUNDS = {"BL": "SL", "BR": "SR"}
UNSAID = ("NONE", "UNK", "UNSD")  # FFmpeg's words for a channel whose place is open


@dataclass(frozen=True, slots=True)
class ReadLayout:
    """A layout. name: for people; assumed: the file leaves it open, and the order of WAVE is taken."""

    name: str
    speakers: Speakers
    assumed: bool = False


def read_layout(layout: AudioLayout, declared: AudioLayout, where: str) -> ReadLayout:
    """Returns the layout of decoded sound.

    declared: by the container, which alone knows of ambisonics: codecs call it by its number of channels.
    Raises SourceError for more than eight channels of which nothing is said.
    """
    if is_ambisonic(declared) and declared.nb_channels == layout.nb_channels:
        layout = declared
    names = tuple(channel.name for channel in layout.channels)
    if len(names) == 1:
        return ReadLayout("mono", (LONE,))
    if all(name.startswith(UNSAID) for name in names):
        return _assumed(layout.name, len(names), where)
    if not {"SL", "SR"} & set(names):
        names = tuple(ONLY_SURROUNDS.get(name, name) for name in names)
    return ReadLayout(layout.name, names)


def is_ambisonic(layout: AudioLayout) -> bool:
    """Returns whether a layout is of ambisonic channels."""
    return layout.name.startswith("ambisonic")


def unknown_channels(speakers: Speakers) -> int:
    """Returns how many channels belong to no loudspeaker that is known here."""
    return sum(name not in STANDS for name in speakers)


def _assumed(name: str, channels: int, where: str) -> ReadLayout:
    if channels not in BY_COUNT:
        raise SourceError(
            "does not say which of its channels is which", where=where,
            expected=f"a layout, or up to {max(BY_COUNT)} channels", got=f"{channels} channels",
            fix="export it again in stereo",
        )  # fmt: skip
    return ReadLayout("stereo" if channels == 2 else name, BY_COUNT[channels], assumed=channels > 2)
