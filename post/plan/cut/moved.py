"""Says where a time of a job's film lies in a version whose cut is another one: with the shot that it lies on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from post.values import Shot

# What keeps less than this share of its time is left out: half a title is not read, half a sentence says another thing.
LEAST_SHARE = Fraction(1, 2)
Stretch = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class _KeptShot:
    """A shot that is in both cuts, and the frames that it has to itself in each: it and its neighbours share those of a
    transition, up to the middle."""

    old: Stretch
    new: Stretch
    shift: Fraction

    def move(self, place: Fraction) -> Fraction:
        """Returns where a place of the job's film is: an end of the shot stays one, else it moves as its start does."""
        if place in self.old:
            return self.new[self.old.index(place)]
        return min(max(place + self.shift, self.new[0]), self.new[1])


@dataclass(frozen=True, slots=True)
class Moves:
    """Where places of a job's film are in a version. frames: of the job's film; new_frames: of the version's."""

    kept: tuple[_KeptShot, ...]
    frames: int
    new_frames: int

    def stretch(self, first: Fraction, stop: Fraction) -> Stretch | None:
        """Returns where something from `first` to `stop` is: the longest part of it that stays whole.

        None where less than LEAST_SHARE of it is left.
        """
        stop = max(stop, first)
        runs: list[Stretch] = []
        for shot in self.kept:
            low, high = max(first, shot.old[0]), min(stop, shot.old[1])
            if low >= high:
                continue
            start, end = shot.move(low), shot.move(high)
            if runs and runs[-1][1] == start:
                runs[-1] = runs[-1][0], end
            elif end > start:
                runs.append((start, end))
        best = max(runs, key=lambda run: run[1] - run[0], default=None)
        if best is None or best[1] - best[0] < LEAST_SHARE * (stop - first):
            return None
        return best

    def point(self, place: Fraction) -> Fraction | None:
        """Returns where a place is; None where the shot that it lies on is not in the version, or no longer so long."""
        for shot in self.kept:
            if shot.old[0] <= place < shot.old[1]:
                moved = shot.move(place)
                return moved if moved < shot.new[1] else None
        return None

    def after(self, place: Fraction) -> Fraction | None:
        """Returns where a place is, or where the first shot after it starts that is in the version; None for none."""
        found = self.point(place)
        if found is not None:
            return found
        return next((shot.new[0] for shot in self.kept if shot.old[0] >= place), None)

    def before(self, place: Fraction) -> Fraction | None:
        """Returns where a place is, or where the last shot before it ends that is in the version; None for none."""
        for shot in self.kept:
            if shot.old[0] < place <= shot.old[1]:
                return shot.move(place)
        return next((shot.new[1] for shot in reversed(self.kept) if shot.old[1] <= place), None)


def moves_between(old: Sequence[Shot], new: Sequence[Shot]) -> Moves:
    """Returns where places of one cut's film are in another's. Shots of one name are the same shot."""
    before, after = _own_stretches(old), _own_stretches(new)
    first_of = {shot.name: shot.span.first for shot in new}
    kept = tuple(
        _KeptShot(before[shot.name], after[shot.name], Fraction(first_of[shot.name] - shot.span.first))
        for shot in old
        if shot.name in after
    )
    return Moves(kept, old[-1].span.stop, new[-1].span.stop)


def _own_stretches(shots: Sequence[Shot]) -> Mapping[str, Stretch]:
    edges = [Fraction(0)]
    edges += [shot.span.first + Fraction(shot.transition, 2) for shot in shots[1:]]
    edges.append(Fraction(shots[-1].span.stop))
    return {shot.name: (edges[number], edges[number + 1]) for number, shot in enumerate(shots)}
