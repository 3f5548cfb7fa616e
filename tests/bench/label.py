"""Measures whether `verify` finds the visible AI label in finished films, and only there; and what it costs.

    python -m tests.bench.label --work DIR [--clips N]

Of each clip two films are finished, with and without a label, at 1080 and 540 lines (tall and square ones too), and
the first is coded again at CRF 28. Labels differ in text, height, place and polarity. Films are kept in DIR for another
run. The thresholds of post/qc/label were chosen on the first four clips and on made words. For the clips of even and of
odd places in the list: misses, false alarms, the upper 95 % bound of each, the least likeness, and how far heights are
off.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import cv2
import imageio_ffmpeg
from scipy.stats import beta

from post.qc.film_pass import measure_one
from post.qc.label.find import LabelQuestion
from post.values.sights.label import LabelSight

TEXTS = (
    "AI GENERATED",
    "AI MODIFIED",
    "AI",
    "KI-GENERIERT",
    "GÉNÉRÉ PAR IA",
    "GENERADO CON IA",
    "MADE WITH AI",
)
COMMAND = str(Path(sys.executable).parent / "answerprint")
FOLDERS = ("ai_clips", "footage")
SIZES = ((1920, 1080), (1080, 1920), (1080, 1080), (1920, 1080))
WAYS = ("full", "half", "crf28")
SHORT = {"diffsynth_toon_dog_mpeg4": "0.9s", "phone_dog_1080p_vfr": "1.5s", "fasthunyuan_hiker": "1.5s"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A label as a job asks for it."""

    text: str
    height: float
    keys: str


LABELS = (
    Asked("AI GENERATED", 5, "{}"),
    Asked("AI GENERATED", 3, "{height: 3, place: bottom-left}"),
    Asked("AI MODIFIED", 5, "{text: AI MODIFIED, place: top-left}"),
    Asked("AI GENERATED", 5, "{place: bottom-right, colour: '#000000', plate_colour: '#ffffff'}"),
    Asked("AI GENERATED", 5, "{}"),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in one film. asked: its label, None for the unlabelled twin; cpu_s: seconds of CPU."""

    clip: str
    way: str
    asked: Asked | None
    sight: LabelSight
    cpu_s: float

    @property
    def wrong(self) -> bool:
        """Whether the label was missed, or one was seen where there is none."""
        if self.asked is None:
            return bool(self.sight.seen)
        whole = [each for each in self.sight.seen if each.dwell == self.sight.length]
        return [each.text for each in whole] != [self.asked.text]


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.label")
    parser.add_argument("--work", type=Path, required=True, help="where films are kept between runs")
    parser.add_argument("--clips", type=int, default=0, help="the first so many clips alone")
    asked = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    clips = sorted(path for folder in FOLDERS for path in (media / folder).glob("*.mp4"))
    clips.sort(key=lambda path: (FOLDERS.index(path.parent.name), path.name))
    scans: tuple[list[Scan], list[Scan]] = ([], [])
    for at, clip in enumerate(clips[: asked.clips or None]):
        for label in (LABELS[at % len(LABELS)], None):
            folder = _finished(clip, at, label, asked.work)
            scans[at % 2].extend(_scan(clip.stem, folder / f"{way}.mp4", label) for way in WAYS)
    for name, half in zip(("even places", "odd places"), scans, strict=True):
        _report(name, half)
    _report("both", scans[0] + scans[1])
    return min(sum(scan.wrong for half in scans for scan in half), 1)


def _finished(clip: Path, at: int, label: Asked | None, work: Path) -> Path:
    """Returns the folder of a clip's films, which are made where they are not there yet."""
    folder = work / f"{clip.stem}-{'on' if label else 'off'}"
    if (folder / "crf28.mp4").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[at % 4] if at % 3 == 0 else SIZES[0]
    sizes = {"full": (width, height, 20), "half": (width // 2, height // 2, 23)}
    rows = "\n".join(
        f"  - {{preset: draft, name: {name}, width: {w}, height: {h}, picture: {{crf: {crf}, preset: veryfast}}}}"
        for name, (w, h, crf) in sizes.items()
    )
    (folder / "job.yaml").write_text(
        f"schema: Job.2\ntitle: Twin\nclock: 24\nhouse: plain\ntakes: {{a: {clip}}}\n"
        f"cut:\n  - {{take: a, length: {SHORT.get(clip.stem, '2s')}}}\n"
        f"label: {label.keys if label else 'none'}\ndeliver:\n{rows}\n"
    )
    command = [
        COMMAND,
        "finish",
        "job.yaml",
        "-o",
        ".",
        "--store",
        str(work / "store"),
    ]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    again = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(folder / "full.mp4"), "-an", "-c:v", "libx264",
        "-preset", "veryfast", "-crf", "28", "-threads", "1", str(folder / "part.mp4"),
    ]  # fmt: skip
    subprocess.run(again, check=True)
    (folder / "part.mp4").replace(folder / "crf28.mp4")
    return folder


def _scan(clip: str, film: Path, label: Asked | None) -> Scan:
    started = time.process_time()
    sight = measure_one(film, LabelQuestion(TEXTS))
    scan = Scan(clip, film.stem, label, sight, time.process_time() - started)
    said = [f"{each.text} {each.height_percent} % {each.score}" for each in sight.seen]
    print(
        f"{'WRONG' if scan.wrong else 'right'} {clip} {film.stem} {label.text if label else '-'}: {said}",
        flush=True,
    )
    return scan


def _report(name: str, scans: list[Scan]) -> None:
    labelled = [scan for scan in scans if scan.asked]
    plain = [scan for scan in scans if not scan.asked]
    clips = len({scan.clip for scan in scans})
    for what, some in (("misses", labelled), ("false alarms", plain)):
        # Three films of one clip are not independent: the bound counts a clip once.
        wrong = len({scan.clip for scan in some if scan.wrong})
        films = sum(scan.wrong for scan in some)
        print(
            f"{name}: {what} {films} of {len(some)} films, {wrong} of {clips} clips, at most {_bound(wrong, clips):.1%}"
        )
    seen = [(scan, each) for scan in labelled for each in scan.sight.seen if scan.asked]
    if seen:
        off = [_height_off(scan, each.height_percent) for scan, each in seen]
        print(
            f"{name}: least likeness {min(each.score for _, each in seen):.3f}, heights off by "
            f"{min(off):+.1%} to {max(off):+.1%}, least contrast {min(each.contrast for _, each in seen):.1f}"
        )
    frames = sum(scan.sight.frames for scan in scans)
    print(
        f"{name}: {sum(scan.cpu_s for scan in scans) / frames * 1e3:.0f} ms of CPU for each frame looked at"
    )


def _height_off(scan: Scan, percent: float) -> float:
    """Returns how far a height is from the one drawn: a capital has whole pixels."""
    assert scan.asked is not None
    shorter = 540 if scan.way == "half" else 1080
    drawn = 100 * ceil(scan.asked.height / 100 * shorter - 1e-9) / shorter
    return percent / drawn - 1


def _bound(wrong: int, count: int) -> float:
    """Returns the upper 95 % bound of a share (one-sided, Clopper and Pearson)."""
    return 1.0 if wrong == count else float(beta.ppf(0.95, wrong + 1, count - wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
