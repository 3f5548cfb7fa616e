"""Reads and writes whole objects of a store elsewhere, through fsspec: the one place that knows its errors.

An object store takes an object whole or not at all. Elsewhere (a folder, a share) it is written beside its name, then
renamed. Credentials come from where the provider's own tools look for them.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from post.engine.store_place import StoreAddress
from post.errors import JobError, OutputError, RetryError
from post.os_faults import writing

# Their objects appear whole under their name.
WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "adl", "oci", "oss", "memory"})
CONNECT_S, READ_S = 10, 60
TRIES = 3  # within each other in s3fs: 9 requests in 2 s and the time that each waits, where nothing answers
# Of errors that no other attempt mends, by their class: only the extra `stores` brings the classes.
UNUSABLE = frozenset({
    "NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "NoRegionError", "InvalidRegionError",
    "ParamValidationError", "CredentialRetrievalError", "TokenRetrievalError", "SSOTokenLoadError",
})  # fmt: skip
# What the system says of this machine's own disk, which no object store answers with.
OF_OUR_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE)
# What s3fs makes of answers that tell of a wrong request.
WRONG = (errno.EINVAL, errno.EPERM, errno.ENOSYS)


class RemoteFiles:
    """The objects below an address. Threads may use it at once; processes each open their own."""

    def __init__(self, address: StoreAddress) -> None:
        """Raises JobError where nothing installed here opens such an address."""
        self._base, self._protocol = address.base, address.protocol
        for chatty in ("botocore", "aiobotocore", "aiohttp", "s3fs", "fsspec"):
            logging.getLogger(chatty).setLevel(logging.CRITICAL)  # what they log is raised too
        try:
            self._files: Any = fsspec.filesystem(address.protocol, **_settings(address))
        except ValueError as fault:
            expected = "s3:// and others that fsspec knows, or a folder"
            raise JobError(
                "no store has such an address", where=address.base, expected=expected, got=address.protocol
            ) from fault
        except ImportError as fault:
            raise JobError(
                "a package for this store is missing", where=address.base, got=str(fault),
                fix="install answerprint[stores], or the package that is named",
            ) from fault  # fmt: skip

        if hasattr(self._files, "retries"):
            self._files.retries = TRIES

    def read(self, name: str, most: int) -> bytes | None:
        """Returns the first `most` bytes of an object; None where there is none."""
        with self._answers(name), suppress(FileNotFoundError):
            return bytes(self._files.cat_file(self._at(name), start=0, end=most))
        return None

    def holds(self, name: str, size: int) -> bool:
        """Says whether there is an object of so many bytes. It reads the last: one request, and no list."""
        first = max(size - 1, 0)
        with self._answers(name), suppress(FileNotFoundError):
            try:
                last = self._files.cat_file(self._at(name), start=first, end=size + 1)
            except OSError as fault:
                if fault.errno != errno.EINVAL:  # of a range that starts behind the end
                    raise
                return False
            return len(last) == size - first
        return False

    def fetch(self, name: str, path: Path) -> bool:
        """Copies an object to a file. Returns False where there is none."""
        with self._answers(name, path):
            try:
                self._files.get_file(self._at(name), str(path))
            except FileNotFoundError:
                return False
        return True

    def send(self, path: Path, name: str) -> None:
        """Copies a file to an object, in place of what is there."""
        with self._placed(name) as at, self._made(name):
            self._files.put_file(str(path), at)

    def write(self, name: str, content: bytes) -> None:
        """Writes bytes to an object, in place of what is there."""
        with self._placed(name) as at, self._made(name):
            self._files.pipe_file(at, content)

    def remove(self, name: str) -> None:
        """Removes an object, if it is there."""
        with self._answers(name), suppress(FileNotFoundError):
            self._files.rm_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._base}/{name}"

    @contextmanager
    def _placed(self, name: str) -> Iterator[str]:
        """Gives where to write an object, which has its name once the block has ended well."""
        at = self._at(name)
        if self._protocol in WHOLE:
            yield at
            return
        part = f"{at}.{uuid4().hex}.part"
        with self._answers(name):
            self._files.makedirs(at.rsplit("/", 1)[0], exist_ok=True)
            try:
                yield part
                self._files.mv(part, at)
            except BaseException:
                with suppress(Exception):
                    self._files.rm_file(part)
                raise

    @contextmanager
    def _made(self, name: str) -> Iterator[None]:
        with self._answers(name):
            try:
                yield
            except FileNotFoundError as fault:
                raise OutputError(
                    "there is no such place", where=self._base, expected="a bucket or a folder that exists",
                    got=str(fault), fix="make the bucket, or correct the address",
                ) from fault  # fmt: skip

    @contextmanager
    def _answers(self, name: str, path: Path | None = None) -> Iterator[None]:
        """Turns what a store answers into errors that a user can act on, but for FileNotFoundError.

        path: of this machine, that is written to.
        """
        try:
            yield
        except (FileNotFoundError, OutputError, RetryError):
            raise
        except PermissionError as fault:
            raise OutputError(
                "the store refuses it", where=self._at(name), got=str(fault),
                expected="credentials that may read, write and remove objects there",
                fix="check the credentials and the bucket's policy",
            ) from fault  # fmt: skip
        except Exception as fault:
            if path is not None and isinstance(fault, OSError) and fault.errno in OF_OUR_DISK:
                with writing(path):
                    raise
            raise self._fault(fault, name) from fault

    def _fault(self, fault: Exception, name: str) -> OutputError | RetryError:
        got = f"{type(fault).__name__}: {fault}"
        if type(fault).__name__ in UNUSABLE or getattr(fault, "errno", None) in WRONG:
            return OutputError(
                "the store cannot be used", where=self._at(name), got=got,
                expected="an address, and credentials, that its provider accepts",
                fix="check the address and the credentials",
            )  # fmt: skip
        return RetryError(
            "the store does not answer", where=self._at(name), got=got,
            fix="check the connection to it, and run again; what was made is kept",
        )  # fmt: skip


def _settings(address: StoreAddress) -> dict[str, Any]:
    """Returns what fsspec is opened with. Lists are never kept: other machines write there too."""
    given = dict(address.options)
    settings: dict[str, Any] = {"use_listings_cache": False}
    if address.protocol in ("s3", "s3a"):
        import s3fs  # noqa: F401  fsspec finds it by its name; here it is told what is missing

        # s3fs itself tries again.
        settings["config_kwargs"] = {
            "connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": {"total_max_attempts": 1},
        }  # fmt: skip
        if endpoint := given.get("endpoint"):
            settings["endpoint_url"] = endpoint
        if profile := given.get("profile"):
            settings["profile"] = profile
        if region := given.get("region"):
            settings["client_kwargs"] = {"region_name": region}
    return settings
