"""What a film is compared with: the texts that somebody approved, and what its brand fixes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.brand.guide import BrandGuide, VendorMark
from provenance.policy.document.claims import ApprovedText


@dataclass(frozen=True, slots=True)
class FilmedTake:
    """A take that a film shows, from `start` to `stop`, in seconds of the film."""

    name: str
    start: Fraction
    stop: Fraction


@dataclass(frozen=True, slots=True)
class References:
    """claims: the approved texts, None where nobody gave any; brand: None where nobody gave one;
    marks: of generators on the takes, None where nobody said whether there are any; speech: what is said,
    as captions and transcripts have it; added: words that its job adds to the picture; takes: those that it shows, in
    order, () where that is not known."""

    claims: tuple[ApprovedText, ...] | None = None
    brand: BrandGuide | None = None
    marks: tuple[VendorMark, ...] | None = None
    speech: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    takes: tuple[FilmedTake, ...] = ()

    def over(self, other: References) -> References:
        """Returns these, and of another what is not given here."""
        return References(
            other.claims if self.claims is None else self.claims,
            other.brand if self.brand is None else self.brand,
            other.marks if self.marks is None else self.marks,
            self.speech or other.speech,
            self.added or other.added,
            self.takes or other.takes,
        )


NO_REFERENCES = References()
