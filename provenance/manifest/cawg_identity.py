"""Opens signers for the SDK, with the identity of an organisation beside the signer where there is one.

A CAWG identity assertion (`cawg.identity`, signed as `cawg.x509.cose`) names an organisation by its own
certificate, and signs the hashes of the assertions it vouches for: the film's content among them. The SDK's
library makes this assertion and its Python wrapper (0.38) does not offer it, so the library is called here.

Source: CAWG Identity Assertion 1.3, 5.1 (signer payload), 8.2 (X.509 certificates).
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from provenance.claim.build import Claim
from provenance.manifest.sdk_callbacks import CallbackGuard
from provenance.signing.signer import Signer, SignerWithIdentity
from provenance.signing.stamping.tsa_url import host_of

log = logging.getLogger(__name__)
LABEL = "cawg.identity"


@contextmanager
def open_signer(signer: Signer, guard: CallbackGuard, claim: Claim) -> Iterator[Any]:
    """Opens a signer as the SDK's own, for one claim. `guard` keeps what the signer raises.

    Raises c2pa.C2paError if the SDK refuses the signer.
    """
    native = _native(signer, guard)
    if isinstance(signer, SignerWithIdentity):
        native = _joined(
            native, _native(signer.identity, guard), [each.label for each in claim.assertions], signer.roles
        )
    answered, guard.signed_at = False, None
    try:
        with native:
            yield native
            answered = True
    finally:
        if signer.tsa_url and guard.signed_at is not None:
            _log_authority(host_of(signer.tsa_url), answered, time.monotonic() - guard.signed_at)


def _log_authority(host: str, answered: bool, seconds: float) -> None:
    """seconds: from the signature to the end of the SDK's work, most of which it waits for the authority."""
    said = "gave a time-stamp within" if answered else "gave no time-stamp; the SDK ended after"
    extra = {"tsa": host, "answered": answered, "seconds": round(seconds, 3)}
    log.info("the time-stamping authority %s %s %.2f s", host, said, seconds, extra=extra)


def _native(signer: Signer, guard: CallbackGuard) -> Any:
    import c2pa

    algorithm = c2pa.C2paSigningAlg[signer.algorithm.upper()]
    return c2pa.Signer.from_callback(_callback(signer, guard), algorithm, signer.chain_pem, signer.tsa_url)


def _callback(signer: Signer, guard: CallbackGuard) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        try:
            signature = guard.run(signer.sign, data)
        except OSError:
            return b""  # the SDK takes this for a failure; if it raised, the SDK would log the message
        guard.signed_at = time.monotonic()
        return signature

    return sign


def _joined(signer: Any, identity: Any, labels: Sequence[str], roles: Sequence[str]) -> Any:
    """Returns one signer made of two. The library owns both from then on; their callbacks must outlive it."""
    from c2pa import c2pa as wrapped

    join = wrapped._lib.c2pa_identity_signer_create
    join.argtypes = [ctypes.c_void_p, ctypes.c_void_p, _Texts, _Texts]
    join.restype = ctypes.POINTER(wrapped.C2paSigner)
    handles = [ctypes.cast(each._handle, ctypes.c_void_p) for each in (signer, identity)]
    callbacks = (signer._callback_cb, identity._callback_cb)
    made = join(*handles, _texts(labels), _texts(roles))
    for each in (signer, identity):
        each._teardown(free_handle=False)
    wrapped._check_ffi_operation_result(made, "the identity could not be joined to the signer")
    both = wrapped.Signer(made)
    both._callback_cb = callbacks
    return both


_Texts = ctypes.POINTER(ctypes.c_char_p)


def _texts(values: Sequence[str]) -> Any:
    """Returns a C array of strings that ends with a null; only a null where there are no strings."""
    if not values:
        return None
    return (ctypes.c_char_p * (len(values) + 1))(*(value.encode("utf-8") for value in values), None)
