"""The page's questions, and what each answer means, in words for a reviewer who is no engineer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provenance.report import OUTSIDE_VALIDITY, Report
from provenance.verify.reviewer.plain_words import source_type_words

# open: nothing is proven either way; own: proven for this user alone.
Mood = Literal["good", "bad", "open", "own"]


@dataclass(frozen=True, slots=True)
class StateWording:
    """What one answer means, and whether it is good news."""

    mood: Mood
    text: str


def _state_itself(_: Mapping[str, Any], state: str) -> str:
    return state


@dataclass(frozen=True)
class Question:
    """A row of the page.

    how: what was checked; states: the answers there are; state: which of them a report gives; answer: the
    text shown for it, from the report's JSON and the state.
    """

    how: str
    states: Mapping[str, StateWording]
    state: Callable[[Report], str]
    answer: Callable[[Mapping[str, Any], str], str] = _state_itself


NO_WORDING = StateWording("open", "Nothing is known about this.")


def _good(text: str) -> StateWording:
    return StateWording("good", text)


def _bad(text: str) -> StateWording:
    return StateWording("bad", text)


def _open(text: str) -> StateWording:
    return StateWording("open", text)


def _signer_answer(plain: Mapping[str, Any], state: str) -> str:
    name = plain["manifests"][0]["signer"] if plain["manifests"] else ""
    also = state in ("untrusted", "revoked") and any(
        each["code"] == OUTSIDE_VALIDITY and each["kind"] == "signer" for each in plain["findings"]
    )
    said = f"{state}{' and not valid at that time' if also else ''}"
    return f"{said}: {name}{_vouched(plain['vouched_by'])}" if name else said


def _signer_state(report: Report) -> str:
    return "trusted here only" if report.is_trusted_by_development_alone else report.signer


def _unhashed_state(report: Report) -> str:
    if not report.manifests:
        return "unsigned"
    return "some" if report.unhashed else "none"


def _time_answer(plain: Mapping[str, Any], state: str) -> str:
    when = plain["stamped_at"]
    return f"{state}: {when}{_vouched(plain['time_vouched_by'])}" if when else state


def _vouched(lists: list[str]) -> str:
    return f", vouched for by {', '.join(lists)}" if lists else ""


def _conformance_answer(plain: Mapping[str, Any], _: str) -> str:
    found = plain["conformance"]
    return f"{found['passed']} of {found['total']} rules ({found['rubric']})"


def _unhashed_answer(plain: Mapping[str, Any], state: str) -> str:
    if state == "unsigned":
        return "all of them"
    total = sum(each["bytes"] for each in plain["unhashed"])
    return f"{total} bytes in {len(plain['unhashed'])} places" if total else "none found"


def _ai_answer(plain: Mapping[str, Any], _: str) -> str:
    uri = plain["ai"]["source_type"]
    words, kind = source_type_words(uri), uri.rpartition("/")[2]
    said = f"{words} ({kind})" if words else kind
    return ", ".join((*filter(None, [said]), *plain["ai"]["signals"])) or "nothing"


def _identity_answer(plain: Mapping[str, Any], state: str) -> str:
    rows = [f"{each['state']}: {', '.join(each['names']) or each['kind']}" for each in plain["identity"]]
    return "; ".join(rows) or state


def _policy_answer(plain: Mapping[str, Any], state: str) -> str:
    return "; ".join(f"{each['profile']}: {each['summary']}" for each in plain["policies"]) or state


def _conformance_state(report: Report) -> str:
    if report.conformance is None:
        return "unchecked"
    return "failed" if report.conformance.failed else "passed"


def _identity_state(report: Report) -> str:
    states = [each.state for each in report.identity]
    return next((each for each in ("invalid", "untrusted", "unknown", "trusted") if each in states), "none")


def _policy_state(report: Report) -> str:
    if not report.policies:
        return "not asked"
    if any(each.count("fail") for each in report.policies):
        return "failed"
    if report.leaves_open:
        return "open"
    return "passed" if report.manifests else "unsigned"


QUESTIONS: Mapping[str, Question] = {
    "Integrity": Question(
        "Every byte that the signature covers was hashed again and compared with what was signed. So were "
        "the manifest's own parts. Bytes that the signature does not cover have a row of their own.",
        {
            "intact": _good(
                "Everything the signature covers is as it was signed. This does not say who signed it."
            ),
            "tampered": _bad("Something was changed after the file was signed."),
            "absent": _open(
                "The file carries no Content Credentials. Most files do not; a file that did may have lost them."
            ),
            "unreadable": _bad("Something in the file cannot be read or checked. This is not a pass."),
        },
        lambda report: report.integrity,
    ),
    "Signer": Question(
        "The signer's certificate was followed to the lists of signers given below, and to no other list.",
        {
            "trusted": _good("A list of trusted signers vouches for the signer."),
            "trusted here only": StateWording(
                "own",
                "Only a development root vouches for the signer. It was made on somebody's own machine, and "
                "nobody else has a reason to trust it.",
            ),
            "untrusted": _open(
                "No list vouches for the signer: anybody may have signed this, under any name."
            ),
            "expired": _open(
                "The certificate had expired, and no trusted time-stamp shows that the file was signed before that."
            ),
            "revoked": _bad("The issuer had revoked the certificate when the file was signed."),
            "none": _open("Nobody signed the file, or no signature can be read."),
        },
        _signer_state,
        _signer_answer,
    ),
    "Time": Question(
        "Time-stamps in the signature and in later manifests were checked, and their authority was followed "
        "to the lists of time-stamping authorities, which are kept apart from the lists of signers.",
        {
            "trusted": _good("A trusted authority confirms that the signature existed at this time."),
            "untrusted": _open("There is a time-stamp, and no list vouches for the authority that made it."),
            "none": _open("There is no time-stamp: nobody but the signer says when the file was signed."),
        },
        lambda report: report.time,
        _time_answer,
    ),
    "Revocation": Question(
        "Responses stapled to the signature, and the revocation lists given, were read. Issuers were asked "
        "only with --online.",
        {
            "good": _good("The issuer confirmed, for that time, that the certificate was not revoked."),
            "revoked": _bad("The issuer has revoked the certificate."),
            "unknown": _open("Nothing at hand shows whether the certificate was revoked."),
            "not checked": _open("There was no certificate that could be checked."),
        },
        lambda report: report.revocation,
    ),
    "Chain": Question(
        "For every ingredient of every manifest: the result written down when it was taken in, and, where "
        "this file holds its own manifest, a new check of its hashes and signature.",
        {
            "sound": _good("Everything this was made from was in order when it was taken in, and still is."),
            "laundered": _bad(
                "Something that had already failed was taken in and signed over. The signature on top "
                "is genuine; the material under it is not what it claims to be."
            ),
            "incomplete": _open(
                "Part of what this was made from cannot be checked, or is no longer in order."
            ),
            "none": _open("The file names nothing that it was made from."),
        },
        lambda report: report.chain,
    ),
    "Conformance": Question(
        "The C2PA programme's own asset rubric, rule by rule.",
        {
            "passed": _good("The manifest is written as the programme requires."),
            "failed": _open("The manifest breaks rules of the programme. The file may still be intact."),
            "unchecked": _open("There is no manifest to check."),
        },
        _conformance_state,
        _conformance_answer,
    ),
    "Bytes not covered": Question(
        "The file's boxes were compared with what the signed hash says it leaves out.",
        {
            "none": _good("No byte was found that the signature leaves out."),
            "unsigned": _open("No signature that can be read covers any of the file."),
            "some": _bad("Anybody can change these bytes, and the file still reads as intact."),
        },
        _unhashed_state,
        _unhashed_answer,
    ),
    "Generated by AI": Question(
        "What the manifest declares, its AI disclosure, and marks in the file's tags. A mark is only a claim, "
        "and its absence shows nothing.",
        {
            "some": _open("The file says this about how it was made."),
            "none": _open("Nothing in the file says how it was made."),
        },
        lambda report: "some" if report.ai.source_type or report.ai.signals else "none",
        _ai_answer,
    ),
    "Identity": Question(
        "Identity assertions (CAWG) in the manifest: people or organisations who stand by it beside the signer.",
        {
            "trusted": _good("A trusted list vouches for them."),
            "untrusted": _open("They are named, and no trusted list vouches for them."),
            "invalid": _bad("An identity is claimed, and its proof does not hold."),
            "unknown": _open("An identity is claimed, and could not be checked."),
            "none": _open("Nobody else is named."),
        },
        _identity_state,
        _identity_answer,
    ),
    "Policy": Question(
        "The policy profiles that were asked for, rule by rule, below.",
        {
            "passed": _good("No rule of the policies failed, and each that applies was checked."),
            "failed": _bad("At least one rule failed."),
            "open": _open("Some rules could not be checked here, or none applied. This is not a pass."),
            "unsigned": _open("The rules that were asked for passed, on a file that nobody signed."),
            "not asked": _open("No policy was asked for."),
        },
        _policy_state,
        _policy_answer,
    ),
}
