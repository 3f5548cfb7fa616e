"""Keys in a token or a hardware module, through PKCS#11: born there, and never out of it.

Source: PKCS #11 v3.0; RFC 7512 (addresses). A session is opened for each signature: tokens are unplugged.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import exceptions as refused
from pkcs11.util.ec import encode_ec_public_key
from pkcs11.util.rsa import encode_rsa_public_key

from post.errors import AnswerprintError, ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey, public_key
from provenance.signing.key_uri import KeyUri
from provenance.signing.software_key import check_private

_LONGEST_PIN = 256
# A module is logged in to once a process: a second session's login fails while the first is open.
_ONE_AT_A_TIME = threading.Lock()
_PINS = (
    refused.PinIncorrect, refused.PinInvalid, refused.PinLenRange, refused.PinExpired, refused.PinLocked,
    refused.UserPinNotInitialized, refused.UserNotLoggedIn,
)  # fmt: skip
_REFUSED = (
    refused.MechanismInvalid, refused.MechanismParamInvalid, refused.KeyTypeInconsistent,
    refused.FunctionNotSupported, refused.FunctionRejected, refused.DataLenRange, refused.KeySizeRange,
    refused.MultipleTokensReturned, refused.ArgumentsBad,
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A key in a token, found anew for each use. Implements Device."""

    uri: KeyUri
    _pin: str = field(repr=False)

    def public_key(self) -> PublicKey:
        with self._session() as session:
            found = _one(session, self.uri, pkcs11.ObjectClass.PUBLIC_KEY)
            return public_key(_public(found), str(self.uri))

    def sign(self, data: bytes, row: Algorithm) -> bytes:
        with self._session() as session:
            key = _one(session, self.uri, pkcs11.ObjectClass.PRIVATE_KEY)
            made: bytes = _sign(key, data, row)
            return made

    @contextmanager
    def _session(self) -> Iterator[Any]:
        asked = self.uri.attributes
        serial = asked["serial"].encode() if "serial" in asked else None
        with _ONE_AT_A_TIME, _told(self.uri):
            token = _library(self.uri).get_token(token_label=asked.get("token"), token_serial=serial)
            with token.open(user_pin=self._pin) as session:
                yield session


def open_device(uri: KeyUri, pin: str | None) -> Token:
    """Raises ProvenanceError where there is no PIN."""
    source = uri.options.get("pin-source")
    given = _read_pin(source) if source else pin
    if not given:
        raise ProvenanceError(
            "no PIN for the token",
            where=str(uri),
            fix="set ANSWERPRINT_PIN, or name a file of mode 600 with pin-source=file:PATH",
        )
    return Token(uri, given)


def _read_pin(source: str) -> str:
    """The PIN in a file that its owner alone can read: without the line's end."""
    path = Path(source.removeprefix("file:"))
    check_private(path)
    try:
        with path.open("rb") as file:
            given = file.read(_LONGEST_PIN + 2).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        # `from None`: what the codec says quotes the bytes.
        raise _no_pin(path) from None
    # Half a PIN would count as a wrong one, of which a token takes few.
    if len(given) > _LONGEST_PIN or not given.isprintable():
        raise _no_pin(path)
    return given


def _no_pin(path: Path) -> ProvenanceError:
    return ProvenanceError(
        "the PIN cannot be read", where=str(path), expected=f"a line of text, {_LONGEST_PIN} at most"
    )


def _library(uri: KeyUri) -> Any:
    path = uri.options.get("module-path", "")
    if not path or not Path(path).is_file() or not stat.S_ISREG(Path(path).stat().st_mode):
        raise ProvenanceError(
            "no PKCS#11 library",
            where=str(uri),
            expected="module-path= and the path of the token's library",
            got=path or None,
        )
    try:
        return pkcs11.lib(path)
    except RuntimeError as exc:
        raise ProvenanceError("no PKCS#11 library", where=path, got=str(exc)) from exc


def _one(session: Any, uri: KeyUri, kind: Any) -> Any:
    """The one key an address names. The search is read to its end: a session does one at a time."""
    wanted = {pkcs11.Attribute.CLASS: kind}
    if "object" in uri.attributes:
        wanted[pkcs11.Attribute.LABEL] = uri.attributes["object"]
    if uri.id:
        wanted[pkcs11.Attribute.ID] = uri.id
    found = list(session.get_objects(wanted))
    if len(found) == 1:
        return found[0]
    what = "private" if kind == pkcs11.ObjectClass.PRIVATE_KEY else "public"
    many, fix = (
        (f"several such {what} keys", "add id= to")
        if found
        else (f"no such {what} key", "check object= and id= in")
    )
    raise ProvenanceError(f"the token holds {many}", where=str(uri), fix=f"{fix} its address")


def _public(found: Any) -> object:
    encode = encode_rsa_public_key if found.key_type == pkcs11.KeyType.RSA else encode_ec_public_key
    return load_der_public_key(encode(found))


def _sign(key: Any, data: bytes, row: Algorithm) -> Any:
    """Digests are taken here: some modules sign nothing but a digest."""
    if row.width:
        return key.sign(row.hashed(data), mechanism=pkcs11.Mechanism.ECDSA)
    if row.digest is None:
        return key.sign(data, mechanism=pkcs11.Mechanism.EDDSA)
    how = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, row.digest.digest_size)
    return key.sign(row.hashed(data), mechanism=pkcs11.Mechanism.RSA_PKCS_PSS, mechanism_param=how)


@contextmanager
def _told(uri: KeyUri) -> Iterator[None]:
    """What the module says, as one of our errors. A module's exceptions carry no PIN."""
    try:
        yield
    except AnswerprintError:
        raise
    except _PINS as exc:
        locked = isinstance(exc, refused.PinLocked)
        raise ProvenanceError(
            "the token refuses the PIN",
            where=str(uri),
            got=type(exc).__name__,
            fix="have it unlocked" if locked else "check the PIN: too many wrong ones lock the token",
        ) from exc
    except _REFUSED as exc:
        raise ProvenanceError(
            "the token will not sign with this key", where=str(uri), got=type(exc).__name__
        ) from exc
    except (refused.PKCS11Error, OSError) as exc:
        raise RetryError(
            "the token cannot be reached",
            where=str(uri),
            got=type(exc).__name__,
            fix="check that it is plugged in and named right, then run again: what was made is kept",
        ) from exc
