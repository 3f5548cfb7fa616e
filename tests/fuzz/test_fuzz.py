"""A few damaged files of each kind end as they should; what watches them finds every wrong end. For minutes:
python -m tests.fuzz KIND"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import work
from tests.fuzz.drive import DRIVERS, IN_A_WORKER, Driver
from tests.fuzz.mutate import Whole, damaged
from tests.fuzz.parts import form_of
from tests.fuzz.seeds import whole_files
from tests.fuzz.watch import Ended, Most, Watcher

CASES = 40
SEED = 7
# Here only what never ends takes too long: how long a case takes depends on the machine.
HANGS = Most(600, 600)
FILE = Whole("0-a.mp4", b"ftyp")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Whole]]:
    """The whole files of each kind that need no media folder."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in DRIVERS}
    return {kind: whole_files(kind, folder, None) for kind, folder in folders.items()}


@pytest.mark.parametrize("kind", DRIVERS)
def test_whole_files_are_read(kind: str, made: dict[str, list[Whole]], tmp_path: Path) -> None:
    with Watcher(DRIVERS[kind], tmp_path, kind in IN_A_WORKER, HANGS) as watcher:
        assert {file.name: watcher.run(file).said for file in made[kind]} == {
            file.name: "a result" for file in made[kind]
        }


@pytest.mark.parametrize("kind", DRIVERS)
def test_damaged_files_end_as_they_should(kind: str, made: dict[str, list[Whole]], tmp_path: Path) -> None:
    with Watcher(DRIVERS[kind], tmp_path, kind in IN_A_WORKER, HANGS) as watcher:
        for number in range(CASES):
            file = damaged(kind, SEED, number, made[kind])
            assert watcher.run(file).finding == "", file.name


@pytest.mark.parametrize("kind", DRIVERS)
def test_a_case_is_the_same_again_and_damaged(kind: str, made: dict[str, list[Whole]]) -> None:
    files = made[kind]
    cases = [damaged(kind, SEED, number, files) for number in range(60)]
    assert cases == [damaged(kind, SEED, number, files) for number in range(60)]
    assert cases != [damaged(kind, SEED + 1, number, files) for number in range(60)]
    assert len({case.data for case in cases}) > 45
    assert sum(case.data in {file.data for file in files} for case in cases) < 10


@pytest.mark.parametrize("kind", ["still", "lut", "font", "verify"])
def test_a_file_is_the_same_when_its_parts_are_joined(kind: str, made: dict[str, list[Whole]]) -> None:
    known = [(file, form) for file in made[kind] if (form := form_of(file.data, file.suffix))]
    assert len(known) >= 3
    for file, form in known:
        head, parts = form.split(file.data)
        assert parts
        again = form.join(head, parts)
        assert form.split(again) == (head, parts)
        assert kind == "font" or again == file.data, file.name


def end_of(drive: Driver, folder: Path, *, may_die: bool = False, most: Most = HANGS) -> Ended:
    with Watcher(drive, folder, may_die, most) as watcher:
        return watcher.run(FILE)


def test_an_error_that_names_the_file_is_no_finding(tmp_path: Path) -> None:
    assert end_of(work.do_nothing, tmp_path).said == "a result"
    ended = end_of(work.refuse, tmp_path)
    assert (ended.said, ended.finding) == ("3 SourceError: is empty", "")


def test_what_goes_wrong_is_a_finding(tmp_path: Path) -> None:
    assert "in the depths" in end_of(work.break_down, tmp_path).finding
    assert end_of(work.ask_again, tmp_path).finding.startswith("75 RetryError: is busy")
    assert end_of(work.spin, tmp_path, most=Most(cpu_s=0.9)).finding.startswith("took ")
    assert end_of(work.fill, tmp_path).finding.startswith("took 1")


@pytest.mark.parametrize("may_die", [True, False])
def test_a_process_that_is_ended_is_a_finding(may_die: bool, tmp_path: Path) -> None:
    """A crash of a worker, too: nothing was being read when it came."""
    ended = end_of(work.crash, tmp_path, may_die=may_die)
    assert ended.died
    assert ended.finding
    assert end_of(work.wait, tmp_path, may_die=may_die, most=Most(wall_s=1)).finding
