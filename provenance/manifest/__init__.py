"""Writes and reads manifests: the only package that imports the C2PA SDK.

Nothing here reaches the network, except a time-stamping authority that a signer names.

What the SDK does (version 0.38), and why the code here is as it is: signing a file onto itself truncates it; a
manifest already there is dropped silently; an exception inside a callback is hidden; unknown settings are
accepted; free boxes are not hashed unless a setting says so; what was signed is not hashed again unless a
setting says so; a hash assertion that it is given is signed as it is. Its native library does not survive
`fork`: start workers with spawn.
"""

from provenance.manifest.fragments import read_fragments, sign_fragments
from provenance.manifest.reader import Outcome, Reading, StoreOrigin, read, read_stream
from provenance.manifest.request import (
    ManifestPlacement,
    Progress,
    SignedFilm,
    SignOptions,
    SignRequest,
    ignore_progress,
)
from provenance.manifest.sdk_builder import OPAQUE_TYPE, SPEC_VERSION
from provenance.manifest.sidecar import sidecar_path
from provenance.manifest.writer import sign, sign_film

__all__ = [
    "OPAQUE_TYPE",
    "SPEC_VERSION",
    "ManifestPlacement",
    "Outcome",
    "Progress",
    "Reading",
    "SignOptions",
    "SignRequest",
    "SignedFilm",
    "StoreOrigin",
    "ignore_progress",
    "read",
    "read_fragments",
    "read_stream",
    "sidecar_path",
    "sign",
    "sign_film",
    "sign_fragments",
]
