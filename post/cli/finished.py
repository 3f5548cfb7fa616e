"""Tells of finished films, and of what their crops cut before they are made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.cli.output import print_note

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob
    from post.values import Framed


def warn_of_crops(crops: Sequence[Framed]) -> None:
    """Prints a note for each crop that cuts what stands out, before anything is rendered."""
    from post.plan.framing import warning_of

    for words in filter(None, map(warning_of, crops)):
        print_note(f"warning: {words}")


def finished_json(done: FinishedJob, report: Path | None, receipt: Path) -> dict[str, Any]:
    """Returns the `finish` object of the command-line contract. report: None where there is none, as of a range."""
    return {
        "deliverables": [_deliverable_json(each) for each in done.deliverables],
        "seconds": round(done.seconds, 3),
        "report": str(report) if report else None,
        "receipt": str(receipt),
    }


def _deliverable_json(each: Any) -> dict[str, Any]:
    measured, loudness = each.measured, each.measured.loudness
    rate, shown = measured.rate, each.rendition.part
    part = (
        {"range": {"first": shown.first, "stop": shown.stop, "of": each.rendition.format.length}}
        if shown
        else {}
    )
    return {
        "name": each.rendition.name,
        "path": str(each.path),
        "sha256": each.sha256,
        "width": measured.width,
        "height": measured.height,
        "fps": f"{rate.numerator}/{rate.denominator}",
        "frames": measured.frames,
        "samples": measured.samples,
        "loudness_lufs": loudness.integrated_lufs if loudness else None,
        "true_peak_dbtp": loudness.true_peak_dbtp if loudness else None,
        "segments": each.segments,
        "reused": each.reused,
        "signed": each.rendition.part is None,
        "kept": each.kept,
        "unsigned_sha256": each.receipt.sha256,
        "notes": list(each.notes),
        **part,
    }


def finished_lines(data: dict[str, Any]) -> list[str]:
    """Returns the lines that a person reads of a finished job."""
    rows = [
        f"{each['name']:20} {each['width']}x{each['height']} {each['frames']} frames, "
        f"{each['segments']} segments ({each['reused']} reused), {_kind(each)}: {each['path']}"
        for each in data["deliverables"]
    ]
    notes = [f"{each['name']:20} note: {note}" for each in data["deliverables"] for note in each["notes"]]
    report = [f"report: {data['report']}"] if data["report"] else []
    return [*rows, *notes, *report, f"{data['seconds']:.1f} s"]


def _kind(film: dict[str, Any]) -> str:
    """Returns whether a film is signed, now or before, or which frames of an unsigned part it is."""
    if film["signed"]:
        return "kept as it was signed" if film["kept"] else "signed"
    part = film["range"]
    return f"a range (frames {part['first']} to {part['stop'] - 1} of {part['of']}), unsigned"
