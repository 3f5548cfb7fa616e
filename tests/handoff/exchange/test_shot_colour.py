"""A shot's colour goes to graders: as ten numbers where it is ten, and as a table for all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from post.errors import JobError
from post.handoff.exchange.shot_colour import ShotColour, decisions_of, write_cdls, write_cubes
from post.job.model import Cut, Job
from post.picture.colour.look import Look
from post.picture.colour.lut_file import cdl
from post.picture.colour.match import ColourMatch
from post.picture.optics.vignette import Vignette
from tests.plan.made import cut, job

WARM = Look(slope=(1.2, 1.0, 0.8), offset=(0.01, 0.0, -0.02), contrast=1.3, saturation=0.7)
NODES = np.random.default_rng(7).random((200, 3))


def spot(*cuts: Cut) -> Job:
    return replace(job(cut("dog")), cut=tuple(cuts), grain=None)


def test_a_look_without_curves_is_exactly_its_cdl() -> None:
    made, lost = decisions_of(replace(cut("dog"), colour=(WARM,)))
    assert lost == []
    graded = cdl(made.slope, made.offset, made.power, made.saturation)(NODES)
    inside = np.all((WARM.colour(NODES) > 0.02) & (WARM.colour(NODES) < 0.98), axis=1)
    assert inside.sum() > 50
    assert np.abs(graded - WARM.colour(NODES))[inside].max() < 1e-6


def test_what_ten_numbers_do_not_hold_is_said() -> None:
    curved = replace(WARM, power=(1.1, 1.0, 1.0), curve="0:0, 0.5:0.6, 1:1")
    _, lost = decisions_of(replace(cut("dog"), colour=(ColourMatch(exposure=(0.1, 0.0, 0.0)), curved)))
    assert [each.what for each in lost] == ["contrast after a power", "tone curve", "look"]


def test_every_shot_has_a_file_of_its_own(tmp_path: Path) -> None:
    shots = [replace(cut("dog"), name=name, colour=(WARM,)) for name in ("dog", "Dog", "../a/b")]
    lost = write_cubes(spot(*shots), tmp_path / "cubes")
    assert lost == ()
    assert sorted(each.name for each in (tmp_path / "cubes").iterdir()) == [
        "Dog-2.cube",
        "a_b.cube",
        "dog.cube",
    ]
    lines = (tmp_path / "cubes/dog.cube").read_text().splitlines()
    assert lines[1] == "LUT_3D_SIZE 65"
    red = np.array([float(each) for each in lines[2 + 64].split()])  # red is 1, green and blue are 0
    assert np.abs(red - ShotColour((WARM,)).colour(np.array([[1.0, 0.0, 0.0]]))[0]).max() < 1e-6


def test_a_collection_is_valid_whatever_shots_are_called(tmp_path: Path) -> None:
    shots = [replace(cut("dog"), name=name, colour=(WARM,)) for name in ('"<&>', "b")]
    for name in ("all.ccc", "all.cdl"):
        write_cdls(spot(*shots), tmp_path / name)
        root = ElementTree.parse(tmp_path / name).getroot()
        found = root.findall(".//{urn:ASC:CDL:v1.2}ColorCorrection")
        assert [each.get("id") for each in found] == ['"<&>', "b"]
        slope = found[0].find(".//{urn:ASC:CDL:v1.2}Slope")
        assert slope is not None
        assert slope.text == "1.560000 1.300000 1.040000"
    write_cdls(spot(*shots), tmp_path / "folder")
    assert sorted(each.name for each in (tmp_path / "folder").iterdir()) == ["b.cc", "shot.cc"]
    with pytest.raises(JobError, match=r"a \.cc file holds one shot"):
        write_cdls(spot(*shots), tmp_path / "one.cc")


def test_what_is_no_colour_of_a_point_is_said(tmp_path: Path) -> None:
    shot = replace(cut("dog"), effects=(Vignette(),))
    lost = write_cdls(spot(shot), tmp_path / "all.ccc")
    assert [(each.what, each.where) for each in lost] == [("vignette", "dog")]
