"""A signing authority of this user's own, for trying things out: made on first use, never for release.

A folder holds it: `root.pem` (what verifiers trust), `issuer.pem` (issues signers) and `signer.pem`.
The root's own key is thrown away once it has vouched for the issuer, so nothing here can make another.
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
from provenance.signing.certificates import Authority, pem_of, read_chain
from provenance.signing.csr import new_key
from provenance.signing.private_file import unwritable, write_private
from provenance.signing.software_key import FileKey, check_private, key_pem, load, read_certificates

NAME = "Answerprint DEVELOPMENT {} (not for release)"
FOLDER = "development"
ROOT_DAYS = 3650
SIGNER_DAYS = 90
_RENEW_BEFORE = timedelta(days=1)


def signer(config: Path) -> FileKey:
    """This user's development signer; made, or its certificate renewed, where needed.

    config: the folder Answerprint keeps a user's settings in. Safe against other processes doing the
    same. Raises ProvenanceError where the folder cannot be written or others can read the key.
    """
    home = _home(config)
    path = home / "signer.pem"
    check_private(path)
    if _stale(path, datetime.now(UTC)):
        issue("signer", config, path)
    return load(path, path)


def root_pem(config: Path) -> str:
    """The certificate that vouches for this user's development signer; "" where there is none yet."""
    path = config / FOLDER / "root.pem"
    return path.read_text("ascii") if path.is_file() else ""


def issue(name: str, config: Path, path: Path) -> None:
    """Writes a new key and its chain, vouched for by the development root, to one file in place of any
    other. Raises ProvenanceError where it cannot."""
    key = new_key()
    write_private(path, key_pem(key) + vouch(name, config, key.public_key()))


def vouch(name: str, config: Path, key: PublicKey) -> str:
    """A chain, as PEM, in which the development root vouches for a key that is kept elsewhere."""
    issuer = _issuer(_home(config) / "issuer.pem")
    made = certificates.signing(NAME.format(name), key, issuer, SIGNER_DAYS)
    return pem_of(made, issuer.certificate)


def _home(config: Path) -> Path:
    """The development folder, made if need be: filled beside its place, then renamed into it.

    Renaming onto a folder that is not empty fails, so of two processes one wins and both use the same.
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
    top = certificates.root(NAME.format("root"), ROOT_DAYS)
    issuer = certificates.intermediate(NAME.format("issuer"), top, ROOT_DAYS)
    made = certificates.leaf(NAME.format("signer"), issuer, SIGNER_DAYS)
    write_private(home / "root.pem", pem_of(top.certificate))
    write_private(home / "issuer.pem", key_pem(issuer.key) + pem_of(issuer.certificate))
    write_private(home / "signer.pem", key_pem(made.key) + pem_of(made.certificate, issuer.certificate))


def _issuer(path: Path) -> Authority:
    found = load(path, path)
    key = found._key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(read_chain(found.chain_pem, str(path))[0], key)


def _stale(path: Path, now: datetime) -> bool:
    leaf = read_chain(read_certificates(path), str(path))[0]
    return now >= leaf.not_valid_after_utc - _RENEW_BEFORE
