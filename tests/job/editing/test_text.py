from __future__ import annotations

import stat
from pathlib import Path

import pytest

from post.errors import JobError, RetryError
from post.job.editing.text import NewTake, add_takes
from presets.yaml_nodes import Written, read

A, B = "a" * 64, "0" * 64


def job(folder: Path, text: str) -> Path:
    path = folder / "job.yaml"
    path.write_bytes(text.encode())
    return path


KEPT = """\
# Spot, second version
takes:
    # from Tuesday
    dog: a.mp4    # the dog

    ship:
        file:   "b.mp4"   # odd   spacing

# The cut
cut:
- {take: dog}     # a list with no indent
"""


RECORD = (("prompt", 'a "dog":\nrunning', "recorded"), ("seed", "0012", "recorded"))


def test_everything_else_in_the_file_stays_byte_for_byte(tmp_path: Path) -> None:
    path = job(tmp_path, KEPT)
    new = NewTake(tmp_path / "new clip.mp4", A, generator=RECORD)
    assert add_takes(path, [new]) == ("new-clip",)
    added = (
        "    new-clip:\n"
        "      file: new clip.mp4\n"
        f"      sha256: {A}\n"
        "      generator:\n"
        '        prompt: "a \\"dog\\":\\nrunning"\n'
        '        seed: "0012"\n'
    )
    ship = '        file:   "b.mp4"   # odd   spacing\n'
    assert path.read_text() == KEPT.replace(ship, ship + added)


@pytest.mark.parametrize(
    "text",
    [
        "takes: {}\ncut: 1\n",
        "takes:   # none yet\ncut: 1\n",
        "cut: 1\n",
        "cut: 1",
        "takes: {dog: a.mp4, ship: {file: x.mp4}}\ncut: 1\n",
        "takes: {\n  dog: a.mp4,\n  }\ncut: 1\n",
        "takes:\n  dog: a.mp4",
        "takes:\n  dog:\ncut: 1\n",
        "takes:\n  dog:\n    file: |\n      a.mp4\n\n# the cut\ncut: 1\n",
        "base: &base {file: x.mp4}\ntakes:\n  dog: *base\ncut: 1\n",
        "takes:\n  dog:\n    generator:\n      tags: [a, b]\n      list:\n        - a\n        - b\ncut: 1\n",
        "\ufefftakes:\r\n  dog: a.mp4\r\ncut: 1\r\n",
    ],
)
def test_takes_are_added_in_whatever_style_they_are_written(text: str, tmp_path: Path) -> None:
    path = job(tmp_path, text)
    before = read(Written(path, "job.yaml")).plain()
    assert add_takes(path, [NewTake(tmp_path / "n.mp4", A), NewTake(tmp_path / "m.mp4", B)]) == ("n", "m")
    takes = {
        **(before.get("takes") or {}),
        "n": {"file": "n.mp4", "sha256": A},
        "m": {"file": "m.mp4", "sha256": B},
    }
    assert read(Written(path, "job.yaml")).plain() == {**before, "takes": takes}
    after = path.read_bytes().decode()
    assert after.count("\r\n") in (0, after.count("\n"))
    assert after.startswith("\ufeff") == text.startswith("\ufeff")


def test_adding_the_same_clip_again_changes_nothing(tmp_path: Path) -> None:
    path = job(tmp_path, KEPT)
    row = NewTake(tmp_path / "new.mp4", A)
    assert add_takes(path, [row, NewTake(tmp_path / "copy.mp4", A)]) == ("new",)
    once, touched = path.read_bytes(), path.stat().st_mtime_ns
    assert add_takes(path, [row]) == ()
    assert add_takes(path, [NewTake(tmp_path / "moved.mp4", A)]) == ()
    assert add_takes(path, [NewTake(tmp_path / "a.mp4", B)]) == ()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (once, touched)


def test_a_clip_that_changed_since_it_was_taken_in_is_refused(tmp_path: Path) -> None:
    path = job(tmp_path, f"takes:\n  dog:\n    file: a.mp4\n    sha256: {A}\n")
    before = path.read_bytes()
    with pytest.raises(
        JobError, match=r"job\.yaml:2: takes\.dog: the file has changed since it was taken in"
    ):
        add_takes(path, [NewTake(tmp_path / "a.mp4", B)])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "takes: {dog: a.mp4 # the dog,\n  }\n",  # the comma is in the comment: no YAML
        "takes:\n  dog: |+\n    a.mp4\n\n",  # its last line is a part of the path: another value
        "{cut: 1}\n",
    ],
)
def test_a_layout_it_does_not_know_is_left_alone(text: str, tmp_path: Path) -> None:
    path = job(tmp_path, text)
    with pytest.raises(JobError, match="the takes cannot be added without changing more"):
        add_takes(path, [NewTake(tmp_path / "n.mp4", A)])
    assert path.read_text() == text


def test_names_asked_for_are_kept_and_numbered_where_taken(tmp_path: Path) -> None:
    path = job(tmp_path, KEPT)
    rows = [NewTake(tmp_path / "x.mp4", A, "ship"), NewTake(tmp_path / "y.mp4", B, "hero")]
    assert add_takes(path, rows) == ("ship-2", "hero")


def test_permissions_stay_and_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    path = job(tmp_path, KEPT)
    path.chmod(0o640)
    add_takes(path, [NewTake(tmp_path / "n.mp4", A)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["job.yaml"]


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    path = job(tmp_path, KEPT)
    with pytest.raises(RetryError, match="the disk is full"):
        add_takes(path, [NewTake(tmp_path / "n.mp4", A)])
    assert path.read_text() == KEPT
    assert [each.name for each in tmp_path.iterdir()] == ["job.yaml"]
