"""Looks at a finished file: measures its picture and sound, and verifies its credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.settings import Settings
from post.api.stores import read_anchors

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from provenance.report import Report
    from provenance.trust.lists import Anchors
    from provenance.verify import VerifyOptions


def measure_film(file: Path | str, pool: WorkerPool | None = None) -> dict[str, Any]:
    """Returns the `measure` object of the command line: the picture's size, rate, cuts, grain and flicker, the sound's
    loudness in LUFS and peak in dBTP. What cannot be measured is None, with the reason under "unmeasured".

    pool: whose worker opens the file, None for one that ends with it. Raises SourceError for a file that cannot be
    read.
    """
    from post.engine import WorkerPool
    from post.measure import measure_file

    if pool is not None:
        return pool.call(measure_file, Path(file))
    with WorkerPool(1) as own:
        return own.call(measure_file, Path(file))


def verify_film(
    file: Path | str,
    policies: Sequence[Path | str] = (),
    facts: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    *,
    anchors: Sequence[Anchors] | None = None,
    options: VerifyOptions | None = None,
) -> Report:
    """Verifies a file, whoever made it, by this user's trust lists. Returns each question's answer apart.

    policies: files of profiles, or names of those that ship; facts: what a policy asks for, by its name; anchors: trust
    lists in place of this user's (`provenance.trust.lists.read_list`); options: as of `provenance.verify.verify`, None
    for none, which downloads nothing. Raises SourceError where the file is missing or no media, JobError for a policy
    that does not exist.
    """
    from provenance.policy import load
    from provenance.verify import VerifyOptions, verify

    lists = read_anchors((settings or Settings()).config) if anchors is None else anchors
    loaded = [load(policy_file(str(each), "policies")) for each in policies]
    return verify(Path(file), lists, loaded, {} if facts is None else facts, options or VerifyOptions())


def policy_file(name: str, where: str) -> Path:
    """Returns the path of a policy profile: a path as it is given, or that of one that ships, by its name.

    where: for errors. Raises JobError for a name that no policy has.
    """
    import presets
    from post.errors import unknown

    shipped = Path(presets.__file__).parent / "policy"
    if "/" in name or name.endswith(".yaml"):
        return Path(name)
    if not (shipped / f"{name}.yaml").exists():
        raise unknown(name, [path.stem for path in shipped.glob("*.yaml")], where, "policy")
    return shipped / f"{name}.yaml"
