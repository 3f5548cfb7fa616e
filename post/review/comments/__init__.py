"""Notes pinned to frames: written, changed, answered, carried to later revisions, exported."""
