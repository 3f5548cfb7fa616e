"""The archive of a film, tested: whether its bag is valid, whether this film is in it, and how to replay it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from provenance.archive.bag import Bag
from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
    bounded,
    bounded_rows,
)

_SHORT, _LABELS = 400, 30
_LONGEST_NAME = 300  # characters


def archive_section(bag: Bag, film: Mapping[str, str]) -> EvidenceSection:
    """Returns what an archive is. film: the digests of the film that the report is about, by algorithm."""
    return EvidenceSection("archive", "The archive", tuple(_blocks(bag, film)))


def archive_commands(bag: Bag) -> tuple[EvidenceCommand, ...]:
    """Returns how to check an archive, and how to make its films again."""
    name = bag.folder.name if len(bag.folder.name) <= _LONGEST_NAME else "ARCHIVE"
    algorithms = _algorithms(bag)
    check = (
        f"cd {quote(name)} && {algorithms[-1]}sum --check manifest-{algorithms[-1]}.txt" if algorithms else ""
    )
    return (
        *(
            [EvidenceCommand("Check every file of the archive, with a tool of the system", (check,))]
            if check
            else []
        ),
        EvidenceCommand(
            "Make the films again from the archive alone, and compare every decoded frame",
            (f"answerprint replay {quote(name)}",),
        ),
    )


def _algorithms(bag: Bag) -> list[str]:
    """Returns the algorithms of which every file of the payload has a digest, the longest last."""
    rows = [set(row) for row in bag.payload.values()]
    common = set.intersection(*rows) if rows else set[str]()
    return [each for each in ("md5", "sha1", "sha256", "sha512") if each in common]


def _blocks(bag: Bag, film: Mapping[str, str]) -> Iterator[EvidenceBlock]:
    if bag.valid:
        count = len(bag.payload)
        yield EvidenceWords(
            f"The archive is a valid bag (RFC 8493): all {count} files are there, with their digests."
        )
    else:
        shown, left = bounded_rows(bag.faults, 40)
        yield EvidenceWords("The archive is not valid: it is not what was archived.", tone="bad")
        rows = tuple(
            (EvidenceCell(bounded(each.path, _SHORT) or "(the bag)"), EvidenceCell(each.why))
            for each in shown
        )
        yield EvidenceTable(("File", "What is wrong"), (50, 50), rows)
        if left:
            yield EvidenceWords(left)
    places = [path for path, digests in bag.payload.items() if _is_film(digests, film)]
    if places:
        yield EvidenceWords(
            f"This film is in it, byte for byte: {bounded(', '.join(sorted(places)), _SHORT)}."
        )
    else:
        yield EvidenceWords(
            "This film is not in it, byte for byte: replaying it compares the decoded frames."
        )
    yield EvidenceFacts(
        tuple((bounded(name, 80), bounded(value, _SHORT)) for name, value in bag.info[:_LABELS])
    )
    yield from (
        EvidenceWords(f"Warning: {bounded(str(each), _SHORT)}", quiet=True) for each in bag.warnings[:20]
    )


def _is_film(digests: Mapping[str, str], film: Mapping[str, str]) -> bool:
    """Whether a file's digests are those of the film, by every algorithm that both have."""
    both = set(digests) & set(film)
    return bool(both) and all(digests[name].lower() == film[name] for name in both)
