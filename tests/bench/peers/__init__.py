"""The programs that Answerprint is compared with: scripts in processes of their own that import none of it.

floor.py: decoding the sources and encoding finished frames, nothing else. graph.py: one FFmpeg graph.
moviepy_film.py: moviepy 2, in an environment of its own (it pins an old Pillow).
"""
