"""A machine without libfribidi, libGL, fontconfig and fonts of its own: titles in every script are set all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Refuses what a bare machine lacks: the libraries by their names, fonts by their folders.
BLOCKED = """
import ctypes, os, sys
LIBRARIES = ("fribidi", "libGL", "libEGL", "fontconfig", "raqm")
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/System/Library/Fonts", "/Library/Fonts")
tried = []

def block(event, args):
    text = str(args[0]) if args else ""
    if event == "ctypes.dlopen" and any(name in text for name in LIBRARIES):
        tried.append(text)
        raise OSError(f"{text}: not on this machine")
    if event in ("open", "os.listdir", "os.scandir") and text.startswith(FOLDERS):
        tried.append(text)
        raise FileNotFoundError(text)

sys.addaudithook(block)
"""
# A dynamic loader looks here for libraries that are opened from C, where no audit hook sees it.
TITLES = (
    BLOCKED
    + """
from fractions import Fraction
import hashlib
from post.stage_knobs import make
from post.values.colour import Format
from post.values.time import Clock

WRITTEN = {
    "en": "Ångström fi 12", "ar": "عام 2026: أخبار", "he": "שנת 2026 חדשות", "hi": "हिन्दी क्षत्रिय", "th": "สวัสดีชาวโลก",
    "ta": "தமிழ் செய்தி", "ja": "今日は天気です", "ko": "오늘의 뉴스", "zh-Hans": "今天的新闻", "zh-Hant": "今天的新聞",
    "": "👩\\u200d👩\\u200d👧\\u200d👦 🇯🇵",
}
canvas = Format(640, 360, Clock(Fraction(24)), 48)
for language, text in WRITTEN.items():
    for writing in ("horizontal", "vertical") if language in ("ja", "ko", "zh-Hans", "zh-Hant") else ("horizontal",):
        title = make("title", {"text": text, "language": language, "writing": writing})
        rgba = title.draw(canvas).rgba
        print(language or "emoji", writing, rgba.shape, hashlib.sha256(rgba.tobytes()).hexdigest()[:12])
"""
)
LOADED = """
import re
maps = open("/proc/self/maps").read() if sys.platform == "linux" else ""
print("LOADED", sorted(set(re.findall(r"lib(?:fribidi|GL|EGL|fontconfig|raqm)[^/\\\\s]*", maps))))
"""


def run(code: str, **more: str) -> list[str]:
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | more,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


def test_titles_in_every_script_need_nothing_of_the_machine(tmp_path: Path) -> None:
    # Libraries of these names that cannot be loaded stand before those of the machine.
    for name in ("libfribidi.so.0", "libGL.so.1", "libEGL.so.1", "libfontconfig.so.1", "libraqm.so.0"):
        (tmp_path / name).write_bytes(b"no library")
    bare = run(TITLES + LOADED, LD_LIBRARY_PATH=str(tmp_path), FONTCONFIG_FILE=str(tmp_path / "none"))
    whole = run(TITLES.replace("sys.addaudithook(block)", ""))
    assert bare[:-1] == whole
    assert len(whole) == 15
    assert bare[-1] == "LOADED []"


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of a process")
def test_the_block_blocks(tmp_path: Path) -> None:
    code = (
        BLOCKED + "\ntry:\n    ctypes.CDLL('libfribidi.so.0')\nexcept OSError as fault:\n    print(fault)\n"
    )
    assert run(code) == ["libfribidi.so.0: not on this machine"]
    (tmp_path / "libfribidi.so.0").write_bytes(b"no library")
    code = "import ctypes\ntry:\n    ctypes.CDLL('libfribidi.so.0')\nexcept OSError:\n    print('refused')\n"
    assert run(code, LD_LIBRARY_PATH=str(tmp_path)) == ["refused"]
