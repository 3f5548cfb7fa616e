"""A look at no film: it answers with sights that a test made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from post.values.brand.guide import LogoFile, VendorMark
from post.values.sights.brand import LogoSight, PaletteSight, ToneSight
from post.values.sights.captions import CaptionSight
from post.values.sights.content import ContentSight, MarkSight
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight
from post.values.sights.label import LabelSight
from post.values.sights.sound import SoundSight
from post.values.sights.text import TextSight


@dataclass
class FixedLook:
    """A `FilmLook` that sees what it is given, and keeps what it was asked."""

    label: LabelSight = field(default_factory=LabelSight)
    flash: FlashSight = field(default_factory=FlashSight)
    frame: FrameSight = field(default_factory=FrameSight)
    heard: SoundSight = field(default_factory=SoundSight)
    caption: CaptionSight = field(default_factory=CaptionSight)
    read: TextSight = field(default_factory=TextSight)
    logo: LogoSight = field(default_factory=LogoSight)
    colours: PaletteSight = field(default_factory=PaletteSight)
    tone: ToneSight = field(default_factory=ToneSight)
    mark: MarkSight = field(default_factory=MarkSight)
    contents: ContentSight = field(default_factory=ContentSight)
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

    def prepare(self, ask: Callable[[], object]) -> None:
        """Knows everything already."""

    def labels(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        self.asked.append((tuple(texts), tuple(declared)))
        return self.label

    def flashes(self) -> FlashSight:
        return self.flash

    def frames(self) -> FrameSight:
        return self.frame

    def sound(self, gate: str) -> SoundSight:
        self.asked.append(((gate,), ()))
        return self.heard

    def captions(self) -> CaptionSight:
        return self.caption

    def text(self) -> TextSight:
        return self.read

    def logos(self, logos: Sequence[LogoFile]) -> LogoSight:
        return self.logo

    def palette(self) -> PaletteSight:
        return self.colours

    def tones(self) -> ToneSight:
        return self.tone

    def marks(self, marks: Sequence[VendorMark]) -> MarkSight:
        return self.mark

    def content(self) -> ContentSight:
        return self.contents
