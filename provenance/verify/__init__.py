"""Verifying a file, whoever made it: `verify(path, anchors, ...)` gives a Report, each matter apart.

steps        what is looked at, in order; the only module here that reads the file as a whole
found        the manifests, in the file, beside it or at an address
store        the manifest store's bytes, in any kind of file; jumbf takes them apart
carried      every manifest that came along, checked again by its bytes
signature    a claim's signature; credentials says who, when, and whether it was taken back, by means of
             paths (lists of trust), stamps (time), revocation (OCSP and lists)
misnamed     failures that are told as what they are
integrity    whether it is what was signed; media: what its other bytes show
identity     further identities beside the signer's (CAWG)
located      where a film was changed
retold       the SDK's results with these in place of its own; the standard's crJSON
online       the only module that reaches for the network, and only when told to
second       another validator's word, beside ours and never mixed in
page         all of it as one page for a reviewer
"""

from provenance.verify.integrity import integrity_of
from provenance.verify.steps import Asked, Verified, examine, verify

__all__ = ["Asked", "Verified", "examine", "integrity_of", "verify"]
