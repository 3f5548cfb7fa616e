"""The places where a signing key lies, one file each."""
