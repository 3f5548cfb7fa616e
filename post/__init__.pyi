"""The types of what `post/__init__.py` loads when it is asked for."""

from typing import Final

from post.api.archive.archiving import ArchiveOptions as ArchiveOptions
from post.api.archive.archiving import archive_job as archive_job
from post.api.archive.replaying import replay_archive as replay_archive
from post.api.checked import CheckReport as CheckReport
from post.api.checking import CheckRequest as CheckRequest
from post.api.checking import check_film as check_film
from post.api.finishing import FinishOptions as FinishOptions
from post.api.finishing import finish_job as finish_job
from post.api.looking import measure_film as measure_film
from post.api.looking import verify_film as verify_film
from post.api.parts import make_still as make_still
from post.api.plans import list_versions as list_versions
from post.api.plans import load_job as load_job
from post.api.plans import plan_job as plan_job
from post.api.records.evidence import EvidenceRequest as EvidenceRequest
from post.api.records.evidence import MadeEvidence as MadeEvidence
from post.api.records.evidence import make_evidence as make_evidence
from post.api.results import ArchivedJob as ArchivedJob
from post.api.results import FinishedFilm as FinishedFilm
from post.api.results import FinishedRun as FinishedRun
from post.api.results import ListedVersions as ListedVersions
from post.api.results import LoadedJob as LoadedJob
from post.api.results import MadeStill as MadeStill
from post.api.results import PlannedFilm as PlannedFilm
from post.api.results import PlannedJob as PlannedJob
from post.api.results import ReplayedArchive as ReplayedArchive
from post.api.settings import Settings as Settings
from post.errors import AnswerprintError as AnswerprintError
from post.errors import ApprovalError as ApprovalError
from post.errors import GuardrailError as GuardrailError
from post.errors import IncompleteError as IncompleteError
from post.errors import JobError as JobError
from post.errors import OutputError as OutputError
from post.errors import Problems as Problems
from post.errors import ProvenanceError as ProvenanceError
from post.errors import RetryError as RetryError
from post.errors import SourceError as SourceError

__version__: Final[str]
LOGGERS: Final[tuple[str, ...]]
