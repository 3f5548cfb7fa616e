"""Tells how long the command has run: with loading, planning, signing and the report.

It runs from the start of the process, or of the command where one process runs several.
"""

from __future__ import annotations

from post.stopwatch import Stopwatch

COMMAND = Stopwatch()
