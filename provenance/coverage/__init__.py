"""Finds bytes that no signature covers, where anything can be hidden.

bmff   in a film: what its hash excludes
jumbf  in a manifest store: around what is hashed and signed
cose   in a signature: the header that is not signed
"""
