"""Makes signing requests, and signers and disks that fail."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from post.receipt import Ingredient
from provenance.claim.build import build_claim
from provenance.manifest import SignRequest
from tests.provenance.made import House, receipt


def make_request(source: Path, house: House, *parts: Ingredient) -> SignRequest:
    """Returns the request to sign a film made of these parts."""
    claim = build_claim(receipt(source, parts), source)
    return SignRequest(claim, tuple((part, part.file.here) for part in parts), house.signer, house.pem)


@dataclass
class FakeSigner:
    """A signer that counts what it is asked to sign, and raises an error where it has one."""

    house: House
    error: BaseException | None = None
    asked: int = 0
    tsa_url: None = None

    @property
    def algorithm(self) -> str:
        return self.house.signer.algorithm

    @property
    def chain_pem(self) -> str:
        return self.house.signer.chain_pem

    def sign(self, data: bytes) -> bytes:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.house.signer.sign(data)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Makes the system refuse writes past `size` bytes, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
