"""Measures flashes and stripes that can cause seizures, in the frames of a finished film (WCAG 2.2, ITU-R BT.1702)."""
