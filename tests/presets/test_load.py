from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from post.errors import JobError
from presets import KINDS, Node, Shelves, Written, about, find, merge, names
from presets.yaml_nodes import read

FILE = Written(Path("x.yaml"), "x.yaml")
Tree = Any
scalars = st.sampled_from((None, True, False, 0, 1, 2.5, "", "x"))
trees = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        scalars | st.lists(scalars, max_size=2),
        lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


def node(value: Tree) -> Node:
    if isinstance(value, dict):
        return Node({key: node(item) for key, item in value.items()}, 1, FILE)
    if isinstance(value, list):
        return Node(tuple(node(item) for item in value), 1, FILE)
    return Node(value, 1, FILE, str(value))


def merged(*values: Tree) -> Tree:
    made = node(values[0])
    for value in values[1:]:
        made = merge(made, node(value))
    return made.plain()


@given(trees)
def test_merging_nothing_changes_nothing(tree: Tree) -> None:
    assert merged(tree, {}) == merged({}, tree) == merged(tree, tree) == tree


@given(trees, trees, trees)
def test_merging_does_not_depend_on_grouping(a: Tree, b: Tree, c: Tree) -> None:
    # With a scalar in b between keys in a and c, grouping matters: a loses its keys only if b is merged over it first.
    assume(not _forgets(a, b, c))
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


def _forgets(a: Tree, b: Tree, c: Tree) -> bool:
    if not (isinstance(a, dict) and isinstance(c, dict)):
        return False
    if not isinstance(b, dict):
        return True
    return any(_forgets(a[k], b[k], c[k]) for k in a.keys() & b.keys() & c.keys())


@given(trees, trees)
def test_the_upper_value_wins_and_lists_are_replaced_whole(base: Tree, over: Tree) -> None:
    def holds(made: Tree, asked: Tree) -> bool:
        if isinstance(asked, dict) and isinstance(made, dict):
            return all(holds(made[key], item) for key, item in asked.items())
        return bool(made == asked)

    assert holds(merged(base, over), over)
    assert set(merged(base, over)) == set(base) | set(over)


def _write(folder: Path, kind: str, name: str, text: str) -> None:
    path = folder / "presets" / kind / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_extends_follows_a_chain_and_the_nearest_wins(tmp_path: Path) -> None:
    _write(tmp_path, "look", "a", "slope: [1, 1, 1]\nsaturation: 2\ncontrast: 3\n")
    _write(tmp_path, "look", "b", "extends: a\nsaturation: 1.5\ndoc: never a knob\n")
    _write(tmp_path, "look", "c", "extends: b\ncontrast: 1\n")
    found = find("look", "c", tmp_path)
    assert found.plain() == {"slope": [1, 1, 1], "saturation": 1.5, "contrast": 1}
    assert {key: item.origin for key, item in found.mapping.items()} == {
        "slope": "look a", "saturation": "look b", "contrast": "look c",
    }  # fmt: skip


def test_extends_in_a_circle_is_refused_with_the_circle_named(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "b")):
        _write(tmp_path, "look", name, f"extends: {base}\n")
    with pytest.raises(JobError) as caught:
        find("look", "a", tmp_path)
    assert caught.value.what == "extends in a circle"
    assert caught.value.got == "b -> c -> b"
    assert caught.value.where == f"{tmp_path / 'presets/look/c.yaml'}:1"


def test_a_path_in_extends_is_relative_to_the_file_that_wrote_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("saturation: 0.5\n")
    _write(tmp_path, "look", "a", "extends: ../../base.yaml\n")
    assert find("look", "a", tmp_path).plain() == {"saturation": 0.5}


def test_extends_of_an_unknown_preset_names_the_line_and_the_nearest(tmp_path: Path) -> None:
    _write(tmp_path, "house", "a", "look: clean\nextends: daylite\n")
    with pytest.raises(JobError, match=r"a\.yaml:2: unknown house preset; .* did you mean 'daylight'\?"):
        find("house", "a", tmp_path)


def test_extends_accepts_one_preset_and_no_list(tmp_path: Path) -> None:
    _write(tmp_path, "look", "a", "extends: [clean, night]\n")
    with pytest.raises(JobError, match="extends is not a name; expected one preset, got a list"):
        find("look", "a", tmp_path)


def test_a_jobs_own_preset_hides_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    _write(tmp_path, "look", "clean", "saturation: 0.25\n")
    assert find("look", "clean", tmp_path).plain() == {"saturation": 0.25}
    assert find("look", "clean").plain() != {"saturation": 0.25}
    assert names("look", tmp_path) == names("look")


def test_keys_are_merged_over_the_preset_named_with_them() -> None:
    written = node({"preset": "social-16x9", "width": 64, "picture": {"crf": 30}})
    found = Shelves().resolve("deliver", written).plain()
    assert (found["width"], found["height"]) == (64, 1080)
    assert found["picture"] == {"codec": "h264", "crf": 30, "preset": "medium"}
    assert "preset" not in found


@pytest.mark.parametrize("name", ["../look/clean", "/etc/passwd", "clean.yaml"])
def test_a_path_is_never_searched_among_the_shipped_presets(name: str, tmp_path: Path) -> None:
    with pytest.raises(JobError):
        find("deliver", name, tmp_path)


def test_an_unknown_kind_gets_the_nearest_kind() -> None:
    with pytest.raises(JobError, match=r"unknown kind of preset; .* did you mean 'house'\?"):
        names("hose")


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_preset_says_in_one_line_what_it_is(kind: str) -> None:
    assert names(kind)
    for name in names(kind):
        said = about(kind, name)
        assert 5 < len(said) < 120
        assert "\n" not in said


def test_the_shipped_houses_differ_in_every_visible_part() -> None:
    houses = [find("house", name).plain() for name in ("daylight", "nocturne", "postcard")]
    for part in ("look", "grain", "type"):
        assert len({house[part] for house in houses}) == len(houses)


def test_a_pipe_is_named_as_one_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "job.yaml")
    (tmp_path / "folder").mkdir()
    for name, got in (("job.yaml", "a device or a pipe"), ("folder", "a folder"), ("gone", "no such file")):
        with pytest.raises(JobError, match=f"expected a YAML file, got {got};"):
            read(Written(tmp_path / name, name))
