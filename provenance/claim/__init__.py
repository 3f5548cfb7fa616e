"""Builds the claim of a finished film from its receipt.

build          the claim: all its assertions
actions        the actions assertion
soft_bindings  assertions that find a film without its manifest
regions        the parts of a film that an assertion is about
vocabulary     the names that C2PA and IPTC define
"""
