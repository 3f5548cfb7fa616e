"""Lists of certificates that a verifier trusts, and how they are renewed."""
