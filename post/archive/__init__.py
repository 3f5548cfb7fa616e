"""Archives a job with everything that its films were made from, and makes the films again from the archive alone.

located     which files a job reads, and where each path in them leads
layout      where each file lies in an archive
films       finished films with their receipts, and films that are made aside
frames      the hashes of every frame of a film, segment by segment
maker       the machine and the releases that made a film
told        what an archive tells of itself: archive.json, plan.json; readme: for people
redact      takes prompts out, and leaves commitments
make        writes an archive
opened      reads one, and loads its job with the archive's own files
replay      what a replay found; compare: where films differ, and by which value
approvals   verifies who approved the films
prune       removes an archive, unless it is to be kept
"""
