"""How somebody verifies a film without trusting the report: commands of several tools, and what each has to say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from shlex import quote

from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceSection,
    EvidenceWords,
)
from provenance.trust.lists import Anchors

_LONGEST_NAME = 300  # characters


def instructions_section(
    name: str, sha256: str, anchors: Sequence[Anchors], more: Sequence[EvidenceCommand] = ()
) -> EvidenceSection:
    """Returns how to verify a film. name: of its file; more: further commands, as for its approvals and archive."""
    return EvidenceSection("verify", "How to verify it yourself", tuple(_blocks(name, sha256, anchors, more)))


def _blocks(
    name: str, sha256: str, anchors: Sequence[Anchors], more: Sequence[EvidenceCommand]
) -> Iterator[EvidenceBlock]:
    file = quote(name if len(name) <= _LONGEST_NAME else "FILM")
    yield EvidenceWords(
        "Whoever made this report could have written anything into it. Do not trust its words: take the film, a list "
        "of certificates that you trust, and a tool that you fetched yourself."
    )
    yield EvidenceCommand(
        "Compare the film's SHA-256 with this report's", (f"sha256sum {file}", f"# {sha256}")
    )
    yield EvidenceCommand(
        "Verify its credentials with Answerprint; exit code 0 means that nothing is wrong",
        (f"answerprint verify {file} --trust roots.pem",),
    )
    yield EvidenceCommand(
        "Verify them with the command-line tool of the C2PA project",
        (f"c2patool {file} trust --trust_anchors roots.pem",),
    )
    yield from more
    if anchors:
        yield EvidenceWords("The page of this report checks with these lists, and with no other:", quiet=True)
        yield EvidenceFacts(
            tuple((f"SHA-256 of {each.name} ({each.role})", _digest(each.pem)) for each in anchors)
        )


def _digest(pem: str) -> str:
    return hashlib.sha256(pem.encode()).hexdigest()
