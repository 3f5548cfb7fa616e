"""Transitions by light, damage and distortion."""
