"""Signers as the SDK takes them, and beside them, where there is one, the organisation whose film it is.

A CAWG identity assertion (`cawg.identity`, signed as `cawg.x509.cose`) names an organisation by its own
certificate and signs the hashes of what it stands by: the film's content among them. The SDK's library
makes it and its Python wrapper (0.38) does not offer it, so the library is called here directly.

Source: CAWG Identity Assertion 1.3, 5.1 (signer payload), 8.2 (X.509 certificates).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from provenance.claim.build import Claim
from provenance.manifest.sdk_callbacks import Watch
from provenance.signing.signer import Signer, SignerWithIdentity

LABEL = "cawg.identity"


@contextmanager
def open_signer(signer: Signer, watch: Watch, claim: Claim) -> Iterator[Any]:
    """A signer as the SDK's own, for one claim; what it raises is kept by `watch`.

    Raises c2pa.C2paError where the SDK does not take it.
    """
    native = _native(signer, watch)
    if isinstance(signer, SignerWithIdentity):
        native = _joined(
            native, _native(signer.identity, watch), [each.label for each in claim.assertions], signer.roles
        )
    with native:
        yield native


def _native(signer: Signer, watch: Watch) -> Any:
    import c2pa

    algorithm = c2pa.C2paSigningAlg[signer.algorithm.upper()]
    return c2pa.Signer.from_callback(_kept(signer, watch), algorithm, signer.chain_pem, signer.tsa_url)


def _kept(signer: Signer, watch: Watch) -> Callable[[bytes], bytes]:
    def signed(data: bytes) -> bytes:
        try:
            return watch.run(signer.sign, data)
        except OSError:
            return b""  # the SDK reads this as failure; raising would log the message, whatever it holds

    return signed


def _joined(signer: Any, identity: Any, labels: Sequence[str], roles: Sequence[str]) -> Any:
    """One signer of two. The library takes both over; their callbacks must outlive it."""
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
    """A C array of strings with a null at its end; null alone where there are none."""
    if not values:
        return None
    return (ctypes.c_char_p * (len(values) + 1))(*(value.encode("utf-8") for value in values), None)
