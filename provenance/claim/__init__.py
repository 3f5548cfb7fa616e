"""Builds the claim of a finished film from its receipt.

build          the claim: all its assertions
actions        the actions assertion
soft_bindings  what a film is found by without its manifest
regions        parts of a film
vocabulary     the names that C2PA and IPTC define
"""
