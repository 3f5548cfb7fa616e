"""Judges the signer of a claim: certificate path, revocation, time-stamp, identity."""
