"""Checks titles before they are rendered: what a job asserts of them, and edges that chroma cannot hold."""
