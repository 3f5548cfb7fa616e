"""Hashes a film in blocks of a second, so that a change is located in time.

layout     where the media is cut
hashing    the blocks assertion of a film, and what differs from one
assertion  the assertion in each of its versions, parsed
"""
