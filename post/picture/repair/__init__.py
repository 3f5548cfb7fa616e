"""Repairs: what is mended in a clip's own frames before they are retimed, scaled and graded.

deflicker.py   exposure held still, by gains that measuring found
degrain.py     grain averaged away along the motion
deband.py      steps of an 8-bit gradient filled in
"""
