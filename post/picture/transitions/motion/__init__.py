"""Transitions in which the pictures move."""
