"""Words results for people: plans, warnings and measurements, in the columns of a terminal."""
