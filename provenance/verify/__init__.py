"""Verifies a file, whoever made it: `verify(path, anchors, ...)` returns a Report, each question apart.

steps  ->  locate_manifest      the manifest store: in the file, beside it, at an address
       ->  own_checks           every manifest by its bytes: embedded_manifests (hashes, signatures),
                                signer/ (certificates, time-stamps, revocation, identities)
       ->  integrity            is it what was signed; reclassify (failures the SDK misnames)
       ->  tamper_map           where it was changed
       ->  chain                what went into it
       ->  outside_manifest     bytes no signature covers, marks in the tags
       ->  ai_signals           how it says it was generated
       ->  crjson_merge         our results in the standard's JSON

reviewer/                       the report as one page for a reviewer
second_opinion                  another validator's results, beside ours and never mixed in
online                          asks issuers about revocation, only where `VerifyOptions.online` allows it
"""

from provenance.verify.integrity import integrity_of
from provenance.verify.steps import Verified, VerifyOptions, examine, verify

__all__ = ["Verified", "VerifyOptions", "examine", "integrity_of", "verify"]
