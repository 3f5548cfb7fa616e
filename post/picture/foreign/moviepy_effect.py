"""moviepy: one of moviepy's effects, on single frames. moviepy is an extra: it is imported where it is first used."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from importlib import import_module, metadata
from typing import Any

import numpy as np

from post.errors import JobError, RetryError, unknown
from post.knob import knob
from post.stage import FrameEffect, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span

CODES = 255  # moviepy's pictures have 8 bits
_TRIED = (0, 1, 5)  # frames that an effect is tried with
_TRIED_SIZE = (64, 96)  # (height, width)


@stage("moviepy", version=1)
class MoviepyEffect(FrameEffect):
    """An effect of moviepy, which gets and gives 8 bits of R'G'B': gradients may band, so it is best on busy pictures.

    Needs the extra `moviepy`. Refused are effects that give another size or transparency, or need other frames than
    the one they change, or the length of their clip.
    """

    effect: str = knob(hi=100, doc="a class of moviepy.video.fx by its name, such as BlackAndWhite")
    settings: str = knob(default="{}", hi=2000, doc='its arguments by name, as JSON: `{"factor": 0.8}`')
    rate: str = knob(default="24", doc="frames a second of the film, for the time of a frame", internal=True)
    release: str = knob(default="", doc="of moviepy, which the effect is part of", internal=True)

    def agree(self) -> None:
        """Tries the effect. Raises JobError where moviepy is not installed or the effect cannot be used on frames."""
        library, release = load_moviepy("moviepy.effect")
        if self.release not in ("", release):
            raise RetryError(
                "this worker has another release of moviepy", where="moviepy", expected=self.release, got=release,
                fix="install one release everywhere",
            )  # fmt: skip
        object.__setattr__(self, "release", release)
        _effect(library, self.effect, self.settings)
        rng = np.random.default_rng(0)
        for frame in _TRIED:
            tried = rng.random((*_TRIED_SIZE, 3), np.float32)
            if not np.array_equal(self.frames(tried, frame), self.frames(tried, frame)):
                raise _fault(
                    "effect", f"{self.effect} gives another picture each time", "the same one each time"
                )

    def frames(self, rgb: Array, frame: int) -> Array:
        library, _ = load_moviepy("moviepy.effect")
        codes = np.rint(np.clip(rgb, 0, 1) * CODES).astype(np.uint8)
        at = float(frame / Fraction(self.rate))

        ready = False

        def shown(asked: float) -> Array:
            # While the effect is set up, moviepy asks for the picture at 0 s, for its size.
            if ready and asked != at:
                what = f"{self.effect} needs other frames than the one it changes"
                raise _fault("effect", what, "an effect of single frames", f"{asked:g} s for {at:g} s")
            return np.asarray(codes)

        try:
            clip = library.VideoClip()
            clip.frame_function, clip.size = shown, (rgb.shape[1], rgb.shape[0])
            # A new effect each time: some keep what they made of the clip before.
            changed = clip.with_effects([_effect(library, self.effect, self.settings)])
            ready = True
            out = np.asarray(changed.get_frame(at), np.float32)
        except JobError:
            raise
        except Exception as fault:  # another library's, which may raise anything
            what = f"{self.effect} cannot be used on single frames"
            got = f"{type(fault).__name__}: {fault}"
            raise _fault("effect", what, "an effect that needs no length and no file", got) from fault
        if out.shape != rgb.shape or changed.mask is not None:
            got = "transparency" if changed.mask is not None else f"{out.shape[1]}x{out.shape[0]}"
            raise _fault(
                "effect", f"{self.effect} gives another kind of picture", "the same size, opaque", got
            )
        return np.asarray(np.clip(out / np.float32(CODES), 0, 1))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), f"moviepy {self.effect}")


@cache
def _imported() -> tuple[Any, str]:
    return import_module("moviepy"), metadata.version("moviepy")


def load_moviepy(where: str) -> tuple[Any, str]:
    """Returns the moviepy module and its release. Raises JobError where it is not installed, or is of release 1."""
    try:
        library, release = _imported()
    except ImportError as fault:
        raise JobError(
            "needs moviepy, which is not installed", where=where, expected="moviepy 2", got=str(fault),
            fix="pip install 'answerprint[moviepy]'",
        ) from fault  # fmt: skip
    if int(release.partition(".")[0]) < 2:
        raise JobError("needs another release of moviepy", where=where, expected="2 or later", got=release)
    return library, release


def _effect(library: Any, name: str, settings: str) -> Any:
    """Returns a new effect. Raises JobError for a name or settings that moviepy does not have."""
    kinds = vars(import_module("moviepy.video.fx"))
    known = [
        key for key, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, library.Effect)
    ]
    if name not in known:
        raise unknown(name, known, "moviepy.effect", "effect of moviepy")
    try:
        given = json.loads(settings)
    except (ValueError, RecursionError) as fault:
        raise _fault("settings", "are not JSON", 'such as {"factor": 0.8}', str(fault)) from fault
    if not isinstance(given, dict):
        raise _fault("settings", "are no names and values", 'such as {"factor": 0.8}', settings)
    try:
        return kinds[name](**given)
    except Exception as fault:  # another library's, which may raise anything
        raise _fault("settings", f"are not those of {name}", "its arguments, by name", str(fault)) from fault


def _fault(key: str, what: str, expected: str, got: str = "") -> JobError:
    return JobError(what, where=f"moviepy.{key}", expected=expected, got=got)
