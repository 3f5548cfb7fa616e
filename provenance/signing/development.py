"""Makes a signing authority of this user's own at first use. It is for development, never for release.

Its folder holds `root.pem` (the certificate that verifiers trust), `issuer.pem` (which issues signing certificates)
and `signer.pem`. The root's private key is dropped once it has certified the issuer, so nobody can make another
issuer with it.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from post.errors import ProvenanceError
from provenance.signing import certificates
from provenance.signing.algorithms import PublicKey
from provenance.signing.certificates import Authority, read_chain, to_pem
from provenance.signing.csr import make_key_pair
from provenance.signing.private_file import check_private, unwritable, write_private
from provenance.signing.software_key import SoftwareKey, key_pem, load, read_certificates, read_private

NAME = "Answerprint DEVELOPMENT {} (not for release)"
FOLDER = "development"
ROOT_DAYS = 3650
SIGNER_DAYS = 90
_RENEW_BEFORE = timedelta(days=1)


def load_signer(config: Path) -> SoftwareKey:
    """Returns this user's development signer. Makes it, or renews its certificate, when that is needed.

    config: the user's settings folder. Safe when several processes do this at once.
    Raises ProvenanceError if the folder cannot be written, or others can read the key.
    """
    home = _home(config)
    path = home / "signer.pem"
    check_private(path)
    if _expires_soon(path, datetime.now(UTC)):
        issue_key("signer", config, path)
    return load(path, path)


def read_root_pem(config: Path) -> str:
    """Returns the root certificate of this user's development signer; "" if there is none yet."""
    path = config / FOLDER / "root.pem"
    return path.read_text("ascii") if path.is_file() else ""


def issue_key(name: str, config: Path, path: Path) -> None:
    """Writes a new key and its chain under the development root to a file. Replaces what was there.

    Raises ProvenanceError if the file cannot be written.
    """
    key = make_key_pair()
    write_private(path, key_pem(key) + certify(name, config, key.public_key()))


def certify(name: str, config: Path, key: PublicKey) -> str:
    """Returns a chain, as PEM, in which the development issuer certifies a public key."""
    issuer = _issuer(_home(config) / "issuer.pem")
    made = certificates.issue_signing_certificate(NAME.format(name), key, issuer, SIGNER_DAYS)
    return to_pem(made, issuer.certificate)


def _home(config: Path) -> Path:
    """Returns the development folder. Makes it if needed: fills a folder beside it, then renames that.

    Renaming onto a folder that is not empty fails, so one of two processes wins and both use the same keys.
    """
    home = config / FOLDER
    if (home / "signer.pem").exists():
        return home
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
    return home


def _fill(home: Path) -> None:
    top = certificates.make_root(NAME.format("root"), ROOT_DAYS)
    issuer = certificates.make_intermediate(NAME.format("issuer"), top, ROOT_DAYS)
    made = certificates.make_leaf(NAME.format("signer"), issuer, SIGNER_DAYS)
    write_private(home / "root.pem", to_pem(top.certificate))
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


def _expires_soon(path: Path, now: datetime) -> bool:
    leaf = read_chain(read_certificates(path), str(path))[0]
    return now >= leaf.not_valid_after_utc - _RENEW_BEFORE
