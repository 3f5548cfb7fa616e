"""What a film declares of itself, and what can be found out about anybody's.

    claim.claim(receipt, film)              what a finished film will say
    manifest.sign(source, destination, ...) says it, signed; manifest.read(path, anchors) reads it
    signing.keys.signer(config, name)       who signs
    trust.configured(config)                whom a verifier trusts
    verify.verify(path, anchors, ...)       a Report, each matter apart
    ingest.inspect(path, anchors)           what an incoming clip's credentials say
    policy.load(path)                       what must be true, as data

This package can verify any file alone: of `post` it knows only its values, its receipts and its errors.
"""
