"""Judges the cut by its plan: pace, beats, formats, length, and the words of titles and captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from post.brief.cut import CutShown
from post.brief.found import Limit, judged
from post.brief.said import SaidText, texts_of_job
from post.brief.wording import has_phrase
from post.job.brief.edit_checks import BeatsCheck, FormatsCheck, LengthCheck, PaceCheck
from post.job.brief.model import BriefFormat
from post.job.brief.word_checks import TextCheck, WordsCheck
from post.knob import duration_seconds
from post.values import Rendition
from post.values.claim import Stretch
from provenance.policy.check import CheckOutcome


def judge_pace(check: PaceCheck, cut: CutShown) -> CheckOutcome:
    """Judges the number of shots in a minute, and the shortest and the longest shot."""
    spans = {shot.name: (shot.span.first, shot.span.stop) for shot in cut.film.shots}
    return judge_spans(check, list(spans.items()), float(cut.film.format.clock.rate))


def judge_spans(check: PaceCheck, spans: Sequence[tuple[str, tuple[int, int]]], rate: float) -> CheckOutcome:
    """Judges the pace of shots. spans: each with its name, first frame and the one after its last; rate: frames a
    second."""
    lengths = {name: (stop - first) / rate for name, (first, stop) in spans}
    total = max((stop for _, (_, stop) in spans), default=1) / rate
    short, long = (choose(lengths, key=lambda name: lengths[name]) for choose in (min, max))
    places = {name: ((_exact(first, rate), _exact(stop, rate)),) for name, (first, stop) in spans}
    limits = [
        Limit("shots a minute", 60 * len(spans) / total, "", check.least_per_minute, check.most_per_minute),
        Limit(f"the shortest shot ({short}) is", lengths[short], "s", check.shortest, None, places[short]),
        Limit(f"the longest shot ({long}) is", lengths[long], "s", None, check.longest, places[long]),
    ]
    return judged(limits, f"{len(spans)} shots in {total:.2f} s")


def _exact(frame: int, rate: float) -> Fraction:
    return Fraction(frame) / Fraction(rate).limit_denominator(1001)


def judge_beats(check: BeatsCheck, cut: CutShown) -> CheckOutcome:
    """Judges whether every beat is told, in order, for long enough."""
    wanted = [each.id for each in cut.brief.beats]
    order = ", in the brief's order" if check.order else ""
    long = f", each for {check.seconds:g} s" if check.seconds else ""
    required = f"the beats {', '.join(wanted)}{order}{long}"
    if not wanted:
        return CheckOutcome("cannot_check", "the brief has no beats", required)
    shots = [(cut.beat(shot), shot) for shot in cut.film.shots]
    told = [beat for beat, _ in shots if beat]
    if not told:
        return CheckOutcome("cannot_check", "no take of the cut says its beat (`beat: ID`)", required)
    clock, faults, at = cut.film.format.clock, list[str](), list[Stretch]()
    missing = [beat for beat in wanted if beat not in told]
    faults += [f"{beat} is not told" for beat in missing]
    seen = [beat for beat in dict.fromkeys(told) if beat in wanted]
    right = [beat for beat in wanted if beat in seen]
    if check.order and seen != right:
        faults.append(f"the order is {', '.join(seen)}")
        beat = next(one for one, other in zip(seen, right, strict=True) if one != other)
        shot = next(shot for known, shot in shots if known == beat)
        at.append((clock.seconds(shot.span.first), clock.seconds(shot.span.stop)))
    for beat in right:
        frames = sum(len(shot.span) for known, shot in shots if known == beat)
        if clock.seconds(frames) < check.seconds:
            faults.append(f"{beat} is told for {float(clock.seconds(frames)):.2f} s")
    found = "; ".join(faults) or f"{len(right)} beats told"
    unsaid = sum(not beat for beat, _ in shots)
    evidence = f"{unsaid} of {len(shots)} shots are for no beat" if unsaid else f"{len(shots)} shots"
    return CheckOutcome("fail" if faults else "pass", found, required, evidence, tuple(at))


def judge_formats(check: FormatsCheck, cut: CutShown) -> CheckOutcome:
    """Judges whether each format of the brief is one of the films that the job makes, in any version."""
    wanted = cut.brief.formats
    required = f"films of {'; '.join(each.said for each in wanted)}"
    if not wanted:
        return CheckOutcome("cannot_check", "the brief has no formats", required)
    missing = [each for each in wanted if not any(_fits(check, each, film) for film in cut.films)]
    made = ", ".join(
        f"{film.name} {film.format.width}x{film.format.height}, {_seconds(film):.2f} s"
        for film in cut.films[:8]
    )
    found = f"not made: {'; '.join(each.said for each in missing)}" if missing else f"{len(wanted)} formats"
    return CheckOutcome("fail" if missing else "pass", found, required, f"the job makes {made}")


def _fits(check: FormatsCheck, wanted: BriefFormat, film: Rendition) -> bool:
    made = film.format
    if wanted.in_pixels:
        fits = (made.width, made.height) == (wanted.width, wanted.height)
    else:
        ratio = made.width * wanted.height / (made.height * wanted.width)
        fits = abs(ratio - 1) <= check.tolerance_percent / 100
    if not fits or not wanted.length:
        return fits
    asked = float(duration_seconds(wanted.length, made.clock))
    return abs(_seconds(film) - asked) <= check.tolerance_seconds


def _seconds(film: Rendition) -> float:
    return len(film.shown) / float(film.format.clock.rate)


def judge_length(check: LengthCheck, cut: CutShown) -> CheckOutcome:
    """Judges how long the film is."""
    return judged([Limit("the film lasts", cut.seconds, "s", check.least, check.most)])


def judge_texts(check: TextCheck, cut: CutShown) -> CheckOutcome:
    """Judges whether each title is an approved text, letter by letter but for spaces."""
    allowed = {_spaced(each) for each in check.allowed or cut.brief.texts}
    required = f"titles say one of {len(allowed)} approved texts"
    if not allowed:
        return CheckOutcome("needs_human", "the brief approves no texts", required)
    said = [each.text for each in _titles(cut) if not each.counts]
    other = [each for each in said if _spaced(each) not in allowed]
    if other:
        return CheckOutcome("fail", f"not approved: {', '.join(map(repr, other))}", required)
    return CheckOutcome("pass", f"{len(said)} titles", required)


def judge_cut_words(check: WordsCheck, cut: CutShown) -> CheckOutcome:
    """Judges whether titles and captions have a banned word."""
    required = f"no {', '.join(check.banned)}"
    texts = [*(each.text for each in _titles(cut)), *_captions(cut)]
    found = [(word, text) for word in check.banned for text in texts if has_phrase(text, word)]
    if found:
        told = "; ".join(f"{word} in {text!r}" for word, text in found[:5])
        return CheckOutcome("fail", told, required)
    return CheckOutcome("pass", f"{len(texts)} titles and captions read", required)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _titles(cut: CutShown) -> Iterator[SaidText]:
    return (each for each in texts_of_job(cut.job) if each.kind == "title")


def _captions(cut: CutShown) -> Iterator[str]:
    return (caption.text for file in cut.job.captions for caption in file.captions.captions)
