"""A look at no film: it answers with sights that a test made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from post.values.sights.captions import CaptionSight
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight
from post.values.sights.label import LabelSight
from post.values.sights.sound import SoundSight


@dataclass
class FixedLook:
    """A `FilmLook` that sees what it is given, and keeps what it was asked."""

    label: LabelSight = field(default_factory=LabelSight)
    flash: FlashSight = field(default_factory=FlashSight)
    frame: FrameSight = field(default_factory=FrameSight)
    heard: SoundSight = field(default_factory=SoundSight)
    caption: CaptionSight = field(default_factory=CaptionSight)
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

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
