"""Makes pictures and sound that no camera and no generator made.

They are clips of the demo and of tests, and the made sources of a job: black, a colour, bars, the ground of a slate.
"""
