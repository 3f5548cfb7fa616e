"""What a rule can check, by name: one module for each family, each with its own table.

c2pa     the manifest and its signature         label      the visible AI label, as it is seen in the picture
marks    the AIGC label, XMP, and whether       (label_sight, label_time, label_look: its parts)
         all marks agree                        declared   what a named person declares
flash    flashes and stripes                    frames     black, still, repeated, stray frames, bars, banding
sound    loudness, silence, clipping, phase     captions   that they are there, and can be read
text     what is written on screen              logo       logos, as they are drawn
brand    colours of graphics, and the look      content    marks of generators, prohibited content
"""

from __future__ import annotations

from collections.abc import Mapping

from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput
from provenance.policy.checks import (
    brand,
    c2pa,
    captions,
    content,
    declared,
    flash,
    frames,
    label,
    logo,
    marks,
    sound,
    text,
)

CHECKS: Mapping[str, Check] = {
    **c2pa.CHECKS,
    **declared.CHECKS,
    **label.CHECKS,
    **marks.CHECKS,
    **flash.CHECKS,
    **frames.CHECKS,
    **sound.CHECKS,
    **captions.CHECKS,
    **text.CHECKS,
    **logo.CHECKS,
    **brand.CHECKS,
    **content.CHECKS,
}


def run_check(given: PolicyInput, kind: str, parameters: Parameters) -> CheckOutcome:
    """Runs a check by its name; returns "cannot_check" where there is none of that name."""
    check = CHECKS.get(kind)
    if check is None:
        return CheckOutcome("cannot_check", "", f"a check of a known type, not {kind!r}")
    return check.run(given, parameters)
