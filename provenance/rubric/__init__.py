"""The C2PA asset rubrics: which rules a manifest meets."""
