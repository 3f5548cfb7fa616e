"""What a film is compared with: the texts that somebody approved, and what its brand fixes."""

from __future__ import annotations

from dataclasses import dataclass

from post.values.brand.guide import BrandGuide, VendorMark
from provenance.policy.document.claims import ApprovedText


@dataclass(frozen=True, slots=True)
class References:
    """claims: the approved texts, None where nobody gave any; brand: None where nobody gave one;
    marks: of generators on the takes, None where nobody said whether there are any; speech: what is said,
    as captions and transcripts have it."""

    claims: tuple[ApprovedText, ...] | None = None
    brand: BrandGuide | None = None
    marks: tuple[VendorMark, ...] | None = None
    speech: tuple[str, ...] = ()

    def over(self, other: References) -> References:
        """Returns these, and of another what is not given here."""
        return References(
            other.claims if self.claims is None else self.claims,
            other.brand if self.brand is None else self.brand,
            other.marks if self.marks is None else self.marks,
            self.speech or other.speech,
        )


NO_REFERENCES = References()
