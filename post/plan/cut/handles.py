"""Makes shots long enough before anything is rendered, where the job says `handles: auto`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from post.errors import JobError
from post.job.model import Cut, Job
from post.knob import duration_frames
from post.plan.cut.fixes import HandleFix, apply_fix, fixes_of_overlap, fixes_of_shortage, is_taken
from post.plan.cut.timing import in_seconds, time_shot
from post.values import Take
from post.values.warning import JobWarning

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class TakenFix:
    """A fix that was taken. number, cut: the shot that was too short, or whose transition was too long, and how the job
    has it; lacking: by how many frames."""

    number: int
    cut: Cut
    lacking: int
    fix: HandleFix

    def warning(self, job: Job) -> JobWarning:
        """Returns what is said of it."""
        own = all(key == "transition" for _, key, _ in self.fix.edits)
        what = "has a transition that was longer than its shots" if own else "was too short for its place"
        return JobWarning(
            "handles",
            f"{what}: {self.fix.text(self.number, job.cut)}",
            f"{in_seconds(self.lacking, job.clock)} {'too many' if own else 'too few'}",
            "write those keys to keep it so, or others",
            f"shot {self.cut.name}",
            self.cut.where,
        )

    def origins(self) -> tuple[tuple[str, str, str], ...]:
        """Returns the keys that it sets as `plan` lists them: (place in the job, value, why)."""
        why = f"handles: auto: {self.fix.what}"
        return tuple((f"cut[{number}].{key}", value.strip('"'), why) for number, key, value in self.fix.edits)


def make_handles(job: Job, takes: Mapping[str, Take]) -> tuple[Job, tuple[TakenFix, ...]]:
    """Returns the job with each shot and transition as long as its place needs, and what was done for it.

    A shot that is fitted to a length has its factor then. Shots that do not say `handles: auto`, or lack more than
    half, stay as they are: planning them says what is wrong. takes: by name.
    """
    cuts, taken = job.cut, list[TakenFix]()
    for number in range(len(cuts)):
        cuts = _long_enough(cuts, number, job, takes, taken)
    before = 0  # frames of the shot before that no transition uses yet
    for number, cut in enumerate(cuts):
        try:
            timed = time_shot(cut, takes[cut.take], job.clock)
        except JobError:
            break
        asked = duration_frames(cut.transition_length, job.clock) if cut.transition else 0
        cuts = (*cuts[:number], timed.cut, *cuts[number + 1 :])
        room = min(timed.length, before) if number else timed.length
        short = asked > room and cut.handles == AUTO and is_taken(asked - room, asked)
        if short and (fixes := fixes_of_overlap(cuts, number, asked, room)):
            taken.append(TakenFix(number, job.cut[number], asked - room, fixes[0]))
            cuts, asked = apply_fix(cuts, fixes[0]), room
        before = timed.length - asked
    return replace(job, cut=cuts), tuple(taken)


def _long_enough(
    cuts: tuple[Cut, ...], number: int, job: Job, takes: Mapping[str, Take], taken: list[TakenFix]
) -> tuple[Cut, ...]:
    """Returns the cut with the best fix for a shot, which is added to `taken`; as it is where there is none to take."""
    cut, take = cuts[number], takes[cuts[number].take]
    if cut.handles != AUTO:
        return cuts
    try:
        timed = time_shot(cut, take, job.clock)
    except JobError:
        return cuts
    if not timed.lacking or not is_taken(timed.lacking, timed.length):
        return cuts
    fix = fixes_of_shortage(cuts, number, take, timed, job.clock)[0]
    taken.append(TakenFix(number, cut, timed.lacking, fix))
    return apply_fix(cuts, fix)
