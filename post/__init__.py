"""Answerprint: finishes generated video into signed, labelled, matched films.

The Python API (`from post import finish_job`) is described in post/api/README.md. Its names are loaded when they are
asked for.
"""

import logging
from importlib import import_module
from typing import Any

__version__ = "0.1.0"
# The loggers over everything this program logs; silent unless somebody gives them a handler.
LOGGERS = ("post", "presets", "provenance")
logging.getLogger(__name__).addHandler(logging.NullHandler())

_ERRORS = (
    "AnswerprintError", "ApprovalError", "GuardrailError", "IncompleteError", "JobError", "OutputError", "Problems",
    "ProvenanceError", "RetryError", "SourceError",
)  # fmt: skip
# Where each public name stands.
_HOMES = {
    "Settings": "post.api.settings",
    "FinishOptions": "post.api.finishing",
    **dict.fromkeys(("load_job", "plan_job", "list_versions"), "post.api.plans"),
    "finish_job": "post.api.finishing",
    "make_still": "post.api.parts",
    **dict.fromkeys(("ArchiveOptions", "archive_job"), "post.api.archive.archiving"),
    "replay_archive": "post.api.archive.replaying",
    **dict.fromkeys(("measure_film", "verify_film"), "post.api.looking"),
    **dict.fromkeys(("CheckRequest", "check_film"), "post.api.checking"),
    "CheckReport": "post.api.checked",
    **dict.fromkeys(("EvidenceRequest", "MadeEvidence", "make_evidence"), "post.api.records.evidence"),
    **dict.fromkeys(
        (
            "ArchivedJob",
            "FinishedFilm",
            "FinishedRun",
            "LoadedJob",
            "MadeStill",
            "PlannedFilm",
            "PlannedJob",
            "ListedVersions",
            "ReplayedArchive",
        ),
        "post.api.results",
    ),
    **dict.fromkeys(_ERRORS, "post.errors"),
}
__all__ = ["LOGGERS", "__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Loads a name of the API. Raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Returns the names of the API with those that are loaded."""
    return sorted({*globals(), *_HOMES})
