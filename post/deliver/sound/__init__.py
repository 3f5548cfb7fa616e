"""Accounts for a film's sound: how it is, and what was decided from it.

account    as JSON, and in plain words
warnings   what a person must know of it
"""
