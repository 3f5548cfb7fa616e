"""Gathers what must be known before a plan: sources opened, facts measured, shots matched, the watermark drawn."""
