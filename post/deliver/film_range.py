"""Makes what people look at before there is the film, so that nobody takes it for the film: ranges, and candidates.

A range is made of the film's own segments and mix, by `finish`. What differs is what it is called: its name and its
title say the frames. It lies in a folder of its own, with receipts of its own form, and is not signed, registered or
announced. A candidate is a whole film that waits for approval, in OUT/review: unsigned, with receipts that say so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post import __version__
from post.atomic import write_whole
from post.deliver.candidates.remove import files_row
from post.deliver.finish import Deliverable, FinishedJob
from post.deliver.kept_film import SigningTerms
from post.deliver.mux import range_title
from post.deliver.output_set import CANDIDATES, RANGES
from post.deliver.receipt_row import receipt_row
from post.receipt import Receipt
from provenance.signing.stamping.stamp_queue import PendingStamp
from provenance.trust.lists import Anchors

FOLDER, ROW_SCHEMA = "range", "Range.1"
REVIEW, CANDIDATE_SCHEMA = "review", "Candidate.1"
WAITS = "FOR REVIEW, NOT APPROVED"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Leaves films unsigned, where a signer is asked for. anchors: the lists that sources are judged by."""

    anchors: tuple[Anchors, ...]

    def __call__(
        self,
        source: Path,
        destination: Path,
        receipt: Receipt,  # noqa: ARG002  what a signer declares
        files: Mapping[str, Path],  # noqa: ARG002
        progress: Callable[[int, int], None],  # noqa: ARG002
    ) -> None:
        """Copies the film as it is."""
        shutil.copyfile(source, destination)

    @property
    def terms(self) -> SigningTerms:
        """Returns terms that no signed film has."""
        return SigningTerms((), "", (), embedded=False)

    def pending_stamp(self, film: Path) -> PendingStamp | None:  # noqa: ARG002
        """Returns None: no signature waits for a time-stamp."""
        return None


def write_range_receipts(done: FinishedJob, path: Path, before: Mapping[str, Any]) -> Path:
    """Writes what the ranges of a folder are as one JSON object to `path`, whole or not at all, and returns `path`.

    before: what the folder's file says so far: of ranges that are not made anew it stays.
    Raises OutputError or RetryError where it cannot be written.
    """
    return _write(path, RANGES, done, [_row(each, done) for each in done.deliverables], before)


def write_candidate_receipts(done: FinishedJob, path: Path, before: Mapping[str, Any]) -> Path:
    """Writes what the films that wait for approval are, as `write_range_receipts` does for ranges."""
    rows = [
        {
            **receipt_row(each, done.plan.warnings),
            "schema": CANDIDATE_SCHEMA,
            "title": f"{WAITS}: {each.receipt.title}",
            "approved": False,
            "signed": False,
            "job_file": done.version_of(each.rendition.name).sources.job.path.name,
            "files": files_row(each),
        }
        for each in done.deliverables
    ]
    return _write(path, CANDIDATES, done, rows, before)


def _write(
    path: Path, form: str, done: FinishedJob, rows: list[dict[str, Any]], before: Mapping[str, Any]
) -> Path:
    names = {row["name"] for row in rows}
    others = [row for row in before.get("receipts", ()) if row["name"] not in names]
    data = {
        "schema": form,
        "job": done.plan.title,
        "tool": f"Answerprint {__version__}",
        "receipts": [*rows, *others],
    }
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return write_whole(path, text, lasting=True)


def _row(made: Deliverable, done: FinishedJob) -> dict[str, Any]:
    return {
        **receipt_row(made, done.plan.warnings),
        "schema": ROW_SCHEMA,
        "title": range_title(made.rendition),
        "range": range_json(made),
        "signed": False,
    }


def range_json(made: Deliverable) -> dict[str, int]:
    """Returns the frames of the film that a range shows: the first, the one after the last, and how many there are."""
    shown = made.rendition.shown
    return {"first": shown.first, "stop": shown.stop, "of": made.rendition.format.length}
