"""Writes the resources of an FCPXML file: formats, assets and effects, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from post.handoff.fcpxml.dialects import Dialect
from post.handoff.markup.xml_tree import XmlElement, element
from post.handoff.media import file_url, media_start
from post.handoff.timeline import Timeline, TimelineMedia

DISSOLVE = ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265")
AUDIO_FADE = ("Audio Crossfade", "FFAudioTransition")
TITLE = (
    "Basic Title",
    ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti",
)
REC709 = "1-1-1 (Rec. 709)"


@dataclass(slots=True)
class ResourceList:
    """Resources as they are asked for, by what they are."""

    dialect: Dialect
    rows: list[XmlElement] = field(default_factory=list)
    ids: dict[object, str] = field(default_factory=dict)

    def sequence_format(self, timeline: Timeline) -> str:
        """Returns the id of the timeline's own format."""
        return self._format(timeline.clock.rate, timeline.width or 1920, timeline.height or 1080)

    def asset(self, media: TimelineMedia, rate: Fraction) -> str:
        """Returns the id of a file. rate: the timeline's, for media that says none."""
        if media in self.ids:
            return self.ids[media]
        form = ""
        if media.picture:
            form = self._still_format(media) if media.still else self._format(
                media.rate or rate, media.width, media.height
            )  # fmt: skip
        time = self.dialect.time
        own = [("answerprint.sha256", media.sha256), ("com.apple.proapps.studio.reel", media.reel)]
        rows = [element("md", key=key, value=value) for key, value in own if value]
        return self._add(
            media,
            element(
                "asset", element("media-rep", kind="original-media", src=file_url(media.path)),
                element("metadata", *rows) if rows else None,
                name=media.name, start=time(media_start(media)), duration=time(media.length or Fraction(0)),
                hasVideo="1" if media.picture else "", format=form, hasAudio="1" if media.sound else "",
                videoSources="1" if media.picture else "", audioSources="1" if media.sound else "",
                audioChannels="2" if media.sound else "", audioRate="48000" if media.sound else "",
            ),
        )  # fmt: skip

    def effect(self, effect: tuple[str, str]) -> str:
        """Returns the id of one of the editor's effects. effect: its name and its own id."""
        name, uid = effect
        return self.ids.get(effect) or self._add(effect, element("effect", name=name, uid=uid))

    def _format(self, rate: Fraction, width: int, height: int) -> str:
        key = ("format", rate, width, height)
        made = element(
            "format", name=_known_name(rate, width, height), frameDuration=self.dialect.time(1 / rate),
            width=width or "", height=height or "", colorSpace=REC709,
        )  # fmt: skip
        return self.ids.get(key) or self._add(key, made)

    def _still_format(self, media: TimelineMedia) -> str:
        key = ("still", media.width, media.height)
        made = element(
            "format", name="FFVideoFormatRateUndefined", width=media.width or "", height=media.height or ""
        )
        return self.ids.get(key) or self._add(key, made)

    def _add(self, key: object, made: XmlElement) -> str:
        name = f"r{len(self.rows) + 1}"
        made.attributes = {"id": name, **made.attributes}
        self.rows.append(made)
        self.ids[key] = name
        return name


def _known_name(rate: Fraction, width: int, height: int) -> str:
    """Returns the name that Final Cut Pro has for a format, "" for any other size or rate."""
    sizes = {(1920, 1080): "1080", (1280, 720): "720", (3840, 2160): "3840x2160", (1080, 1920): "1080x1920"}
    whole = rate * 100
    rates = {Fraction(24000, 1001): "2398", Fraction(30000, 1001): "2997", Fraction(60000, 1001): "5994"}
    size = sizes.get((width, height), "")
    number = rates.get(rate) or (
        str(rate) if rate.denominator == 1 and whole in (2400, 2500, 3000, 5000, 6000) else ""
    )
    return f"FFVideoFormat{size}p{number}" if size and number else ""
