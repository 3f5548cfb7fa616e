"""Makes the demo's files: clips like those of generators, two of them signed, a brief and a job."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import presets
from post.deliver.sign import film_signer
from post.os_faults import writing
from post.takes.made.scenes import SCENES, Image
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values import BT709
from provenance.manifest.generated import sign_generated
from provenance.signing import keyring
from provenance.trust import lists

GENERATOR = ("Answerprint demo generator", "1.0")
TONE = SoundRecipe()
# Several looks, sizes and rates; untagged colour, low sample rates and no sound, as generators have it.
CLIPS = {
    "sky": ClipRecipe("dusk", 1792, 1024, Fraction(24), 73, colour=BT709, sound=TONE),
    "city": ClipRecipe("lights", 1280, 720, Fraction(25), 75, sound=SoundRecipe(rate_hz=24000)),
    "portrait": ClipRecipe("lights", 720, 1280, Fraction(30), 75, b_frames=0),
    "market": ClipRecipe("sea", 832, 480, Fraction(16), 41),
    "tide": ClipRecipe("sea", 1280, 720, Fraction(30), 90, sound=SoundRecipe(rate_hz=44100, channels=1)),
}
SIGNED = ("sky", "tide")
COARSE = 3


def make_demo(folder: Path, config: Path, progress: Callable[[str, int, int], None]) -> Path:
    """Writes clips, a brief and a job to `folder`, and returns the job file. config: the folder of this user's keys."""
    with writing(folder):
        clips = folder / "clips"
        clips.mkdir(parents=True, exist_ok=True)
        for number, (name, recipe) in enumerate(CLIPS.items()):
            progress("generating clips", number, len(CLIPS))
            _make(clips / f"{name}.mp4", recipe, config, name in SIGNED)
        progress("generating clips", len(CLIPS), len(CLIPS))
        for name in ("brief.yaml", "job.yaml"):
            shutil.copyfile(Path(presets.__file__).parent / "demo" / name, folder / name)
    return folder / "job.yaml"


def _drawn(recipe: ClipRecipe, frame: int) -> Image:
    """Draws a scene at a third of its size: scenes are soft, and at full size they took 90 CPU seconds."""
    scene = SCENES[recipe.look]
    return scene(recipe.width // COARSE, recipe.height // COARSE, float(frame / recipe.rate))


def _make(path: Path, recipe: ClipRecipe, config: Path, signed: bool) -> None:
    with TemporaryDirectory(
        prefix=".", dir=path.parent
    ) as folder:  # a new one, which only this user can enter
        raw = make_clip(Path(folder) / path.name, recipe, partial(_drawn, recipe))
        if not signed:
            raw.replace(path)
            return
        seal = film_signer(config, keyring.DEVELOPMENT)
        sign_generated(raw, path, GENERATOR, seal.signer, lists.join_pem(seal.anchors))
