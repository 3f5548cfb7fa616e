"""Reads caption files of every kind the trade uses, and writes them again on a film's own time."""
