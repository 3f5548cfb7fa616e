"""Runs a motion brief: its rules are measured on takes, on the cut and on finished films, or asked of a person.

footage     frames of a file, with what was measured of them     checks/   what each type of check measures
measure     measures takes, shots and films for a brief          rulings   what the rules of a brief came to
"""
