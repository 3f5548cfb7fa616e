"""Finds bytes that no signature covers, where anything can be hidden.

bmff   of a film, by the exclusions of its hash
jumbf  of a manifest store, around what is hashed and signed
cose   of a signature, in the header that is not signed
"""
