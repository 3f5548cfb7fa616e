"""The checks that a policy's rules can name, by family. An unknown check gives "cannot_check", which is never a pass.

c2pa    the manifest and its signature          label   the visible AI label, as it is seen in the picture
marks   the AIGC label, XMP, and whether        (label_sight, label_time, label_look: its parts)
        all marks agree
flash    flashes and stripes                    sound      loudness, silence, clipping, phase
frames   black, still, repeated, stray frames,  captions   that they are there, and can be read
         bars, banding
declared  what a named person declares
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
    """Runs a check by its name; returns "cannot_check" where there is none of that name, or where it has no meaning for
    the value of a parameter."""
    check = CHECKS.get(kind)
    if check is None:
        return CheckOutcome("cannot_check", "", f"a check of a known type, not {kind!r}")
    for name, words in check.words.items():
        if parameters.get(name, words[0]) not in words:
            wrong = f"a value that this check knows: {name} is {' or '.join(words)}, not {parameters[name]!r}"
            return CheckOutcome("cannot_check", "", wrong)
    return check.run(given, parameters)
