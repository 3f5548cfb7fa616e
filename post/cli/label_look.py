"""Looks for AI labels in the picture of the file that `verify` checks, and shows what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.atomic import checksum, real_path
from post.cli.output import print_note
from post.errors import AnswerprintError, SourceError

if TYPE_CHECKING:
    from post.values.claim import LabelSight, SeenLabel
    from provenance.verify.reviewer.page import LabelEvidence


class LabelLook:
    """Looks at a file's picture when a policy asks, once for the same texts. It is a `LabelFinder`."""

    def __init__(self, path: Path, fonts: Sequence[Path] = ()) -> None:
        """fonts: files for letters that Inter lacks."""
        self._path, self._fonts = path, tuple(fonts)
        self._sights: dict[tuple[tuple[str, ...], tuple[str, ...]], LabelSight] = {}

    def __call__(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        """Returns what is seen of labels. texts: to search for; declared: those that the manifest names."""
        key = (tuple(texts), tuple(declared))
        if key not in self._sights:
            self._sights[key] = self._look(*key)
        return self._sights[key]

    def _look(self, texts: tuple[str, ...], declared: tuple[str, ...]) -> LabelSight:
        from post.engine import WorkerPool
        from post.qc.find_label import find_labels
        from post.values.claim import LabelSight
        from post.values.media import File

        fonts = [File(checksum(real_path(font)).sha256, font.name, font) for font in self._fonts]
        try:
            with WorkerPool(1) as pool:
                return pool.call(find_labels, self._path, texts, declared, fonts)
        except SourceError as fault:  # a file without a picture, or a damaged one
            return LabelSight(texts=(*declared, *texts), fault=fault.what)

    @property
    def seen(self) -> tuple[SeenLabel, ...]:
        """The labels that were seen, each once."""
        return tuple(dict.fromkeys(each for sight in self._sights.values() for each in sight.seen))

    @property
    def searched(self) -> bool:
        """Whether the picture was searched: a policy asked, and it could be."""
        return any(not sight.fault for sight in self._sights.values())

    def plain(self) -> dict[str, Any]:
        """Returns what was seen as JSON values, under "labels"; nothing where no policy asked."""
        return {"labels": [_plain(each) for each in self.seen]} if self._sights else {}

    def evidence(self) -> LabelEvidence | None:
        """Returns what was seen for the page, with a frame that shows it; None where no policy asked."""
        from post.engine import WorkerPool
        from post.report.label_still import still_of_label
        from provenance.verify.reviewer.page import LabelEvidence

        if not self._sights:
            return None
        seen, still = self.seen, None
        if seen:
            try:
                with WorkerPool(1) as pool:
                    still = pool.call(still_of_label, self._path, seen[0])
            except AnswerprintError as fault:
                print_note(f"the page does not show the label: {fault}")
        return LabelEvidence(tuple(self._sights.values())[-1], still)


def _plain(seen: SeenLabel) -> dict[str, Any]:
    return {
        "text": seen.text,
        "first_s": float(seen.first),
        "dwell_s": float(seen.dwell),
        "stretches": [_span(each) for each in seen.stretches],
        "gaps": [_span(each) for each in seen.gaps],
        "height_percent": seen.height_percent,
        "box": list(seen.box),
        "contrast": seen.contrast,
        "score": seen.score,
        "frame": seen.frame,
        "declared": seen.declared,
        "alone": seen.alone,
    }


def _span(stretch: tuple[Any, Any]) -> dict[str, float]:
    return {"from_s": float(stretch[0]), "to_s": float(stretch[1])}
