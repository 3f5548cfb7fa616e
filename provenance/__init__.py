"""Signs what a film declares, and verifies what any file says.

    claim.build.build_claim(receipt, film)      what a finished film will declare: a Claim
    manifest.sign(source, destination, ...)     signs it into a film; manifest.read(path, anchors) reads any file
    signing.keyring.load_signer(config, name)   the signer with a user's key
    trust.lists.read_configured(config)         the certificates that a user trusts
    verify.verify(path, anchors, ...)           a Report: integrity, signer, time, chain..., each apart
    ingest.inspect(path, anchors)               what an incoming clip says of itself
    policy.load(path)                           a policy: rules, as data

The package can verify any file alone: of `post` it imports only the values, the receipt, the errors,
`printable`, `step_log` and `atomic`. See README.md for its rooms and an example.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
