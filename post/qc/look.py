"""Looks at one finished film for the checks of policies: each sight is measured once, when it is first asked for, in a
worker. `WorkerLook` is the `FilmLook` that `provenance.policy` asks.

Every sight has a value of its own (`post/values/sights/`) with a `fault`, which says why it could not be measured.
What is measured on frames shares one function, and so one pass of the decoder: two sights of one measure have one key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

from post.atomic import checksum, real_path
from post.engine import InProcess, WorkerPool
from post.errors import SourceError
from post.qc.brand.find_logos import find_logos
from post.qc.brand.marks import find_marks
from post.qc.brand.palette import measure_palette
from post.qc.brand.tone import measure_tone
from post.qc.captions import read_film_captions
from post.qc.content import judge_content
from post.qc.frame_pass import FrameSights, blind_to_frames, measure_frames
from post.qc.label.find import find_labels
from post.qc.sound.listen import measure_sound
from post.qc.text.find_text import find_text
from post.values.brand.guide import LogoFile, VendorMark
from post.values.media import File
from post.values.sights.brand import LogoSight, PaletteSight, ToneSight
from post.values.sights.captions import CaptionSight
from post.values.sights.content import ContentSight, MarkSight
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight
from post.values.sights.label import LabelSight, SeenLabel
from post.values.sights.sound import SoundSight
from post.values.sights.text import TextSight

T = TypeVar("T")


class WorkerLook:
    """Looks at and listens to one file, in a worker of its own that starts with the first question. A context manager:
    leaving it ends that worker."""

    def __init__(
        self, path: Path, fonts: Sequence[Path] = (), pool: WorkerPool | InProcess | None = None
    ) -> None:
        """fonts: files for letters that Inter lacks; pool: what measures, in place of a worker of its own."""
        self._path, self._fonts, self._pool = path, tuple(fonts), pool
        self._own: WorkerPool | None = None
        self._sights: dict[tuple[Any, ...], Any] = {}

    def __enter__(self) -> WorkerLook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is not None:
            self._own.__exit__(kind, error, trace)
            self._own = None

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function of a module in the worker, and returns what it returns. Raises what it raises."""
        pool = self._pool or self._own
        if pool is None:
            pool = self._own = WorkerPool(1)
        return pool.call(function, *arguments)

    def labels(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        """Returns what is seen of labels. texts: to search for; declared: those that the manifest names."""
        asked, named = tuple(texts), tuple(declared)

        def measure() -> LabelSight:
            fonts = [File(checksum(real_path(font)).sha256, font.name, font) for font in self._fonts]
            return self.call(find_labels, self._path, asked, named, fonts)

        return self._once(
            (find_labels, asked, named), measure, lambda why: LabelSight(texts=(*named, *asked), fault=why)
        )

    def text(self) -> TextSight:
        """Returns the texts that are read on screen."""
        return self._once(
            (find_text,), lambda: self.call(find_text, self._path), lambda why: TextSight(fault=why)
        )

    def logos(self, logos: Sequence[LogoFile]) -> LogoSight:
        """Returns which of those logos are seen, and how they are drawn."""
        asked = tuple(logos)
        return self._once(
            (find_logos, asked),
            lambda: self.call(find_logos, self._path, asked),
            lambda why: LogoSight(fault=why),
        )

    def palette(self) -> PaletteSight:
        """Returns the colours of type and graphics: of the type that is read."""
        texts = self.text()
        if texts.fault:
            return PaletteSight(fault=texts.fault)
        return self._once(
            (measure_palette,),
            lambda: self.call(measure_palette, self._path, texts),
            lambda why: PaletteSight(fault=why),
        )

    def tones(self) -> ToneSight:
        """Returns how the picture looks, sample by sample."""
        return self._once(
            (measure_tone,), lambda: self.call(measure_tone, self._path), lambda why: ToneSight(fault=why)
        )

    def marks(self, marks: Sequence[VendorMark]) -> MarkSight:
        """Returns whether marks of generators are seen where their takes are."""
        asked = tuple(marks)
        return self._once(
            (find_marks, asked),
            lambda: self.call(find_marks, self._path, asked),
            lambda why: MarkSight(fault=why),
        )

    def content(self) -> ContentSight:
        """Returns what installed models report of the content."""
        return self._once(
            (judge_content,),
            lambda: self.call(judge_content, self._path),
            lambda why: ContentSight(fault=why),
        )

    def flashes(self) -> FlashSight:
        """Returns what is seen of flashes and stripes."""
        return self._frame_sights().flashes

    def frames(self) -> FrameSight:
        """Returns what is seen in single frames and runs of frames."""
        return self._frame_sights().frames

    @property
    def flash_sight(self) -> FlashSight | None:
        """What was seen of flashes; None where no check asked, or where it could not be."""
        if (measure_frames,) not in self._sights or self.flashes().fault:
            return None
        return self.flashes()

    def _frame_sights(self) -> FrameSights:
        return self._once((measure_frames,), lambda: self.call(measure_frames, self._path), blind_to_frames)

    def sound(self, gate: str) -> SoundSight:
        """Returns what is heard. gate: what its loudness is of, "programme" or "dialogue"."""
        return self._once(
            (measure_sound, gate),
            lambda: self.call(measure_sound, self._path, gate),
            lambda why: SoundSight(fault=why),
        )

    def captions(self) -> CaptionSight:
        """Returns the captions that come with the film."""
        return self._once(
            (read_film_captions,),
            lambda: self.call(read_film_captions, self._path),
            lambda why: CaptionSight(fault=why),
        )

    def _once(self, key: tuple[Any, ...], measure: Callable[[], T], blind: Callable[[str], T]) -> T:
        """Returns a sight, measured at the first call with its key. blind: makes the sight of a file that cannot be
        measured, as one without a picture or a damaged one, from the reason."""
        if key not in self._sights:
            try:
                self._sights[key] = measure()
            except SourceError as fault:
                self._sights[key] = blind(fault.what)
        return cast("T", self._sights[key])

    @property
    def label_sights(self) -> tuple[LabelSight, ...]:
        """What the searches for labels came to, in the order in which they were asked for."""
        return tuple(each for each in self._sights.values() if isinstance(each, LabelSight))

    @property
    def seen_labels(self) -> tuple[SeenLabel, ...]:
        """The labels that were seen, each once."""
        return tuple(dict.fromkeys(each for sight in self.label_sights for each in sight.seen))

    @property
    def has_searched(self) -> bool:
        """Whether the picture was searched for labels: a policy asked, and it could be."""
        return any(not sight.fault for sight in self.label_sights)

    def plain(self) -> dict[str, Any]:
        """Returns what was seen of labels as JSON values, under "labels"; nothing where no policy asked."""
        return {"labels": [each.plain() for each in self.seen_labels]} if self.label_sights else {}
