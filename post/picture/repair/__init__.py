"""Repairs a clip's own frames before they are retimed, scaled and graded.

deflicker.py   steadies exposure and balance by measured gains
degrain.py     averages grain away along the motion
deband.py      smooths the steps of an 8-bit gradient
"""
