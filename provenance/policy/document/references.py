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


NO_REFERENCES = References()
