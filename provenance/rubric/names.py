"""The names that the C2PA asset rubrics list: actions, assertions, parameters and status codes.

Source: C2PA conformance rubric 0.2 for specification 2.4, of 2026-08-06 (a test compares them).
"""

from __future__ import annotations


def _names(text: str, start: str = "") -> frozenset[str]:
    return frozenset(start + name for name in text.split())


INCEPTION = _names(
    """
    created opened
    """,
    "c2pa.",
)
# Actions that need no digital source type.
TYPE_EXEMPT = _names(
    """
    created opened converted published repackaged transcoded resized.proportional enhanced
    edited.metadata watermarked watermarked.bound watermarked.unbound redacted placed
    """,
    "c2pa.",
)
ACTIONS = _names(
    """
    addedText adjustedColor changedSpeed color_adjustments converted created cropped deleted drawing
    dubbed edited edited.metadata enhanced filtered mastered mixed opened orientation placed published
    redacted remixed removed repackaged resized resized.proportional transcoded translated trimmed
    unknown watermarked watermarked.bound watermarked.unbound
    """,
    "c2pa.",
)
DEPRECATED_ACTIONS = _names(
    """
    copied formatted version_updated printed managed produced saved color_adjustments watermarked
    """,
    "c2pa.",
)
ASSERTIONS = _names(
    """
    c2pa.hash.data c2pa.hash.data.part c2pa.actions.v2 c2pa.ingredient.v3 c2pa.hash.boxes
    c2pa.hash.bmff.v3 c2pa.hash.collection.data c2pa.soft-binding c2pa.cloud-data c2pa.embedded-data
    c2pa.metadata c2pa.certificate-status c2pa.asset-ref c2pa.asset-type.v2 c2pa.hash.multi-asset
    c2pa.thumbnail.claim c2pa.thumbnail.ingredient c2pa.depthmap.GDepth c2pa.icon
    c2pa.alternative-content-representation c2pa.external-reference c2pa.session-keys
    c2pa.environmental-sustainability c2pa.repository-receipt c2pa.ai-disclosure c2pa.assertion.metadata
    c2pa.time-stamp font.info
    """
)
DEPRECATED_ASSERTIONS = _names(
    """
    claim hash.bmff.v2 asset-type ingredient ingredient.v2 actions
    """,
    "c2pa.",
)
PARAMETERS = _names(
    """
    redacted ingredients ingredient description relatedAssertions sourceLanguage targetLanguage
    multipleInstances ranges weight width italic slant optical-size
    """
)
WELL_FORMED_CODES = _names(
    """
    assertion.action.malformed assertion.bmffHash.malformed assertion.boxesHash.malformed
    assertion.collectionHash.malformed assertion.dataHash.malformed
    assertion.external-reference.malformed assertion.external-reference.labelMismatch
    assertion.external-reference.created assertion.ingredient.malformed
    assertion.alternativeContentRepresentation.malformed
    assertion.alternativeContentRepresentation.missing assertion.multiAssetHash.malformed
    assertion.cbor.invalid assertion.json.invalid claim.cbor.invalid claim.hardBindings.missing
    claim.malformed claim.missing claim.multiple hashedURI.missing ingredient.manifest.missing
    assertion.boxesHash.unknownBox assertion.multipleHardBindings manifest.compressed.invalid
    manifest.html.multipleManifests manifest.inaccessible manifest.multipleParents
    manifest.structuredText.emptyReference manifest.structuredText.malformedReference
    manifest.structuredText.multipleReferences manifest.structuredText.noManifest
    manifest.structuredText.noResolutionPath manifest.timestamp.invalid manifest.timestamp.wrongParents
    manifest.update.invalid manifest.update.wrongParents
    """
)
VALID_CODES = _names(
    """
    assertion.action.ingredientMismatch assertion.action.redactionMismatch assertion.bmffHash.mismatch
    assertion.boxesHash.mismatch assertion.collectionHash.mismatch assertion.dataHash.mismatch
    assertion.external-reference.hashMismatch assertion.alternativeContentRepresentation.hashMismatch
    assertion.multiAssetHash.mismatch assertion.hashedURI.mismatch assertion.hardBinding.redacted
    hashedURI.mismatch ingredient.manifest.mismatch ingredient.claimSignature.missing
    ingredient.claimSignature.mismatch claimSignature.missing
    """
)
TRUST_CODES = _names(
    """
    claimSignature.mismatch claimSignature.outsideValidity signingCredential.invalid
    signingCredential.ocsp.revoked signingCredential.untrusted
    """
)
