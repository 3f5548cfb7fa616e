"""Changes finished files as others would: cut, flashed, stripped of marks, or with another's marks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg

from post.values.claim import GENERATED, IPTC


def _ffmpeg(source: Path, out: Path, *options: str) -> None:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(source), *options, "-threads", "1",
        "-movflags", "+faststart+use_metadata_tags", str(out),
    ]  # fmt: skip
    subprocess.run(command, check=True)


def crop(source: Path, out: Path) -> None:
    """Cuts off the right third, and so a part of the label, and codes again."""
    _ffmpeg(
        source,
        out,
        "-vf",
        "crop=trunc(iw*0.66/2)*2:ih:0:0",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "20",
    )


def fade(source: Path, out: Path) -> None:
    """Takes most of the contrast out of the upper part of the picture, where the label stands."""
    faint = "[0:v]split[a][b];[b]crop=iw:ih*0.3:0:0,eq=contrast=0.12[c];[a][c]overlay=0:0"
    _ffmpeg(source, out, "-filter_complex", faint, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20")


def flash(source: Path, out: Path) -> None:
    """Makes every other group of three frames of a second white: eight changes a second, over all of the picture."""
    white = "drawbox=color=white:t=fill:enable='between(t,0.7,1.9)*lt(mod(n,6),3)'"
    black = "drawbox=color=black:t=fill:enable='between(t,0.7,1.9)*gte(mod(n,6),3)'"
    _ffmpeg(source, out, "-vf", f"{white},{black}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20")


def strip_aigc(source: Path, out: Path) -> None:
    """Takes the AIGC label's name out of the file's table of keys, as a tool does that does not know it."""
    _replaced(source, out, b"mdtaAIGC", b"mdtaXXXX")


def swap_marks(source: Path, out: Path) -> None:
    """Puts another film's statement in place of this one's: made by a camera, as XMP says."""
    data = source.read_bytes()
    named = next(
        each for each in (f"{IPTC}compositeWithTrainedAlgorithmicMedia", GENERATED) if each.encode() in data
    )
    other = f"{IPTC}digitalCapture"
    old = f"{named}</Iptc4xmpExt:DigitalSourceType>".encode()
    new = other.encode() + b"</Iptc4xmpExt:DigitalSourceType>"
    _replaced(source, out, old, new + b" " * (len(old) - len(new)))


def _replaced(source: Path, out: Path, old: bytes, new: bytes) -> None:
    data = source.read_bytes()
    assert data.count(old) >= 1, f"{source}: {old!r} is not in it"
    assert len(old) == len(new)
    out.write_bytes(data.replace(old, new))


# Files alone are changed: the picture is that of the good film, and is looked at once.
SAME_PICTURE = ("stripped AIGC", "swapped metadata")
FILES: dict[str, Callable[[Path, Path], None]] = {
    "cropped film": crop,
    "faded label": fade,
    "flashes": flash,
    "stripped AIGC": strip_aigc,
    "swapped metadata": swap_marks,
}


def mutated(name: str, good: Path) -> Path:
    """Returns a good film's mutation, made where it is not there yet."""
    out = good.with_name(f"file-{name.replace(' ', '-')}.mp4")
    if not out.exists():
        part = out.with_name(f"part-{out.name}")
        FILES[name](good, part)
        part.replace(out)
    return out
