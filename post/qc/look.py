"""Looks at one finished film for the checks of policies: each sight is measured once, in a worker. `WorkerLook` is the
`FilmLook` that `provenance.policy` asks.

Every sight has a value of its own (`post/values/sights/`) with a `fault`, which says why it could not be measured.
What is known to be asked about the picture (`prepare`) is measured in one pass of the decoder; what is asked later, in
another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

from post.atomic import checksum, real_path
from post.engine import InProcess, WorkerPool
from post.errors import SourceError
from post.qc.brand.find_logos import LogoQuestion
from post.qc.brand.marks import MarkQuestion
from post.qc.brand.tone import ToneQuestion
from post.qc.captions import read_film_captions
from post.qc.content import ContentQuestion
from post.qc.film_pass import LookQuestion, measure_film
from post.qc.frames.question import FrameQuestion, FrameSights
from post.qc.label.find import LabelQuestion
from post.qc.sound.listen import measure_sound
from post.qc.text.find_text import TypeQuestion
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
UNSEEN = "it is not measured yet"


class WorkerLook:
    """Looks at and listens to one file, in a worker of its own that starts with the first question. A context manager:
    leaving it ends that worker."""

    def __init__(
        self, path: Path, fonts: Sequence[Path] = (), pool: WorkerPool | InProcess | None = None
    ) -> None:
        """fonts: files for letters that Inter lacks; pool: what measures, in place of a worker of its own."""
        self._path, self._fonts, self._pool = path, tuple(fonts), pool
        self._own: WorkerPool | None = None
        self._sights: dict[Any, Any] = {}
        self._read_fonts: tuple[File, ...] | None = None
        self._asking: list[LookQuestion[Any]] | None = None

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

    def prepare(self, ask: Callable[[], object]) -> None:
        """Measures at once, in one pass of the decoder, what is asked about the picture. ask: asks this look, which
        meanwhile has seen nothing; what it did not ask then is measured when it does."""
        self._asking = []
        try:
            ask()
        finally:
            questions, self._asking = self._asking, None
        self._measure([each for each in dict.fromkeys(questions) if each not in self._sights])

    def labels(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        """Returns what is seen of labels. texts: to search for; declared: those that the manifest names."""
        return self._answer(LabelQuestion(tuple(texts), tuple(declared), self._font_files()))

    def flashes(self) -> FlashSight:
        """Returns what is seen of flashes and stripes."""
        return self._frame_sights().flashes

    def frames(self) -> FrameSight:
        """Returns what is seen in single frames and runs of frames."""
        return self._frame_sights().frames

    @property
    def flash_sight(self) -> FlashSight | None:
        """What was seen of flashes; None where no check asked, or where it could not be."""
        if FrameQuestion() not in self._sights or self.flashes().fault:
            return None
        return self.flashes()

    def _frame_sights(self) -> FrameSights:
        return self._answer(FrameQuestion())

    def sound(self, gate: str) -> SoundSight:
        """Returns what is heard. gate: what its loudness is of, "programme" or "dialogue"."""
        return self._once(measure_sound, (gate,), lambda why: SoundSight(fault=why))

    def captions(self) -> CaptionSight:
        """Returns the captions that come with the film."""
        return self._once(read_film_captions, (), lambda why: CaptionSight(fault=why))

    def text(self) -> TextSight:
        """Returns the texts that are read on screen."""
        return self._answer(TypeQuestion()).text

    def palette(self) -> PaletteSight:
        """Returns the colours of type and graphics: of the type that is read."""
        return self._answer(TypeQuestion()).palette

    def logos(self, logos: Sequence[LogoFile]) -> LogoSight:
        """Returns which of those logos are seen, and how they are drawn."""
        return self._answer(LogoQuestion(tuple(logos)))

    def tones(self) -> ToneSight:
        """Returns how the picture looks, sample by sample."""
        return self._answer(ToneQuestion())

    def marks(self, marks: Sequence[VendorMark]) -> MarkSight:
        """Returns whether marks of generators are seen where their takes are."""
        return self._answer(MarkQuestion(tuple(marks)))

    def content(self) -> ContentSight:
        """Returns what installed models report of the content."""
        return self._answer(ContentQuestion())

    def _font_files(self) -> tuple[File, ...]:
        """Returns the fonts with what they hold. Raises SourceError for one that cannot be read."""
        if self._read_fonts is None:
            self._read_fonts = tuple(
                File(checksum(real_path(font)).sha256, font.name, font) for font in self._fonts
            )
        return self._read_fonts

    def _answer(self, question: LookQuestion[T]) -> T:
        """Returns the sight of a question about the picture."""
        if self._asking is not None:
            self._asking.append(question)
            return question.blind(UNSEEN)
        self._measure([question] if question not in self._sights else [])
        return cast("T", self._sights[question])

    def _measure(self, questions: Sequence[LookQuestion[Any]]) -> None:
        """Measures questions in one pass. A file that cannot be opened is told of in the sight of each."""
        if not questions:
            return
        try:
            sights = self.call(measure_film, self._path, questions)
        except SourceError as fault:
            sights = tuple(each.blind(fault.what) for each in questions)
        self._sights.update(zip(questions, sights, strict=True))

    def _once(self, measure: Callable[..., T], more: tuple[Any, ...], blind: Callable[[str], T]) -> T:
        """Returns what a function measures in the file, at the first call. more: what else it takes; blind: makes the
        sight of a file that cannot be measured from the reason."""
        if self._asking is not None:
            return blind(UNSEEN)
        key = (measure, *more)
        if key not in self._sights:
            try:
                self._sights[key] = self.call(measure, self._path, *more)
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
