"""Runs in a worker for one call of an agent: Python opens nothing there but served files and the program's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.agents.folders import ServedFolders
from post.atomic import real_path
from post.errors import JobError
from post.prepare.original_files import original_files

if TYPE_CHECKING:
    from post.job.model import Job

# What libraries read of the system: fonts, time zones, what the machine has.
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/proc",
    "/sys",
    "/dev",
    "/etc/fonts",
    "/etc/localtime",
    "/var/cache/fontconfig",
)
_PRIVATE = ("environ", "cmdline", "mem", "kcore")  # of a process, below /proc


def confine(folders: ServedFolders) -> list[Path]:
    """Makes this process raise JobError where Python opens a file outside of the folders, until it ends. Returns the
    folders that are open beside them, to be added to: the program's code, and the system's libraries.

    Libraries in C open files without Python: what a job names is looked at by `load_within` too.
    """
    code = [*sys.path, sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), *_SYSTEM]
    allowed = [real_path(Path(str(each))) for each in code if each]

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes):
            return
        path = Path(os.fsdecode(arguments[0]))
        found = real_path(path)
        private = found.parts[1:2] == ("proc",) and found.name in _PRIVATE
        if private or not any(found.is_relative_to(each) for each in allowed):
            folders.inside(path, "job")

    sys.addaudithook(look)
    return allowed


def load_within(job: Path, folders: ServedFolders, own: tuple[Path, ...]) -> tuple[Job, ...]:
    """Returns the jobs that a file stands for. Raises what `load_versions` does, and JobError where it, or a file
    that it names, lies outside of the folders. own: the program's own folders, open from then on."""
    from post.job.versions.load import load_versions

    allowed = confine(folders)
    jobs = load_versions(job)
    shipped = real_path(Path(__file__).parents[2])
    for path in sorted({path for each in jobs for path in original_files(each)}):
        if not real_path(path).is_relative_to(shipped):
            folders.inside(path, str(job))
    # Only now: a job must not name what lies there.
    allowed += [real_path(each) for each in own]
    return jobs


def verify_within(
    file: Path, policies: tuple[str, ...], config: Path, folders: ServedFolders
) -> dict[str, Any]:
    """Returns the `verify` object of the command line. policies: names of those that ship, or files in the folders.

    Nothing is downloaded. Raises SourceError for a file that is no media, JobError for a policy that is not there.
    """
    from post.api.looking import verify_film
    from post.api.settings import Settings

    files = _open_policies(policies, config, folders)
    report = verify_film(file, files, settings=Settings(config, config, config))
    if not isinstance(data := report.plain(), dict):
        raise JobError("no report", where=str(file))
    return {**data, "exit_code": report.exit_code, "sound": report.sound}


def check_within(
    file: Path, policies: tuple[str, ...], config: Path, folders: ServedFolders
) -> dict[str, Any]:
    """Returns the `check` object of the command line for a film. Takes and raises what `verify_within` does."""
    from post.api.checking import CheckRequest, check_film
    from post.api.settings import Settings
    from post.engine import InProcess

    asked = CheckRequest(tuple(map(str, _open_policies(policies, config, folders))))
    return check_film(file, asked, Settings(config, config, config), pool=InProcess()).plain()


def _open_policies(policies: tuple[str, ...], config: Path, folders: ServedFolders) -> list[Path]:
    """Confines this process, and returns the files of policies that it may open. Raises JobError for another."""
    from post.api.looking import policy_file

    allowed = confine(folders)
    found = [policy_file(each, "policies") for each in policies]
    shipped = real_path(Path(__file__).parents[2])
    files = [
        each if real_path(each).is_relative_to(shipped) else folders.find(str(each), "policies")
        for each in found
    ]
    allowed.append(real_path(config))
    return files
