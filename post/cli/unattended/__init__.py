"""Runs commands that nobody watches: events and JUnit reports for other programs, and watched folders."""
