"""Signed decisions about films, and whether a gate is met: it verifies alone, and writes no film.

frames        the decoded frames and the decoded sound of a film, by their hashes
people        who may sign: names, roles and public keys, from a people file
person_key    the private key of a person: makes it, keeps it under a passphrase, signs with it
webauthn_key  public keys that a browser signs with
statement     a decision as an in-toto Statement v1
machine_checks what machines found, as in-toto test-result and svr statements
envelope      DSSE envelopes: signs and verifies statements
entries       the append-only log: one line an entry, each with the hash of the line before
checkpoint    signed heads of a log, with RFC 3161 time-stamps where an authority is named
folder        the folder `approvals/`: appends to the log, and reads it strictly
verified      what a log says once every entry is verified
coverage      which frames of a film approved films cover, in order
gate          gates: met, or what is missing, by role and by frames
"""
