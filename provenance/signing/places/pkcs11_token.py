"""Keys in a token or a hardware module, through PKCS#11. They are made there and never leave it.

A session is opened for each signature, because tokens get unplugged. Source: PKCS #11 v3.0; RFC 7512 (URIs).
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key

from post.errors import AnswerprintError, ProvenanceError, RetryError
from post.os_faults import retry_of
from provenance.signing.algorithms import Algorithm, PublicKey, check_public_key
from provenance.signing.place import KeyPlace, KeyUri, UriForm
from provenance.signing.private_file import check_private

_MAX_PIN = 256
# A process logs in to a module once: a second session's login fails while the first is open.
_ONE_SESSION = threading.Lock()


@dataclass(frozen=True)
class TokenKey:
    """A key in a token, looked up again for each use. Implements Device."""

    uri: KeyUri
    _pin: str = field(repr=False)

    def public_key(self) -> PublicKey:
        """See Device."""
        import pkcs11

        with self._session() as session:
            found = _find_key(session, self.uri, pkcs11.ObjectClass.PUBLIC_KEY)
            return check_public_key(_decode_public(found), str(self.uri))

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """See Device."""
        import pkcs11

        with self._session() as session:
            key = _find_key(session, self.uri, pkcs11.ObjectClass.PRIVATE_KEY)
            signature: bytes = _sign(key, data, algorithm)
            return signature

    @contextmanager
    def _session(self) -> Iterator[Any]:
        named = self.uri.attributes
        serial = named["serial"].encode() if "serial" in named else None
        with _ONE_SESSION, _translated(self.uri):
            token = _open_library(self.uri).get_token(token_label=named.get("token"), token_serial=serial)
            with token.open(user_pin=self._pin) as session:
                yield session


def open_device(uri: KeyUri, pin: str | None) -> TokenKey:
    """Returns the key of a URI, without opening the token.

    Raises ProvenanceError if there is no PIN, or its file cannot be read; ImportError without python-pkcs11.
    """
    import pkcs11  # noqa: F401  raises ImportError here, before anything is asked

    source = uri.options.get("pin-source")
    given = _read_pin(source) if source else pin
    if not given:
        raise ProvenanceError(
            "no PIN for the token",
            where=str(uri),
            fix="set ANSWERPRINT_PIN, or name a file of mode 600 with pin-source=file:PATH",
        )
    return TokenKey(uri, given)


def _read_pin(source: str) -> str:
    """Returns the PIN in a file that only its owner can read, without the line's end."""
    path = Path(source.removeprefix("file:"))
    check_private(path)
    try:
        with path.open("rb") as file:
            pin = file.read(_MAX_PIN + 2).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        # `from None`: the codec's error quotes the bytes.
        raise _unreadable_pin(path) from None
    # Half a PIN would count as a wrong one, and a few wrong ones lock a token.
    if len(pin) > _MAX_PIN or not pin.isprintable():
        raise _unreadable_pin(path)
    return pin


def _unreadable_pin(path: Path) -> ProvenanceError:
    return ProvenanceError(
        "the PIN cannot be read", where=str(path), expected=f"a line of text, {_MAX_PIN} characters at most"
    )


def _open_library(uri: KeyUri) -> Any:
    import pkcs11

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


def _find_key(session: Any, uri: KeyUri, kind: Any) -> Any:
    """Returns the one key that a URI names. Reads the search to its end: a session does one at a time."""
    import pkcs11

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


def _decode_public(found: Any) -> object:
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    encode = encode_rsa_public_key if found.key_type == pkcs11.KeyType.RSA else encode_ec_public_key
    return load_der_public_key(encode(found))


def _sign(key: Any, data: bytes, algorithm: Algorithm) -> Any:
    """Returns a key's signature. Digests are made here, because some modules sign only digests."""
    import pkcs11

    if algorithm.width:
        return key.sign(algorithm.hash(data), mechanism=pkcs11.Mechanism.ECDSA)
    if algorithm.digest is None:
        return key.sign(data, mechanism=pkcs11.Mechanism.EDDSA)
    params = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, algorithm.digest.digest_size)
    return key.sign(algorithm.hash(data), mechanism=pkcs11.Mechanism.RSA_PKCS_PSS, mechanism_param=params)


@contextmanager
def _translated(uri: KeyUri) -> Iterator[None]:
    """Turns the module's errors into ours. A module's exceptions carry no PIN."""
    from pkcs11 import exceptions as token

    try:
        yield
    except AnswerprintError:
        raise
    except (
        token.PinIncorrect, token.PinInvalid, token.PinLenRange, token.PinExpired, token.PinLocked,
        token.UserPinNotInitialized, token.UserNotLoggedIn,
    ) as exc:  # fmt: skip
        locked = isinstance(exc, token.PinLocked)
        raise ProvenanceError(
            "the token refuses the PIN",
            where=str(uri),
            got=type(exc).__name__,
            fix="have it unlocked" if locked else "check the PIN: too many wrong ones lock the token",
        ) from exc
    except (
        token.MechanismInvalid, token.MechanismParamInvalid, token.KeyTypeInconsistent,
        token.FunctionNotSupported, token.FunctionRejected, token.DataLenRange, token.KeySizeRange,
        token.MultipleTokensReturned, token.ArgumentsBad,
    ) as exc:  # fmt: skip
        raise ProvenanceError(
            "the token will not sign with this key", where=str(uri), got=type(exc).__name__
        ) from exc
    except (token.PKCS11Error, OSError) as exc:
        raise (
            retry_of(exc, str(uri))
            or RetryError(
                "the token cannot be reached",
                where=str(uri),
                got=type(exc).__name__,
                fix="check that it is plugged in and named right, then run again: what was made is kept",
            )
        ) from exc


PLACE = KeyPlace(
    UriForm(
        "pkcs11",
        "pkcs11:token=NAME;object=NAME?module-path=LIBRARY",
        ("module-path", "pin-source"),
        ("token", "object", "id", "serial"),
    ),
    open_device,
    package="python-pkcs11",
    extra="pkcs11",
)
