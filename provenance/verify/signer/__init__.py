"""Who signed a claim, when, and whether that counts: `credentials` judges, the others read and check.

signature   a claim's COSE signature        cert_path    from a certificate to a trust list
time_stamps RFC 3161 time-stamps            revocation   OCSP responses and revocation lists
identity    identities beside the signer    x509_signature   signatures in OCSP responses and time-stamps
"""
