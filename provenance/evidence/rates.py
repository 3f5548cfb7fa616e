"""Says how well checks did on films that are wrong on purpose: no verdict is to be trusted further than that."""

from __future__ import annotations

from collections.abc import Sequence

from provenance.evidence.blocks import EvidenceCell, EvidenceSection, EvidenceTable, EvidenceWords
from provenance.policy.rates import CheckRate, known_rates

_HEADS = ("Check", "Caught what is wrong", "Left what is doubtful to a person", "Failed what is right", "So")


def rates_section(rates: Sequence[CheckRate] | None = None) -> EvidenceSection:
    """Returns the measured rates of checks. rates: None for those of this release."""
    rows = tuple(
        tuple(map(EvidenceCell, (each.check, str(each.caught), str(each.asked), str(each.alarms), each.word)))
        for each in (known_rates() if rates is None else rates)
    )
    how = (
        "Real clips were finished as small films, and each film was made wrong in several ways. Bounds are of 95 %. "
        "Checks that are not listed were not measured so: nothing is known of how often they are wrong."
    )
    table = EvidenceTable(_HEADS, (20, 21, 21, 21, 17), rows)
    return EvidenceSection("rates", "How well the checks do", (EvidenceWords(how, quiet=True), table))
