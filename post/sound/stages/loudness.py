"""The stage of a film's loudness."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span


@stage("loudness", version=1)
class LoudnessTarget(Setting):
    """How loud the finished film is, as decoded by its listener: one gain and a true-peak limiter."""

    does = "sound"
    target: float = knob(
        default=-14.0, lo=-40, hi=-5, unit="LUFS", doc="integrated loudness",
        source="EBU R 128: -23; ATSC A/85: -24; platforms play social video at about -14, podcasts at -16",
    )  # fmt: skip
    true_peak: float = knob(
        default=-1.0, lo=-9, hi=0, unit="dBTP", doc="the highest true peak",
        source="EBU R 128: -1; ATSC A/85: -2; measured as in ITU-R BS.1770-5 Annex 2",
    )  # fmt: skip
    off: bool = knob(default=False, doc="true leaves the loudness as it was mixed; the true-peak limit holds")

    @property
    def target_lufs(self) -> float | None:
        """Returns the value for `Mix.loudness_lufs`: the target, or None where `off`."""
        return None if self.off else self.target

    def declare(self, where: Span) -> Action:
        what = "true peaks limited" if self.off else "loudness set and true peaks limited"
        return Action("c2pa.mastered", ALGORITHMIC, where, parameters(self), what)
