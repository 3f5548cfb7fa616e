"""Defines what looks at a film for the checks of policies. Nothing in this package decodes one: who checks policies
gives a `FilmLook` (`post.qc.look.WorkerLook`), and without it such a rule cannot be checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from post.values.brand.guide import LogoFile, VendorMark
from post.values.sights.brand import LogoSight, PaletteSight, ToneSight
from post.values.sights.captions import CaptionSight
from post.values.sights.content import ContentSight, MarkSight
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight
from post.values.sights.label import LabelSight
from post.values.sights.sound import SoundSight
from post.values.sights.text import TextSight


class FilmLook(Protocol):
    """Looks at and listens to the file that is checked. Each method measures when it is first asked, once for the same
    arguments, and raises no error for a file that cannot be measured: its sight then says why, under `fault`."""

    def prepare(self, ask: Callable[[], object]) -> None:
        """Calls `ask`, which asks for sights that say meanwhile that they are not measured, and then measures at once
        what it asked for."""

    def labels(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        """Returns what is seen of AI labels. texts: those that a policy accepts; declared: those that the manifest
        names."""

    def flashes(self) -> FlashSight:
        """Returns what is seen of flashes and stripes."""

    def frames(self) -> FrameSight:
        """Returns what is seen in single frames and runs of frames."""

    def sound(self, gate: str) -> SoundSight:
        """Returns what is heard. gate: what its loudness is of, "programme" or "dialogue"."""

    def captions(self) -> CaptionSight:
        """Returns the captions that come with the film."""

    def text(self) -> TextSight:
        """Returns the texts that were read on screen."""

    def logos(self, logos: Sequence[LogoFile]) -> LogoSight:
        """Returns which of those logos are seen, and how they are drawn."""

    def palette(self) -> PaletteSight:
        """Returns the colours of type and graphics."""

    def tones(self) -> ToneSight:
        """Returns how the picture looks, sample by sample."""

    def marks(self, marks: Sequence[VendorMark]) -> MarkSight:
        """Returns whether marks of generators are seen where their takes are."""

    def content(self) -> ContentSight:
        """Returns what installed models report of the content."""
