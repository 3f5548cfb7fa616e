"""Makes a signing authority of this user's own at first use. It is for development, never for release.

Its folder holds `root.pem` (the certificate that verifiers trust), `issuer.pem` (which issues signing certificates)
and `signer.pem`. The root's private key is dropped once it has certified the issuer, so nobody can make another
issuer with it.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from post.errors import ProvenanceError
from post.owned import SHORT_WORK_S, owned
from provenance.signing import certificates
from provenance.signing.algorithms import PublicKey
from provenance.signing.certificates import Authority, read_chain, to_pem
from provenance.signing.csr import make_key_pair
from provenance.signing.private_file import check_private, unwritable, write_private
from provenance.signing.software_key import SoftwareKey, key_pem, load, read_certificates, read_private

MAKER = "Answerprint DEVELOPMENT "  # how the name of every certificate made here begins
NAME = MAKER + "{} (not for release)"
FOLDER = "development"
ROOT_DAYS = 3650
SIGNER_DAYS = 90
_RENEW_BEFORE = timedelta(days=1)
_EXPIRES = "expires"  # what happens every ninety days is not said


def load_signer(config: Path) -> SoftwareKey:
    """Returns this user's development signer. Makes it, or renews its certificate, when that is needed.

    A key that was made while this machine's clock was wrong is made again, which is said; so is its root, and the old
    root stays trusted. config: the user's settings folder. Safe when several processes do this at once.
    Raises ProvenanceError if the folder cannot be written, or others can read the key, OutputError if the folder
    cannot be locked, RetryError if another process keeps it locked.
    """
    path = _home(config) / "signer.pem"
    return load(path, path)


def read_root_pem(config: Path) -> str:
    """Returns the root certificate of this user's development signer; "" if there is none yet."""
    path = config / FOLDER / "root.pem"
    return path.read_text("ascii") if path.is_file() else ""


def issue_key(name: str, config: Path, path: Path) -> None:
    """Writes a new key and its chain under the development root to a file. Replaces what was there.

    Raises ProvenanceError if the file cannot be written.
    """
    _issue(name, _home(config), path)


def certify(name: str, config: Path, key: PublicKey) -> str:
    """Returns a chain, as PEM, in which the development issuer certifies a public key."""
    return _certify(name, _home(config), key)


def _issue(name: str, home: Path, path: Path) -> None:
    key = make_key_pair()
    write_private(path, key_pem(key) + _certify(name, home, key.public_key()))


def _certify(name: str, home: Path, key: PublicKey) -> str:
    issuer = _issuer(home / "issuer.pem")
    made = certificates.issue_signing_certificate(NAME.format(name), key, issuer, SIGNER_DAYS)
    return to_pem(made, issuer.certificate)


def _home(config: Path) -> Path:
    """Returns the development folder, with certificates that are valid now. Makes or renews it if needed."""
    home = config / FOLDER
    if not (home / "signer.pem").exists():
        _make(config, home)
    if _fault(home / "signer.pem"):
        with owned(home / ".lock", str(home), wait_s=SHORT_WORK_S):
            if said := _fault(home / "signer.pem"):  # no other process has renewed it meanwhile
                _renew(home, said)
    return home


def _make(config: Path, home: Path) -> None:
    """Fills a folder beside the development folder, then renames that.

    Renaming onto a folder that is not empty fails, so one of two processes wins and both use the same keys.
    """
    try:
        config.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{FOLDER}.", dir=config))  # mode 700
    except OSError as exc:
        raise unwritable(config, exc) from exc
    try:
        _fill(made)
        with suppress(OSError):
            made.rename(home)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    if not (home / "signer.pem").exists():
        raise ProvenanceError("the development key is incomplete", where=str(home), fix="remove the folder")


def _renew(home: Path, said: str) -> None:
    """Certifies a new signer; makes a new authority first where the old one's certificate is not valid now."""
    if fault := _fault(home / "issuer.pem"):
        _fill(home)
    else:
        _issue("signer", home, home / "signer.pem")
    if said != _EXPIRES:
        made = "root and key were made" if fault else "key was made"
        warnings.warn(f"{home}: {said}; a new {made}", stacklevel=2)


def _fill(home: Path) -> None:
    """Writes a new authority and its signer. Every root that was there before stays trusted, for what it certified."""
    before = home / "root.pem"
    roots = read_certificates(before) if before.exists() else ""
    top = certificates.make_root(NAME.format("root"), ROOT_DAYS)
    issuer = certificates.make_intermediate(NAME.format("issuer"), top, ROOT_DAYS)
    made = certificates.make_leaf(NAME.format("signer"), issuer, SIGNER_DAYS)
    write_private(home / "root.pem", to_pem(top.certificate) + roots)
    write_private(home / "issuer.pem", key_pem(issuer.key) + to_pem(issuer.certificate))
    write_private(home / "signer.pem", key_pem(made.key) + to_pem(made.certificate, issuer.certificate))


def _issuer(path: Path) -> Authority:
    issuer = load(path, path)
    key = read_private(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvenanceError(
            "the development issuer's key is of another kind",
            where=str(path),
            expected="an elliptic-curve key",
            fix="remove the folder",
        )
    return Authority(read_chain(issuer.chain_pem, str(path))[0], key)


def _fault(path: Path) -> str:
    """Says why the certificates of a key of ours cannot be used now, or not for long; "" if they can.

    A clock that was ahead when they were made is right now, or one that was slow: then they are not valid any more.
    """
    check_private(path)
    now = datetime.now(UTC)
    leaf, *issuers = read_chain(read_certificates(path), str(path))
    for each in (leaf, *issuers):
        if now < each.not_valid_before_utc:
            since = f"{each.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
            return f"the development key is valid only from {since}: a clock was wrong"
    for each in issuers or (leaf,):
        if now >= each.not_valid_after_utc - _RENEW_BEFORE:
            until = f"{each.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
            return f"the development root is valid only until {until}"
    return _EXPIRES if now >= leaf.not_valid_after_utc - _RENEW_BEFORE else ""
