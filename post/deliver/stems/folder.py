"""Writes the folder of stems that lies beside a film: `wide.stems/wide.music.wav`, and so on.

The files are working material, and are not signed: the receipt beside them lists the SHA-256 of each.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from post.deliver.output_set import refuse_folder, refuse_source
from post.errors import OutputError
from post.os_faults import writing
from post.render.sound.stems import MIX, StemFile, read_stems
from post.sound.buses import STEMS
from post.values import Rendition

FOLDER, SUFFIX = ".stems", ".wav"


@dataclass(frozen=True, slots=True)
class MadeStem:
    """A stem beside a film. path: where it lies once its set is published."""

    file: StemFile
    path: Path

    def row(self) -> dict[str, Any]:
        """Returns it as the receipt has it: with no path, but its folder and name."""
        made = self.file
        return {
            "stem": made.stem,
            "file": f"{self.path.parent.name}/{self.path.name}",
            "sha256": made.sha256,
            "bytes": made.bytes,
            "gain_db": made.gain_db,
            "loudness_lufs": None if made.loudness_lufs is None else round(made.loudness_lufs, 2),
            "true_peak_dbtp": None if made.peak_dbtp is None else round(made.peak_dbtp, 2),
            "signed": False,
        }


def write_stems(rendition: Rendition, pack: IO[bytes], work: Path, out: Path) -> tuple[MadeStem, ...]:
    """Writes a film's stems into the folder `work`, from where they are published to `out`.

    pack: what the engine made, open for reading. A stem that an earlier film of this name had, and this one has not,
    is marked to go (see `output_set`). Raises OutputError or RetryError where they cannot be written.
    """
    made, folder = list[MadeStem](), Path(_folder_name(rendition))
    with writing(work / folder), read_stems(pack) as files:
        (work / folder).mkdir()
        for each, content in files:
            name = folder / f"{rendition.name}.{each.stem}{SUFFIX}"
            with content, (work / name).open("xb") as file:
                shutil.copyfileobj(content, file, 1 << 20)
            made.append(MadeStem(each, out / name))
        for stem in {*STEMS, MIX}.difference(each.file.stem for each in made):
            (work / folder / f"{rendition.name}.{stem}{SUFFIX}").touch()
    return tuple(made)


def refuse_stem_places(renditions: Iterable[Rendition], out: Path, inputs: Iterable[Path]) -> None:
    """Raises OutputError where a folder of stems would lie over a file or a link, or a stem over one of `inputs`."""
    kept = list(inputs)
    for rendition in (each for each in renditions if each.stems):
        folder = out / _folder_name(rendition)
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise OutputError(
                "is no folder", where=str(folder), expected="room for the folder of stems", fix="move it away"
            )
        for place in (folder / f"{rendition.name}.{stem}{SUFFIX}" for stem in (*STEMS, MIX)):
            refuse_folder(place, "a stem")
            refuse_source(place, kept)


def _folder_name(rendition: Rendition) -> str:
    return f"{rendition.name}{FOLDER}"
