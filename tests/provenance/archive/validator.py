"""Runs roc-validator without a network: the context of RO-Crate 1.1 comes from its cache, filled here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

# Of https://w3id.org/ro/crate/1.1/context, the terms that our metadata uses.
SCHEMA_ORG = (
    "CreativeWork", "Dataset", "CreateAction", "SoftwareApplication", "PropertyValue", "name", "description",
    "datePublished", "license", "hasPart", "mentions", "about", "encodingFormat", "contentSize", "identifier", "object",
    "instrument", "result", "additionalProperty", "text", "softwareVersion", "value",
)  # fmt: skip
TERMS = {term: f"http://schema.org/{term}" for term in SCHEMA_ORG} | {
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
}
_FILL = """
import sys
from io import BytesIO
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3.response import HTTPResponse

class Here(HTTPAdapter):
    def send(self, request, **options):
        kind = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(BytesIO(sys.argv[2].encode()), kind, 200, preload_content=False, request_url=request.url)
        return self.build_response(request, raw)

session = CachedSession(cache_name=sys.argv[1], backend="sqlite", expire_after=-1, allowable_methods=("GET",))
session.mount("https://w3id.org", Here())
session.get("https://w3id.org/ro/crate/1.1/context").raise_for_status()
"""


@dataclass(frozen=True, slots=True)
class Validated:
    """What the validator says: the messages of what is against it, and how many checks passed of how many."""

    issues: list[str]
    passed: int
    checks: int


def validated(crate: Path) -> Validated:
    """Returns what roc-validator says of a crate, at the level REQUIRED; skips the test where it is not installed."""
    pytest.importorskip("rocrate_validator")
    with tempfile.TemporaryDirectory() as folder:
        cache, out = Path(folder) / "cache", Path(folder) / "out.json"
        context = json.dumps({"@context": TERMS})
        subprocess.run([sys.executable, "-c", _FILL, str(cache), context], check=True, capture_output=True)
        arguments = [
            "validate",
            "--offline",
            "--cache-path",
            str(cache),
            "-p",
            "ro-crate-1.1",
            "-l",
            "required",
        ]
        arguments += ["-f", "json", "--no-paging", "-o", str(out), str(crate)]
        command = "import sys; from rocrate_validator.cli import cli; sys.exit(cli())"
        subprocess.run([sys.executable, "-c", command, *arguments], check=False, capture_output=True)
        data = json.loads(out.read_text())
    counts = data["statistics"]
    issues = [each["message"] for each in data["issues"]]
    return Validated(issues, counts["total_passed_checks"], counts["total_checks"])
