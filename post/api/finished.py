"""Tells of finished films, as JSON values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob


def finished_json(done: FinishedJob, report: Path | None, receipt: Path) -> dict[str, Any]:
    """Returns the `finish` object of the command-line contract, without its seconds. report: None where there is none,
    as of a range."""
    return {
        "deliverables": [_deliverable_json(each) for each in done.deliverables],
        "report": str(report) if report else None,
        "receipt": str(receipt),
        "warnings": [each.row() for each in done.warnings],
    }


def _deliverable_json(each: Any) -> dict[str, Any]:
    from post.deliver.sound.account import sound_account

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
        "sidecars": [
            {
                "path": str(made.path),
                "format": made.sidecar.format,
                "language": made.sidecar.language,
                "captions": made.sidecar.captions,
                "sha256": made.sha256,
            }
            for made in each.sidecars
        ],
        "sound": sound_account(measured, each.rendition),
        "stems": [{**made.row(), "path": str(made.path)} for made in each.stems],
        "tracks": [
            {"language": track.language, "captions": len(track.cues)} for track in each.rendition.tracks
        ],
        # Of the film's sound alone, as scripts read it; `warnings` of the whole object tells everything.
        "notes": [warning.what for warning in each.warnings],
        **part,
    }
