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
from fractions import Fraction

from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, shown
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
from provenance.policy.document.policy import Parameter

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
    wrong = next((name for name in parameters if not _is_known(check, name, parameters[name])), None)
    if wrong is not None:
        value = parameters[wrong]
        words = f" ({' or '.join(check.words[wrong])})" if wrong in check.words else ""
        given_as = shown(value) if isinstance(value, Fraction) else repr(value)
        required = f"{wrong} as {kind} takes it{words}, not {given_as}"
        return CheckOutcome("cannot_check", "", required)
    return check.run(given, parameters)


def _is_known(check: Check, name: str, value: Parameter) -> bool:
    """Returns whether a check takes a value under a name. A policy that a job names is read without its checks."""
    kind = check.takes.get(name)
    if kind is None or (name in check.words and value not in check.words[name]):
        return False
    others: dict[type, tuple[type, ...]] = {Fraction: (int,), tuple: (str,), str: (int, Fraction)}
    return isinstance(value, (kind, *others.get(kind, ())))
