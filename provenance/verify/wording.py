"""What each state of each matter means, in words for a reviewer who is no engineer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provenance.report import Report


@dataclass(frozen=True, slots=True)
class Meaning:
    """mood: "good", "bad", or "open" where nothing is proven either way."""

    mood: str
    means: str


def _as_it_is(_: Mapping[str, Any], state: str) -> str:
    return state


@dataclass(frozen=True)
class Matter:
    """A matter on the page. state: which of its states a report is in; shown: the words for it."""

    looked_at: str
    states: Mapping[str, Meaning]
    state: Callable[[Report], str]
    shown: Callable[[Mapping[str, Any], str], str] = _as_it_is


UNKNOWN = Meaning("open", "Nothing is known of this.")


def _good(text: str) -> Meaning:
    return Meaning("good", text)


def _bad(text: str) -> Meaning:
    return Meaning("bad", text)


def _open(text: str) -> Meaning:
    return Meaning("open", text)


def _signed_by(plain: Mapping[str, Any], state: str) -> str:
    who = plain["manifests"][0]["signer"] if plain["manifests"] else ""
    by = ", ".join(plain["vouched_by"])
    return f"{state}: {who}" + (f", vouched for by {by}" if by else "") if who else state


def _timed_by(plain: Mapping[str, Any], state: str) -> str:
    when = next((each["time"] for each in plain["manifests"] if each["time"]), "")
    by = ", ".join(plain["time_vouched_by"])
    return f"{state}: {when}" + (f", vouched for by {by}" if by else "") if when else state


def _scored(plain: Mapping[str, Any], _: str) -> str:
    found = plain["conformance"]
    return f"{found['passed']} of {found['total']} rules ({found['rubric']})"


def _counted(plain: Mapping[str, Any], _: str) -> str:
    total = sum(each["bytes"] for each in plain["unhashed"])
    return f"{total} bytes in {len(plain['unhashed'])} places" if total else "none found"


def _told(plain: Mapping[str, Any], _: str) -> str:
    kind = plain["ai"]["source_type"].rpartition("/")[2]
    return ", ".join((*filter(None, [kind]), *plain["ai"]["signals"])) or "nothing"


def _named(plain: Mapping[str, Any], state: str) -> str:
    rows = [f"{each['state']}: {', '.join(each['names']) or each['kind']}" for each in plain["identity"]]
    return "; ".join(rows) or state


def _ruled(plain: Mapping[str, Any], state: str) -> str:
    return "; ".join(f"{each['profile']}: {each['summary']}" for each in plain["policies"]) or state


def _conformance(report: Report) -> str:
    if report.conformance is None:
        return "unchecked"
    return "failed" if report.conformance.failed else "passed"


def _identity(report: Report) -> str:
    states = [each.state for each in report.identity]
    return next((each for each in ("invalid", "untrusted", "unknown", "trusted") if each in states), "none")


def _policy(report: Report) -> str:
    if not report.policies:
        return "not asked"
    if any(each.count("fail") for each in report.policies):
        return "failed"
    return "open" if any(each.count("cannot_check", "needs_human") for each in report.policies) else "passed"


MATTERS: Mapping[str, Matter] = {
    "Integrity": Matter(
        "Every byte that the signature covers was hashed again and compared with what was signed; so were "
        "the manifest's own parts. What it does not cover has a row of its own.",
        {
            "intact": _good(
                "Whatever the signature covers is as it was signed. This says nothing of who signed it."
            ),
            "tampered": _bad("Something was changed after the file was signed."),
            "absent": _open(
                "The file carries no Content Credentials. Most files do not; one that did may have lost them."
            ),
            "unreadable": _bad("There is something here that cannot be read or checked. It is no pass."),
        },
        lambda report: report.integrity,
    ),
    "Signer": Matter(
        "The signer's certificate was followed to the lists of signers given below, and to no other list.",
        {
            "trusted": _good("A list of trusted signers vouches for whoever signed this."),
            "untrusted": _open("No list vouches for the signer: anybody may have signed this, in any name."),
            "expired": _open(
                "The certificate had run out, and no trusted time-stamp shows that it was signed before that."
            ),
            "revoked": _bad("The certificate had been taken back by its issuer when this was signed."),
            "none": _open("Nobody signed this, or nothing can be read."),
        },
        lambda report: report.signer,
        _signed_by,
    ),
    "Time": Matter(
        "Time-stamps in the signature and in later manifests were checked, and their authority was followed "
        "to the lists of time-stamping authorities, which are kept apart from those of signers.",
        {
            "trusted": _good("A trusted authority says that the signature existed at this time."),
            "untrusted": _open("There is a time-stamp, and no list vouches for whoever made it."),
            "none": _open("There is no time-stamp: when it was signed is only what the signer says."),
        },
        lambda report: report.time,
        _timed_by,
    ),
    "Revocation": Matter(
        "Answers stapled to the signature and lists that were given; issuers were asked only if --online said so.",
        {
            "good": _good("The issuer said, for that time, that the certificate had not been taken back."),
            "revoked": _bad("The issuer has taken the certificate back."),
            "unknown": _open("Nothing at hand says whether the certificate had been taken back."),
            "not checked": _open("There was no certificate that could be checked."),
        },
        lambda report: report.revocation,
    ),
    "Chain": Matter(
        "Every ingredient of every manifest: what was found when it was taken in, and, where its own "
        "manifest came along, its hashes and signature again today.",
        {
            "sound": _good("What went into this held when it was taken in, and holds now."),
            "laundered": _bad(
                "Something that had already failed was taken in and signed over. The signature on top "
                "is real; what lies under it is not what it claims."
            ),
            "incomplete": _open("Part of what went into this cannot be checked, or no longer holds."),
            "none": _open("It names nothing that went into it."),
        },
        lambda report: report.chain,
    ),
    "Conformance": Matter(
        "The C2PA programme's own asset rubric, rule by rule.",
        {
            "passed": _good("The manifest is written as the programme asks."),
            "failed": _open("The manifest breaks rules of the programme. The file may still be intact."),
            "unchecked": _open("There is no manifest to check."),
        },
        _conformance,
        _scored,
    ),
    "Bytes not covered": Matter(
        "The file's boxes, against what the signed hash says it leaves out.",
        {
            "none": _good("No byte was found that the signature leaves out."),
            "some": _bad("These bytes can be changed by anyone, and the file still reads as intact."),
        },
        lambda report: "some" if report.unhashed else "none",
        _counted,
    ),
    "Generated by AI": Matter(
        "What the manifest declares, the disclosure in it, and marks in the file's tags. A mark is a claim: "
        "its absence shows nothing.",
        {
            "some": _open("The file says this of how it was made."),
            "none": _open("Nothing in the file says how it was made."),
        },
        lambda report: "some" if report.ai.source_type or report.ai.signals else "none",
        _told,
    ),
    "Identity": Matter(
        "Identity assertions (CAWG) in the manifest: people or organisations who stand by it beside the signer.",
        {
            "trusted": _good("They are vouched for."),
            "untrusted": _open("They are named, and nobody trusted here vouches for them."),
            "invalid": _bad("An identity is claimed that does not hold."),
            "unknown": _open("An identity is claimed and could not be checked."),
            "none": _open("Nobody else is named."),
        },
        _identity,
        _named,
    ),
    "Policy": Matter(
        "The profiles asked for, rule by rule, below.",
        {
            "passed": _good("Every rule that was asked for passed."),
            "failed": _bad("At least one rule failed."),
            "open": _open("Some rules could not be checked here, which is no pass."),
            "not asked": _open("No policy was asked for."),
        },
        _policy,
        _ruled,
    ),
}
