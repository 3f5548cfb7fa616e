"""Defines what is seen and heard in a finished film, one module a family. `post.qc` measures it, policies judge it."""
