"""Checks of the marks beside the manifest: China's AIGC label, IPTC's source type in XMP, and whether all agree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from post.values.claim import Verdict
from provenance.claim.vocabulary import is_generated
from provenance.formats.media_type import BMFF_FILMS
from provenance.labels.marks import AIGC_BOX, FileMarks, lacking_fields, read_file_marks
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, pass_or_fail, text, texts
from provenance.policy.checks.label_sight import TEXTS, is_named, look_for

_URI = ("http://cv.iptc.org/newscodes/digitalsourcetype/", "http://c2pa.org/digitalsourcetype/")
PERSON = "a person must say"
MARKS = ("c2pa", "xmp", "aigc", "visible")


def _read(given: PolicyInput) -> FileMarks:
    if given.reading.media_type not in BMFF_FILMS:
        return FileMarks(
            fault=f"marks are read in MP4 and QuickTime alone, not in {given.reading.media_type or 'this'}"
        )
    return read_file_marks(Path(given.report.file.path))


def _aigc(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires one AIGC label, whole and in its place."""
    box = text(parameters, "location", AIGC_BOX)
    allowed = texts(parameters, "labels", ("1", "2", "3"))
    required = f"one copy in {box}, Label {' or '.join(allowed)}, with ContentProducer and ProduceID"
    marks = _read(given)
    if marks.fault:
        return CheckOutcome("cannot_check", marks.fault, required)
    if len(marks.aigc) != 1:
        where = ", ".join(each.box for each in marks.aigc)
        return CheckOutcome("fail", f"{len(marks.aigc)} copies" + (f": {where}" if where else ""), required)
    copy = marks.aigc[0]
    if copy.label is None:
        return CheckOutcome("fail", f"in {copy.box}: it is no label", required)
    faults = [f"lacks {each}" for each in lacking_fields(copy.label)]
    faults += [f"Label {copy.label.label}"] if copy.label.label not in allowed else []
    faults += [f"it stands in {copy.box}"] if copy.box != box else []
    own = f"Label {copy.label.label}, producer {copy.label.producer}, id {copy.label.produce_id}"
    return pass_or_fail(not faults, "; ".join((*faults, own)), required)


def _xmp(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires IPTC's digital source type as a whole URI."""
    allowed = texts(parameters, "one_of")
    required = f"a whole URI, {' or '.join(allowed)}" if allowed else "a whole URI"
    marks = _read(given)
    if marks.fault:
        return CheckOutcome("cannot_check", marks.fault, required)
    named = marks.source_type.rpartition("/")[2]
    good = marks.source_type.startswith(_URI) and (named in allowed if allowed else bool(named))
    return pass_or_fail(good, marks.source_type or "none", required)


def _agree(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires that the marks say the same of whether the film was generated. required: those that must be there."""
    needed = texts(parameters, "required")
    required = "all say the same" + (f"; there are {', '.join(needed)}" if needed else "")
    marks, unknown = _read(given), [each for each in needed if each not in MARKS]
    if unknown:
        return CheckOutcome("cannot_check", f"no mark of that name: {', '.join(unknown)}", required)
    said, blind = _said(given, marks)
    missing = [each for each in needed if each not in said]
    unread = [blind[each] for each in missing if each in blind]
    found = ", ".join(f"{name}: {'generated' if says else 'not generated'}" for name, says in said.items())
    faults = [f"no {each}" for each in missing if each not in blind]
    if len(set(said.values())) > 1:
        faults.append("they contradict each other")
    declared = given.report.ai.source_type
    if marks.source_type and declared and marks.source_type != declared:
        faults.append(
            f"the manifest says {declared.rpartition('/')[2]}, the XMP {marks.source_type.rpartition('/')[2]}"
        )
    if faults:
        return CheckOutcome("fail", "; ".join((*faults, found)), required)
    if unread:
        verdict: Verdict = (
            "needs_human" if all(each.startswith(PERSON) for each in unread) else "cannot_check"
        )
        return CheckOutcome(verdict, "; ".join((*unread, found)), required)
    if not said:
        return CheckOutcome("not_applicable", "the file carries no mark", required)
    return CheckOutcome("pass", found, required)


def _said(given: PolicyInput, marks: FileMarks) -> tuple[dict[str, bool], dict[str, str]]:
    """Returns of each mark that is there whether it says that the film was generated, and why others are not known."""
    said: dict[str, bool] = {}
    blind = dict.fromkeys(("xmp", "aigc"), marks.fault) if marks.fault else {}
    if given.report.manifests and given.report.integrity == "intact":
        said["c2pa"] = given.is_generated
    elif given.report.manifests:
        blind["c2pa"] = f"the manifest is {given.report.integrity}"
    if marks.source_type:
        said["xmp"] = is_generated(marks.source_type)
    if any(each.label for each in marks.aigc):
        said["aigc"] = True
    sight = look_for(given, TEXTS)
    known = (*TEXTS, *given.label_texts)
    if sight.fault:
        blind["visible"] = f"the picture cannot be searched: {sight.fault}"
    elif any(each.alone and is_named(each, known) for each in sight.seen):
        said["visible"] = True
    elif unsure := next((each for each in sight.seen if each.declared or is_named(each, known)), None):
        blind["visible"] = f"{PERSON} whether {unsure.text!r} is a label"
    return said, blind


CHECKS: Mapping[str, Check] = {
    "aigc.present": Check(_aigc, {"location": str, "labels": tuple}),
    "xmp.source_type": Check(_xmp, {"one_of": tuple}),
    "marks.agree": Check(_agree, {"required": tuple}),
}
