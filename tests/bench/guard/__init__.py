"""Tests the guardrails themselves: films that are right, and mutations of each that one of the checks must catch."""
