"""Coverage: what takes there are of each beat, what was measured of each, and those that are chosen for the cut."""
