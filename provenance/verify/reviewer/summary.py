"""Sums a report up in three sentences for a reviewer: what the file is, what is wrong, what is left to a person.

They are no verdict: each says what was found, and the questions below them answer each matter by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provenance.claim.vocabulary import is_generated
from provenance.report import OUTSIDE_VALIDITY, UNCHECKED, UNSUPPORTED, Report
from provenance.verify.appended_bytes import APPENDED
from provenance.verify.reviewer.plain_words import source_type_words

_MAX_NAME = 80  # characters of a signer's name


@dataclass(frozen=True, slots=True)
class Summary:
    """The three sentences. is_wrong: whether the second one says that anything is."""

    what: str
    wrong: str
    person: str
    is_wrong: bool


def summarise_for_people(report: Report, media_type: str = "", *, searched: bool = False) -> Summary:
    """Returns the three sentences of a report. media_type: of the file, "" where it is not known; searched: whether
    its picture was searched for labels."""
    wrong = list(_wrong(report))
    said = f"Wrong: {_joined(wrong)}." if wrong else _nothing_wrong(report)
    left = _joined(list(_left(report, media_type, searched)))
    return Summary(_what(report), said, f"Left to a person: {left}.", bool(wrong))


def summary_lines(report: Report, media_type: str = "", *, searched: bool = False) -> tuple[str, str, str]:
    """Returns the three sentences."""
    found = summarise_for_people(report, media_type, searched=searched)
    return found.what, found.wrong, found.person


def _what(report: Report) -> str:
    if any(each.code == UNSUPPORTED for each in report.findings):
        return "This is a file of a kind that cannot carry Content Credentials."
    if report.integrity == "absent":
        said = f", though its tags say: {', '.join(report.ai.signals)}" if report.ai.signals else ""
        return f"This is a file without Content Credentials{said}."
    if not report.manifests:
        return "This is a file whose Content Credentials cannot be read."
    made = source_type_words(report.ai.source_type)
    kind = f"says that it was {made}"
    first = report.manifests[0]
    by = f"signed by {first.signer[:_MAX_NAME] or 'a signer without a name'} ({vouched_words(report)})"
    when = {
        "trusted": f", stamped {report.stamped_at}",
        "untrusted": ", with a time-stamp that no list vouches for",
    }.get(report.time, ", with no time-stamp")
    return f"This is a file that {kind if made else 'does not say how it was made'}; it is {by}{when}."


def vouched_words(report: Report) -> str:
    """Returns who vouches for a file's signer, or why nobody does any more."""
    if report.signer in ("expired", "revoked"):
        return "its certificate had expired" if report.signer == "expired" else "its certificate was revoked"
    if report.is_trusted_by_development_alone:
        return "vouched for by a development root only"
    if report.vouched_by:
        return f"vouched for by {', '.join(report.vouched_by)}"
    return "vouched for by no list"


def _wrong(report: Report) -> Iterator[str]:
    codes = {each.code: each for each in report.findings}
    if APPENDED in codes:
        yield codes[APPENDED].why
    elif report.integrity == "tampered":
        places = ", ".join(f"{start:.2f} s to {stop:.2f} s" for start, stop in report.tampered_at[:4])
        yield f"it was changed after it was signed{f' ({places})' if places else ''}"
    if report.integrity == "unreadable" and UNSUPPORTED not in codes:
        yield "its credentials, or part of them, cannot be read or checked"
    states = {
        "revoked": "its signer's certificate was revoked",
        "expired": "its signer's certificate had expired, and no trusted time-stamp is from before that",
        "untrusted": "no list vouches for its signer: anybody may have signed it under that name",
    }
    if report.signer in states:
        also = report.signer != "expired" and OUTSIDE_VALIDITY in codes
        yield states[report.signer] + (
            ", and the certificate was not valid at that time either" if also else ""
        )
    yield from _wrong_inside(report)
    failed = [
        f"{each.profile} {rule.id}"
        for each in report.policies
        for rule in each.rulings
        if rule.verdict == "fail"
    ]
    if failed:
        yield f"policy rules failed: {', '.join(failed)}"


def _wrong_inside(report: Report) -> Iterator[str]:
    """Yields what is wrong with what the credentials hold, beside signer and integrity."""
    if any(each.code in UNCHECKED for each in report.findings):
        yield "our own checks of its manifests could not run: only the SDK's results are known"
    if any(each.state == "invalid" for each in report.identity):
        yield "the proof of a further identity behind it does not hold"
    if report.conformance and report.conformance.failed:
        broken = ", ".join(each.rule.id for each in report.conformance.failed)
        yield f"rules of the C2PA programme's rubric are broken: {broken}"
    if report.chain == "laundered":
        yield "something in it had failed its own check and was signed over"
    if report.chain == "incomplete":
        yield "part of what it was made from cannot be checked"
    if report.unhashed:
        yield f"{sum(each.bytes for each in report.unhashed)} bytes of it are covered by no signature"


def _nothing_wrong(report: Report) -> str:
    if report.integrity == "intact":
        return "Nothing that was checked is wrong."
    return "There was nothing to check: no signature covers this file."


def _left(report: Report, media_type: str, searched: bool) -> Iterator[str]:
    if not report.manifests:
        yield "where it comes from and how it was made, which nothing here shows"
    else:
        yield "whether what the signer says is true"
    if report.is_trusted_by_development_alone:
        yield "whether the holder of that development root is who should have signed"
    if report.manifests and report.time != "trusted":
        yield "when it was signed"
    unread = [
        f"{each.profile} {rule.id}"
        for each in report.policies
        for rule in each.rulings
        if rule.verdict in ("cannot_check", "needs_human")
    ]
    if unread:
        yield f"what no check could decide ({', '.join(unread)})"
    if not searched and _may_need_label(report, media_type):
        yield "whether the AI label can be seen and read, which nobody has measured"


def _may_need_label(report: Report, media_type: str) -> bool:
    """Whether a file is a picture that was generated, or may have been."""
    if media_type and not media_type.startswith(("image/", "video/")):
        return False
    kind = report.ai.source_type
    return bool(report.ai.signals) or is_generated(kind) or not source_type_words(kind)


def _joined(parts: list[str]) -> str:
    return "; ".join(parts)
