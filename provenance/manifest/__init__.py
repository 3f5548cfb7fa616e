"""Manifests written and read: the one door to the C2PA SDK. Nothing here ever reaches the network,
but for a time-stamping authority that a signer names.

The SDK's ways that matter here, each met in version 0.38: signing a file onto itself truncates it; a
manifest already there is dropped without a word; an exception inside a callback is hidden; unknown
settings are accepted; free boxes go unhashed unless told otherwise; what was signed is not hashed
again unless told to; a hash assertion that it is given is signed as it stands. Its native library does
not survive `fork`: start workers with spawn.
"""

from provenance.manifest.fragments import read_fragments, sign_fragments
from provenance.manifest.reader import Outcome, Reading, Source, read, read_stream
from provenance.manifest.request import ManifestPlacement, Progress, Signed, SignOptions, SignRequest, quiet
from provenance.manifest.sdk_builder import OPAQUE, SPEC_VERSION
from provenance.manifest.sidecar import beside
from provenance.manifest.writer import sign, sign_film

__all__ = [
    "OPAQUE",
    "SPEC_VERSION",
    "ManifestPlacement",
    "Outcome",
    "Progress",
    "Reading",
    "SignOptions",
    "SignRequest",
    "Signed",
    "Source",
    "beside",
    "quiet",
    "read",
    "read_fragments",
    "read_stream",
    "sign",
    "sign_film",
    "sign_fragments",
]
