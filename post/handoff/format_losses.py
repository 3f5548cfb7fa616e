"""What of a job no editor's format holds: said once, for every writer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from post.handoff.losses import Loss
from post.handoff.timeline import Timeline

# Keys of a shot that shape its picture, with what they are to an editor.
_SHOT = {
    "look": "grade", "optics": "optics", "stages": "effects", "repair": "repair", "match": "colour match",
    "reframe": "framing", "focus": "framing", "fit": "framing", "zoom": "framing",
}  # fmt: skip
_FILM = {
    "house": "house style", "look": "look", "optics": "optics", "grain": "grain", "label": "AI label", "bug": "logo",
    "repair": "repair", "match": "colour match", "brand": "brand elements", "captions": "captions",
}  # fmt: skip
WHY = "made when the film is finished; the file travels with our own metadata, and a baked hand-off shows it"


def job_losses(timeline: Timeline) -> list[Loss]:
    """Returns what of the job that a timeline came from is not in any editor's file as something that it shows."""
    job = timeline.metadata.get("job")
    found = list[Loss]()
    if isinstance(job, Mapping):
        found += [Loss(what, "film", WHY) for key, what in _FILM.items() if _is_set(job.get(key))]
        found += _records(job)
    for clip in timeline.clips:
        cut = clip.metadata.get("cut")
        if isinstance(cut, Mapping):
            asked = dict.fromkeys(what for key, what in _SHOT.items() if _is_set(cut.get(key)))
            found += [Loss(what, clip.id, WHY) for what in asked]
        if clip.sampling == "learned":
            found.append(
                Loss("sampling", clip.id, "the editor's optical flow takes the place of the learned one")
            )
    return found


def _records(job: Mapping[str, Any]) -> list[Loss]:
    takes = job.get("takes")
    if not isinstance(takes, Mapping):
        return []
    why = "how takes were generated, and who signs, stays with the job; `conform --update` keeps both"
    return [Loss("generator records and signing", "film", why)]


def _is_set(value: Any) -> bool:
    return value not in (None, "none", "", [], {})
