"""Manifests written and read: the one door to the C2PA SDK. Nothing here ever reaches the network,
but for a time-stamping authority that a signer names.

The SDK's ways that matter here, each met in version 0.38: signing a file onto itself truncates it; a
manifest already there is dropped without a word; an exception inside a callback is hidden; unknown
settings are accepted; free boxes go unhashed unless told otherwise; what was signed is not hashed
again unless told to. Its native library does not survive `fork`: start workers with spawn.
"""

from provenance.manifest.reading import Outcome, Reading, read, read_stream
from provenance.manifest.writing import OPAQUE, SPEC_VERSION, sign

__all__ = ["OPAQUE", "SPEC_VERSION", "Outcome", "Reading", "read", "read_stream", "sign"]
