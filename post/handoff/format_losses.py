"""What of a job no editor's format holds: said once, for every writer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from post.handoff.losses import Loss
from post.handoff.timeline import Timeline

# Keys of a shot that shape its picture, with what they are to an editor.
_SHOT = {
    "look": "grade", "optics": "optics", "stages": "effects", "repair": "repair", "match": "colour match",
    "reframe": "framing", "focus": "framing", "fit": "framing", "fill": "framing",
    "zoom": "framing",
}  # fmt: skip
_FILM = {
    "house": "house style", "look": "look", "optics": "optics", "grain": "grain", "label": "AI label", "bug": "logo",
    "brand": "brand elements", "captions": "captions", "repair": "repair", "match": "colour match",
}  # fmt: skip
# Keys of a sound that no editor has in this form, with what they are to an editor.
_SOUND = {
    "duck": "ducking", "level": "sound level in LUFS", "pan": "pan", "tilt": "tilt", "room": "reverb send",
    "speech": "raised speech",
}  # fmt: skip
# Of the whole film's sound, where the job says something of it.
_MIX = {"tone": "room tone", "room": "room", "loudness": "loudness target"}
WHY = "made when the film is finished; the file travels with our own metadata, and a baked hand-off shows it"


def job_losses(timeline: Timeline) -> list[Loss]:
    """Returns what of the job that a timeline came from is not in any editor's file as something that it shows."""
    job = timeline.metadata.get("job")
    found = list[Loss]()
    if isinstance(job, Mapping):
        found += [Loss(what, "film", WHY) for key, what in _FILM.items() if _is_set(job.get(key))]
        found += _sound_losses(job.get("sound"))
        found += _records(job)
    for clip in timeline.clips:
        cut = clip.metadata.get("cut")
        if isinstance(cut, Mapping):
            asked = dict.fromkeys(what for key, what in _SHOT.items() if _is_set(cut.get(key)))
            found += [Loss(what, clip.id, WHY) for what in asked]
            found += _asked_of(cut.get("sound"), clip.id)
        if clip.sampling == "learned":
            found.append(
                Loss("sampling", clip.id, "the editor's optical flow takes the place of the learned one")
            )
    return found


def _sound_losses(sound: Any) -> list[Loss]:
    """Returns what is lost of the sound beside the shots. sound: the job's section."""
    if not isinstance(sound, Mapping):
        return []
    found = [Loss(what, "film", WHY) for key, what in _MIX.items() if _is_set(sound.get(key))]
    for stem, laid in sound.items():
        if stem not in _MIX:
            for number, entry in enumerate(laid if isinstance(laid, list) else [laid], 1):
                named = entry.get("id") if isinstance(entry, Mapping) else None
                found += _asked_of(entry, str(named or f"{stem} {number}"))
    return found


def _asked_of(sound: Any, where: str) -> list[Loss]:
    """Returns what is lost of one sound, of those things that it asks for."""
    asked = sound if isinstance(sound, Mapping) else {}
    return [Loss(what, where, WHY) for key, what in _SOUND.items() if _is_set(asked.get(key))]


def _records(job: Mapping[str, Any]) -> list[Loss]:
    takes = job.get("takes")
    if not isinstance(takes, Mapping):
        return []
    why = "how takes were generated, and who signs, stays with the job; `conform --update` keeps both"
    return [Loss("generator records and signing", "film", why)]


def _is_set(value: Any) -> bool:
    return value not in (None, "none", "", [], {})
