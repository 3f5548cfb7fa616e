"""Adds signing keys to a user's settings: made here, certified by an authority, or kept in another place.

make_key              a key, or the URI of one elsewhere; this user's development root certifies it
request_certificate   a key that waits in `keys/NAME.request`, and the request for an authority
import_key            an authority's certificates, with their key: a file, the waiting key, or a URI
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from post.errors import ProvenanceError
from provenance.signing import development, key_file, remote_key
from provenance.signing.csr import make_csr, make_key_pair
from provenance.signing.key_file import KeyFile
from provenance.signing.key_uri import parse as parse_uri
from provenance.signing.keyring import (
    DEVELOPMENT,
    FOLDER,
    KeyInfo,
    Pins,
    check_name,
    describe,
    find_path,
    no_pins,
)
from provenance.signing.private_file import check_private, private_folder, write_new_private
from provenance.signing.profile import check_signing
from provenance.signing.software_key import key_pem, pair, read_certificates, read_private
from provenance.signing.stamping.tsa_url import check_tsa_url


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """What goes with a key.

    uri: the place that holds it, "" for a file here; tsa_url: the time-stamping authority of what it signs, None for
    none; identity: the name of the key of the organisation whose films it signs, "" for none.
    """

    uri: str = ""
    tsa_url: str | None = None
    identity: str = ""


def make_key(config: Path, name: str, options: KeyOptions | None = None, pins: Pins = no_pins) -> KeyInfo:
    """Makes a key, or takes the URI of one, and has this user's development root certify it.

    Raises ProvenanceError if the name is taken or cannot be used, or the key cannot sign; RetryError if the place
    that holds it cannot be reached now.
    """
    options = _check_options(config, options or KeyOptions())
    path = _new_path(config, name)
    if options.uri:
        device = remote_key.open_device(parse_uri(options.uri), pins(name))
        found = KeyFile(development.certify(name, config, device.public_key()))
    else:
        key = make_key_pair()
        found = KeyFile(development.certify(name, config, key.public_key()), private_pem=key_pem(key))
    _write(path, name, found, options, pins)
    return describe(config, name)


def import_key(
    config: Path,
    name: str,
    chain: Path,
    key: Path | None = None,
    options: KeyOptions | None = None,
    pins: Pins = no_pins,
) -> KeyInfo:
    """Stores a certificate chain with its key: from a file, from `request_certificate`, or by the URI of `options`.

    Raises ProvenanceError if they do not belong together, the certificate cannot sign claims, or the name is taken;
    RetryError if the place that holds the key cannot be reached now.
    """
    options = _check_options(config, options or KeyOptions())
    path = _new_path(config, name)
    chain_pem = read_certificates(chain)
    check_signing(chain_pem, str(chain))
    if bool(key) and bool(options.uri):
        raise ProvenanceError(
            "a key can be in one place only", where=name, expected="a key file, or an address"
        )
    found = KeyFile(chain_pem)
    source = None if options.uri else key or _find_request(config, name)
    if source is not None:
        check_private(source)
        private = read_private(source)
        pair(chain_pem, private, None, (str(chain), str(source)))
        found = KeyFile(chain_pem, private_pem=key_pem(private))
    _write(path, name, found, options, pins)
    if source is not None and source == _request_path(config, name):
        source.unlink(missing_ok=True)
    return describe(config, name)


def request_certificate(config: Path, name: str, organisation: str, common_name: str) -> str:
    """Returns a certificate request as PEM. Its key waits here until `import_key` brings the certificate.

    A second call for the same name requests a certificate for the same key. Raises ProvenanceError if the name is
    taken.
    """
    _new_path(config, name)
    path = _request_path(config, name)
    if not path.exists():
        key = make_key_pair()
        make_csr(key, organisation, common_name)  # a name that no certificate can have leaves no key
        with suppress(FileExistsError):  # another process asks at the same time: both ask for its key
            write_new_private(path, key_pem(key))
    check_private(path)
    return make_csr(read_private(path), organisation, common_name)


def _check_options(config: Path, options: KeyOptions) -> KeyOptions:
    if options.tsa_url:
        check_tsa_url(options.tsa_url)
    if options.identity:
        find_path(config, options.identity)
    return options


def _write(path: Path, name: str, found: KeyFile, options: KeyOptions, pins: Pins) -> None:
    """Writes a key's file. A key in another place must have signed once before."""
    made = replace(found, uri=options.uri, tsa_url=options.tsa_url, identity=options.identity)
    if options.uri:
        remote_key.check_signs(remote_key.load(made.chain_pem, None, options.uri, pins(name)))
    key_file.parse(str(made).encode("ascii"), str(path))
    try:
        write_new_private(path, str(made))
    except FileExistsError as exc:  # made by another process meanwhile
        raise _taken(name) from exc


def _new_path(config: Path, name: str) -> Path:
    """Returns where a new key's file goes; makes the folder. Raises ProvenanceError if the name is taken."""
    check_name(name)
    folder = config / FOLDER
    path = folder / f"{name}.pem"
    if name == DEVELOPMENT or path.exists():
        raise _taken(name)
    private_folder(folder)
    return path


def _taken(name: str) -> ProvenanceError:
    return ProvenanceError("there is a key of that name", where=name, fix="choose another name")


def _find_request(config: Path, name: str) -> Path:
    path = _request_path(config, name)
    if not path.is_file():
        raise ProvenanceError(
            "no key for the certificate",
            where=name,
            expected="a key file, an address, or a key waiting from `keys request`",
        )
    return path


def _request_path(config: Path, name: str) -> Path:
    return config / FOLDER / f"{name}.request"
