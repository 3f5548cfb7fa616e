"""Judges finished films as policies do: what is heard, black, still, flashing, written, prohibited, and the logo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from post.atomic import checksum
from post.brief.checks.edit import judge_spans
from post.brief.footage import Footage
from post.brief.found import Limit, blind, judged, worst
from post.brief.wording import has_phrase
from post.job.brief.edit_checks import LengthCheck, LoudnessCheck, PaceCheck
from post.job.brief.model import MotionBrief
from post.job.brief.picture_checks import BlackCheck, FlashesCheck, FrozenCheck, LogoCheck
from post.job.brief.word_checks import ContentCheck, TextCheck, WordsCheck
from post.measure.cuts import Cuts
from post.measure.fact import Unmeasured
from post.values.brand.guide import BrandGuide, LogoFile
from post.values.media import File
from provenance.policy.check import CheckOutcome, Parameters, PolicyInput
from provenance.policy.checks import run_check
from provenance.policy.document.claims import ApprovedText
from provenance.policy.document.references import References


@dataclass(frozen=True, eq=False)
class FilmShown:
    """A finished film, as a brief looks at it. given: what policies are checked against; footage: what was measured of
    it; fault: why that could not be, "" where it was; beside_copy: words of labels and captions, which are no copy."""

    brief: MotionBrief
    given: PolicyInput
    footage: Footage | None = None
    fault: str = ""
    beside_copy: tuple[str, ...] = ()

    def ask(self, kind: str, parameters: Mapping[str, float | int | tuple[str, ...] | str]) -> CheckOutcome:
        """Returns the outcome of a policy's check. Numbers are taken as they are written in decimals."""
        exact: Parameters = {
            name: Fraction(str(value)) if isinstance(value, float) else value
            for name, value in parameters.items()
        }
        return run_check(self.given, kind, exact)

    def comparing(self, references: References) -> FilmShown:
        """Returns the film compared with these, and with what it was compared with before."""
        over = references.over(self.given.references)
        return replace(self, given=replace(self.given, references=over))


def judge_film_black(check: BlackCheck, film: FilmShown) -> CheckOutcome:
    """Judges black in every frame of a film."""
    limits = dict.fromkeys(("longest_s", "head_s", "tail_s"), check.seconds)
    return film.ask("frames.black", limits)


def judge_film_frozen(check: FrozenCheck, film: FilmShown) -> CheckOutcome:
    """Judges stillness in every frame of a film, but for what its own edit explains."""
    return film.ask("frames.frozen", {"longest_s": check.seconds})


def judge_film_flashes(_: FlashesCheck, film: FilmShown) -> CheckOutcome:
    """Judges flashes as BT.1702-3 has them, of light and of red."""
    return worst([film.ask("pse.general", {}), film.ask("pse.red", {})])


def judge_film_loudness(check: LoudnessCheck, film: FilmShown) -> CheckOutcome:
    """Judges loudness and true peak."""
    if film.given.look is not None and not film.given.look.sound("programme").there:
        return CheckOutcome("not_applicable", "the film has no sound", f"{check.lufs:g} LUFS")
    # A parameter of policies is 0 or more but for these two, which are below it.
    loud = film.ask("sound.loudness", {"lufs": check.lufs, "tolerance_lu": check.tolerance})
    return worst([loud, film.ask("sound.peak", {"dbtp": check.peak})])


def judge_film_logo(check: LogoCheck, film: FilmShown) -> CheckOutcome:
    """Judges the logo as it is drawn: there, in its shape and colours, with room around it, and no old one."""
    logos = logos_of(check)
    looked = film.comparing(References(brand=BrandGuide((), logos)))
    outcomes = [
        looked.ask("brand.logo_distorted", {"percent": check.stretch_percent}),
        looked.ask("brand.logo_wrong", {"delta_e": check.delta_e}),
        looked.ask("brand.logo_clear_space", {"percent": check.room_percent}),
    ]
    if check.seconds:
        outcomes.append(looked.ask("brand.logo_present", {"seconds": check.seconds}))
    return worst([each for each in outcomes if each.verdict != "not_applicable"] or outcomes)


def logos_of(check: LogoCheck) -> tuple[LogoFile, ...]:
    """Returns the drawings of a rule. Each has a name of its own, by which it is followed through the film: an old logo
    mostly has the file name of the new one."""
    rows = [(path, False) for path in check.file] + [(path, True) for path in check.retired]
    stems, made = [path.stem for path, _ in rows], dict[str, LogoFile]()
    for number, (path, retired) in enumerate(rows, start=1):
        name = path.stem if stems.count(path.stem) == 1 else f"{path.parent.name}/{path.stem}"
        name = f"{name} {number}" if name in made else name
        made[name] = LogoFile(name, File(checksum(path).sha256, path.name, path), retired)
    return tuple(made.values())


def judge_film_texts(check: TextCheck, film: FilmShown) -> CheckOutcome:
    """Judges what is read on a film against the approved texts."""
    allowed = check.allowed or film.brief.texts
    texts = (*allowed, *film.beside_copy) if allowed else ()
    claims = tuple(ApprovedText(f"copy-{at}", text) for at, text in enumerate(texts, start=1))
    return film.comparing(References(claims=claims or None)).ask("text.approved", {"unapproved": "fail"})


def judge_film_words(check: WordsCheck, film: FilmShown) -> CheckOutcome:
    """Judges whether a banned word is read on a film."""
    required = f"no {', '.join(check.banned)}"
    if film.given.look is None:
        return blind("nothing here reads the picture", required)
    sight = film.given.look.text()
    if sight.fault:
        return blind(sight.fault, required)
    for seen in sight.seen:
        found = [word for word in check.banned if has_phrase(seen.text, word)]
        if found:
            told = f"{', '.join(found)} in {seen.text!r}"
            return CheckOutcome("fail", told, required, "", seen.stretches, seen.box, seen.frame)
    return CheckOutcome("pass", f"{len(sight.seen)} texts read", required)


def judge_film_content(check: ContentCheck, film: FilmShown) -> CheckOutcome:
    """Judges what installed models see; without one, a person is asked."""
    parameters: dict[str, float | int | tuple[str, ...] | str] = {
        "confidence_percent": check.confidence_percent
    }
    if check.categories:
        parameters["categories"] = check.categories
    outcome = film.ask("content.prohibited", parameters)
    return replace(outcome, verdict="needs_human") if outcome.verdict == "cannot_check" else outcome


def judge_film_length(check: LengthCheck, film: FilmShown) -> CheckOutcome:
    """Judges how long a film is."""
    footage = film.footage
    if footage is None:
        return blind(film.fault, "a length")
    seconds = float(footage.picture.grid.seconds(footage.picture.length))
    return judged([Limit("the film lasts", seconds, "s", check.least, check.most)])


def judge_film_pace(check: PaceCheck, film: FilmShown) -> CheckOutcome:
    """Judges the pace of a film by the cuts that are seen in it; dissolves are not."""
    footage = film.footage
    if footage is None:
        return blind(film.fault, "a pace")
    found = footage.value("cuts", Cuts)
    if isinstance(found, Unmeasured):
        return blind(found, "a pace")
    shots = [(f"shot {at}", span) for at, span in enumerate(found.shots(footage.picture.length), start=1)]
    told = judge_spans(check, shots, float(footage.picture.grid.rate))
    return replace(told, evidence=f"{told.evidence}, by the cuts that are seen")
