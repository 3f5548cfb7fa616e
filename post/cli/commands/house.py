"""The commands house list, show, diff, lock and learn: they manage house styles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.options import AsJson
from post.cli.output import print_result

if TYPE_CHECKING:
    from post.job.house import House, HouseSetting
    from post.measure.film.style import FilmStyle
    from post.plan.house_from_film import LearntLook

Beside = typer.Option(
    Path(), "--beside", help="The job's folder; its presets/house/ can hold house styles of your own."
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    houses = typer.Typer(no_args_is_help=True, help="House styles: list, show, diff, lock, learn.")
    houses.command("list")(list_verb)
    houses.command("show")(show)
    houses.command("diff")(diff)
    houses.command("lock")(lock)
    houses.command("learn")(learn)
    app.add_typer(houses, name="house")


def list_verb(beside: Path = Beside, as_json: bool = AsJson) -> None:
    """List every house style: those that ship, and your own."""
    from post.job.lock import lock_path
    from presets import about, names

    rows = [
        {"name": name, "doc": about("house", name, beside), "locked": lock_path(name, beside).is_file()}
        for name in names("house", beside)
    ]
    lines = [f"{row['name']:16} {'locked  ' if row['locked'] else '        '}{row['doc']}" for row in rows]
    print_result({"houses": rows}, as_json, lines)


def show(
    name: str,
    every: bool = typer.Option(False, "--all", help="Also show what is at its default."),
    beside: Path = Beside,
    as_json: bool = AsJson,
) -> None:
    """Show every value of a house style, and the file that sets it."""
    from post.job.house import read_house

    house = read_house(name, beside)
    data = {
        "house": name,
        "parts": list(house.parts),
        "values": [_row(setting) for setting in house.settings],
        "stages": dict(house.stages),
        "files": [{"path": path, "sha256": digest} for path, digest in house.files],
    }
    print_result(data, as_json, list(_shown(house, every)))


def diff(a: str, b: str, beside: Path = Beside, as_json: bool = AsJson) -> None:
    """Compare two house styles, knob by knob."""
    from post.job.house import changes, read_house

    one, other = read_house(a, beside), read_house(b, beside)
    parts = [part for part in (*one.parts, *other.parts) if (part in one.parts) != (part in other.parts)]
    found = [pair for pair in changes(one, other) if _tells(*pair)]
    data: dict[str, Any] = {
        "a": a,
        "b": b,
        "same": not found and not parts,
        "parts": [{"part": part, "in": a if part in one.parts else b} for part in parts],
        "differences": [_differing(*pair) for pair in found],
    }
    lines = [f"{row['part']:28} only in {row['in']}" for row in data["parts"]]
    lines += [_difference_line(row) for row in data["differences"]]
    print_result(data, as_json, [f"{'':28} {a:>20}  {b}", *lines] if lines else ["no difference"])


def lock(
    name: str,
    check: bool = typer.Option(False, "--check", help="Only check that it is as it was locked."),
    beside: Path = Beside,
    as_json: bool = AsJson,
) -> None:
    """Lock a house style: jobs that use it are refused once one of its values changes."""
    from post.job.lock import check_lock, lock_path

    path = lock_path(name, beside)
    if check:
        locked = check_lock(name, beside)
        said = "is what it was locked as" if locked else "is not locked"
        print_result({"house": name, "locked": locked, "lock": str(path)}, as_json, [f"{name} {said}"])
        return
    house = _locked(name, beside, path)
    data = {"house": name, "lock": str(path), "values": len(house.settings), "files": len(house.files)}
    said = f"locked {name}: {data['values']} values of {data['files']} files in {path}"
    print_result(data, as_json, [said])


def _locked(name: str, beside: Path, path: Path) -> House:
    from post import __version__
    from post.atomic import write_whole
    from post.job.house import read_house
    from post.job.lock import lock_text

    house = read_house(name, beside)
    write_whole(path, lock_text(house, __version__))
    return house


def learn(
    references: list[Path],
    out: Path = typer.Option(..., "-o", "--out", help="The preset to write: NAME.yaml."),
    source: list[Path] = typer.Option(
        [], "--from", help="Clips before the style is applied; may be repeated."
    ),
    as_json: bool = AsJson,
) -> None:
    """Measure finished films or stills, and write a house style that looks and sounds like them."""
    from post.atomic import write_whole
    from post.engine import WorkerPool
    from post.measure.film.style import measure_style
    from post.plan.house_from_film import learn_look
    from post.plan.house_yaml import house_text

    _free(out)
    with WorkerPool(1) as pool:
        style = pool.call(measure_style, references)
        start = pool.call(measure_style, source) if source else None
    made = learn_look(style, start)
    write_whole(out, house_text(style, made, start), over=False)
    data = _learnt(out, style, made)
    lines = [f"wrote {out}: name it by its path under `house:`", *out.read_text("utf-8").splitlines()]
    print_result(data, as_json, lines)


def _free(out: Path) -> None:
    """Raises an error if the file exists: no preset and no other file is overwritten."""
    from post.atomic import there_already
    from post.errors import JobError

    if out.suffix not in (".yaml", ".yml"):
        raise JobError("no name for a preset", where="-o", expected="NAME.yaml", got=str(out))
    if out.exists():
        raise there_already(out)


def _learnt(out: Path, style: FilmStyle, made: LearntLook) -> dict[str, Any]:
    from post.measure.fact import Unmeasured
    from post.stage import call_of
    from post.values.canonical import plain

    held = {name: getattr(style, name) for name in ("softness", "grain", "loudness")}
    return {
        "house": str(out),
        "references": list(style.names),
        "left_out": [{"name": name, "why": why} for name, why in style.left_out],
        "views": style.views,
        "tone": plain(style.tone),
        **{name: None if isinstance(value, Unmeasured) else plain(value) for name, value in held.items()},
        "shots_s": list(style.shots),
        "unmeasured": {n: value.why for n, value in held.items() if isinstance(value, Unmeasured)},
        "look": {name: plain(value) for name, value in call_of(made.look).knobs},
    }


def _row(setting: HouseSetting) -> dict[str, Any]:
    return {
        "place": setting.place, "value": setting.value, "unit": setting.unit, "origin": setting.origin,
        "doc": setting.doc,
    }  # fmt: skip


def _shown(house: House, every: bool) -> Iterator[str]:
    for setting in house.settings:
        if every or not setting.idle:
            value = f"{setting.text} {setting.unit}".strip()
            yield f"{setting.place:28} {value:24} {setting.origin}"
    yield from (f"{path:40} sha256 {digest[:16]}" for path, digest in house.files)


def _tells(one: HouseSetting | None, other: HouseSetting | None) -> bool:
    """Says whether a difference is shown: of a part that only one has, values at their default are not."""
    return not (one is None or other is None) or not (one or other).idle  # type: ignore[union-attr]  # one is there


def _differing(one: HouseSetting | None, other: HouseSetting | None) -> dict[str, Any]:
    about = one or other
    assert about is not None
    return {
        "place": about.place,
        "a": one.value if one else None,
        "b": other.value if other else None,
        "a_text": one.text if one else "-",
        "b_text": other.text if other else "-",
        "unit": about.unit,
        "doc": about.doc,
    }


def _difference_line(row: dict[str, Any]) -> str:
    values = f"{row['a_text']:>20}  {row['b_text']:20}"
    return f"{row['place']:28} {values} {row['unit']:6} {row['doc']}".rstrip()
