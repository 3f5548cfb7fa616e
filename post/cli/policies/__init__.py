"""The commands on policies: what they require, what changed in them, and what several require together."""
