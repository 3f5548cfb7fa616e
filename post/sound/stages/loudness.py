"""The stage of a film's loudness."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values import LoudnessLimits
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
    gate: str = knob(
        default="programme", choices=("programme", "dialogue"),
        doc="what the target is the loudness of: the programme, or its speech where there is enough of it",
        source="programme: ITU-R BS.1770-5, Annex 1; dialogue: Netflix, speech without a level gate (BS.1770-1)",
    )  # fmt: skip
    sparse_target: float = knob(
        default=0.0, lo=-40, hi=0, unit="LUFS",
        doc="the target of the programme where the gate is dialogue and less than 15 % is speech; 0: the same target",
        source="Netflix: -24",
    )  # fmt: skip
    tolerance: float = knob(
        default=0.2, lo=0.1, hi=6, unit="LU", doc="how far from its target a finished film may be",
        source="EBU R 128 (2020): 0.2; R 128 s1: 0.5; ATSC A/85, Netflix: 2",
    )  # fmt: skip
    most_momentary: float = knob(
        default=0.0, lo=-40, hi=0, unit="LUFS",
        doc="the highest momentary loudness; 0 sets none; where both are set, a film meets this one or the next",
        source="EBU R 128 s1 (2014): -15",
    )  # fmt: skip
    most_short_term: float = knob(
        default=0.0, lo=-40, hi=0, unit="LUFS", doc="the highest short-term loudness; 0 sets none",
        source="EBU R 128 s1: -18",
    )  # fmt: skip
    profile: str = knob(default="", doc="the name of the profile that these numbers are of, for warnings")
    off: bool = knob(default=False, doc="true leaves the loudness as it was mixed; the true-peak limit holds")

    @property
    def limits(self) -> LoudnessLimits:
        """Returns what a finished film is held to beside its target and its ceiling."""
        return LoudnessLimits(
            self.profile, self.tolerance, self.most_momentary or None, self.most_short_term or None
        )

    @property
    def target_lufs(self) -> float | None:
        """Returns the value for `Mix.loudness_lufs`: the target, or None where `off`."""
        return None if self.off else self.target

    def declare(self, where: Span) -> Action:
        what = "true peaks limited" if self.off else "loudness set and true peaks limited"
        return Action("c2pa.mastered", ALGORITHMIC, where, parameters(self), what)
