"""Archives a job with everything that its films were made from, and makes the films again from the archive alone.

located     which files a job reads, and where each path in them leads
layout      where each file lies in an archive
frames      the digests of every frame of a film, segment by segment
told        what an archive tells of itself: archive.json, plan.json
redact      takes prompts out, and leaves commitments
make        writes an archive
opened      reads one, and loads its job with the archive's own files
replay      makes the films again; compare: where they differ, and by which value
prune       removes an archive, unless it is to be kept
"""
