"""Draws curves and strips for the report."""
